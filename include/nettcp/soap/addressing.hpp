#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/nbfx/dictionary_string.hpp>
#include <nettcp/soap/message_version.hpp>

#include <cstdint>
#include <forward_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::soap {

/// Bounds on the headers of one envelope. WCF bounds them by the message size alone.
struct header_limits {
    /// Headers that the envelope reader does not interpret itself.
    std::uint32_t max_other_headers = 64;
    /// Octets of all headers together.
    std::uint32_t max_headers_size = 65536;
    /// Octets of UTF-8 in an action or in an address of To, ReplyTo, FaultTo and From.
    std::uint32_t max_address_size = 8192;
    /// Octets of UTF-8 in a MessageID or RelatesTo.
    std::uint32_t max_message_id_size = 1024;
};

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
    std::string_view ns = {};
    std::string_view local = {};
    std::string_view role = {};  ///< s:role (SOAP 1.1: s:actor), or empty
    bool must_understand = false;
    bool relay = false;
    bool for_us = true;       ///< by role: none, next or ultimateReceiver
    std::uint32_t index = 0;  ///< position among the children of `s:Header`, for `open_header`
    std::uint32_t offset = 0;  ///< octet offset of its element in the document
    std::uint32_t size = 0;    ///< octets of its element
};

/// The headers of a received envelope. Views of the message they were read from.
///
/// Headers for other roles than ours stand in `others`, whatever their names are. Move-only: a
/// text that the document holds in pieces, or not as UTF-8, is put together in here.
///
/// Spec: [SOAP 1.2] "SOAP Header", [WS-Addressing 1.0 - SOAP Binding].
struct headers_view {
    headers_view() = default;
    headers_view(headers_view&&) noexcept = default;
    headers_view& operator=(headers_view&&) noexcept = default;

    /// The version of the first addressing header; the default when there is none. Headers of
    /// the other version stand in `others`.
    addressing_version addressing = addressing_version::addressing10;
    std::string_view action;  ///< empty when absent
    std::optional<unique_id_view> message_id;
    /// The RelatesTo of relationship "reply", which is the one of a RelatesTo without type.
    std::optional<unique_id_view> relates_to;
    std::optional<std::string_view> to;
    std::optional<std::string_view> reply_to;  ///< its Address
    std::optional<std::string_view> fault_to;
    std::optional<std::string_view> from;
    std::vector<other_header> others;

    /// Empties it and keeps the storage.
    NETTCP_EXPORT void clear() noexcept;

    /// Texts that are no views of the document; the members above may be views of these.
    std::forward_list<std::string> joined_texts;
};

/// The headers of an envelope to be written, in WCF's order; what is absent is not written.
///
/// A `nbfx::dictionary_string` goes into the session's dictionary, as WCF does with an action
/// and the To of a client; plain text is written out each time.
struct outgoing_headers {
    nbfx::xml_string action = "";
    std::optional<nettcp::uuid> message_id = {};
    /// The MessageID that a reply answers.
    std::optional<unique_id_view> relates_to = {};
    /// ReplyTo: the anonymous address unless `reply_to` says otherwise.
    bool has_reply_to = false;
    std::optional<nbfx::xml_string> reply_to = {};
    std::optional<nbfx::xml_string> to = {};
};

}  // namespace nettcp::soap
