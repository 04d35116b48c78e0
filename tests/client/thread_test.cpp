#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>

namespace asio = boost::asio;
using namespace test_peer;
using namespace std::chrono_literals;
using boost::system::error_code;

namespace {

void echo(listener& where) {
    session served(where.accept(),
                   [](session& s, nettcp::channel::message m) { s.reply(m, text_of(m)); });
    try {
        served.serve();
    } catch (const std::exception&) {  // a client that is destroyed with calls under way resets
    }
}

}  // namespace

TEST_CASE("client on a strand serves coroutines on many threads", "[threaded]") {
    scripted peer(echo);
    asio::thread_pool pool(3);
    auto c = std::make_unique<nettcp::client>(asio::make_strand(pool), peer.uri());
    std::vector<std::future<int>> workers;
    for (int i = 0; i < 6; ++i) {
        workers.push_back(asio::co_spawn(
            pool,
            [&c, i]() -> asio::awaitable<int> {
                int good = 0;
                for (int k = 0; k < 30; ++k) {
                    const std::string text = std::to_string(i * 1000 + k);
                    nettcp::reply answer = co_await c->async_call("urn:a", body(text));
                    good += text_of(answer.message()) == text ? 1 : 0;
                }
                co_return good;
            },
            asio::use_future));
    }
    for (auto& each : workers)
        CHECK(each.get() == 30);
    c.reset();
    pool.join();
}

TEST_CASE("client with its own thread serves blocking callers on many", "[threaded]") {
    scripted peer(echo);
    nettcp::client c(peer.uri());
    std::vector<std::future<int>> workers;
    for (int i = 0; i < 4; ++i) {
        workers.push_back(std::async(std::launch::async, [&c, i] {
            int good = 0;
            for (int k = 0; k < 30; ++k) {
                const std::string text = std::to_string(i * 1000 + k);
                nettcp::reply answer = c.call("urn:a", body(text));
                good += text_of(answer.message()) == text ? 1 : 0;
            }
            return good;
        }));
    }
    for (auto& each : workers)
        CHECK(each.get() == 30);
}

TEST_CASE("client survives cancellation and destruction at any moment", "[threaded]") {
    for (int round = 0; round < 40; ++round) {
        scripted peer(echo);
        std::atomic<int> ended = 0;
        int started = 0;
        asio::cancellation_signal signals[4];
        {
            nettcp::client c(peer.uri());
            for (auto& signal : signals) {
                ++started;
                c.async_call("urn:a", body("x"),
                             asio::bind_cancellation_slot(
                                 signal.slot(), [&](error_code, nettcp::reply) { ++ended; }));
            }
            for (int i = 0; i < 4; ++i) {
                ++started;
                c.async_send("urn:b", body("y"), [&](error_code) { ++ended; });
            }
            std::promise<void> emitted;
            asio::post(c.get_executor(), [&] {
                for (auto& signal : signals)
                    signal.emit(asio::cancellation_type::partial);
                emitted.set_value();
            });
            emitted.get_future().get();
            std::this_thread::sleep_for(std::chrono::microseconds(round * 25));
        }
        CHECK(ended == started);
    }
}

TEST_CASE("client whose context never runs again leaves nothing behind", "[threaded]") {
    listener nobody_accepts;
    auto body_copies = std::make_shared<int>(1);
    {
        asio::io_context context;
        nettcp::client c(context.get_executor(), nobody_accepts.uri());
        c.async_call(
            "urn:a", [body_copies](nettcp::nbfx::writer&) {},
            [](error_code, nettcp::reply) { FAIL("ran without a context"); });
        context.poll_one();
    }
    CHECK(body_copies.use_count() == 1);
}
