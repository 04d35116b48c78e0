// Sessions of one request and at most one reply, in pieces: whole messages and streams.

#include <channel/capture.hpp>
#include <channel/stream_pair.hpp>
#include <support/catch.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

using namespace nettcp;
using namespace nettcp::channel;
using namespace nettcp::nbfx::literals;

TEST_CASE("A singleton session carries a request and its reply, and the connection carries more") {
    for (const std::size_t step : {std::size_t{1}, std::size_t{65536}}) {
        stream_pair both({}, step);
        both.wants_stream = false;
        for (int i = 0; i != 3; ++i) {
            both.host_events.clear();
            both.client_events.clear();
            both.open();
            REQUIRE(send_text(both.client, "hello").has_value());
            both.client.end();
            both.run();
            REQUIRE(has(both.host_events, event_type::message_arrived));
            CHECK(text_of(both.arrived) == "hello");
            CHECK_FALSE(both.client.is_closed());
            REQUIRE(send_text(both.host, "back").has_value());
            both.host.end();
            both.run();
            REQUIRE(both.client_messages.size() == 1);
            CHECK(text_of(both.client_messages.front()) == "back");
            both.client_messages.clear();
            CHECK(both.client.is_closed());
            CHECK(both.host.is_closed());
        }
    }
}

TEST_CASE("A singleton session may end without a reply, but not carry two") {
    stream_pair both;
    both.wants_stream = false;
    both.open();
    REQUIRE(send_text(both.client, "one").has_value());
    CHECK_FALSE(send_text(both.client, "two").has_value());
    both.client.end();
    both.run();
    both.host.end();
    both.run();
    CHECK(both.client.is_closed());
    CHECK(both.client_messages.empty());
}

TEST_CASE("A stream arrives as it was sent, however it is cut") {
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{65536}}) {
        for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 255u, 256u, 1000u, 70'000u}) {
            CAPTURE(step, size);
            if (step == 1 && size > 1000)
                continue;
            stream_pair both(limits(4096, 1u << 20), step);
            both.open();
            both.begin_upload();
            const auto octets = pattern(size);
            for (std::size_t at = 0, part = 1; at < size; at += part, part = part * 2 + 1) {
                const std::size_t now = std::min(part, size - at);
                REQUIRE(both.client.write_stream(bytes_view(octets).subspan(at, now)).has_value());
                both.run();
            }
            REQUIRE(both.client.end_stream().has_value());
            both.client.end();
            both.run();
            CHECK(has(both.host_events, event_type::message_begun));
            CHECK_FALSE(has(both.host_events, event_type::message_arrived));
            CHECK(both.begun.headers().action == "urn:up");
            CHECK(both.content == octets);
            CHECK(both.host.stream_ended());
            CHECK(has(both.host_events, event_type::peer_ended));
            REQUIRE(send_text(both.host, "done").has_value());
            both.host.end();
            both.run();
            CHECK(both.client.is_closed());
        }
    }
}

TEST_CASE("A stream that its owner does not want comes as one message") {
    stream_pair both(limits(1u << 20));
    both.wants_stream = false;
    both.open();
    both.begin_upload();
    const auto octets = pattern(100'000);
    REQUIRE(both.client.write_stream(octets).has_value());
    REQUIRE(both.client.end_stream().has_value());
    both.client.end();
    both.run();
    REQUIRE(has(both.host_events, event_type::message_arrived));
    nbfx::reader& body = both.arrived.body();
    body.read_start_element("Upload", "urn:echo");
    CHECK(body.read_element_bytes() == octets);
}

TEST_CASE("The peer of a stream waits while nobody reads, and little is held") {
    stream_pair both(limits(4096, 64u << 20));
    both.reads = false;
    both.open();
    both.begin_upload();
    const auto part = pattern(3 * 10'000);
    for (int i = 0; i != 100; ++i) {
        REQUIRE(both.client.write_stream(part).has_value());
        both.run();
    }
    CHECK(both.host.stream_full());
    CHECK_FALSE(both.host.wants_input());
    CHECK(both.waiting.size() > 2'700'000);
    both.reads = true;
    for (int i = 0; i != 100 && !both.waiting.empty(); ++i) {
        both.read();
        both.run();
    }
    REQUIRE(both.client.end_stream().has_value());
    both.client.end();
    both.run();
    both.read();
    CHECK(both.content.size() == 100 * part.size());
    CHECK(both.host.stream_ended());
}

TEST_CASE("A reply may be a stream that begins before the request has ended") {
    stream_pair both(limits(4096, 1u << 20));
    both.client.offer_streams(true);
    both.open();
    both.begin_upload();
    REQUIRE(both.client.write_stream(pattern(3000)).has_value());
    both.run();
    REQUIRE(both.content.size() == 3000);
    nbfx::writer& out = both.host.begin_stream({.action = "urn:down"_dict});
    out.start_element("", "Response"_dict, "urn:echo"_dict);
    REQUIRE(both.host.start_stream().has_value());
    REQUIRE(both.host.write_stream(both.content).has_value());
    bool begun = false;
    feed(both.client, take_output(both.host), [&](event_type what) {
        if (what == event_type::message_begun) {
            both.client.stream_body();
            begun = true;
        }
    });
    REQUIRE(begun);
    std::vector<std::byte> room(4000);
    CHECK(both.client.read_stream(room).value() == 3000);
    CHECK_FALSE(both.client.stream_ended());
    REQUIRE(both.host.end_stream().has_value());
    both.host.end();
    REQUIRE(both.client.end_stream().has_value());
    both.client.end();
    both.run();
    CHECK(both.client.read_stream(room).value() == 0);
    CHECK(both.client.stream_ended());
    CHECK_FALSE(both.client.is_closed());  // what is behind a stream waits for its end
    while (both.client.next_event() != event_type::none) {
    }
    CHECK(both.client.is_closed());
    CHECK(both.host.is_closed());
}

TEST_CASE("What is too large, or no stream, ends the session") {
    const auto failure_of = [](stream_pair& both) {
        both.run();
        REQUIRE(has(both.host_events, event_type::failed));
        CHECK_FALSE(both.host.drain_after_failure());
        return both.host.failure().code;
    };
    SECTION("a message as a whole") {
        stream_pair both(limits(4096, 1u << 20));
        both.wants_stream = false;
        both.open();
        both.begin_upload();
        REQUIRE(both.client.write_stream(pattern(5000)).has_value());
        CHECK(failure_of(both) == framing::errc::envelope_too_large);
    }
    SECTION("a stream") {
        stream_pair both(limits(4096, 10'000));
        both.open();
        both.begin_upload();
        REQUIRE(both.client.write_stream(pattern(12'000)).has_value());
        CHECK(failure_of(both) == framing::errc::chunk_too_large);
    }
    SECTION("headers") {
        session_options options = limits(1u << 20);
        options.max_streamed_header_size = 1000;
        stream_pair both(options);
        both.open();
        nbfx::writer& out = both.client.begin_stream(
            {.action = "urn:up"_dict, .to = some_via}, [](nbfx::writer& more) {
                for (int i = 0; i != 100; ++i) {
                    more.start_element("", "h"_dict, "urn:h"_dict);
                    more.text(std::string(100, 'x'));
                    more.end_element();
                }
            });
        out.start_element("", "Upload"_dict, "urn:echo"_dict);
        REQUIRE(both.client.start_stream().has_value());
        both.step = 500;
        CHECK(failure_of(both) == channel::errc::headers_too_large);
    }
    SECTION("a peer that goes in the middle") {
        stream_pair both;
        both.open();
        both.begin_upload();
        both.run();
        both.host.received_eof();
        CHECK(failure_of(both) == framing::errc::premature_end);
    }
    SECTION("a body that is no stream") {
        stream_pair both;
        both.reads = false;
        both.open();
        nbfx::writer& out = both.client.begin_message({.action = "urn:up"_dict, .to = some_via});
        out.start_element("", "Upload"_dict, "urn:echo"_dict);
        for (int i = 0; i != 2; ++i) {
            out.start_element("", "data"_dict, "urn:echo"_dict);
            out.bytes(pattern(10));
            out.end_element();
        }
        out.end_element();
        REQUIRE(both.client.end_message().has_value());
        both.run();
        std::byte room[100];
        CHECK(both.host.read_stream(room).value() == 10);  // what came before is not lost
        CHECK_FALSE(both.host.stream_ended());
        CHECK_FALSE(both.host.read_stream(room).has_value());
        CHECK(both.host.failure().code == channel::errc::stream_malformed);
        CHECK(failure_of(both) == channel::errc::stream_malformed);
    }
}

TEST_CASE("Base64 text is a stream of octets, wherever it is cut") {
    const auto send = [](stream_pair& both, std::string_view text) {
        both.open();
        nbfx::writer& out = both.client.begin_message({.action = "urn:up"_dict, .to = some_via});
        out.start_element("", "data"_dict, "urn:echo"_dict);
        out.chars(text);
        out.end_element();
        REQUIRE(both.client.end_message().has_value());
        both.run();
    };
    const std::size_t step = GENERATE(1u, 2u, 3u, 7u, 65536u);
    stream_pair both({}, step);
    SECTION("in fours, with white space and padding") {
        send(both, "QUJD REVG R0hJ SktM TU5P\n UFFS U1RV Vldl YQ==");
        CHECK(as_text(both.content) == "ABCDEFGHIJKLMNOPQRSTUVWea");
        CHECK(both.host.stream_ended());
    }
    SECTION("until it breaks its rules") {
        both.reads = false;
        send(both, "QUJDREVG!0hJ");
        std::byte room[100];
        std::size_t read = 0;
        auto size = both.host.read_stream(room);
        for (; size && *size != 0; size = both.host.read_stream(room))
            read += *size;
        CHECK(read == 6);
        REQUIRE_FALSE(size.has_value());
        CHECK(size.error().code == nbfx::errc::conversion_invalid);
    }
    SECTION("that ends within a four") {
        both.reads = false;
        send(both, "QUJDRE");
        std::byte room[100];
        auto size = both.host.read_stream(room);
        while (size && *size != 0)
            size = both.host.read_stream(room);
        REQUIRE_FALSE(size.has_value());
        CHECK(size.error().code == nbfx::errc::conversion_invalid);
    }
}

TEST_CASE("A compressed stream is unpacked as it is read") {
    const auto encoding =
        GENERATE(framing::encoding::binary_gzip, framing::encoding::binary_deflate);
    constexpr std::size_t size = 20u << 20;  // of zeros: a few KiB on their way
    const auto send = [&](stream_pair& both) {
        both.encoding = encoding;
        both.reads = false;
        both.open();
        both.begin_upload();
        const std::vector<std::byte> zeros(1u << 20);
        for (std::size_t i = 0; i != size; i += zeros.size())
            REQUIRE(both.client.write_stream(zeros).has_value());
        REQUIRE(both.client.end_stream().has_value());
        both.client.end();
        const std::size_t packed = both.client.output_size();
        CHECK(packed < 100'000);
        both.run();
    };
    SECTION("in a window") {
        stream_pair both(limits(65536, 1u << 30));
        send(both);
        CHECK(both.host.stream_full());
        std::vector<std::byte> room(100'000);
        std::size_t all = 0;
        while (!both.host.stream_ended()) {
            const auto got = both.host.read_stream(room);
            REQUIRE(got.has_value());
            all += *got;
            if (*got == 0)
                both.run();
        }
        CHECK(all == size);
    }
    SECTION("as far as the limit") {
        stream_pair both(limits(65536, 1u << 20));
        send(both);
        std::vector<std::byte> room(100'000);
        std::size_t all = 0;
        result<std::size_t> got = 0;
        for (; got && all < size; got = both.host.read_stream(room))
            all += *got;
        CHECK(all < 1u << 20);
        CHECK(both.host.failure().code == channel::errc::decompressed_too_large);
        CHECK(both.host.failure().limit == 1u << 20);
    }
}

TEST_CASE("Captured streams are read as streams") {
    const auto content_of = [](const char* name, std::size_t step) {
        const auto octets = direction(channel::read_capture(name), true);
        duplex_session host(role::acceptor, limits(1u << 20));
        host.offer_streams(true);
        std::vector<std::byte> content;
        feed(
            host, octets,
            [&](event_type what) {
                REQUIRE(what != event_type::failed);
                if (what == event_type::preamble_addressed)
                    host.accept_preamble(framing::encoding::binary_session, {}, modes::either);
                if (what == event_type::message_begun)
                    host.stream_body();
                std::byte room[100];
                for (std::size_t size = 1; what == event_type::body_arrived && size != 0;) {
                    size = host.read_stream(room).value();
                    content.insert(content.end(), room, room + size);
                }
            },
            step);
        CHECK(host.stream_ended());
        return content;
    };
    for (const std::size_t step : {std::size_t{1}, std::size_t{65536}}) {
        CHECK(content_of("none/none-streamed-stream-upload-0", step) == pattern(0));
        CHECK(content_of("none/none-streamed-stream-upload-1k", step) == pattern(1000));
        CHECK(content_of("none/none-streamed-stream-echo-1k", step) == pattern(1000));
        CHECK(content_of("none/none-streamed-stream-upload-named", step) == pattern(12345));
    }
}
