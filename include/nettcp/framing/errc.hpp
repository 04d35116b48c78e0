// Generated from proto/framing/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::framing {

/// The rules that module framing checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// This record is not allowed here (peer).
    record_not_allowed = 1,
    /// No record has this type octet (peer).
    record_unknown = 2,
    /// The peer's protocol version is not 1.x (peer).
    version_unsupported = 3,
    /// No mode has this number (peer).
    mode_unknown = 4,
    /// The endpoint does not take this mode (peer).
    mode_unsupported = 5,
    /// The via is longer than the limit (peer).
    via_too_long = 6,
    /// The via is not an absolute URI (peer).
    via_not_absolute = 7,
    /// No endpoint is registered for the via (peer).
    via_unmatched = 8,
    /// The content type is longer than the limit (peer).
    content_type_too_long = 9,
    /// The endpoint does not take this content type (peer).
    content_type_unsupported = 10,
    /// The upgrade name is longer than the limit (peer).
    upgrade_name_too_long = 11,
    /// The endpoint does not offer this upgrade (peer).
    upgrade_invalid = 12,
    /// The peer closed instead of answering the upgrade request (refused).
    upgrade_refused = 13,
    /// The preamble ended without the upgrade the endpoint requires (peer).
    upgrade_required = 14,
    /// The peer asks for more upgrades than the limit (peer).
    too_many_upgrades = 15,
    /// The peer sent octets before its upgrade was answered (peer).
    octets_before_upgrade_answer = 16,
    /// The fault text is longer than the limit (peer).
    fault_too_long = 17,
    /// An envelope is larger than the limit (peer).
    envelope_too_large = 18,
    /// An envelope has no octets (peer).
    envelope_empty = 19,
    /// A chunk exceeds what is left of the message size limit (peer).
    chunk_too_large = 20,
    /// The stream ended inside a session (peer).
    premature_end = 21,
    /// The peer answers in HTTP (peer).
    peer_is_http = 22,
    /// The peer sent a message after its end record (peer).
    message_after_end = 23,
    /// A reply came before any request (peer).
    reply_unexpected = 24,
    /// A text of the preamble is not valid UTF-8 (peer).
    text_invalid = 25,
    /// Our side may not send this record now (local).
    record_not_ours = 26,
    /// The session is over (local).
    session_over = 27,
    /// Our side refused the session with a fault (local).
    session_refused = 28,
    /// The peer has no encoder for our content type (refused).
    peer_said_content_type_invalid = 29,
    /// The peer found our content type too long (refused).
    peer_said_content_type_too_long = 30,
    /// The peer's port sharing could not pass the connection on (environment).
    peer_said_connection_dispatch_failed = 31,
    /// The peer has no endpoint at this address (refused).
    peer_said_endpoint_not_found = 32,
    /// The peer's endpoint is not being served now (environment).
    peer_said_endpoint_unavailable = 33,
    /// The peer found our message too large (refused).
    peer_said_max_message_size_exceeded = 34,
    /// The peer is too busy (environment).
    peer_said_server_too_busy = 35,
    /// The peer could not start the service (environment).
    peer_said_service_activation_failed = 36,
    /// The peer does not take this mode at this address (refused).
    peer_said_unsupported_mode = 37,
    /// The peer does not take protocol version 1.0 (refused).
    peer_said_unsupported_version = 38,
    /// The peer does not offer the upgrade asked for (refused).
    peer_said_upgrade_invalid = 39,
    /// The peer found our address too long (refused).
    peer_said_via_too_long = 40,
    /// The peer sent a fault this library does not know (refused).
    peer_said_unknown_fault = 41,
};

/// The error category of `errc`; its name is `nettcp.framing`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::framing

template <>
struct boost::system::is_error_code_enum<nettcp::framing::errc> : std::true_type {};
