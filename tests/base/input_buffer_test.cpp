#include "support/catch.hpp"

#include <nettcp/base/input_buffer.hpp>

#include <algorithm>
#include <cstring>

namespace {

using nettcp::bytes_view;
using nettcp::input_buffer;
using nettcp::octet_buffer;

/// Octet number `at` of a peer's stream.
std::byte octet(std::size_t at) {
    return static_cast<std::byte>((at * 7 + at / 251) & 0xff);
}

/// Receives `size` octets of the stream, from number `at` on, as a transport would.
void receive(input_buffer& in, std::size_t at, std::size_t size) {
    while (size != 0) {
        const auto room = in.space(size);
        const std::size_t now = std::min(room.size(), size);
        for (std::size_t i = 0; i != now; ++i)
            room[i] = octet(at + i);
        in.received(now);
        at += now;
        size -= now;
    }
}

bool is_stream(bytes_view octets, std::size_t at) {
    for (std::size_t i = 0; i != octets.size(); ++i)
        if (octets[i] != octet(at + i))
            return false;
    return true;
}

}  // namespace

TEST_CASE("input_buffer hands many octets over without a copy, and goes on with other storage") {
    const auto [head, size, tail, taken] =
        GENERATE(table<std::size_t, std::size_t, std::size_t, bool>(
            {{5, 1u << 20, 0, true},
             {5, 1u << 20, 3, true},
             {0, input_buffer::handed_over, 0, true},
             {5, 1000, 3, false},
             {5, 1000, 0, false},
             {5, input_buffer::handed_over, 200'000, false}}));  // too much would have to move
    input_buffer in;
    octet_buffer into;
    std::size_t at = 0;
    for (int round = 0; round != 5; ++round) {
        receive(in, at, head + size + tail);
        const bytes_view part = in.view().subspan(head, size);
        in.consume(head + size);
        const std::byte* const was = part.data();
        in.hand_over(part, into);
        CHECK((into.view().data() == was) == taken);
        CHECK(into.size() == size);
        CHECK(is_stream(into.view(), at + head));
        CHECK(in.size() == tail);
        CHECK(is_stream(in.view(), at + head + size));
        receive(in, at + head + size + tail, 10);  // behind what was left
        CHECK(is_stream(in.view(), at + head + size));
        in.consume(tail + 10);
        at += head + size + tail + 10;
        into.append(std::byte{1});
        into.clear();
    }
}

TEST_CASE("input_buffer hands over no storage that is much larger than what it holds") {
    input_buffer in;
    receive(in, 0, 1u << 20);
    in.consume(1u << 20);
    receive(in, 0, input_buffer::handed_over);
    const bytes_view part = in.view();
    in.consume(part.size());
    octet_buffer into;
    in.hand_over(part, into);
    CHECK(is_stream(into.view(), 0));
    CHECK(into.capacity() < 2 * input_buffer::handed_over + 64);
}

TEST_CASE("input_buffer does not take storage that is much larger than what it has had") {
    input_buffer in;
    receive(in, 0, input_buffer::handed_over);
    octet_buffer into;
    into.prepare(1u << 20);
    const bytes_view part = in.view();
    in.consume(part.size());
    in.hand_over(part, into);
    CHECK(is_stream(into.view(), 0));
    CHECK(in.capacity() < 1u << 20);
}

TEST_CASE("input_buffer hands over no storage that somebody receives into") {
    input_buffer in;
    receive(in, 0, 1u << 20);
    const auto lent = in.space(0);
    const bytes_view part = in.view();
    in.consume(part.size());
    octet_buffer into;
    in.hand_over(part, into);
    CHECK(into.view().data() != part.data());
    CHECK(is_stream(into.view(), 0));
    lent[0] = std::byte{42};
    in.received(1);
    REQUIRE(in.size() == 1);
    CHECK(in.view()[0] == std::byte{42});
}
