// Generated from proto/channel/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::channel {

/// The rules that module channel checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// The session has failed before (local).
    session_faulted = 1,
    /// The session is closed (local).
    session_closed = 2,
    /// The session is not open yet (local).
    session_not_open = 3,
    /// The peer closed the session before answering (peer).
    peer_closed = 4,
    /// This build cannot read or write the content type (local).
    encoding_unsupported = 5,
    /// Two open requests carry the same message id (peer).
    message_id_reused = 6,
    /// The preamble was not complete in time (peer).
    initialization_expired = 7,
    /// No message came in time (peer).
    receive_expired = 8,
    /// The peer does not take our octets in time (environment).
    send_expired = 9,
    /// The compressed message is damaged (peer).
    compressed_malformed = 10,
    /// The message is larger than the limit once it is decompressed (peer).
    decompressed_too_large = 11,
    /// The text is not in the character set that the preamble named (peer).
    charset_mismatch = 12,
    /// The headers of a streamed message are larger than the limit (peer).
    headers_too_large = 13,
    /// The body of the message is not one stream of octets (peer).
    stream_malformed = 14,
    /// A stream needs transfer in pieces (local).
    stream_unsupported = 15,
    /// There is no way back for callbacks in a streamed transfer (local).
    callbacks_unsupported = 16,
    /// The message is not well-formed MIME (peer).
    mime_malformed = 17,
    /// The message ends within a part (peer).
    mime_truncated = 18,
    /// The message has more parts than the limit (peer).
    mime_parts_exceeded = 19,
    /// The headers of the message or of a part are larger than the limit (peer).
    mime_headers_exceeded = 20,
    /// The message or its root part is not of the type application/xop+xml (peer).
    mtom_not_xop = 21,
    /// A part is in a transfer encoding other than 7bit, 8bit and binary (peer).
    mtom_transfer_encoding = 22,
    /// The message has no part that is its root (peer).
    mtom_root_missing = 23,
    /// Xop:Include names a part that the message does not have (peer).
    mtom_part_missing = 24,
    /// Two parts of the message have the same Content-ID (peer).
    mtom_part_repeated = 25,
    /// Xop:Include names a part that is the root or was included before (peer).
    mtom_part_reused = 26,
    /// The href of xop:Include is not a Content-ID (peer).
    mtom_reference_invalid = 27,
    /// More callbacks wait for the client to read than the limit (environment).
    callbacks_exceeded = 28,
    /// The source has more octets than may wait for a message that is sent as a whole (local).
    source_too_large = 29,
};

/// The error category of `errc`; its name is `nettcp.channel`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::channel

template <>
struct boost::system::is_error_code_enum<nettcp::channel::errc> : std::true_type {};
