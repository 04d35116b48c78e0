#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/inspect/conversation.hpp>

#include <algorithm>
#include <fstream>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

constexpr direction client = direction::client_to_server;
constexpr direction server = direction::server_to_client;

// A preamble up to its end: version 1.0, duplex, via net.tcp://h/s, binary with session dictionary.
constexpr const char* preamble = "000100 0102 020d 6e65742e7463703a2f2f682f73 0308 0c";
// Envelopes: string table ["a"] and <a/> by its id; then no table, and <a/> by the same id.
constexpr const char* first_envelope = "06 06 02 0161 42 01 01";
constexpr const char* second_envelope = "06 04 00 42 01 01";

struct listener {
    std::vector<finding> found;
    conversation what{1, [this](finding f) { found.push_back(std::move(f)); }};

    void hears(direction from, std::string_view octets, bool inside_upgrade = false) {
        what.add(from, hex(octets), inside_upgrade);
    }

    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const finding& f : found)
            all.emplace_back(to_string(f.type));
        return all;
    }
};

using names = std::vector<std::string>;

/// What matters of findings when two ways of feeding are compared.
std::string summary(const std::vector<finding>& found) {
    std::string text;
    for (const finding& f : found) {
        text += std::string(to_string(f.direction)) + " " + std::string(to_string(f.type)) + " " +
                f.value + " " + std::to_string(f.offset) + " " + std::to_string(f.size) + " " +
                f.xml + " " + f.message + "\n";
    }
    return text;
}

}  // namespace

TEST_CASE("conversation shows a session from preamble to end") {
    listener l;
    l.hears(client, preamble);
    l.hears(server, "0b");
    l.hears(client, first_envelope);
    l.hears(server, first_envelope);
    l.hears(client, "07");
    l.hears(server, "07");
    l.what.finish();
    REQUIRE(l.names() == names{"version", "mode", "via", "known_encoding", "preamble_end",
                               "preamble_ack", "sized_envelope", "sized_envelope", "end", "end"});
    CHECK(l.found[0].value == "1.0");
    CHECK(l.found[1].value == "duplex");
    CHECK(l.found[2].value == "net.tcp://h/s");
    CHECK(l.found[3].value == "application/soap+msbinsession1");
    CHECK(l.found[2].offset == 5u);
    const finding& envelope = l.found[6];
    CHECK(envelope.is_xml);
    CHECK(envelope.xml == "<a/>");
    CHECK(envelope.size == 6u);
    CHECK(envelope.octets.empty());
    REQUIRE(envelope.new_strings.size() == 1u);
    CHECK(envelope.new_strings[0] == std::pair<std::uint32_t, std::string>(1, "a"));
}

TEST_CASE("conversation keeps a dictionary for each direction and session") {
    listener l;
    l.hears(client, preamble);
    l.hears(client, first_envelope);
    l.hears(client, second_envelope);
    l.hears(server, second_envelope);  // this side has not said what 1 is
    l.hears(client, preamble);  // a new session knows nothing
    l.hears(client, second_envelope);
    REQUIRE(l.names() == names{"version", "mode", "via", "known_encoding", "preamble_end",
                               "sized_envelope", "sized_envelope", "sized_envelope", "error",
                               "version", "mode", "via", "known_encoding", "preamble_end",
                               "sized_envelope", "error"});
    CHECK(l.found[6].xml == "<a/>");
    CHECK(l.found[6].new_strings.empty());
    CHECK_FALSE(l.found[7].is_xml);
    CHECK_FALSE(l.found[14].is_xml);
}

TEST_CASE("conversation goes on behind a damaged envelope and says where the damage is") {
    listener l;
    l.hears(client, preamble);
    const std::uint64_t start = hex(preamble).size();
    l.hears(client, "06 05 00 ff 01 01 01");
    l.hears(client, first_envelope);
    REQUIRE(l.found.size() == 8u);
    CHECK(l.found[5].octets == hex("00ff010101"));
    CHECK(l.found[6].type == finding_type::error);
    CHECK(l.found[6].offset == start + 3);  // behind type, size and an empty table
    CHECK(l.found[6].message.find("at octet " + std::to_string(start + 3)) != std::string::npos);
    CHECK(l.found[7].xml == "<a/>");
}

TEST_CASE("conversation joins the chunks of an envelope") {
    listener l;
    l.hears(client, "000100 0101 0307 0c 05 01 40 03");
    l.hears(client, "01 61 01 00 07");
    l.what.finish();
    REQUIRE(l.names() ==
            names{"version", "mode", "known_encoding", "preamble_end", "unsized_envelope", "end"});
    const finding& envelope = l.found[4];
    CHECK(envelope.xml == "<a/>");
    CHECK(envelope.size == 4u);
    CHECK(envelope.chunks == std::vector<std::uint32_t>{1, 3});
}

TEST_CASE("conversation places damage in chunks by their octets on the wire") {
    listener l;
    l.hears(client, "000100 0101 0307 0c");
    l.hears(client, "05 02 4001 02 61ff 00");  // ff is octet 14
    REQUIRE(l.found.size() == 6u);
    CHECK(l.found[5].type == finding_type::error);
    CHECK(l.found[5].offset == 14u);
    CHECK(l.found[4].octets == hex("400161ff"));
}

TEST_CASE("conversation shows as opaque what an upgrade protects") {
    listener l;
    l.hears(client, "000100 0102 0308 09 01 78 1603");
    l.hears(server, "0a");
    l.hears(server, "160301");
    l.hears(client, "00010203");
    l.what.finish();
    REQUIRE(l.names() == names{"version", "mode", "known_encoding", "upgrade_request",
                               "upgrade_response", "opaque", "opaque"});
    CHECK(l.found[3].value == "x");
    CHECK(l.found[5].size == 6u);
    CHECK(l.found[5].offset == 10u);
    CHECK(l.found[6].size == 3u);
    CHECK(l.found[6].direction == server);
}

TEST_CASE("conversation follows plaintext from inside an upgrade") {
    listener l;
    l.hears(client, "000100 0102 0308 09 01 78");
    l.hears(server, "0a");
    l.hears(client, "1603010203");  // a recorder may have both
    l.hears(client, "0c", true);
    l.hears(server, "0b", true);
    l.hears(client, first_envelope, true);
    l.what.finish();
    REQUIRE(l.names() == names{"version", "mode", "known_encoding", "upgrade_request",
                               "upgrade_response", "opaque", "preamble_end", "preamble_ack",
                               "sized_envelope"});
    CHECK(l.found[8].xml == "<a/>");
}

TEST_CASE("conversation reports lost borders once and shows the other direction") {
    listener l;
    l.hears(client, "000100 0d 0c");
    l.hears(client, "07");
    l.hears(server, "0b 07");
    l.what.finish();
    REQUIRE(l.names() == names{"version", "error", "preamble_ack", "end", "opaque"});
    CHECK(l.found[1].offset == 3u);
    CHECK(l.found[4].offset == 3u);
    CHECK(l.found[4].size == 3u);
}

TEST_CASE("conversation that is cut off says where") {
    listener l;
    l.hears(client, "000100 020d 6e65");
    l.what.finish();
    REQUIRE(l.names() == names{"version", "error", "opaque"});
    CHECK(l.found[1].offset == 7u);
    CHECK(l.found[2].size == 4u);

    listener chunked;
    chunked.hears(client, "000100 0101 0307 05 02 4001 05");
    chunked.what.finish();
    CHECK(chunked.names() ==
          names{"version", "mode", "known_encoding", "unsized_envelope", "error", "opaque"});
    CHECK(chunked.found[3].octets == hex("4001"));  // as far as it came
}

TEST_CASE("conversation shows envelopes of text, and leaves unknown encodings alone") {
    listener l;
    l.hears(client, "000100 0102 0303 0c 06 04 3c612f3e");
    CHECK(l.found.back().xml == "<a/>");

    listener gzip;
    gzip.hears(client, "000100 0102 04 05 782f677a70 0c 06 02 1f8b");
    CHECK(gzip.names() ==
          names{"version", "mode", "extensible_encoding", "preamble_end", "sized_envelope"});
    CHECK(gzip.found.back().octets == hex("1f8b"));
    CHECK_FALSE(gzip.found.back().is_xml);
}

TEST_CASE("conversation shows the parts of MTOM where their values belong") {
    constexpr std::string_view message =
        "MIME-Version: 1.0\r\nContent-Type: multipart/related;type=\"application/xop+xml\";"
        "boundary=\"b\"\r\n\r\n--b\r\nContent-Type: application/xop+xml\r\n\r\n"
        "<a><i:Include xmlns:i='http://www.w3.org/2004/08/xop/include' href='cid:p'/></a>"
        "\r\n--b\r\nContent-ID: <p>\r\n\r\n\1\2\3\r\n--b--\r\n";
    const std::vector<std::byte> size{static_cast<std::byte>((message.size() & 0x7f) | 0x80),
                                      static_cast<std::byte>(message.size() >> 7)};
    listener l;
    l.hears(client, "000100 0102 0306 0c 06");
    l.what.add(client, size);
    l.what.add(client, as_bytes(message));
    CHECK(l.found.back().xml == "<a>AQID</a>");

    listener damaged;
    damaged.hears(client, "000100 0102 0306 0c 06");
    damaged.what.add(client, size);
    std::string other(message);
    other.replace(other.find("cid:p"), 5, "cid:q");
    damaged.what.add(client, as_bytes(other));
    CHECK(damaged.found.back().type == finding_type::error);
    CHECK(damaged.found.back().offset == 11 + message.find("<i:Include"));
}

TEST_CASE("conversation of mode singleton_sized ends with its stream, without damage") {
    listener l;
    l.hears(client, "000100 0104 0307 4001");  // no preamble_end in this mode
    l.hears(client, "6101");
    l.what.finish();
    REQUIRE(l.names() == names{"version", "mode", "known_encoding", "opaque"});
    CHECK(l.found[1].value == "singleton_sized");
    CHECK(l.found[3].size == 4u);
}

TEST_CASE("conversation finds the same octet by octet as all at once, however it is damaged") {
    std::ifstream file("tests/captures/none/none-echo.txt");
    std::vector<transcript_line> lines;
    for (std::string text; std::getline(file, text);) {
        transcript_line line;
        if (read_transcript_line(text, line) == line_kind::octets)
            lines.push_back(std::move(line));
    }
    REQUIRE(lines.size() >= 4u);
    std::size_t all = 0;
    for (const auto& line : lines)
        all += line.octets.size();
    for (std::size_t damaged_at = 0; damaged_at <= all; ++damaged_at) {
        listener whole;
        listener single;
        std::size_t at = 0;
        for (transcript_line line : lines) {
            if (damaged_at >= at && damaged_at < at + line.octets.size())
                line.octets[damaged_at - at] ^= std::byte{0x85};
            at += line.octets.size();
            whole.what.add(line.direction, line.octets);
            for (const std::byte octet : line.octets)
                single.what.add(line.direction, bytes_view(&octet, 1));
        }
        whole.what.finish();
        single.what.finish();
        CAPTURE(damaged_at);
        REQUIRE(summary(single.found) == summary(whole.found));
        const bool has_error = std::any_of(whole.found.begin(), whole.found.end(),
                                           [](auto& f) { return f.type == finding_type::error; });
        if (damaged_at == all)
            CHECK_FALSE(has_error);
    }
}

TEST_CASE("describe tells rule, place and value") {
    listener l;
    l.hears(client, "ff");
    REQUIRE(l.found.size() == 1u);
    CHECK(l.found[0].message.find("octet 0") != std::string::npos);
    CHECK(l.found[0].message.find("0xff") != std::string::npos);
}
