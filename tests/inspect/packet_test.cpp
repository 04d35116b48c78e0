#include "packets.hpp"

#include <nettcp/inspect/packet.hpp>

#include <support/catch.hpp>
#include <support/hex.hpp>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

const std::string tcp = "9c40 0328 00000001 00000002 50 18 0100 0000 0000";
const std::string v4 = "45 00 002b 0001 4000 40 06 0000 7f000001 7f000002";
const std::string v6_addresses =
    "20010db8000000000000000000000001 fe800000000000000000000000000002";

packet_kind kind_of(link_type link, const std::string& packet, tcp_segment& out) {
    const auto captured = hex(packet);
    const packet_kind kind = read_packet(link, captured, captured.size(), out);
    if (kind == packet_kind::tcp)
        out.payload = {};  // views `captured`
    return kind;
}

packet_kind kind_of(link_type link, const std::string& packet) {
    tcp_segment ignored;
    return kind_of(link, packet, ignored);
}

}  // namespace

TEST_CASE("A packet's segment is found below every link layer") {
    struct link_case {
        const char* name;
        link_type link;
        std::string in_front;
    };
    const link_case cases[] = {
        {"ethernet", link_type::ethernet, "000000000001 000000000002 0800"},
        {"one VLAN tag", link_type::ethernet, "000000000001 000000000002 8100 0005 0800"},
        {"QinQ", link_type::ethernet, "000000000001 000000000002 88a8 0005 8100 0006 0800"},
        {"old QinQ", link_type::ethernet, "000000000001 000000000002 9100 0005 8100 0006 0800"},
        {"null, little-endian", link_type::null, "02000000"},
        {"null, big-endian", link_type::null, "00000002"},
        {"loop", link_type::loop, "00000002"},
        {"raw", link_type::raw, ""},
        {"ipv4", link_type::ipv4, ""},
        {"SLL", link_type::linux_sll, "0000 0304 0006 0000000000000000 0800"},
        {"SLL with a VLAN tag", link_type::linux_sll,
         "0000 0304 0006 0000000000000000 8100 0001 0800"},
        {"SLL2", link_type::linux_sll2, "0800 0000 00000001 0304 00 06 0000000000000000"},
    };
    for (const auto& [name, link, in_front] : cases) {
        CAPTURE(name);
        tcp_segment found;
        const auto captured = hex(in_front + v4 + tcp + "616263" + "0000");  // padded
        REQUIRE(read_packet(link, captured, captured.size(), found) == packet_kind::tcp);
        CHECK(to_string(found.from) == "127.0.0.1:40000");
        CHECK(to_string(found.to) == "127.0.0.2:808");
        CHECK(found.sequence == 1u);
        CHECK(found.ack);
        CHECK_FALSE(found.syn);
        CHECK_FALSE(found.fin);
        CHECK_FALSE(found.rst);
        CHECK(as_text(found.payload) == "abc");
        CHECK(found.size == 3u);
        const std::size_t headers = hex(in_front + v4 + tcp).size();
        for (std::size_t n = 0; n < captured.size(); ++n) {  // cut anywhere
            const octets shorter(captured.begin(), captured.begin() + static_cast<long>(n));
            tcp_segment part;
            const auto kind = read_packet(link, shorter, captured.size(), part);
            CHECK(kind == (n < headers ? packet_kind::cut : packet_kind::tcp));
            if (n >= headers)
                CHECK(part.size == 3u);
        }
    }
}

TEST_CASE("IPv6 extension headers are passed over") {
    const std::string segment = tcp + "616263";
    const std::string ports = "[2001:db8::1]:40000 [fe80::2]:808";
    const auto packet = [&](const std::string& next, const std::string& headers, int size) {
        const std::string length = {"0123456789abcdef"[size >> 4], "0123456789abcdef"[size & 15]};
        return "60000000 00" + length + next + "40" + v6_addresses + headers + segment;
    };
    const std::string options = "06 00 000000000000";
    struct header_case {
        const char* name;
        std::string packet;
        packet_kind kind;
    };
    const header_case cases[] = {
        {"none", packet("06", "", 23), packet_kind::tcp},
        {"hop by hop", packet("00", options, 31), packet_kind::tcp},
        {"routing, long", packet("2b", "06 01 0000000000000000000000000000", 39), packet_kind::tcp},
        {"destination behind hop by hop", packet("00", "3c 00 000000000000" + options, 39),
         packet_kind::tcp},
        {"authentication", packet("33", "06 01 00000000000000000000", 35), packet_kind::tcp},
        {"a fragment that is the whole", packet("2c", "06 00 0000 00000001", 31), packet_kind::tcp},
        {"the first fragment", packet("2c", "06 00 0001 00000001", 31), packet_kind::fragment},
        {"a later fragment", packet("2c", "06 00 0008 00000001", 31), packet_kind::fragment},
        {"UDP", packet("11", "", 23), packet_kind::other},
        {"encrypted", packet("32", "", 23), packet_kind::other},
        {"a header longer than the packet", packet("00", "06 ff 000000000000", 31),
         packet_kind::damaged},
        {"a packet longer than was sent", packet("06", "", 24), packet_kind::damaged},
    };
    for (const auto& [name, octets, kind] : cases) {
        CAPTURE(name);
        tcp_segment found;
        CHECK(kind_of(link_type::raw, octets, found) == kind);
        if (kind == packet_kind::tcp)
            CHECK(to_string(found.from) + " " + to_string(found.to) == ports);
    }
    std::string many;
    for (int i = 0; i < 17; ++i)
        many += "00 00 000000000000";
    CHECK(kind_of(link_type::ipv6, packet("00", many, 159)) == packet_kind::damaged);
}

TEST_CASE("IPv4 headers that are no whole TCP segment") {
    struct header_case {
        const char* name;
        std::string packet;
        packet_kind kind;
    };
    const header_case cases[] = {
        {"options", "46 00 002f 0001 4000 40 06 0000 7f000001 7f000002 01010101" + tcp + "616263",
         packet_kind::tcp},
        {"first fragment", "45 00 002b 0001 2000 40 06 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::fragment},
        {"later fragment", "45 00 002b 0001 0005 40 06 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::fragment},
        {"UDP", "45 00 002b 0001 4000 40 11 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::other},
        {"header too short", "44 00 002b 0001 4000 40 06 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::damaged},
        {"longer than was sent",
         "45 00 002c 0001 4000 40 06 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::damaged},
        {"no room for TCP", "45 00 0020 0001 4000 40 06 0000 7f000001 7f000002" + tcp + "616263",
         packet_kind::damaged},
        {"TCP header beyond the packet",
         v4 + "9c40 0328 00000001 00000002 f0 18 0100 0000 0000" + "616263", packet_kind::damaged},
        {"TCP header too short", v4 + "9c40 0328 00000001 00000002 40 18 0100 0000 0000" + "616263",
         packet_kind::damaged},
    };
    for (const auto& [name, octets, kind] : cases) {
        CAPTURE(name);
        CHECK(kind_of(link_type::ipv4, octets) == kind);
    }
    CHECK(kind_of(link_type::ethernet, "000000000001 000000000002 0806 0001") ==
          packet_kind::other);
    CHECK(kind_of(link_type::null, "07000000" + v4 + tcp + "616263") == packet_kind::other);
}

TEST_CASE("A segment that a card will cut up has no length in its IP header") {
    tcp_segment found;
    const auto captured = hex("45 00 0000 0001 4000 40 06 0000 7f000001 7f000002" + tcp + "6162");
    REQUIRE(read_packet(link_type::raw, captured, 70000, found) == packet_kind::tcp);
    CHECK(found.payload.size() == 2u);
    CHECK(found.size == 70000u - 40u);
    CHECK(read_packet(link_type::raw, captured, 0xffffffff, found) == packet_kind::damaged);
}

TEST_CASE("Link types have the numbers of capture files") {
    CHECK(link_type_from_number(1) == link_type::ethernet);
    CHECK(link_type_from_number(12) == link_type::raw);
    CHECK(link_type_from_number(276) == link_type::linux_sll2);
    CHECK_FALSE(link_type_from_number(105));
}

TEST_CASE("IPv6 addresses leave out their longest run of zeros") {
    struct address_case {
        const char* octets;
        const char* text;
    };
    const address_case cases[] = {
        {"00000000000000000000000000000000", "[::]:1"},
        {"00000000000000000000000000000001", "[::1]:1"},
        {"20010db8000000010000000000000001", "[2001:db8:0:1::1]:1"},
        {"20010db8000100000001000100010001", "[2001:db8:1:0:1:1:1:1]:1"},
        {"20010db8000000000001000000000000", "[2001:db8:0:0:1::]:1"},
    };
    for (const auto& [address, text] : cases) {
        tcp_endpoint end;
        end.address.is_v6 = true;
        const auto given = hex(address);
        std::ranges::copy(given, end.address.octets.begin());
        end.port = 1;
        CHECK(to_string(end) == text);
    }
}
