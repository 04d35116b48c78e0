#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/nbfx/dictionary_string.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace nettcp::soap {

/// A MessageID or RelatesTo: normally `urn:uuid:` and a GUID, else any text. Views of a message.
///
/// A GUID compares equal however it was spelled.
struct unique_id_view {
    std::optional<nettcp::uuid> guid;
    std::string_view text;  ///< as it stood in the message; empty when only `guid` was there

    friend bool operator==(const unique_id_view& a, const unique_id_view& b) noexcept {
        return a.guid == b.guid && (a.guid.has_value() || a.text == b.text);
    }
};

/// A header that this layer does not interpret. Views of a message.
struct other_header {
    std::string_view ns;
    std::string_view local;
    std::string_view role;  ///< s:role, or empty
    bool must_understand = false;
    bool relay = false;
    bool for_us = true;      ///< by role: none, next or ultimateReceiver
    std::uint32_t offset = 0;  ///< of its element in the document: where a reader can be opened
    std::uint32_t size = 0;    ///< octets of its element
};

/// The headers of a received envelope. Views of the message they were read from.
///
/// Spec: [SOAP 1.2] "SOAP Header", [WS-Addressing 1.0 - SOAP Binding].
struct headers_view {
    std::string_view action;
    std::optional<unique_id_view> message_id;
    std::optional<unique_id_view> relates_to;
    std::optional<std::string_view> to;
    std::optional<std::string_view> reply_to;  ///< its Address
    std::optional<std::string_view> fault_to;
    std::optional<std::string_view> from;
    std::vector<other_header> others;

    /// Empties it and keeps the storage.
    void clear() noexcept;
};

/// The headers of an envelope to be written, in WCF's order; what is absent is not written.
struct outgoing_headers {
    nbfx::xml_string action;
    std::optional<nettcp::uuid> message_id;
    /// The MessageID that a reply answers.
    std::optional<unique_id_view> relates_to;
    /// ReplyTo: the anonymous address unless `reply_to` says otherwise.
    bool has_reply_to = false;
    std::optional<nbfx::xml_string> reply_to;
    std::optional<nbfx::xml_string> to;
};

}  // namespace nettcp::soap
