#include "support/catch.hpp"
#include "support/hex.hpp"

#include "framing/script.hpp"

#include <nettcp/base/input_buffer.hpp>
#include <nettcp/base/output_queue.hpp>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

/// Receives `size` octets in strokes of at most `stroke`, `missing` known from the start.
void receive(input_buffer& in, std::size_t size, std::size_t stroke, bool is_announced) {
    std::size_t done = 0;
    while (done < size) {
        const auto space = in.space(is_announced ? size - done : 0);
        REQUIRE_FALSE(space.empty());
        const std::size_t n = std::min({space.size(), stroke, size - done});
        for (std::size_t i = 0; i < n; ++i)
            space[i] = static_cast<std::byte>(done + i);
        in.received(n);
        done += n;
    }
}

void check_content(const input_buffer& in, std::size_t size, std::size_t first = 0) {
    REQUIRE(in.size() == size);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < size; ++i)
        wrong += in.view()[i] == static_cast<std::byte>(first + i) ? 0u : 1u;
    CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("Input space is small at first and follows what the peer sends") {
    input_buffer in;
    CHECK(in.space(0).size() <= 256);
    std::size_t last = 0;
    for (int i = 0; i < 12; ++i) {
        const auto space = in.space(0);
        CHECK(space.size() <= input_buffer::largest_space);
        last = space.size();
        in.received(space.size());
        in.consume(space.size());
    }
    CHECK(last == input_buffer::largest_space);
    for (int i = 0; i < 200; ++i) {
        in.space(0);
        in.received(1);
        in.consume(1);
    }
    CHECK(in.space(0).size() <= 256);
    in.release();
    CHECK(in.capacity() == 0);
}

TEST_CASE("An announced size does not size the input buffer") {
    input_buffer in;
    in.space(0);
    in.received(6);
    in.space(0x7fffffff);
    CHECK(in.capacity() <= 1024);
    receive(in, 10000, 100, false);
    CHECK(in.capacity() <= 4 * 10006);
}

TEST_CASE("Input storage stays near what a record needs, in few moves") {
    for (const std::size_t stroke : {std::size_t{1}, std::size_t{100}, std::size_t{1} << 20}) {
        CAPTURE(stroke);
        input_buffer in;
        constexpr std::size_t size = 300000;
        receive(in, size, stroke, true);
        check_content(in, size);
        CHECK(in.capacity() <= size + input_buffer::largest_space);
        in.consume(size);
        for (int i = 0; i < 200; ++i) {
            in.space(0);
            in.received(1);
            in.consume(1);
        }
        CHECK(in.capacity() <= input_buffer::largest_space);
    }
}

TEST_CASE("Content survives consumption and growth") {
    input_buffer in;
    receive(in, 200, 50, false);
    in.consume(150);
    check_content(in, 50, 150);
    const auto space = in.space(1000);
    CHECK(space.size() >= 128);
    check_content(in, 50, 150);
    input_buffer moved = std::move(in);
    check_content(moved, 50, 150);
    CHECK(in.empty());
    CHECK(in.capacity() == 0);
    CHECK_FALSE(in.space(0).empty());
}

TEST_CASE("What was lent to the transport stays while more is queued") {
    output_queue out;
    CHECK(out.lend().empty());
    out.back().append(hex("0102"));
    const bytes_view lent = out.lend();
    const std::byte* const place = lent.data();
    for (int i = 0; i < 1000; ++i)
        out.back().append(hex("aabbcc"));
    CHECK(out.size() == 3002);
    CHECK(to_hex(lent) == "0102");
    CHECK(out.lend().data() == place);
    out.sent(1);
    CHECK(to_hex(out.lend()) == "02");
    out.sent(1);
    CHECK(out.lend().size() == 3000);
    out.drop_unlent();
    CHECK(out.size() == 3000);
    out.sent(3000);
    out.release();
    CHECK(out.size() == 0);
}

TEST_CASE("Envelopes are written in place whatever room was guessed") {
    for (const std::size_t guess : {0u, 1u, 40u}) {
        for (const std::size_t front : {0u, 1u, 3u, 60u}) {
            for (const int queued_before : {0, 1, 2}) {
                CAPTURE(guess, front, queued_before);
                session s(role::initiator);
                CHECK(s.start({mode::simplex, "net.tcp://h", "", encoding::binary}).has_value());
                s.output_sent(s.output().size());
                std::string wanted;
                for (int i = 0; i <= queued_before; ++i) {
                    const std::size_t room = i == queued_before ? front : 2;
                    const std::size_t payload = i == queued_before ? 130 : 5;
                    auto* const out = *s.begin_envelope(guess);
                    out->append(std::vector<std::byte>(payload, std::byte{0xee}));
                    CHECK(s.output().empty());  // not lent before it is whole
                    const auto space = s.end_envelope(room);
                    REQUIRE(space.has_value());
                    REQUIRE(space->size() == room);
                    std::fill(space->begin(), space->end(), std::byte{0x11});
                    std::vector<std::byte> envelope(room, std::byte{0x11});
                    envelope.resize(room + payload, std::byte{0xee});
                    octet_buffer head;
                    encode_record(
                        head, sized_envelope_record{static_cast<std::uint32_t>(envelope.size())});
                    wanted += to_hex(head.view()) + to_hex(envelope);
                }
                CHECK(to_hex(s.output()) == wanted);
            }
        }
    }
}

TEST_CASE("An abandoned or empty envelope leaves nothing behind") {
    session s(role::initiator);
    CHECK(s.start({mode::simplex, "net.tcp://h", "", encoding::binary}).has_value());
    s.output_sent(s.output().size());
    (*s.begin_envelope())->append(hex("aabb"));
    CHECK(s.begin_envelope().error().code == errc::record_not_ours);
    s.abandon_envelope();
    CHECK(s.begin_envelope().has_value());
    CHECK(s.end_envelope().error().code == errc::envelope_empty);
    CHECK(s.output_size() == 0);
    (*s.begin_envelope())->append(hex("cc"));
    CHECK(s.end_envelope().has_value());
    CHECK(to_hex(s.output()) == "0601cc");
}
