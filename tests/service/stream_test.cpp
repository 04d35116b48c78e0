// Streamed transfers: ordinary calls, and bodies that are streams, client and host together.

#include "service/stream_host.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>

#include <thread>

using namespace raw;

namespace {

/// Streams of several sizes to the host, from it, and both.
void check_streams(nettcp::client& c) {
    for (const std::size_t size : {0u, 1u, 1000u, 300'000u, 5u << 20}) {
        CAPTURE(size);
        auto answer = c.call("urn:upload", stream_body("Up"), {.stream = pattern_source(size)});
        CHECK(text_in(answer) == std::to_string(size));
        answer = c.call("urn:download", text_body(std::to_string(size)), {.stream_reply = true});
        CHECK(read_all(answer.stream()) == static_cast<long>(size));
        answer = c.call("urn:both", stream_body("Up"),
                        {.stream = pattern_source(size), .stream_reply = true});
        CHECK(read_all(answer.stream()) == static_cast<long>(size));
    }
}

}  // namespace

TEST_CASE("Ordinary calls work over streamed transfers", "[threaded]") {
    for (const auto transfer : {transfer_mode::streamed, transfer_mode::streamed_request,
                                transfer_mode::streamed_response}) {
        stream_host host(transfer);
        nettcp::client_options options;
        options.max_connections = 3;
        nettcp::client c = host.client(transfer, options);
        c.open();
        auto answer = c.call("urn:echo", text_body("hello"));
        CHECK(text_in(answer) == "hello");
        c.send("urn:note", text_body(""));
        answer = c.call("urn:nobody", text_body(""));
        CHECK(answer.is_fault());

        std::vector<std::future<nettcp::reply>> answers;
        for (int i = 0; i < 32; ++i)
            answers.push_back(c.async_call("urn:sleep", text_body(std::to_string(i % 5)),
                                           boost::asio::use_future));
        for (int i = 0; i < 32; ++i) {
            auto one = answers[static_cast<std::size_t>(i)].get();
            CHECK(text_in(one) == "slept " + std::to_string(i % 5));
        }
        CHECK(host.host->connections() <= 3);
        c.close();
        answer = c.call("urn:echo", text_body("again"));
        CHECK(text_in(answer) == "again");
        CHECK(host.noted == 1);
        CHECK(!host.host->stop(std::chrono::seconds(5)));
    }
}

TEST_CASE("A call over a streamed transfer that takes too long does no harm", "[threaded]") {
    stream_host host(transfer_mode::streamed);
    nettcp::client c = host.client(transfer_mode::streamed);
    error_code code;
    c.call("urn:sleep", text_body("2000"), code, nullptr,
           {.timeout = std::chrono::milliseconds(100)});
    CHECK(code == nettcp::net::errc::timed_out);
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}

TEST_CASE("An endpoint refuses the transfer it does not have", "[threaded]") {
    error_code code;
    stream_host streamed(transfer_mode::streamed);
    nettcp::client c = streamed.client(transfer_mode::buffered);
    c.call("urn:echo", text_body("hello"), code);
    CHECK(code == nettcp::framing::errc::peer_said_unsupported_mode);
    stream_host buffered(transfer_mode::buffered);
    nettcp::client d = buffered.client(transfer_mode::streamed);
    d.call("urn:echo", text_body("hello"), code);
    CHECK(code == nettcp::framing::errc::peer_said_unsupported_mode);
    stream_host any(transfer_mode::any);
    for (const auto transfer : {transfer_mode::buffered, transfer_mode::streamed}) {
        nettcp::client e = any.client(transfer);
        auto answer = e.call("urn:echo", text_body("hello"));
        CHECK(text_in(answer) == "hello");
    }
}

TEST_CASE("Bodies are streams both ways", "[threaded]") {
    stream_host host(transfer_mode::streamed);
    nettcp::client c = host.client(transfer_mode::streamed);
    check_streams(c);
    CHECK(host.host->connections() == 1);
    auto answer = c.call("urn:download", text_body("1000"));  // as one message
    CHECK(read_all(answer.stream()) == 1000);
    answer = c.call("urn:ignore", stream_body("Up"), {.stream = pattern_source(1u << 20)});
    CHECK(text_in(answer) == "not read");
    c.close();
    CHECK(!host.host->stop(std::chrono::seconds(5)));
}

TEST_CASE("Bodies that are compressed, text or MTOM are streams, too", "[threaded]") {
    using nettcp::framing::encoding;
    const auto packed = GENERATE(encoding::binary_session_gzip, encoding::binary_session_deflate,
                                 encoding::soap12_utf8, encoding::soap11_utf16, encoding::mtom);
    CAPTURE(static_cast<int>(packed));
    stream_host host(transfer_mode::streamed, {}, packed);
    nettcp::client_options options;
    options.encoding = packed;
    nettcp::client c = host.client(transfer_mode::streamed, options);
    check_streams(c);
    auto answer = c.call("urn:download", text_body("1000"));  // as one message
    CHECK(read_all(answer.stream()) == 1000);
    CHECK(c.call("urn:throw", stream_body("Up"), {.stream = pattern_source(1u << 20)}).is_fault());

    // What has gone can be read at once, before the source has more.
    answer = c.call("urn:stall", text_body(""), {.stream_reply = true});
    nettcp::body_reader body = answer.stream();
    std::byte room[200];
    std::promise<std::size_t> first;
    body.async_read_some(asio::buffer(room),
                         [&](const error_code&, std::size_t size) { first.set_value(size); });
    CHECK(first.get_future().get() == 99);
}

TEST_CASE("A stream waits for its reader", "[threaded]") {
    stream_host host(transfer_mode::streamed);
    nettcp::client c = host.client(transfer_mode::streamed);
    constexpr std::size_t size = 200u << 20;
    auto answer = c.call("urn:download", text_body(std::to_string(size)), {.stream_reply = true});
    nettcp::body_reader body = answer.stream();
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const std::size_t before = host.taken;
    CHECK(before < size / 4);  // what the systems of both sides buffer, and little more
    SECTION("and goes on with it") {
        CHECK(read_all(std::move(body)) == static_cast<long>(size));
    }
    SECTION("and ends with it") {
        body = {};
        auto next = c.call("urn:echo", text_body("hello"));
        CHECK(text_in(next) == "hello");
        CHECK(host.taken < size);
    }
}

TEST_CASE("A stream that has come waits for its reader, too", "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    auto first = c.call("urn:download", text_body("1000"), {.stream_reply = true});
    auto second = c.call("urn:download", text_body("2000"), {.stream_reply = true});
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
    CHECK(read_all(second.stream()) == 2000);
    CHECK(read_all(first.stream()) == 1000);
    c.close();
}

TEST_CASE("A source that fails ends the call and nothing else", "[threaded]") {
    struct failing final : nettcp::body_source {
        void read(std::span<std::byte> room, read_handler done) override {
            if (left-- == 0)
                std::move(done)(asio::error::broken_pipe, 0);
            else
                std::move(done)(error_code(), room.size());
        }
        int left = 10;
    };
    stream_host host(transfer_mode::streamed);
    nettcp::client c = host.client(transfer_mode::streamed);
    error_code code;
    // The service reads to the end, so that no answer comes before the source fails.
    c.call("urn:upload", stream_body("Up"), code, nullptr, {.stream = std::make_shared<failing>()});
    CHECK(code == asio::error::broken_pipe);
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}

TEST_CASE("Buffered endpoints serve stream operations", "[threaded]") {
    stream_host host(transfer_mode::buffered);
    nettcp::client c = host.client(transfer_mode::buffered);
    const auto whole = [](nettcp::nbfx::writer& out) {
        std::vector<std::byte> octets(5000);
        for (std::size_t i = 0; i != octets.size(); ++i)
            octets[i] = pattern_at(i);
        stream_body("Up")(out);
        out.bytes(octets);
        out.end_element();
        out.end_element();
    };
    auto answer = c.call("urn:upload", whole);
    CHECK(text_in(answer) == "5000");
    answer = c.call("urn:download", text_body("300000"));
    CHECK(read_all(answer.stream()) == 300'000);
    answer = c.call("urn:both", whole);
    CHECK(read_all(answer.stream()) == 5000);
}

TEST_CASE("A message that has come as a whole is read in pieces of any size", "[threaded]") {
    stream_host host(transfer_mode::buffered);
    nettcp::client c = host.client(transfer_mode::buffered);
    constexpr std::size_t size = 300'000;
    auto answer = c.call("urn:download", text_body(std::to_string(size)));
    nettcp::body_reader body = answer.stream();
    asio::io_context context;
    std::size_t at = 0;
    bool good = true;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void> {
            for (error_code code; !code;) {  // each deeper than the last would be too deep
                std::byte one{};
                const std::size_t got = co_await body.async_read_some(
                    asio::buffer(&one, 1), asio::redirect_error(asio::use_awaitable, code));
                good = good && (got == 0 || one == pattern_at(at));
                at += got;
            }
        },
        asio::detached);
    context.run();
    CHECK(good);
    CHECK(at == size);
}

TEST_CASE("A read of a stream is work for its handler's executor, and may be cancelled",
          "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    auto answer = c.call("urn:stall", text_body(""), {.stream_reply = true});
    nettcp::body_reader body = answer.stream();
    std::vector<std::byte> room(1000);
    std::size_t at = 0;
    while (at < 99) {
        std::promise<std::size_t> done;
        body.async_read_some(asio::buffer(room), [&](const error_code& code, std::size_t size) {
            CHECK(!code);
            done.set_value(size);
        });
        at += done.get_future().get();
    }
    CHECK(at == 99);

    asio::io_context context;
    asio::cancellation_signal cancelled;
    for (int i = 0; i != 2; ++i) {
        std::optional<error_code> outcome;
        body.async_read_some(
            asio::buffer(room),
            asio::bind_cancellation_slot(
                cancelled.slot(),
                asio::bind_executor(context,
                                    [&](const error_code& code, std::size_t) { outcome = code; })));
        asio::steady_timer soon(context, std::chrono::milliseconds(20));
        soon.async_wait([&](const error_code&) {
            CHECK_FALSE(outcome.has_value());
            cancelled.emit(asio::cancellation_type::total);
        });
        context.run();  // returns when the handler has run, which lives on another thread's session
        CHECK(outcome == asio::error::operation_aborted);
        context.restart();
    }
    std::optional<error_code> nothing;
    body.async_read_some(
        asio::mutable_buffer(),
        asio::bind_executor(context, [&](const error_code& code, std::size_t) { nothing = code; }));
    context.run();
    CHECK(nothing == error_code());
}

TEST_CASE("A source is read first where the message must be whole", "[threaded]") {
    stream_host host(transfer_mode::buffered);
    nettcp::client_options options;
    options.session.max_pending_output = 1u << 20;
    nettcp::client c = host.client(transfer_mode::buffered, options);
    error_code code;
    SECTION("and sent with it") {
        auto answer = c.call("urn:upload", stream_body("Up"), {.stream = pattern_source(300'000)});
        CHECK(text_in(answer) == "300000");
        answer = c.call("urn:both", stream_body("Up"),
                        {.stream = pattern_source(0), .stream_reply = true});
        CHECK(read_all(answer.stream()) == 0);
    }
    SECTION("as far as the limit") {
        c.call("urn:upload", stream_body("Up"), code, nullptr,
               {.stream = pattern_source(2u << 20)});
        CHECK(code == nettcp::channel::errc::source_too_large);
    }
    SECTION("as long as the call may take") {
        c.call("urn:upload", stream_body("Up"), code, nullptr,
               {.timeout = std::chrono::milliseconds(100),
                .stream = std::make_shared<stalling_source>()});
        CHECK(code == nettcp::net::errc::timed_out);
    }
    SECTION("of a reply, too") {
        c.call("urn:stall", text_body(""), code, nullptr,
               {.timeout = std::chrono::milliseconds(100)});
        CHECK(code == nettcp::net::errc::timed_out);
    }
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}
