// Generated from proto/net/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::net {

/// The rules that module net checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// The address is not a net.tcp URI (local).
    address_invalid = 1,
    /// The host name cannot be resolved (environment).
    resolve_failed = 2,
    /// No connection to any address of the host (environment).
    connect_failed = 3,
    /// The peer reset the connection (peer).
    connection_reset = 4,
    /// The service ended the connection instead of opening a session (refused).
    preamble_refused = 5,
    /// The peer closed the connection (peer).
    connection_closed = 6,
    /// The operation took longer than its deadline (environment).
    timed_out = 7,
    /// A blocking call on the thread that would have to complete it (local).
    would_deadlock = 8,
    /// The client is not open (local).
    not_open = 9,
    /// The host was started already (local).
    already_started = 10,
    /// The port cannot be opened for listening (environment).
    listen_failed = 11,
    /// Two endpoints have the same address (local).
    endpoint_duplicate = 12,
    /// The address of the endpoint is not a net.tcp URI (local).
    endpoint_invalid = 13,
    /// Two handlers have the same action (local).
    action_duplicate = 14,
    /// The host is shutting down (local).
    host_stopping = 15,
    /// A handler ended with an exception (local).
    handler_failed = 16,
    /// Writing the body of a message ended with an exception (local).
    body_failed = 17,
    /// The executor has no running context (local).
    runtime_missing = 18,
    /// Too many authentications wait on this machine already (environment).
    authentications_exceeded = 19,
    /// The address or the credentials of the proxy cannot be used (local).
    proxy_invalid = 20,
    /// No connection to the proxy (environment).
    proxy_connect_failed = 21,
    /// The proxy does not speak SOCKS version 5 (peer).
    proxy_protocol = 22,
    /// The proxy does not accept who we are (refused).
    proxy_authentication_failed = 23,
    /// The proxy does not connect to the service (refused).
    proxy_refused = 24,
    /// The peer's address has as many connections as one may have (peer).
    too_many_from_address = 25,
};

/// The error category of `errc`; its name is `nettcp.net`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::net

template <>
struct boost::system::is_error_code_enum<nettcp::net::errc> : std::true_type {};
