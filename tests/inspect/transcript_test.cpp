#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/inspect/transcript.hpp>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

struct parsed {
    line_kind kind;
    transcript_line line;
};

parsed read(std::string_view text) {
    parsed made{};
    made.kind = read_transcript_line(text, made.line);
    return made;
}

}  // namespace

TEST_CASE("transcript line with time, connection and direction") {
    const auto [kind, line] = read("0.012345 3 S>C 0b07");
    CHECK(kind == line_kind::octets);
    REQUIRE(line.seconds.has_value());
    CHECK(*line.seconds == Approx(0.012345));
    CHECK(line.connection == 3u);
    CHECK(line.direction == direction::server_to_client);
    CHECK_FALSE(line.inside_upgrade);
    CHECK(line.octets == hex("0b07"));
}

TEST_CASE("transcript line needs no time, no connection and no particular spacing") {
    for (const char* text :
         {"C>S 000100", "C>S 00 01 00\r", "  C>S\t00 0100  ", "0.5 C>S 000100"}) {
        CAPTURE(text);
        const auto [kind, line] = read(text);
        CHECK(kind == line_kind::octets);
        CHECK(line.connection == 1u);
        CHECK(line.direction == direction::client_to_server);
        CHECK(line.octets == hex("000100"));
    }
    CHECK(read("C>S").kind == line_kind::octets);  // somebody sent nothing
    CHECK(read("C>S 0A0b").line.octets == hex("0a0b"));
}

TEST_CASE("transcript line can be marked as plaintext from inside an upgrade") {
    const auto [kind, line] = read("1.5 2 S>C(tls) 0b");
    CHECK(kind == line_kind::octets);
    CHECK(line.inside_upgrade);
    CHECK(line.direction == direction::server_to_client);
    CHECK(read("S>C(negotiate) 0b").line.inside_upgrade);
}

TEST_CASE("transcript remarks hold nothing to decode") {
    for (const char* text : {"", "   ", "# a comment", "0.25 1 # S>C FIN", "0.25 # closed"}) {
        CAPTURE(text);
        CHECK(read(text).kind == line_kind::remark);
    }
}

TEST_CASE("transcript line that is damaged keeps the octets before the damage") {
    const auto cut = read("0.1 1 C>S 0001x0");
    CHECK(cut.kind == line_kind::damaged);
    CHECK(cut.line.octets == hex("0001"));
    CHECK(read("C>S 000").line.octets == hex("00"));
    for (const char* text : {"C>S 000", "hello", "0.1 1 C<S 00", "C>S( 00", "C>S() 00", "C>S x",
                             "0.1 1 2 C>S 00", "C>Stls 00"}) {
        CAPTURE(text);
        CHECK(read(text).kind == line_kind::damaged);
    }
}

TEST_CASE("transcript lines read back as they were written") {
    transcript_line line;
    line.direction = direction::server_to_client;
    line.octets = hex("00ff10");
    std::string text;
    append_transcript_line(text, line);
    CHECK(text == "S>C 00ff10\n");
    line.seconds = 12.5;
    line.connection = 7;
    line.inside_upgrade = true;
    text.clear();
    append_transcript_line(text, line);
    CHECK(text == "12.500000 7 S>C(tls) 00ff10\n");
    const auto [kind, same] = read(text);
    CHECK(kind == line_kind::octets);
    CHECK(same.connection == 7u);
    CHECK(same.inside_upgrade);
    CHECK(same.octets == line.octets);
}

TEST_CASE("read_hex tells how far the digits are good") {
    std::vector<std::byte> octets;
    CHECK(read_hex("00 01\n02", octets) == 8u);
    CHECK(octets == hex("000102"));
    CHECK(read_hex("03 0", octets) == 3u);
    CHECK(octets == hex("00010203"));
    CHECK(read_hex("zz", octets) == 0u);
    CHECK(octets.size() == 4u);
}
