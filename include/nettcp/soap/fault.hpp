#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::soap {

/// A name of a fault code: local part and namespace.
struct qname {
    std::string local;
    std::string ns;

    friend bool operator==(const qname&, const qname&) = default;
};

/// One wording of a fault's reason.
struct reason_text {
    std::string text;
    std::string lang;  ///< xml:lang; may be empty

    friend bool operator==(const reason_text&, const reason_text&) = default;
};

/// A SOAP 1.2 fault: a value that an operation can answer with, not an error of the channel.
///
/// Spec: [SOAP 1.2] "SOAP Fault".
struct NETTCP_EXPORT fault {
    /// Outermost first: the SOAP code (`Sender`, `Receiver`, …, or WCF's own), then subcodes.
    std::vector<qname> codes;
    std::vector<reason_text> reasons;
    std::string node;
    std::string role;
    /// Writes the children of Detail; empty: no Detail element.
    std::function<void(nbfx::writer&)> detail;
    /// The wsa:Action of a message that carries it; empty: WCF's default for faults.
    std::string action;

    /// The first reason, or "".
    std::string_view reason() const noexcept;
    /// Whether any of the codes has this name.
    bool is(std::string_view local, std::string_view ns) const noexcept;
};

/// Well-known faults of WCF, with code, subcode, action and English reason as it sends them.
NETTCP_EXPORT fault action_not_supported(std::string_view action);
NETTCP_EXPORT fault destination_unreachable(std::string_view to);
NETTCP_EXPORT fault internal_service_fault();
NETTCP_EXPORT fault deserialization_failed(std::string_view why);
NETTCP_EXPORT fault must_understand_fault();
NETTCP_EXPORT fault header_required(std::string_view header_local_name);
NETTCP_EXPORT fault header_invalid(std::string_view header_local_name);
NETTCP_EXPORT fault session_terminated();

/// Writes `<s:Fault>…</s:Fault>`; the writer stands inside the Body of an envelope.
NETTCP_EXPORT void write_fault(nbfx::writer& out, const fault& f);

/// Reads `<s:Fault>`: `in` stands on its start tag. All but Detail is taken over; `detail_offset`
/// receives the octet offset of the Detail start tag (0 if none), where a reader can be opened.
NETTCP_EXPORT result<fault> read_fault(nbfx::reader& in, std::uint64_t& detail_offset);

}  // namespace nettcp::soap
