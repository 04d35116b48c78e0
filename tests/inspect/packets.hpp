#pragma once

#include <nettcp/inspect/traffic.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace nettcp::inspect {

using octets = std::vector<std::byte>;

/// A packet of a capture, and how to change it: Ethernet, IPv4 and TCP, as loopback has them.
struct captured_packet {
    octets content;
    std::uint64_t sent_size = 0;
    double seconds = 0;

    static constexpr std::size_t ip_at = 14;

    std::uint32_t number(std::size_t at, std::size_t size) const {
        std::uint32_t value = 0;
        for (std::size_t i = 0; i < size; ++i)
            value = value << 8 | std::to_integer<std::uint32_t>(content.at(at + i));
        return value;
    }
    void set(std::size_t at, std::size_t size, std::uint32_t value) {
        for (std::size_t i = size; i-- != 0; value >>= 8)
            content.at(at + i) = static_cast<std::byte>(value & 0xffu);
    }

    std::size_t tcp_at() const { return ip_at + (number(ip_at, 1) & 15u) * 4; }
    std::size_t payload_at() const { return tcp_at() + (number(tcp_at() + 12, 1) >> 4) * 4; }
    std::size_t payload_size() const { return content.size() - payload_at(); }
    std::uint32_t sequence() const { return number(tcp_at() + 4, 4); }
    std::uint32_t flags() const { return number(tcp_at() + 13, 1); }
    std::uint32_t from_port() const { return number(tcp_at(), 2); }

    void add_to_numbers(std::uint32_t by) {
        set(tcp_at() + 4, 4, sequence() + by);
        set(tcp_at() + 8, 4, number(tcp_at() + 8, 4) + by);
    }
    void replace(std::size_t at, std::size_t old, const octets& by) {
        const auto begin = content.begin() + static_cast<std::ptrdiff_t>(at);
        content.erase(begin, begin + static_cast<std::ptrdiff_t>(old));
        content.insert(content.begin() + static_cast<std::ptrdiff_t>(at), by.begin(), by.end());
        sent_size = sent_size - old + by.size();
    }
    /// Captures no more than `size` octets of it.
    void cut(std::size_t size) { content.resize(std::min(size, content.size())); }
    /// Leaves octets `from` to `to` of the payload.
    captured_packet part(std::size_t from, std::size_t to) const {
        captured_packet out = *this;
        const std::size_t at = payload_at();
        out.content.assign(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at));
        out.content.insert(out.content.end(),
                           content.begin() + static_cast<std::ptrdiff_t>(at + from),
                           content.begin() + static_cast<std::ptrdiff_t>(at + to));
        out.set(tcp_at() + 4, 4, sequence() + static_cast<std::uint32_t>(from));
        out.set(ip_at + 2, 2, static_cast<std::uint32_t>(out.content.size() - ip_at));
        if (to != payload_size())
            out.set(tcp_at() + 13, 1, flags() & ~1u);
        out.sent_size = out.content.size();
        return out;
    }
};

using packets = std::vector<captured_packet>;

/// The packets of a pcap file (little-endian, microseconds).
inline packets read_pcap(const std::string& name) {
    std::ifstream file("tests/captures/pcap/" + name, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(file), {}};
    const auto u32 = [&content](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = 4; i-- != 0;)
            value = value << 8 | static_cast<unsigned char>(content.at(at + i));
        return value;
    };
    if (u32(0) != 0xa1b2c3d4)
        throw std::runtime_error("not such a capture: " + name);
    packets out;
    for (std::size_t at = 24; at < content.size();) {
        captured_packet p;
        p.seconds = u32(at) + u32(at + 4) * 1e-6;
        p.sent_size = u32(at + 12);
        const auto whole = as_bytes(std::string_view(content).substr(at + 16, u32(at + 8)));
        p.content.assign(whole.begin(), whole.end());
        at += 16 + p.content.size();
        out.push_back(std::move(p));
    }
    return out;
}

/// What was found, without times, a line for each finding.
struct account {
    std::string text;
    std::vector<finding> findings;
    traffic_counts counts;

    bool has(std::string_view words) const { return text.find(words) != text.npos; }
    std::size_t count(finding_type type) const {
        return static_cast<std::size_t>(std::ranges::count(findings, type, &finding::type));
    }
};

inline account account_of(const packets& sent, link_type link = link_type::ethernet,
                          traffic_options options = {}) {
    account out;
    traffic t(
        link,
        [&out](finding f) {
            out.text += std::to_string(f.connection) + " " + std::string(to_string(f.direction)) +
                        " " + std::string(to_string(f.type)) + " " + f.value + " " +
                        std::to_string(f.offset) + "+" + std::to_string(f.size) + " " + f.xml +
                        f.message + "\n";
            out.findings.push_back(std::move(f));
        },
        [&out](std::uint32_t number, const tcp_endpoint& client, const tcp_endpoint& service) {
            out.text += std::to_string(number) + ": " + to_string(client) + " > " +
                        to_string(service) + "\n";
        },
        options);
    for (const captured_packet& p : sent) {
        const octets exact(p.content);  // a sanitizer sees a read past the end
        t.add(exact, p.sent_size, p.seconds);
    }
    t.finish();
    out.counts = t.counts();
    return out;
}

}  // namespace nettcp::inspect
