#pragma once

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/net/diagnostics.hpp>
#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/net/octet_tap.hpp>
#include <nettcp/net/tcp_keep_alive.hpp>
#include <nettcp/net/transfer_mode.hpp>
#include <nettcp/security/tls.hpp>
#include <nettcp/security/windows.hpp>

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
    /// Whether a call opens a new session when the one before it has ended or failed. If not,
    /// such calls fail until `async_open` is called.
    bool reopen = true;
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
    /// Sees the octets of every connection.
    octet_tap tap = {};
};

class body_source;

/// Choices of one operation.
struct call_options {
    /// How long it may take; the client's own timeout for this operation if empty.
    std::optional<client_options::duration> timeout = {};
    /// Filled when the operation fails, cleared when it succeeds, right before its handler runs.
    /// Must live until then.
    nettcp::diagnostics* diagnostics = nullptr;
    /// Writes further headers of the message; may be empty.
    std::function<void(nbfx::writer&)> headers = {};
    /// Streamed transfers: the content of the request's body. `body` then writes the start tags of
    /// the elements around it, no ends, and the octets follow as the peer takes them, even while
    /// the reply is being read. What it fails with fails the call.
    std::shared_ptr<body_source> stream = {};
    /// Streamed transfers: the call ends when the reply's headers are there, and the body is read
    /// with `reply::stream()` while it arrives. Faults are whole replies as usual.
    bool stream_reply = false;
    /// The caller reads the reply's headers itself. If not, a header that the service marks as
    /// one that must be understood fails the call.
    bool understands_all_headers = false;
};

}  // namespace nettcp
