#include "service/test_service.hpp"
#include "support/catch.hpp"

using namespace raw;
using namespace std::chrono_literals;
using nettcp::incoming_call;
using nettcp::service;

namespace asio = boost::asio;

namespace {

asio::awaitable<void> sleep(std::chrono::milliseconds time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

/// What a handler does that leaves its coroutine as strange as it can be.
asio::awaitable<void> wait_strangely() {
    co_await asio::this_coro::reset_cancellation_state(asio::enable_total_cancellation());
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    co_await sleep(1h);
}

}  // namespace

TEST_CASE("A coroutine handler notices nothing of the calls served before", "[threaded]") {
    std::atomic<int> ended{0};
    service both;
    both.on("urn:wait", [&](incoming_call&) -> asio::awaitable<void> {
        struct at_end {
            std::atomic<int>& count;
            ~at_end() { ++count; }
        } const counted{ended};
        co_await wait_strangely();
    });
    both.on("urn:short", [](incoming_call& call) -> asio::awaitable<void> {
        const auto state = co_await asio::this_coro::cancellation_state;
        const bool throws = co_await asio::this_coro::throw_if_cancelled();
        co_await sleep(1ms);
        call.reply(text_body(std::string(state.cancelled() == asio::cancellation_type::none
                                             ? "as new"
                                             : "cancelled") +
                             (throws ? ", throws" : ", does not throw")));
    });
    running_host host({}, std::move(both));
    for (int round = 1; round <= 3; ++round) {
        CAPTURE(round);
        client lost(host.where);
        lost.open(via);
        lost.queue(request(1, "urn:wait", ""));
        lost.queue(request(2, "urn:wait", ""));
        lost.flush();
        REQUIRE(running_host::eventually([&] { return host.host.calls() == 2; }));
        lost.wire.reset();
        REQUIRE(running_host::eventually([&] { return host.host.calls() == 0; }));
        CHECK(ended == 2 * round);

        client next(host.where);
        next.open(via);
        for (std::uint32_t id = 1; id <= 4; ++id)
            next.queue(request(id, "urn:short", ""));
        next.flush();
        for (int i = 0; i < 4; ++i) {
            auto answer = next.receive();
            CHECK(text_of(answer) == "as new, throws");
        }
        CHECK(next.close());
    }
}

TEST_CASE("A coroutine handler may give its call away and fail", "[threaded]") {
    std::vector<incoming_call> given;
    service giving;
    giving.on("urn:give", [&](incoming_call& call) -> asio::awaitable<void> {
        given.push_back(std::move(call));
        co_await sleep(1ms);
        given.back().reply(text_body("from elsewhere"));
        given.clear();
        co_await sleep(1ms);
        throw std::runtime_error("nobody's business");
    });
    running_host host({}, std::move(giving));
    client c(host.where);
    c.open(via);
    for (std::uint32_t id = 1; id <= 3; ++id) {
        c.send(request(id, "urn:give", ""));
        auto answer = c.receive();
        CHECK(text_of(answer) == "from elsewhere");
    }
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
}

TEST_CASE("More coroutine handlers than are kept at rest wait at the same time", "[threaded]") {
    std::atomic<int> waiting{0};
    service slow;
    slow.on("urn:slow", [&](incoming_call& call) -> asio::awaitable<void> {
        ++waiting;
        while (waiting < 200)
            co_await sleep(1ms);
        call.reply(text_body("all were there"));
    });
    nettcp::host_options options;
    options.max_concurrent_calls = options.max_concurrent_calls_per_session = 200;
    running_host host(options, std::move(slow));
    client c(host.where);
    c.open(via);
    for (std::uint32_t id = 1; id <= 200; ++id)
        c.queue(request(id, "urn:slow", ""));
    c.flush();
    for (int i = 0; i < 200; ++i) {
        auto answer = c.receive();
        CHECK(text_of(answer) == "all were there");
    }
    CHECK(c.close());
    CHECK(!host.host.stop(5s));
}
