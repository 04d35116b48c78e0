// Sessions that end in the middle of callbacks: every operation ends once, and nothing is left.
#include "client/callback_pair.hpp"
#include "service/raw_client.hpp"
#include "support/catch.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/detached.hpp>

#include <algorithm>

using namespace callbacks;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

/// Counts how operations end.
struct endings {
    std::atomic<int> good = 0;
    std::atomic<int> bad = 0;

    auto counter() {
        return [this](const error_code& code, const auto&...) { ++(code ? bad : good); };
    }
    bool reached(int count) {
        return raw::running_host::eventually([&] { return good + bad == count; });
    }
};

/// A callback that waits until it is cancelled.
void add_waiting(nettcp::client_options& options, std::atomic<int>& waiting) {
    options.callbacks.on("urn:wait", [&waiting](incoming_call& call) -> awaitable<void> {
        boost::asio::steady_timer timer(call.get_executor(), 60s);
        ++waiting;
        struct leaving {
            std::atomic<int>& count;
            ~leaving() { --count; }
        } const left{waiting};
        co_await timer.async_wait(boost::asio::use_awaitable);
    });
    options.max_concurrent_callbacks = 10;
}

/// Ten callbacks run at a client, ninety wait there.
struct busy_pair {
    busy_pair() {
        nettcp::client_options options = both.options();
        add_waiting(options, waiting);
        client.emplace(both.client(std::move(options)));
        client->call("urn:subscribe", text_body("0"));
        back = both.asking.kept();
        for (int i = 0; i != 100; ++i)
            back.async_call("urn:wait", text_body(""), ended.counter());
        REQUIRE(raw::running_host::eventually([&] { return waiting == 10; }));
    }

    std::atomic<int> waiting = 0;
    endings ended;
    callbacks::pair both;
    std::optional<nettcp::client> client;
    callback_channel back;
};

}  // namespace

TEST_CASE("A client that goes cancels its callbacks", "[threaded]") {
    busy_pair busy;
    busy.client.reset();
    CHECK(busy.waiting == 0);
    CHECK(busy.ended.reached(100));
    CHECK(busy.ended.bad == 100);
    CHECK(!busy.back.is_open());
}

TEST_CASE("A client that closes ends what the service waits for", "[threaded]") {
    busy_pair busy;
    std::promise<nettcp::diagnostics> told;
    nettcp::diagnostics why;
    busy.back.async_call("urn:wait", text_body(""), {.diagnostics = &why},
                         [&](const error_code&, const nettcp::reply&) { told.set_value(why); });
    busy.client->close();
    CHECK(told.get_future().get().code == nettcp::channel::errc::peer_closed);
    CHECK(busy.ended.reached(100));
    busy.client.reset();
    CHECK(raw::running_host::eventually([&] { return busy.waiting == 0; }));
}

TEST_CASE("A host that goes fails its callbacks, and those that the client runs", "[threaded]") {
    busy_pair busy;
    busy.both.running.reset();
    CHECK(busy.ended.reached(100));
    CHECK(raw::running_host::eventually([&] { return busy.waiting == 0; }));
    CHECK(!busy.back.is_open());
}

TEST_CASE("A host that stops waits for what its calls have asked", "[threaded]") {
    callbacks::pair both;
    nettcp::client_options options = both.options();
    std::promise<void> asked;
    options.callbacks = nettcp::service();
    options.callbacks.on("urn:ask", [&](incoming_call& call) -> awaitable<void> {
        asked.set_value();
        boost::asio::steady_timer timer(call.get_executor(), 200ms);
        co_await timer.async_wait(boost::asio::use_awaitable);
        call.reply(text_body("slowly"));
    });
    nettcp::client c = both.client(std::move(options));
    auto answer = c.async_call("urn:ask-back", text_body("x"), boost::asio::use_future);
    asked.get_future().get();
    CHECK(!both.running->host.stop(10s));
    nettcp::reply got = answer.get();
    CHECK(text_of(got) == "client said: slowly");
}

TEST_CASE("A callback survives the end of everything at any moment", "[threaded]") {
    for (int round = 0; round != 60; ++round) {
        endings ended;
        int begun = 0;
        callbacks::pair both;
        std::optional<nettcp::client> c(both.client(both.options()));
        c->call("urn:subscribe", text_body("5"));
        const callback_channel back = both.asking.kept();
        for (; begun != 40; ++begun)
            back.async_call("urn:ask", text_body("x"), ended.counter());
        for (int i = 0; i != 10; ++i)
            c->async_call("urn:ask-back", text_body("y"), boost::asio::detached);
        std::this_thread::sleep_for(std::chrono::microseconds(round * 100));
        if (round % 3 == 0)
            c.reset();
        else if (round % 3 == 1)
            both.running.reset();
        else
            c->close();
        CHECK(ended.reached(begun));
    }
}

TEST_CASE("So many callbacks wait for a client that does not read", "[threaded]") {
    nettcp::host_options options;
    options.session.max_pending_output = 10'000;
    options.max_waiting_callbacks = 5;
    callbacks::pair both(options);
    raw::client peer(both.running->where, 4096);
    peer.open(raw::via);
    peer.send({.action = "urn:subscribe", .to = std::string(raw::via), .id = 1, .text = "0"});
    peer.receive();
    const callback_channel back = both.asking.kept();
    std::vector<std::future<void>> sent;
    std::size_t refused = 0;
    for (int i = 0; i != 3000 && refused == 0; ++i) {
        sent.push_back(back.async_send("urn:note", text_body(std::string(10'000, 'x')),
                                       boost::asio::use_future));
        if (sent.back().wait_for(i % 50 == 0 ? 5ms : 0ms) != std::future_status::ready)
            continue;
        try {
            sent.back().get();
        } catch (const boost::system::system_error& problem) {
            CHECK(problem.code() == nettcp::channel::errc::callbacks_exceeded);
            ++refused;
        }
    }
    CHECK(refused != 0);
    // What it reads makes room for others.
    peer.wire.set_patience(20ms);
    CHECK(raw::running_host::eventually([&] {
        peer.wire.read_some();
        return std::ranges::none_of(sent, [](const auto& one) {
            return one.valid() && one.wait_for(0ms) != std::future_status::ready;
        });
    }));
    back.async_send("urn:note", text_body("more"), boost::asio::use_future).get();
}
