#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/calls/call_observer.hpp>
#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/net/octet_tap.hpp>
#include <nettcp/net/tcp_keep_alive.hpp>
#include <nettcp/service/session_event.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace nettcp {

/// Choices of a service host, under WCF's names where WCF has them, with its defaults.
///
/// Defaults that depend on the machine count its processors, as WCF does.
struct NETTCP_EXPORT host_options {
    using duration = std::chrono::steady_clock::duration;

    host_options();

    /// From the accepted connection, or the first octet of a further preamble on it, to our
    /// acknowledgement. Also how long a refused peer may take to read why.
    duration channel_initialization_timeout = std::chrono::seconds(30);
    /// A session without calls in progress ends when no message has come for so long.
    duration receive_timeout = std::chrono::minutes(10);
    /// A message must have come in so long after its first octet, plus one second for every 1024
    /// octets of it. (WCF waits for ever.)
    duration message_timeout = std::chrono::minutes(1);
    /// A call that has no answer so long after it came, waiting for its turn included, is cancelled
    /// and answered with InternalServiceFault. (WCF waits for ever, as do we by default.)
    duration call_timeout = duration::max();
    /// Octets queued must have been taken by the peer's system in so long.
    duration send_timeout = std::chrono::minutes(1);
    /// How long the peer may take to close the connection after its last session.
    duration close_timeout = std::chrono::minutes(1);
    /// How long a connection is kept after its session has ended, for another one.
    duration idle_timeout = std::chrono::minutes(2);

    /// Connections at a time; more wait in the system's queue (WCF: MaxConcurrentSessions,
    /// 100 per processor).
    std::uint32_t max_connections;
    /// Of these, from one address of a peer, or from one /64 network of IPv6; 0: as many as there
    /// are. Further ones are reset at once, with a line in the log: whoever sits behind the same
    /// NAT or proxy shares an address. (WCF has no such limit.)
    std::uint32_t max_connections_per_address = 0;
    /// Of `max_connections`, such as have no session yet (WCF: MaxConnections, 12 per processor).
    std::uint32_t max_pending_connections;
    /// When there are so many, those that have had this time make room for new ones, oldest first:
    /// silent peers cannot keep others out for long.
    duration pending_grace = std::chrono::seconds(1);
    /// Connections that the system may keep ready for us.
    std::uint32_t listen_backlog = 128;
    /// Probes on silent connections, so that peers which went without a word are noticed before
    /// `receive_timeout`; empty: none, as in WCF.
    std::optional<tcp_keep_alive> keep_alive = {};
    /// Calls in progress at a time; sessions with more of them are not read from meanwhile (WCF:
    /// MaxConcurrentCalls, 16 per processor).
    std::uint32_t max_concurrent_calls;
    /// The same for each session.
    std::uint32_t max_concurrent_calls_per_session = 0xffffffff;

    /// Callbacks and one-way messages of a session that wait until its client reads (see
    /// `session.max_pending_output`); further ones fail at once with
    /// `channel::errc::callbacks_exceeded`.
    std::uint32_t max_waiting_callbacks = 1024;

    /// Limits on what a peer may send, and on replies that it does not read.
    channel::session_options session;
    /// Whether InternalServiceFault tells the peer about exceptions of handlers (WCF:
    /// IncludeExceptionDetailInFaults). For debugging only.
    bool include_exception_detail = false;

    /// Told when calls, and callbacks to clients, begin and end; null: nobody is, at no cost.
    std::shared_ptr<call_observer> observer = {};
    /// Told what happens, on the host's executor. Must not throw, and not destroy the host.
    std::function<void(const session_event&)> log;
    /// Makes what sees the octets of each new connection; may be empty.
    std::function<octet_tap(const session_info&)> tap;
};

}  // namespace nettcp
