// Streams that somebody gives up, that stall, or that are too long.

#include "service/stream_host.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <thread>

using namespace raw;
using namespace std::chrono_literals;
using nettcp::channel::event_type;

namespace {

constexpr std::size_t endless = 500u << 20;

/// Sends a request up to some way into its stream.
void begin_upload(client& peer, const stream_host& host, std::string_view action) {
    auto& session = peer.session;
    must(session
             .open(host.uri(), nettcp::framing::encoding::binary, {}, {},
                   nettcp::framing::mode::singleton_unsized)
             .has_value(),
         "open");
    peer.flush();
    must(peer.next() == event_type::opened, "the host does not open the session");
    nettcp::soap::outgoing_headers headers;
    const std::string to = host.uri();
    headers.action = action;
    headers.message_id = client::id_of(1);
    headers.to = nettcp::nbfx::xml_string(to);
    stream_body("Up")(session.begin_stream(headers));
    must(session.start_stream().has_value(), "start_stream");
    const std::vector<std::byte> some(3000);
    must(session.write_stream(some).has_value(), "write_stream");
    peer.flush();
}

/// The host has given the peer up, and told the handler that was waiting.
void check_expired(client& peer, stream_host& host) {
    peer.wire.read_all();
    CHECK(peer.wire.how() == ending::reset);
    CHECK(running_host::eventually([&] { return host.hold_ended().has_value(); }));
    CHECK(host.hold_ended() == nettcp::channel::errc::receive_expired);
}

error_code error_in(nettcp::client& c, std::string_view action,
                    std::shared_ptr<nettcp::body_source> stream) {
    error_code code;
    c.call(action, stream_body("Up"), code, nullptr, {.stream = std::move(stream)});
    return code;
}

/// What reading ends with.
error_code outcome_of(nettcp::body_reader body) {
    try {
        read_all(std::move(body));
    } catch (const boost::system::system_error& broken) {
        return broken.code();
    }
    return {};
}

}  // namespace

TEST_CASE("A source waits for the handler that reads its stream", "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    std::atomic<std::size_t> taken{0};
    constexpr std::size_t size = 100u << 20;
    std::future<std::string> answer = std::async(std::launch::async, [&] {
        auto reply =
            c.call("urn:hold", stream_body("Up"), {.stream = pattern_source(size, &taken)});
        return text_in(reply);
    });
    REQUIRE(running_host::eventually([&] { return taken != 0; }));
    std::this_thread::sleep_for(300ms);
    CHECK(taken < size / 4);
    host.gate = true;
    CHECK(answer.get() == std::to_string(size));
}

TEST_CASE("A call that is given up in the middle of its stream ends it for the handler",
          "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    error_code code;
    SECTION("which waits for a source that stalls") {
        host.gate = true;
        c.call("urn:hold", stream_body("Up"), code, nullptr,
               {.timeout = 200ms, .stream = std::make_shared<stalling_source>()});
    }
    SECTION("which does not read") {
        c.call("urn:hold", stream_body("Up"), code, nullptr,
               {.timeout = 200ms, .stream = pattern_source(endless)});
        host.gate = true;
    }
    CHECK(code == nettcp::net::errc::timed_out);
    CHECK(running_host::eventually([&] { return host.hold_ended().has_value(); }));
    // The read says why, unless the handler, as any other of a lost session, was cancelled first.
    const auto ended = host.hold_ended();
    CHECK(
        (ended == nettcp::net::errc::connection_reset || ended == asio::error::operation_aborted));
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}

TEST_CASE("A handler that throws within a stream ends it for the client", "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    std::atomic<std::size_t> taken{0};
    auto answer =
        c.call("urn:throw", stream_body("Up"), {.stream = pattern_source(endless, &taken)});
    CHECK(answer.is_fault());
    answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
    CHECK(taken < endless);  // nobody sends what nobody reads
}

TEST_CASE("A peer that stops within its stream has so long to go on", "[threaded]") {
    nettcp::host_options options;
    options.message_timeout = 200ms;
    stream_host host(transfer_mode::streamed, options);
    host.gate = true;
    client peer(host.where);
    begin_upload(peer, host, "urn:hold");
    check_expired(peer, host);
    CHECK(running_host::eventually([&] { return host.host->connections() == 0; }));
}

TEST_CASE("A handler may take its time with a stream", "[threaded]") {
    nettcp::host_options options;
    options.message_timeout = 100ms;
    stream_host host(transfer_mode::streamed, options);
    nettcp::client c = host.client();
    constexpr std::size_t size = 20u << 20;
    std::future<std::string> answer = std::async(std::launch::async, [&] {
        auto reply = c.call("urn:hold", stream_body("Up"), {.stream = pattern_source(size)});
        return text_in(reply);
    });
    std::this_thread::sleep_for(500ms);
    host.gate = true;
    CHECK(answer.get() == std::to_string(size));
}

TEST_CASE("A peer that does not read its stream has so long to begin", "[threaded]") {
    nettcp::host_options options;
    options.send_timeout = 200ms;
    stream_host host(transfer_mode::streamed, options);
    nettcp::client c = host.client();
    auto answer =
        c.call("urn:download", text_body(std::to_string(endless)), {.stream_reply = true});
    nettcp::body_reader body = answer.stream();
    CHECK(running_host::eventually([&] { return host.host->connections() == 0; }));
    CHECK(host.taken < endless / 4);
    CHECK(outcome_of(std::move(body)) == nettcp::net::errc::connection_reset);
}

TEST_CASE("A reply that stalls within its stream fails the read", "[threaded]") {
    stream_host host;
    nettcp::client_options options;
    options.send_timeout = 300ms;
    nettcp::client c = host.client(transfer_mode::streamed, options);
    auto answer = c.call("urn:stall", text_body(""), {.stream_reply = true});
    CHECK(outcome_of(answer.stream()) == nettcp::net::errc::timed_out);
    answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}

TEST_CASE("A reader outlives its client, but reads no more", "[threaded]") {
    stream_host host;
    nettcp::body_reader body;
    {
        nettcp::client c = host.client();
        auto answer =
            c.call("urn:download", text_body(std::to_string(endless)), {.stream_reply = true});
        body = answer.stream();
    }
    CHECK(running_host::eventually([&] { return host.host->connections() == 0; }));
}

TEST_CASE("A host that stops lets streams come to their ends", "[threaded]") {
    stream_host host;
    nettcp::client c = host.client();
    constexpr std::size_t size = 20u << 20;
    auto answer = c.call("urn:download", text_body(std::to_string(size)), {.stream_reply = true});
    auto stopped = std::async(std::launch::async, [&] { return host.host->stop(10s); });
    std::this_thread::sleep_for(50ms);
    CHECK(read_all(answer.stream()) == static_cast<long>(size));
    CHECK(!stopped.get());
}

TEST_CASE("What may be streamed is bounded", "[threaded]") {
    constexpr std::size_t size = 3u << 20;
    SECTION("for what a host receives") {
        nettcp::host_options options;
        options.session.framing.max_streamed_size = 1u << 20;
        stream_host host(transfer_mode::streamed, options);
        nettcp::client c = host.client();
        CHECK(error_in(c, "urn:upload", pattern_source(size)));
        CHECK(host.logged("exceeds what is left of the message size limit"));
        CHECK(!error_in(c, "urn:upload", pattern_source(100'000)));
    }
    SECTION("for what a client receives") {
        stream_host host;
        nettcp::client_options options;
        options.session.framing.max_streamed_size = 1u << 20;
        options.session.framing.max_message_size = 65536;
        nettcp::client c(host.uri(), [&] {
            options.transfer = transfer_mode::streamed;
            return options;
        }());
        auto answer =
            c.call("urn:download", text_body(std::to_string(size)), {.stream_reply = true});
        const error_code why = outcome_of(answer.stream());
        CHECK((why == nettcp::framing::errc::chunk_too_large ||
               why == nettcp::framing::errc::envelope_too_large));
        answer = c.call("urn:download", text_body("1000"), {.stream_reply = true});
        CHECK(read_all(answer.stream()) == 1000);
    }
    SECTION("for headers") {
        nettcp::host_options options;
        options.session.framing.max_message_size = 1u << 20;
        options.session.max_streamed_header_size = 10'000;
        stream_host host(transfer_mode::streamed, options);
        nettcp::client c = host.client();
        error_code code;
        const auto headers = [](nettcp::nbfx::writer& out) {
            out.start_element("Large", "urn:test");
            out.text(std::string(20'000, 'x'));
            out.end_element();
        };
        c.call("urn:upload", stream_body("Up"), code, nullptr,
               {.headers = headers, .stream = pattern_source(10)});
        CHECK(code);
        CHECK(host.logged("the headers of a streamed message are larger than the limit"));
    }
}

TEST_CASE("A request whose answer came early has so long for each part", "[threaded]") {
    nettcp::service service = echo_service();
    std::vector<nettcp::body_reader> kept;
    std::mutex guard;
    service.on("urn:early",
               [&](nettcp::incoming_call& call) {
                   const std::lock_guard lock(guard);
                   kept.push_back(call.stream());  // and never reads it
                   call.reply(text_body("early"));
               },
               {.streamed = true});
    nettcp::service_host host;
    host.add_endpoint("/test", service, {.transfer = transfer_mode::streamed});
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    nettcp::client_options options;
    options.transfer = transfer_mode::streamed;
    options.send_timeout = 300ms;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test", options);
    auto answer =
        c.call("urn:early", stream_body("Up"), {.timeout = 10s, .stream = pattern_source(endless)});
    CHECK(text_in(answer) == "early");
    CHECK(running_host::eventually([&] { return host.connections() == 0; }));
    host.stop(0s);
}

TEST_CASE("A peer that stops between its records has so long to go on, too", "[threaded]") {
    nettcp::host_options options;
    options.message_timeout = 200ms;
    stream_host host(transfer_mode::streamed, options);
    host.gate = true;
    client peer(host.where);
    begin_upload(peer, host, "urn:hold");
    std::this_thread::sleep_for(50ms);  // the handler waits by then
    peer.wire.send("01 9e");  // a chunk of its own, with the first octet of a record
    check_expired(peer, host);
}

TEST_CASE("A source that throws ends its call and nothing else", "[threaded]") {
    const auto throwing = [] {
        return nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
            [at = std::size_t{0}](std::span<std::byte> room) mutable {
                if (at > 100'000)
                    throw std::runtime_error("the file is gone");
                for (std::byte& octet : room)
                    octet = pattern_at(at++);
                return room.size();
            }));
    };
    const auto transfer = GENERATE(transfer_mode::streamed, transfer_mode::buffered);
    CAPTURE(static_cast<int>(transfer));
    nettcp::service service = echo_service();
    service.on("urn:upload",
               [](nettcp::incoming_call& call) -> asio::awaitable<void> {
                   nettcp::body_reader body = call.stream();
                   co_await check_stream(body);
                   call.reply(text_body("read"));
               },
               {.streamed = true});
    service.on("urn:throw", [&](nettcp::incoming_call& call) {
        call.reply_stream(stream_body("Down"), throwing());
    });
    nettcp::service_host host;
    host.add_endpoint("/test", service, {.transfer = transfer});
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    nettcp::client_options options;
    options.transfer = transfer;
    options.session.framing.max_streamed_size = 1u << 20;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test", options);
    CHECK(error_in(c, "urn:upload", throwing()) == nettcp::net::errc::body_failed);
    if (transfer == transfer_mode::streamed) {
        auto answer = c.call("urn:throw", text_body(""), {.stream_reply = true});
        CHECK(outcome_of(answer.stream()) == nettcp::net::errc::connection_reset);
    } else {
        CHECK(c.call("urn:throw", text_body("")).is_fault());
    }
    auto answer = c.call("urn:echo", text_body("hello"));
    CHECK(text_in(answer) == "hello");
}

TEST_CASE("What is read after its client has gone tells so", "[threaded]") {
    stream_host host;
    nettcp::body_reader broken;
    nettcp::body_reader whole;
    {
        nettcp::client c = host.client();
        auto answer =
            c.call("urn:download", text_body(std::to_string(endless)), {.stream_reply = true});
        broken = answer.stream();
        auto small = c.call("urn:download", text_body("5000"));
        whole = small.stream();
    }
    CHECK(outcome_of(std::move(broken)) == asio::error::operation_aborted);
    CHECK(read_all(std::move(whole)) == 5000);
}
