// Invariants of looking through captured packets, whatever they hold: packets that come twice
// change nothing that is found; what waits for missing segments stays within its limit; each
// finding belongs to a conversation that was announced; and nothing waits when it is over.
//
// The first octet of the input chooses the link type, the second whether a port is named. Then come
// packets: how many octets were captured (two octets, little-endian), how many more were sent (one
// octet), the captured octets.
//
// Reaches src/inspect/packet.cpp src/inspect/tcp_stream.cpp src/inspect/traffic.cpp
#include <nettcp/inspect/traffic.hpp>

#include <algorithm>
#include <iterator>
#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

constexpr std::size_t max_held = 2000;

void require(bool claim) {
    if (!claim)
        std::abort();
}

traffic_options small_options(bool name_port) {
    traffic_options options;
    options.conversation.max_message_size = 100'000;
    options.stream = {1000, 8};
    options.max_held_octets = max_held;
    options.max_conversation_octets = 20000;
    options.max_connections = 3;
    if (name_port)
        options.ports = {808, 21083};
    return options;
}

/// What a traffic found, in a form that can be compared.
std::string look_through(bytes_view rest, link_type link, bool name_port, int times) {
    std::string found;
    std::uint32_t opened = 0;
    traffic t(
        link,
        [&](const finding& f) {
            require(f.connection != 0 && f.connection <= opened);
            found += std::to_string(f.connection);
            found.append(to_string(f.direction)).append(to_string(f.type)).append(f.value);
            found += std::to_string(f.offset) + "+" + std::to_string(f.size);
            found.append(f.xml).append(as_text(f.octets)).append(f.message).append("\n");
        },
        [&](std::uint32_t number, const tcp_endpoint& client, const tcp_endpoint& service) {
            require(number == ++opened);
            found += to_string(client) + ">" + to_string(service) + "\n";
        },
        small_options(name_port));
    for (double seconds = 0; rest.size() >= 3; ++seconds) {
        const auto octet = [&rest](std::size_t at) {
            return std::to_integer<std::size_t>(rest[at]);
        };
        const std::size_t more = octet(2);
        const std::size_t size = std::min(octet(0) | octet(1) << 8, rest.size() - 3);
        for (int i = 0; i < times; ++i) {
            t.add(rest.subspan(3, size), size + more, seconds);
            require(t.held_octets() <= max_held);
        }
        rest = rest.subspan(3 + size);
    }
    t.finish();
    require(t.held_octets() == 0);
    require(t.counts().conversations == opened);
    return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size < 2)
        return 0;
    constexpr link_type links[] = {link_type::null,      link_type::ethernet, link_type::raw,
                                   link_type::linux_sll, link_type::ipv4,     link_type::ipv6,
                                   link_type::linux_sll2};
    const link_type link = links[octets[0] % std::size(links)];
    const bool name_port = (octets[1] & 1) != 0;
    const bytes_view rest(reinterpret_cast<const std::byte*>(octets) + 2, size - 2);
    require(look_through(rest, link, name_port, 1) == look_through(rest, link, name_port, 2));
    return 0;
}
