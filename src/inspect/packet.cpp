// Decides what a captured packet holds, from headers of which none can be trusted: each length in
// them is held against what was captured and what was sent.
#include <nettcp/inspect/packet.hpp>

#include <algorithm>
#include <charconv>

namespace nettcp::inspect {
namespace {

constexpr std::uint16_t type_ipv4 = 0x0800;
constexpr std::uint16_t type_ipv6 = 0x86dd;
constexpr std::uint8_t protocol_tcp = 6;
// Segments as long as this come from cards that cut them up later; more is a false claim.
constexpr std::uint64_t max_segment_size = 1u << 20;
constexpr int max_tags = 8;
constexpr int max_extension_headers = 16;

std::uint32_t u8(bytes_view from, std::size_t at) noexcept {
    return std::to_integer<std::uint32_t>(from[at]);
}

std::uint16_t u16(bytes_view from, std::size_t at) noexcept {
    return static_cast<std::uint16_t>(u8(from, at) << 8 | u8(from, at + 1));
}

std::uint32_t u32(bytes_view from, std::size_t at) noexcept {
    return std::uint32_t{u16(from, at)} << 16 | u16(from, at + 2);
}

/// What is left of a packet below the headers that were read.
struct packet {
    bytes_view captured;
    std::uint64_t sent;  ///< octets, at least `captured.size()`

    bool has(std::size_t size) const noexcept { return captured.size() >= size; }

    void drop(std::size_t size) noexcept {
        captured = captured.subspan(size);
        sent -= size;
    }

    /// Leaves out what lies behind `size` octets: padding.
    void trim(std::uint64_t size) noexcept {
        captured = captured.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(captured.size(), size)));
        sent = size;
    }
};

packet_kind read_tcp(packet rest, tcp_segment& out) noexcept {
    if (!rest.has(20))
        return rest.sent < 20 ? packet_kind::damaged : packet_kind::cut;
    const bytes_view header = rest.captured;
    const std::size_t size = (u8(header, 12) >> 4) * std::size_t{4};
    if (size < 20 || size > rest.sent)
        return packet_kind::damaged;
    if (rest.sent - size > max_segment_size)
        return packet_kind::damaged;
    out.from.port = u16(header, 0);
    out.to.port = u16(header, 2);
    out.sequence = u32(header, 4);
    const std::uint32_t flags = u8(header, 13);
    out.fin = (flags & 0x01u) != 0;
    out.syn = (flags & 0x02u) != 0;
    out.rst = (flags & 0x04u) != 0;
    out.ack = (flags & 0x10u) != 0;
    out.size = static_cast<std::uint32_t>(rest.sent - size);
    out.payload = rest.captured.subspan(std::min(size, rest.captured.size()));
    return packet_kind::tcp;
}

packet_kind read_ipv4(packet rest, tcp_segment& out) noexcept {
    if (!rest.has(20))
        return rest.sent < 20 ? packet_kind::damaged : packet_kind::cut;
    const bytes_view header = rest.captured;
    const std::size_t header_size = (u8(header, 0) & 0x0fu) * std::size_t{4};
    const std::uint64_t total = u16(header, 2) != 0 ? u16(header, 2) : rest.sent;
    if (u8(header, 0) >> 4 != 4 || header_size < 20 || header_size > total || total > rest.sent)
        return packet_kind::damaged;
    if (u8(header, 9) != protocol_tcp)
        return packet_kind::other;
    if ((u16(header, 6) & 0x3fffu) != 0)  // an offset, or more to come
        return packet_kind::fragment;
    out.from.address = out.to.address = {};
    std::copy_n(header.begin() + 12, 4, out.from.address.octets.begin());
    std::copy_n(header.begin() + 16, 4, out.to.address.octets.begin());
    rest.trim(total);
    if (!rest.has(header_size))
        return packet_kind::cut;
    rest.drop(header_size);
    return read_tcp(rest, out);
}

/// Passes over the headers between the IPv6 header and TCP.
packet_kind read_ipv6_content(packet rest, std::uint32_t next, tcp_segment& out) noexcept {
    for (int i = 0; i < max_extension_headers; ++i) {
        if (next == protocol_tcp)
            return read_tcp(rest, out);
        const bool is_fragment = next == 44;
        const bool is_authentication = next == 51;
        const bool is_options = next == 0 || next == 43 || next == 60 || next == 135;
        if (!is_fragment && !is_authentication && !is_options)
            return packet_kind::other;
        if (!rest.has(8))
            return rest.sent < 8 ? packet_kind::damaged : packet_kind::cut;
        const std::size_t length = u8(rest.captured, 1);
        std::size_t size = 8;
        if (is_authentication)
            size = (length + 2) * 4;
        else if (is_options)
            size = (length + 1) * 8;
        else if ((u16(rest.captured, 2) & 0xfff9u) != 0)  // not the only fragment
            return packet_kind::fragment;
        next = u8(rest.captured, 0);
        if (size > rest.sent)
            return packet_kind::damaged;
        if (!rest.has(size))
            return packet_kind::cut;
        rest.drop(size);
    }
    return packet_kind::damaged;
}

packet_kind read_ipv6(packet rest, tcp_segment& out) noexcept {
    if (!rest.has(40))
        return rest.sent < 40 ? packet_kind::damaged : packet_kind::cut;
    const bytes_view header = rest.captured;
    const std::uint64_t size = u16(header, 4) != 0 ? u16(header, 4) : rest.sent - 40;
    if (u8(header, 0) >> 4 != 6 || size > rest.sent - 40)
        return packet_kind::damaged;
    out.from.address.is_v6 = out.to.address.is_v6 = true;
    std::copy_n(header.begin() + 8, 16, out.from.address.octets.begin());
    std::copy_n(header.begin() + 24, 16, out.to.address.octets.begin());
    const std::uint32_t next = u8(header, 6);
    rest.trim(40 + size);
    rest.drop(40);
    return read_ipv6_content(rest, next, out);
}

packet_kind read_ip(packet rest, tcp_segment& out) noexcept {
    if (!rest.has(1))
        return rest.sent == 0 ? packet_kind::other : packet_kind::cut;
    const std::uint32_t version = u8(rest.captured, 0) >> 4;
    if (version == 4)
        return read_ipv4(rest, out);
    return version == 6 ? read_ipv6(rest, out) : packet_kind::other;
}

/// Passes over VLAN tags; `rest` starts behind the EtherType.
packet_kind read_typed(packet rest, std::uint16_t type, tcp_segment& out) noexcept {
    for (int tags = 0; type == 0x8100 || type == 0x88a8 || type == 0x9100; ++tags) {
        if (tags == max_tags)
            return packet_kind::damaged;
        if (!rest.has(4))
            return packet_kind::cut;
        type = u16(rest.captured, 2);
        rest.drop(4);
    }
    if (type == type_ipv4)
        return read_ipv4(rest, out);
    return type == type_ipv6 ? read_ipv6(rest, out) : packet_kind::other;
}

/// A header of fixed size with an EtherType in it.
packet_kind read_link(packet rest, std::size_t type_at, std::size_t size,
                      tcp_segment& out) noexcept {
    if (!rest.has(size))
        return packet_kind::cut;
    const std::uint16_t type = u16(rest.captured, type_at);
    rest.drop(size);
    return read_typed(rest, type, out);
}

/// An address family in front; IPv6 has a number of its own on each system.
packet_kind read_loopback(packet rest, tcp_segment& out) noexcept {
    if (!rest.has(4))
        return packet_kind::cut;
    const std::uint32_t big = u32(rest.captured, 0);
    const std::uint32_t family = big > 0xffff ? big >> 24 : big;
    rest.drop(4);
    if (family != 2 && family != 10 && family != 24 && family != 28 && family != 30)
        return packet_kind::other;
    return read_ip(rest, out);
}

void append_number(std::string& out, std::uint32_t value, int base) {
    char digits[16];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, value, base).ptr);
}

/// The longest run of zero groups, which is written `::`; nothing shorter than two.
std::pair<std::size_t, std::size_t> longest_zeros(bytes_view address) noexcept {
    std::size_t best_at = 8;
    std::size_t best_size = 1;
    for (std::size_t i = 0, run = 0; i < 8; ++i) {
        run = u16(address, 2 * i) == 0 ? run + 1 : 0;
        if (run > best_size) {
            best_size = run;
            best_at = i + 1 - run;
        }
    }
    return {best_at, best_at == 8 ? 0 : best_size};
}

void append_v6(std::string& out, bytes_view address) {
    const auto [zeros_at, zeros] = longest_zeros(address);
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == zeros_at) {
            out += "::";
            i += zeros - 1;
            continue;
        }
        if (i != 0 && i != zeros_at + zeros)
            out += ':';
        append_number(out, u16(address, 2 * i), 16);
    }
}

}  // namespace

std::optional<link_type> link_type_from_number(int number) noexcept {
    if (number == 12 || number == 14)
        return link_type::raw;
    for (const link_type known :
         {link_type::null, link_type::ethernet, link_type::raw, link_type::loop,
          link_type::linux_sll, link_type::ipv4, link_type::ipv6, link_type::linux_sll2}) {
        if (static_cast<int>(known) == number)
            return known;
    }
    return std::nullopt;
}

std::string to_string(const tcp_endpoint& endpoint) {
    std::string out;
    const bytes_view address = endpoint.address.octets;
    if (endpoint.address.is_v6) {
        out += '[';
        append_v6(out, address);
        out += ']';
    } else {
        for (std::size_t i = 0; i < 4; ++i) {
            if (i != 0)
                out += '.';
            append_number(out, u8(address, i), 10);
        }
    }
    out += ':';
    append_number(out, endpoint.port, 10);
    return out;
}

packet_kind read_packet(link_type link, bytes_view captured, std::uint64_t sent_size,
                        tcp_segment& out) noexcept {
    const packet whole{captured, std::max<std::uint64_t>(sent_size, captured.size())};
    switch (link) {
    case link_type::null:
    case link_type::loop: return read_loopback(whole, out);
    case link_type::ethernet: return read_link(whole, 12, 14, out);
    case link_type::linux_sll: return read_link(whole, 14, 16, out);
    case link_type::linux_sll2: return read_link(whole, 0, 20, out);
    case link_type::raw: return read_ip(whole, out);
    case link_type::ipv4: return read_ipv4(whole, out);
    case link_type::ipv6: return read_ipv6(whole, out);
    }
    return packet_kind::other;
}

}  // namespace nettcp::inspect
