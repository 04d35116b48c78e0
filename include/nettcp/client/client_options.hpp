#pragma once

#include <nettcp/calls/call_observer.hpp>
#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/net/diagnostics.hpp>
#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/net/octet_tap.hpp>
#include <nettcp/net/socks5_proxy.hpp>
#include <nettcp/net/tcp_keep_alive.hpp>
#include <nettcp/net/transfer_mode.hpp>
#include <nettcp/security/tls.hpp>
#include <nettcp/security/windows.hpp>
#include <nettcp/service/service.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>

namespace nettcp {

class connection_pool;

/// How a client's connections are secured: not at all (`SecurityMode.None`), or by transport
/// security with Windows credentials or TLS.
using client_security =
    std::variant<std::monostate, security::windows_client, security::tls_client>;

/// Tries again to open a session, while operations wait for it, as long as their deadlines allow.
///
/// Only where trying again may help and does no harm: no address, no connection, or a service that
/// says it is too busy or not available. Never after anything of a request was delivered, and never
/// what security or the preamble found wrong.
struct reconnect_policy {
    using duration = std::chrono::steady_clock::duration;

    /// Pause before the second attempt; each further one is twice as long as the one before. Half
    /// of a pause is random, so that clients of a service that comes back do not come all at once.
    duration first_pause = std::chrono::milliseconds(100);
    duration longest_pause = std::chrono::seconds(10);
    /// Attempts in a row, after which the operations fail.
    std::uint32_t max_attempts = 0xffffffff;
};

/// Choices of a client, under WCF's names and with WCF's defaults.
struct client_options {
    using duration = std::chrono::steady_clock::duration;

    /// From the first look at the host name to a session that is open.
    duration open_timeout = std::chrono::minutes(1);
    /// From our End to the peer's.
    duration close_timeout = std::chrono::minutes(1);
    /// Of a call, from its start to its reply; of a one-way message, until its octets have gone
    /// to the socket. Waiting for the session to open counts.
    duration send_timeout = std::chrono::minutes(1);
    /// Without a pool: how long a connection is kept after its session was closed, for the next
    /// one. Zero: not.
    duration idle_timeout = std::chrono::minutes(2);
    /// Without a pool: a connection older than this is not kept.
    duration lease_timeout = std::chrono::minutes(5);
    /// Where connections go when their session was closed, and come from; then the pool's options
    /// say how long and how many are kept. Null: the client keeps one for itself.
    std::shared_ptr<connection_pool> pool = {};
    /// Clients of a pool share connections only within a group (WCF: GroupName).
    std::string pool_group = "default";
    /// Probes on silent connections; empty: what the system does, mostly none (WCF: none).
    std::optional<tcp_keep_alive> keep_alive = {};
    /// Whom to have connect, instead of connecting directly.
    std::optional<socks5_proxy> proxy = {};
    /// Whether a call opens a new session when the one before it has ended or failed. If not,
    /// such calls fail until `async_open` is called.
    bool reopen = true;
    /// How to go on when no session can be had; empty: whatever waits for it fails at once.
    std::optional<reconnect_policy> reconnect = {};
    /// Limits on what the peer may send, and on output that waits.
    channel::session_options session = {};
    /// How messages are encoded; the service must take the same. WCF's NetTcpBinding takes the
    /// default. See `channel::is_supported`.
    framing::encoding encoding = framing::encoding::binary_session;
    /// The service must have chosen alike. Streamed transfers use the encoding without session
    /// dictionaries, and one connection for each call that is under way; `async_open` then does
    /// nothing, and `async_close` waits for the calls under way.
    transfer_mode transfer = transfer_mode::buffered;
    /// Streamed: connections at a time; calls beyond that wait (WCF:
    /// MaxOutboundConnectionsPerEndpoint).
    std::uint32_t max_connections = 10;
    /// The version of WS-Addressing in messages that we send.
    soap::addressing_version addressing = soap::addressing_version::addressing10;
    /// Who the service must be, who we are, and how octets are protected. Files are read, and
    /// mistakes in it found, when the first session is opened.
    client_security security = {};
    /// Where to connect and what to put into the preamble, when that differs from the address of
    /// the service that messages carry in To (WCF: ClientViaBehavior).
    std::optional<endpoint_address> via = {};
    /// Told when calls, and callbacks, begin and end; null: nobody is, at no cost.
    std::shared_ptr<call_observer> observer = {};
    /// Sees the octets of every connection.
    octet_tap tap = {};
    /// What the service may call back on open sessions, while calls are pending and otherwise (not
    /// over streamed transfers). Handlers run on the client's executor, so they must not block
    /// there. Other requests are answered with the fault ActionNotSupported, other one-way messages
    /// are dropped and counted.
    service callbacks = {};
    /// Callbacks in progress at a time; more wait, and when much waits, the session is not read.
    std::uint32_t max_concurrent_callbacks = 64;
    /// A callback that takes longer is cancelled, and answered with InternalServiceFault.
    duration callback_timeout = std::chrono::minutes(1);
    /// Whether that fault tells the service about exceptions of handlers. For debugging only.
    bool include_exception_detail = false;
};

}  // namespace nettcp
