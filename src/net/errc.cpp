// Generated from proto/net/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/net/errc.hpp>

namespace nettcp::net {
namespace {

// The row of value n stands at index n - 1.
constexpr rule_text rules[] = {
    {"address_invalid", cause::local,
     "the address is not a net.tcp URI",
     "use the form net.tcp://host:port/path"},
    {"resolve_failed", cause::environment,
     "the host name cannot be resolved",
     "check the name and the DNS"},
    {"connect_failed", cause::environment,
     "no connection to any address of the host",
     "check that the service runs and no firewall is between"},
    {"connection_reset", cause::peer,
     "the peer reset the connection",
     "look into the service's log: it refused without saying why"},
    {"preamble_refused", cause::refused,
     "the service ended the connection instead of opening a session",
     "use the same security mode and message encoding on both sides, and look into the service's log: it refused without saying why"},
    {"connection_closed", cause::peer,
     "the peer closed the connection",
     "look into the service's log"},
    {"timed_out", cause::environment,
     "the operation took longer than its deadline",
     "raise the deadline, or look where the peer spends its time"},
    {"would_deadlock", cause::local,
     "a blocking call on the thread that would have to complete it",
     "use an asynchronous call, or call from another thread"},
    {"not_open", cause::local,
     "the client is not open",
     "open it first"},
    {"already_started", cause::local,
     "the host was started already",
     "start it once"},
    {"listen_failed", cause::environment,
     "the port cannot be opened for listening",
     "see who uses the port, or choose another"},
    {"endpoint_duplicate", cause::local,
     "two endpoints have the same address",
     "give every endpoint its own path"},
    {"endpoint_invalid", cause::local,
     "the address of the endpoint is not a net.tcp URI",
     "use the form net.tcp://host:port/path"},
    {"action_duplicate", cause::local,
     "two handlers have the same action",
     "register an action once"},
    {"host_stopping", cause::local,
     "the host is shutting down",
     "try again when the service runs"},
    {"handler_failed", cause::local,
     "a handler ended with an exception",
     "look at the exception in the service's log"},
    {"body_failed", cause::local,
     "writing the body of a message ended with an exception",
     "look at what the body writer does"},
    {"runtime_missing", cause::local,
     "the executor has no running context",
     "run the context, or use a client that owns one"},
    {"authentications_exceeded", cause::environment,
     "too many authentications wait on this machine already",
     "see why they take long: a KDC that does not answer, mostly"},
    {"proxy_invalid", cause::local,
     "the address or the credentials of the proxy cannot be used",
     "write socks5://[user:password@]host[:port], no part longer than 255 octets"},
    {"proxy_connect_failed", cause::environment,
     "no connection to the proxy",
     "check that the proxy runs and no firewall is between"},
    {"proxy_protocol", cause::peer,
     "the proxy does not speak SOCKS version 5",
     "see that the address is that of a SOCKS5 proxy"},
    {"proxy_authentication_failed", cause::refused,
     "the proxy does not accept who we are",
     "check user name and password, and what the proxy wants"},
    {"proxy_refused", cause::refused,
     "the proxy does not connect to the service",
     "check the service's address as the proxy sees it, and the proxy's rules"},
    {"too_many_from_address", cause::peer,
     "the peer's address has as many connections as one may have",
     "see what it does with them, or raise max_connections_per_address"},
};

}  // namespace

const rule_category& category() noexcept {
    static const rule_category instance("nettcp.net", rules);
    return instance;
}

}  // namespace nettcp::net
