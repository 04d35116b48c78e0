#include <nettcp/inspect/tcp_stream.hpp>

#include <support/catch.hpp>

#include <algorithm>
#include <string>
#include <utility>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

/// A stream, and what came out of it as text; a hole of three octets is `<3>`.
struct listener {
    explicit listener(tcp_stream_limits limits = {}) : stream(limits) {}

    /// Adds octets of which `size` were sent, and says what comes out.
    std::string add(std::uint32_t sequence, std::string_view octets, std::size_t size = 0,
                    bool fin = false) {
        tcp_segment s;
        s.sequence = sequence;
        s.payload = as_bytes(octets);
        s.size = static_cast<std::uint32_t>(std::max(size, octets.size()));
        s.fin = fin;
        seconds += 1;
        stream.add(s, seconds, take());
        return std::exchange(out, {});
    }
    std::string flush() {
        stream.flush(take());
        return std::exchange(out, {});
    }
    tcp_stream::sink take() {
        return [this](const tcp_piece& piece) {
            out += as_text(piece.octets);
            if (piece.missing != 0)
                out += "<" + std::to_string(piece.missing) + ">";
            last_seconds = piece.seconds;
        };
    }

    tcp_stream stream;
    std::string out;
    double seconds = 0;
    double last_seconds = 0;
};

}  // namespace

TEST_CASE("A TCP stream gives octets in order, once") {
    listener l;
    l.stream.start(100);
    CHECK(l.add(100, "abc") == "abc");
    CHECK(l.add(100, "abc") == "");    // again
    CHECK(l.add(98, "__ABCde") == "de");  // again, with more behind
    CHECK(l.add(107, "hi") == "");     // too early
    CHECK(l.add(107, "hi") == "");
    CHECK(l.stream.held_octets() == 2u);
    CHECK(l.add(105, "fg") == "fghi");
    CHECK(l.last_seconds == 4);  // when `hi` was captured
    CHECK(l.stream.held_octets() == 0u);
    CHECK(l.add(109, "") == "");
    CHECK(l.add(108, "x") == "");  // keep-alive
    CHECK(l.flush() == "");
}

TEST_CASE("Where segments overlap, what was captured first counts") {
    listener l;
    l.stream.start(0);
    CHECK(l.add(2, "CD") == "");
    CHECK(l.add(6, "GH") == "");
    CHECK(l.add(1, "bcdefghij") == "");
    CHECK(l.add(0, "a12345") == "abCDefGHij");
}

TEST_CASE("A TCP stream begins with what it gets first, unless it is told") {
    listener l;
    CHECK(l.add(5000, "abc") == "abc");
    CHECK(l.add(4997, "xyz") == "");
    CHECK(l.stream.starts_at(5000));
    CHECK(l.stream.is_next(5003));
}

TEST_CASE("Sequence numbers wrap around") {
    listener l;
    l.stream.start(0xfffffffe);
    CHECK(l.add(1, "de") == "");
    CHECK(l.add(0xfffffffe, "abc") == "abcde");
    CHECK(l.add(0xffffffff, "bcde") == "");
    CHECK(l.add(3, "f") == "f");
    CHECK(l.add(3u + (1u << 31), "far away") == "");
    CHECK(l.add(5u + (1u << 30), "beyond the window") == "");
    CHECK(l.flush() == "");
}

TEST_CASE("Sequence numbers wrap around many times") {
    listener l;
    std::uint32_t sequence = 7;
    l.stream.start(sequence);
    for (int i = 0; i < 40; ++i) {  // holes stand in for most of ten times 4 GiB
        CHECK(l.add(sequence, "ab", 1u << 30) == "ab<1073741822>");
        sequence += 1u << 30;
    }
    CHECK(l.add(sequence, "end") == "end");
}

TEST_CASE("What was cut off by the capture is a hole at once") {
    listener l;
    l.stream.start(0);
    CHECK(l.add(0, "abc", 10) == "abc<7>");
    CHECK(l.add(4, "456789klm") == "klm");
    CHECK(l.add(20, "uv", 5) == "");
    CHECK(l.add(23, "x", 4) == "");  // covers the hole of the one before, which came first
    CHECK(l.add(13, "nopqrst") == "nopqrstuv<3><2>");
}

TEST_CASE("A TCP stream waits within its limits, then tells of the hole") {
    SECTION("octets") {
        listener l({10, 100});
        l.stream.start(0);
        CHECK(l.add(0, "ab") == "ab");
        CHECK(l.add(5, "fghij") == "");
        CHECK(l.add(12, "mnopq") == "");
        CHECK(l.add(20, "u") == "<3>fghij");
        CHECK(l.stream.held_octets() == 6u);
        CHECK(l.flush() == "<2>mnopq<3>u");
    }
    SECTION("segments") {
        listener l({1000, 3});
        l.stream.start(0);
        for (const std::uint32_t at : {2u, 4u, 6u})
            CHECK(l.add(at, "x") == "");
        CHECK(l.add(8, "x") == "<2>x");
        CHECK(l.add(5, "yyyy") == "<1>xyxyx");  // two octets of it are new, and two too many
    }
    SECTION("a segment that is too long for them") {
        listener l({3, 3});
        l.stream.start(0);
        CHECK(l.add(1, "abcdef") == "<1>abcdef");
    }
}

TEST_CASE("A TCP stream has ended when all up to FIN has come out") {
    listener l;
    l.stream.start(0);
    CHECK(l.add(3, "d", 0, true) == "");
    CHECK_FALSE(l.stream.has_ended());
    CHECK(l.add(0, "abc") == "abcd");
    CHECK(l.stream.has_ended());
}
