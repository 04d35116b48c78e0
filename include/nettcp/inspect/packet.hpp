#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

#include <array>
#include <compare>
#include <optional>
#include <string>

namespace nettcp::inspect {

/// What stands in front of the IP header of a captured packet. Values are those of pcap files.
enum class link_type : std::uint16_t {
    null = 0,        ///< BSD loopback: address family, in the capturing machine's octet order
    ethernet = 1,    ///< with any VLAN tags
    raw = 101,       ///< nothing: IPv4 or IPv6, as the first octet says
    loop = 108,      ///< OpenBSD loopback: address family, big-endian
    linux_sll = 113,   ///< Linux "any" device, first version
    ipv4 = 228,      ///< nothing: IPv4
    ipv6 = 229,      ///< nothing: IPv6
    linux_sll2 = 276,  ///< Linux "any" device, second version
};

/// The link type that a capture names with `number`; nothing when it is none that is read here.
/// Knows the numbers 12 and 14, too, by which some systems' libpcap calls `raw`.
NETTCP_EXPORT std::optional<link_type> link_type_from_number(int number) noexcept;

/// An IPv4 or IPv6 address.
struct ip_address {
    bool is_v6 = false;
    std::array<std::byte, 16> octets{};  ///< the first four for IPv4, then zeros

    friend auto operator<=>(const ip_address&, const ip_address&) = default;
};

/// One end of a TCP connection.
struct tcp_endpoint {
    ip_address address;
    std::uint16_t port = 0;

    friend auto operator<=>(const tcp_endpoint&, const tcp_endpoint&) = default;
};

/// `192.0.2.1:808` or `[2001:db8::1]:808`.
NETTCP_EXPORT std::string to_string(const tcp_endpoint& endpoint);

/// A TCP segment in a captured packet.
struct tcp_segment {
    tcp_endpoint from;
    tcp_endpoint to;
    std::uint32_t sequence = 0;  ///< of the first octet, or of SYN
    bool syn = false;
    bool ack = false;
    bool fin = false;
    bool rst = false;
    bytes_view payload;      ///< as far as it was captured; views the packet
    std::uint32_t size = 0;  ///< of the payload as it was sent: at least `payload.size()`
};

/// What a captured packet is.
enum class packet_kind : std::uint8_t {
    tcp,       ///< a TCP segment
    other,     ///< no TCP over IP, or a tunnel, or encrypted
    fragment,  ///< a part of an IP packet: these are not put together
    cut,       ///< captured too short to hold its TCP header
    damaged,   ///< headers that contradict each other
};

/// Reads the headers of one captured packet down to TCP.
///
/// `sent_size` is how long the packet was on the wire, at least `captured.size()`; where a network
/// card cuts packets to size, the IP header may leave its own length empty. Padding behind the IP
/// packet is left out. Checksums are not looked at: cards fill them in behind the capture. Of a
/// packet that is not `tcp` `out` holds nothing of use.
///
/// Spec: [RFC 791], [RFC 8200], [RFC 9293] "Header Format"; IEEE 802.1Q.
NETTCP_EXPORT packet_kind read_packet(link_type link, bytes_view captured, std::uint64_t sent_size,
                                      tcp_segment& out) noexcept;

}  // namespace nettcp::inspect
