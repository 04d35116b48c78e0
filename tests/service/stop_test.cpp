#include "service/test_service.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <thread>

using namespace raw;
using namespace std::chrono_literals;
using boost::system::error_code;
using nettcp::incoming_call;

namespace {

/// Runs `f` on an executor and waits for it.
void run_on(const boost::asio::any_io_executor& executor, std::function<void()> f) {
    boost::asio::post(executor, boost::asio::use_future(std::move(f))).get();
}

}  // namespace

TEST_CASE("service_host stops when its calls have ended", "[threaded]") {
    running_host host;
    client busy(host.where);
    busy.open(via);
    client between(host.where);
    between.open(via);
    REQUIRE(between.close());
    busy.send(request(1, "urn:sleep", "300"));
    REQUIRE(running_host::eventually([&] { return host.host.calls() == 1; }));
    error_code stopped = nettcp::net::errc::not_open;
    std::thread stopper([&] { stopped = host.host.stop(5s); });
    auto answer = busy.receive();
    CHECK(text_of(answer) == "slept 300");
    CHECK(busy.next() == nettcp::channel::event_type::peer_ended);
    busy.session.end();
    busy.flush();
    stopper.join();
    CHECK(!stopped);
    CHECK(host.host.connections() == 0);
    between.wire.read_all();
    CHECK(between.wire.how() == ending::fin);
    CHECK(!host.host.stop(1s));  // it has
}

TEST_CASE("service_host aborts what does not end in time", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    SECTION("a call") {
        c.send(request(1, "urn:sleep", "60000"));
    }
    SECTION("a peer that does not end its session") {}
    usleep(50'000);
    CHECK(host.host.stop(200ms) == nettcp::net::errc::timed_out);
    c.wire.read_all();
    CHECK(c.wire.how() == ending::reset);
}

TEST_CASE("service_host runs on an executor of the user's", "[threaded]") {
    boost::asio::io_context context;
    auto host = std::make_unique<nettcp::service_host>(context.get_executor());
    host->add_endpoint(via, echo_service());
    const auto where = host->listen("127.0.0.1", 0);
    CHECK_THROWS_AS(host->start(), nettcp::failure);
    CHECK(host->stop() == nettcp::net::errc::runtime_missing);
    std::optional<client> peer;
    std::thread other([&] {
        peer.emplace(where);
        peer->open(via);
        auto answer = peer->call(request(1, "urn:echo", "x"));
        must(text_of(answer) == "x", "the echo");
    });
    error_code stopped = nettcp::net::errc::not_open;
    const auto run_until = [&](auto condition) {
        for (int i = 0; i < 500 && !condition(); ++i)
            context.run_for(10ms);
    };
    bool called = false;
    std::thread waiter([&] {
        other.join();
        called = true;
    });
    run_until([&] { return host->connections() == 1 && host->calls() == 0; });
    context.run_for(200ms);
    SECTION("with a callback") {
        host->async_stop(50ms, [&](error_code ec) { stopped = ec; });
        run_until([&] { return stopped != nettcp::net::errc::not_open; });
        CHECK(stopped == nettcp::net::errc::timed_out);
    }
    SECTION("from a coroutine") {
        boost::asio::co_spawn(
            context,
            [&]() -> boost::asio::awaitable<void> {
                co_await host->async_stop(50ms, boost::asio::deferred);
            },
            [&](const std::exception_ptr& why) {
                try {
                    std::rethrow_exception(why);
                } catch (const boost::system::system_error& thrown) {
                    stopped = thrown.code();
                }
            });
        run_until([&] { return stopped != nettcp::net::errc::not_open; });
        CHECK(stopped == nettcp::net::errc::timed_out);
    }
    SECTION("cancelled") {
        boost::asio::cancellation_signal cancel;
        host->async_stop(1h, boost::asio::bind_cancellation_slot(
                                 cancel.slot(), [&](error_code ec) { stopped = ec; }));
        cancel.emit(boost::asio::cancellation_type::terminal);
        run_until([&] { return stopped != nettcp::net::errc::not_open; });
        CHECK(stopped == boost::asio::error::operation_aborted);
    }
    SECTION("destroyed") {
        host->async_stop(1h, [&](error_code ec) { stopped = ec; });
        context.run_for(20ms);
        host.reset();
        run_until([&] { return stopped != nettcp::net::errc::not_open; });
        CHECK(stopped == boost::asio::error::operation_aborted);
    }
    waiter.join();
    CHECK(called);
    CHECK(peer->wire.read_all().size() <= 1);  // End, if it came before the reset
}

TEST_CASE("service_host may be destroyed with calls in progress", "[threaded]") {
    std::vector<incoming_call> kept;
    std::mutex guard;
    nettcp::service keeping = echo_service();
    keeping.on("urn:keep", [&](incoming_call call) {
        const std::lock_guard lock(guard);
        kept.push_back(std::move(call));
    });
    auto host = std::make_unique<running_host>(nettcp::host_options(), std::move(keeping));
    client c(host->where);
    c.open(via);
    c.queue(request(1, "urn:keep", "kept"));
    c.queue(request(2, "urn:keep", "kept"));
    c.queue(request(3, "urn:sleep", "60000"));
    c.flush();
    REQUIRE(running_host::eventually([&] { return host->host.calls() == 3; }));
    host.reset();
    c.wire.read_all();
    CHECK(c.wire.how() == ending::reset);
    REQUIRE(kept.size() == 2);
    CHECK(text_of(kept[0]) == "kept");
    kept[0].reply(text_body("too late"));
    kept.clear();
}

TEST_CASE("service_host cancels coroutines of a session that is lost", "[threaded]") {
    std::atomic<int> cancelled{0};
    nettcp::service waiting;
    waiting.on("urn:wait", [&](incoming_call& call) -> boost::asio::awaitable<void> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 1h);
        try {
            co_await timer.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error& thrown) {
            if (thrown.code() == boost::asio::error::operation_aborted)
                ++cancelled;
        }
        call.reply(text_body("nobody hears this"));
    });
    running_host host({}, std::move(waiting));
    client c(host.where);
    c.open(via);
    c.queue(request(1, "urn:wait", ""));
    c.queue(request(2, "urn:wait", ""));
    c.flush();
    REQUIRE(running_host::eventually([&] { return host.host.calls() == 2; }));
    c.wire.reset();
    CHECK(running_host::eventually([&] { return cancelled == 2; }));
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
    CHECK(host.logged("the peer reset the connection"));
}

TEST_CASE("service_host lets one-way calls end after a session that ended well", "[threaded]") {
    std::atomic<int> done{0};
    nettcp::service slow;
    slow.on("urn:note",
            [&](incoming_call&) -> boost::asio::awaitable<void> {
                boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 200ms);
                co_await timer.async_wait(boost::asio::use_awaitable);
                ++done;
            },
            {.one_way = true});
    running_host host({}, std::move(slow));
    client c(host.where);
    c.open(via);
    c.queue({.action = "urn:note", .to = std::string(via)});
    CHECK(c.close());
    c.wire.close();
    REQUIRE(running_host::eventually([&] { return host.host.connections() == 0; }));
    CHECK(host.host.calls() == 1);
    CHECK(!host.host.stop(5s));
    CHECK(done == 1);
}

TEST_CASE("service_host lets go of a peer that left while its call ran", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    c.send(request(1, "urn:sleep", "300"));
    c.session.end();
    c.flush();
    c.wire.close();  // reads no answer: our last octets cannot be sent
    CHECK(running_host::eventually([&] { return host.host.connections() == 0; }));
    CHECK(host.host.calls() == 0);
}

TEST_CASE("service_host may be destroyed by its own handler", "[threaded]") {
    std::optional<nettcp::service_host> host(std::in_place);
    std::atomic<bool> gone{false};
    nettcp::service ending;
    ending.on("urn:end", [&](incoming_call& call) {
        host.reset();
        call.reply(text_body("nobody hears this"));
        gone = true;
    });
    host->add_endpoint(via, std::move(ending));
    const auto where = host->listen("127.0.0.1", 0);
    std::thread runner;
    SECTION("on its own thread") {
        host->start();
    }
    SECTION("on a thread that runs it") {
        runner = std::thread([&] { host->run(); });
    }
    client c(where);
    c.open(via);
    c.send(request(1, "urn:end", ""));
    c.wire.read_all();
    CHECK(c.wire.how() == ending::reset);
    CHECK(running_host::eventually([&] { return gone.load(); }));
    if (runner.joinable())
        runner.join();
}

TEST_CASE("service_host on an executor it does not know calls bodies before reply returns",
          "[threaded]") {
    boost::asio::thread_pool pool(2);
    std::atomic<bool> inside{false};
    nettcp::service plain;
    plain.on("urn:echo", [&](incoming_call& call) {
        bool called = false;
        call.reply([&](nettcp::nbfx::writer& out) {
            called = true;
            text_body("x")(out);
        });
        inside = called;
    });
    using pool_strand = boost::asio::strand<boost::asio::thread_pool::executor_type>;
    boost::asio::any_io_executor executor = boost::asio::make_strand(pool);
    SECTION("a strand of a pool") {}
    SECTION("a strand of that strand") {
        executor = boost::asio::strand<pool_strand>(pool_strand(pool.get_executor()));
    }
    std::optional<nettcp::service_host> host;
    run_on(executor, [&] { host.emplace(executor); });
    nettcp::listening_address where;
    run_on(executor, [&] {
        host->add_endpoint(via, std::move(plain));
        where = host->listen("127.0.0.1", 0);
    });
    client c(where);
    c.open(via);
    auto answer = c.call(request(1, "urn:echo", "x"));
    CHECK(text_of(answer) == "x");
    CHECK(inside);
    c.wire.close();
    CHECK_NOTHROW(host->async_stop(5s, boost::asio::use_future).get());
    run_on(host->get_executor(), [&] { host.reset(); });
    pool.join();
}

TEST_CASE("service_host allocates nothing per message when warm", "[threaded]") {
    nettcp::service lean;
    lean.on("urn:echo", [](incoming_call& call) {
        call.reply([](nettcp::nbfx::writer& out) {
            out.start_element("Text", "urn:test");
            out.text("hello");
            out.end_element();
        });
    });
    lean.on("urn:coroutine", [](incoming_call& call) -> boost::asio::awaitable<void> {
        co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                                   boost::asio::use_awaitable);
        call.reply([](nettcp::nbfx::writer& out) {
            out.start_element("Text", "urn:test");
            out.text("hello");
            out.end_element();
        });
    });
    nettcp::service_host host;
    host.add_endpoint(via, std::move(lean));
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    client c(where);
    c.open(via);
    for (const char* const action : {"urn:echo", "urn:coroutine"}) {
        CAPTURE(action);
        const auto asked = request(1, action, "x");
        std::size_t before = 0;
        std::size_t reads = 0;
        for (int i = 0; i < 1200; ++i) {
            if (i == 200) {
                before = nettcp::allocation_count();
                reads = c.wire.reads();
            }
            c.queue(asked);
            c.flush();
            c.receive();
        }
        const std::size_t grown = nettcp::allocation_count() - before;
        CHECK(grown <= c.wire.reads() - reads);  // those are the test's own
    }
}
