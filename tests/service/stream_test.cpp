// Streamed transfers: ordinary calls, and bodies that are streams, client and host together.

#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_future.hpp>

#include <array>
#include <future>

using namespace raw;
using nettcp::transfer_mode;
using boost::system::error_code;

namespace {

namespace asio = boost::asio;

std::byte pattern_at(std::size_t i) {
    return static_cast<std::byte>(i * 7 + 3);
}

/// A source of `size` octets, and how many have been taken from it.
std::shared_ptr<nettcp::body_source> pattern_source(std::size_t size,
                                                    std::atomic<std::size_t>* taken = nullptr) {
    return nettcp::make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [size, taken, at = std::size_t{0}](std::span<std::byte> room) mutable {
            const std::size_t now = std::min(room.size(), size - at);
            for (std::size_t i = 0; i != now; ++i)
                room[i] = pattern_at(at + i);
            at += now;
            if (taken != nullptr)
                *taken = at;
            return now;
        }));
}

auto stream_body(std::string_view name) {
    return [name = std::string(name)](nettcp::nbfx::writer& out) {
        out.start_element(name, "urn:test");
        out.start_element("data", "urn:test");
    };
}

/// Reads all of a stream; the number of octets, or -1 when they are not the pattern's.
asio::awaitable<long> check_stream(nettcp::body_reader& from) {
    std::vector<std::byte> room(10'000);
    std::size_t at = 0;
    bool good = true;
    for (;;) {
        error_code code;
        const std::size_t size = co_await from.async_read_some(
            asio::buffer(room), asio::redirect_error(asio::use_awaitable, code));
        for (std::size_t i = 0; i != size; ++i)
            good &= room[i] == pattern_at(at + i);
        at += size;
        if (code == asio::error::eof)
            co_return good ? static_cast<long>(at) : -1;
        if (code)
            throw boost::system::system_error(code);
    }
}

long read_all(nettcp::body_reader from) {
    std::vector<std::byte> room(10'000);
    std::size_t at = 0;
    for (;;) {
        std::promise<std::pair<error_code, std::size_t>> done;
        from.async_read_some(asio::buffer(room), [&](const error_code& code, std::size_t size) {
            done.set_value({code, size});
        });
        const auto [code, size] = done.get_future().get();
        for (std::size_t i = 0; i != size; ++i) {
            if (room[i] != pattern_at(at + i))
                return -1;
        }
        at += size;
        if (code == asio::error::eof)
            return static_cast<long>(at);
        if (code)
            throw boost::system::system_error(code);
    }
}

struct stream_host {
    explicit stream_host(transfer_mode transfer) {
        nettcp::host_options options;
        options.session.framing.max_message_size = 65536;
        if (transfer == transfer_mode::buffered)
            options.session.framing.max_message_size = 16u << 20;
        options.session.framing.max_streamed_size = 1u << 30;
        options.log = [this](const nettcp::session_event& event) {
            const std::lock_guard lock(guard);
            log += nettcp::to_string(event) + '\n';
        };
        host.emplace(options);
        nettcp::service service = echo_service(&noted);
        service.on("urn:upload",
                   [this](nettcp::incoming_call& call) -> asio::awaitable<void> {
                       nettcp::body_reader body = call.stream();
                       const long size = co_await check_stream(body);
                       uploaded = size;
                       call.reply(text_body(std::to_string(size)));
                   },
                   {.streamed = true});
        service.on("urn:ignore",
                   [](nettcp::incoming_call& call) { call.reply(text_body("not read")); },
                   {.streamed = true});
        service.on("urn:download", [this](nettcp::incoming_call& call) {
            call.reply_stream(stream_body("Down"),
                              pattern_source(std::stoul(text_of(call)), &taken));
        });
        service.on("urn:both",
                   [](nettcp::incoming_call& call) {
                       call.reply_stream(stream_body("Both"), call.stream().release());
                   },
                   {.streamed = true});
        host->add_endpoint("/test", service, {.transfer = transfer});
        where = host->listen("127.0.0.1", 0);
        host->start();
    }

    nettcp::client client(transfer_mode transfer, nettcp::client_options options = {}) const {
        options.transfer = transfer;
        options.session.framing.max_message_size = 16u << 20;
        options.session.framing.max_streamed_size = 1u << 30;
        return nettcp::client("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test",
                              options);
    }

    std::atomic<int> noted{0};
    std::atomic<long> uploaded{0};
    std::atomic<std::size_t> taken{0};
    std::mutex guard;
    std::string log;
    std::optional<nettcp::service_host> host;
    nettcp::listening_address where;
};

std::string text_in(nettcp::reply& answer) {
    REQUIRE_FALSE(answer.is_fault());
    return raw::text_of(answer.message());
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
    CHECK(host.host->connections() == 1);
    auto answer = c.call("urn:download", text_body("1000"));  // as one message
    CHECK(read_all(answer.stream()) == 1000);
    answer = c.call("urn:ignore", stream_body("Up"), {.stream = pattern_source(1u << 20)});
    CHECK(text_in(answer) == "not read");
    c.close();
    CHECK(!host.host->stop(std::chrono::seconds(5)));
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
    c.call("urn:ignore", stream_body("Up"), code, nullptr, {.stream = std::make_shared<failing>()});
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
