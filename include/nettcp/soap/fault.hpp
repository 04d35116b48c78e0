#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/message_version.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::soap {

/// A name of a fault code: local part and namespace. In a fault to be written, an empty
/// namespace stands for SOAP's own.
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

/// A SOAP fault: a value that an operation can answer with, not an error of the channel.
///
/// It has the shape of SOAP 1.2. SOAP 1.1 tells less: one code (the first subcode, else the code,
/// as WCF chooses), the first wording of the reason, `role` and Detail; its Client and Server read
/// as Sender and Receiver. Names of WS-Addressing are those of 1.0 here, whatever the message has.
///
/// Spec: [SOAP 1.2] "SOAP Fault", [SOAP 1.1] "SOAP Fault".
struct NETTCP_EXPORT fault {
    /// Outermost first: the SOAP code (`Sender`, `Receiver`, …, or WCF's own), then subcodes.
    /// Empty is written as `Sender`, WCF's default.
    std::vector<qname> codes;
    std::vector<reason_text> reasons;
    std::string node;
    std::string role;
    /// Writes the children of Detail; empty: no Detail element. Empty in a fault that was read.
    std::function<void(nbfx::writer&)> detail;
    /// The wsa:Action of a message that carries it; empty: WCF's default for faults.
    std::string action;

    /// The first reason, or "".
    std::string_view reason() const noexcept;
    /// Whether any of the codes has this name.
    bool is(std::string_view local, std::string_view ns) const noexcept;
    /// `action`, or WCF's default where it is empty.
    std::string_view action_or_default() const noexcept;
};

/// What a received fault means to the caller: the rule of a well-known fault of WCF, else
/// `errc::fault_received`.
NETTCP_EXPORT errc errc_of(const fault& f) noexcept;

// Well-known faults of WCF, with its codes and actions and a reason in English.

/// No operation for this action: Sender / a:ActionNotSupported.
NETTCP_EXPORT fault action_not_supported(std::string_view action);
/// No endpoint for this To (may be empty): Sender / a:DestinationUnreachable.
NETTCP_EXPORT fault destination_unreachable(std::string_view to);
/// An exception that no fault contract covers: Receiver / InternalServiceFault.
NETTCP_EXPORT fault internal_service_fault();
/// The caller may not do that: Sender / o:FailedAuthentication. WCF clients throw
/// SecurityAccessDeniedException.
NETTCP_EXPORT fault access_denied();
/// A body that cannot be read; `why` becomes part of the reason. Sender / DeserializationFailed.
NETTCP_EXPORT fault deserialization_failed(std::string_view why);
/// A mandatory header that nobody knows: s:MustUnderstand. See `write_not_understood`.
NETTCP_EXPORT fault must_understand_fault();
/// A missing addressing header: Sender / a:MessageAddressingHeaderRequired, with its name.
NETTCP_EXPORT fault header_required(std::string_view header_local_name);
/// A malformed addressing header: Sender / a:InvalidAddressingHeader, with its name.
NETTCP_EXPORT fault header_invalid(std::string_view header_local_name);
/// An addressing header that appears twice: the same with a:InvalidCardinality below it.
NETTCP_EXPORT fault header_duplicated(std::string_view header_local_name);
/// The session is over by contract: Sender / SessionTerminated.
NETTCP_EXPORT fault session_terminated();

/// Writes `<s:Fault>…</s:Fault>` as WCF does: QNames as three text records, prefix `a` bound
/// anew where a code is of a namespace other than SOAP's and WS-Addressing's. The writer stands
/// inside the Body of an envelope of the same `version`, where `s` and `a` mean what
/// `write_envelope_start` declared.
NETTCP_EXPORT void write_fault(nbfx::writer& out, const fault& f, message_version version = {});

/// Octets of text that all parts of a fault but Detail may have (WCF: MaxFaultSize).
inline constexpr std::size_t max_fault_text_size = 65536;

/// Reads `<s:Fault>`: `in` stands on its start tag, and then behind its end tag. All but Detail
/// is taken over; `detail_offset` receives the octet offset of the Detail start tag, 0 if none.
/// To read a Detail, go over the envelope again (`open_body`, `open_detail`): the prefixes it
/// needs are declared further out.
///
/// Fails with `errc::fault_malformed` and `errc::fault_too_large`. Codes nest at most 16 deep,
/// and there are at most 64 wordings of the reason.
NETTCP_EXPORT result<fault> read_fault(nbfx::reader& in, std::uint64_t& detail_offset,
                                       soap_version version = soap_version::soap12);

/// Goes to the Detail start tag of the fault that `in` stands on. False when there is none, or
/// when the reader has failed.
NETTCP_EXPORT bool open_detail(nbfx::reader& in,
                               soap_version version = soap_version::soap12) noexcept;

}  // namespace nettcp::soap
