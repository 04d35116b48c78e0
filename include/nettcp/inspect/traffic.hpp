#pragma once

#include <nettcp/inspect/conversation.hpp>
#include <nettcp/inspect/tcp_stream.hpp>

#include <memory>

namespace nettcp::inspect {

/// How traffic is looked through, and what may be kept meanwhile.
struct traffic_options {
    conversation_options conversation;
    /// Ports of services. When there are any, all connections to them are taken for net.tcp, even
    /// without a preamble, and others are left out.
    std::vector<std::uint16_t> ports;
    tcp_stream_limits stream;  ///< of each direction of a connection
    std::size_t max_held_octets = 64u << 20;  ///< of all streams together
    /// Of all conversations (`conversation::held_octets`); the one that exceeds it is left.
    std::size_t max_conversation_octets = 1u << 30;
    std::size_t max_connections = 1024;  ///< beyond, the one unheard of for longest is finished
};

/// What was seen so far.
struct traffic_counts {
    std::uint64_t packets = 0;
    std::uint64_t segments = 0;  ///< packets with TCP segments in them
    std::uint64_t chosen = 0;  ///< segments of connections to the ports; without ports, all
    std::uint64_t fragments = 0;  ///< parts of IP packets: not put together
    std::uint64_t cut = 0;  ///< captured too short to tell what they are
    std::uint64_t damaged = 0;  ///< with headers that contradict each other
    std::uint32_t conversations = 0;
};

/// Finds net.tcp conversations among captured packets and says what was said in them.
///
/// A connection is recognised by its preamble (version 1.0, a mode, a via), on any port: who sends
/// it is the client. That may be in its middle, since clients use connections again; what was sent
/// before is left out then. Holes in a capture become findings of type `error`. Conversations are
/// numbered from 1 in the order in which they were recognised; a new connection on the same ports
/// is a new conversation. Times count from the first packet.
///
/// What is kept is bounded by the options, whatever the packets are.
class NETTCP_EXPORT traffic {
public:
    using sink = conversation::sink;
    /// Told of each conversation before its first finding: its number, the client, the service.
    using connection_sink =
        std::function<void(std::uint32_t, const tcp_endpoint&, const tcp_endpoint&)>;

    traffic(link_type link, sink out, connection_sink opened = {}, traffic_options options = {});
    traffic(traffic&&) noexcept;
    traffic& operator=(traffic&&) noexcept;
    ~traffic();

    /// Takes in a packet: what was captured of it, how long it was when it was sent, and when that
    /// was, on any clock.
    void add(bytes_view captured, std::uint64_t sent_size, double seconds);

    /// No more packets come: gives up what is missing and reports what was cut off.
    void finish();

    const traffic_counts& counts() const noexcept;
    /// Octets of segments that wait for missing ones.
    std::size_t held_octets() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace nettcp::inspect
