#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <map>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test_peer;
using boost::system::error_code;
using nettcp::client;
using nettcp::reply;

namespace {

/// A service that answers every request with its own text.
void echo(listener& where) {
    session served(where.accept(), [](session& s, nettcp::channel::message m) {
        if (m.headers().message_id)
            s.reply(m, text_of(m));
    });
    served.serve();
}

}  // namespace

TEST_CASE("client sends the captured .NET request and reads the captured reply", "[threaded]") {
    octets request;
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        socket.accept_preamble();
        request = socket.read_envelope();
        octets answer = hex(
            "0698015728687474703a2f2f70656572732e746573742f7376632f494563686f2f4563686f526573706f6e"
            "73650c4563686f526573706f6e736515687474703a2f2f70656572732e746573742f7376630a4563686f52"
            "6573756c7456020b0173040b0161065608440a1e0082ab014412ad43e69a0ea9bde24d9b22c7c383dbcfd0"
            "440c1e0082ab1401560e42030a054207990568656c6c6f010101");
        const octets id_place = hex("441aad"), reply_place = hex("4412ad");
        const auto from =
            std::search(request.begin(), request.end(), id_place.begin(), id_place.end());
        const auto to =
            std::search(answer.begin(), answer.end(), reply_place.begin(), reply_place.end());
        std::copy_n(from + 3, 16, to + 3);
        socket.send(nettcp::bytes_view(answer));
        must(socket.read(1)[0] == std::byte{0x07}, "End");
        socket.send("07");
        socket.wait_for_end();
    });
    nettcp::client_options options;
    options.via = "net.tcp://localhost:" + std::to_string(peer.port()) + "/none/echo";
    {
        client c("net.tcp://localhost:9000/none/echo", options);
        reply answer = c.call("http://peers.test/svc/IEcho/Echo", [](nettcp::nbfx::writer& out) {
            using namespace nettcp::nbfx::literals;
            out.start_element("", "Echo"_dict, "http://peers.test/svc"_dict);
            out.start_element("", "text"_dict, "http://peers.test/svc"_dict);
            out.text("hello");
            out.end_element();
            out.end_element();
        });
        CHECK(answer.headers().action == "http://peers.test/svc/IEcho/EchoResponse");
        auto& in = answer.body();
        in.read_start_element("EchoResponse", "http://peers.test/svc");
        CHECK(in.read_element_text() == "hello");
        CHECK(in.ok());
        c.close();
    }
    CHECK(peer.finish() == "");
    octets captured = hex(
        "6420687474703a2f2f70656572732e746573742f7376632f494563686f2f4563686f226e65742e7463703a"
        "2f2f6c6f63616c686f73743a393030302f6e6f6e652f6563686f044563686f15687474703a2f2f70656572732e"
        "746573742f737663047465787456020b0173040b0161065608440a1e0082ab01441aad43e69a0ea9bde24d9b22"
        "c7c383dbcfd0442c442aab1401440c1e0082ab0301560e42050a074209990568656c6c6f010101");
    const octets id_place = hex("441aad");
    const auto id = std::search(captured.begin(), captured.end(), id_place.begin(), id_place.end());
    const auto at = id - captured.begin();
    REQUIRE(request.size() == captured.size());
    std::copy_n(request.begin() + at + 3, 16, captured.begin() + at + 3);
    CHECK((request == captured));
}

TEST_CASE("client calls with every kind of completion token", "[threaded]") {
    scripted peer(echo);
    client c(peer.uri());
    SECTION("blocking") {
        reply answer = c.call("urn:a", body("one"));
        CHECK(text_of(answer.message()) == "one");
    }
    SECTION("callback") {
        std::promise<std::string> got;
        c.async_call("urn:a", body("two"), [&](error_code ec, reply answer) {
            got.set_value(ec ? ec.message() : text_of(answer.message()));
        });
        CHECK(got.get_future().get() == "two");
    }
    SECTION("future") {
        auto pending = c.async_call("urn:a", body("three"), asio::use_future);
        reply answer = pending.get();
        CHECK(text_of(answer.message()) == "three");
    }
    SECTION("deferred") {
        auto later = c.async_call("urn:a", body("four"), asio::deferred);
        reply answer = std::move(later)(asio::use_future).get();
        CHECK(text_of(answer.message()) == "four");
    }
    SECTION("coroutine") {
        auto done = asio::co_spawn(
            c.get_executor(),
            [&]() -> asio::awaitable<std::string> {
                co_await c.async_open();
                co_await c.async_send("urn:oneway", body("x"));
                reply answer = co_await c.async_call("urn:a", body("five"));
                co_await c.async_close();
                co_return text_of(answer.message());
            },
            asio::use_future);
        CHECK(done.get() == "five");
    }
    SECTION("coroutine on another context") {
        asio::io_context other;
        std::string got;
        asio::co_spawn(
            other,
            [&]() -> asio::awaitable<void> {
                reply answer = co_await c.async_call("urn:a", body("six"));
                CHECK(other.get_executor().running_in_this_thread());
                got = text_of(answer.message());
            },
            asio::detached);
        other.run();
        CHECK(got == "six");
    }
}

TEST_CASE("client on the caller's context runs there", "[threaded]") {
    scripted peer(echo);
    asio::io_context context;
    std::string got;
    client c(context.get_executor(), peer.uri());
    bool inside = true;
    asio::post(context, [&] {
        c.async_call("urn:a", body("hi"), [&](error_code ec, reply answer) {
            CHECK_FALSE(inside);
            got = ec ? ec.message() : text_of(answer.message());
            c.async_close([&](error_code) { context.stop(); });
        });
        inside = false;
    });
    context.run();
    CHECK(got == "hi");
}

TEST_CASE("client has 32 calls under way on one session", "[threaded]") {
    scripted peer(echo);
    client c(peer.uri());
    std::vector<std::future<reply>> pending;
    for (int round = 0; round < 5; ++round) {
        pending.clear();
        for (int i = 0; i < 32; ++i)
            pending.push_back(c.async_call("urn:a", body(std::to_string(i)), asio::use_future));
        for (int i = 0; i < 32; ++i) {
            reply answer = pending[static_cast<std::size_t>(i)].get();
            CHECK(text_of(answer.message()) == std::to_string(i));
        }
    }
}

TEST_CASE("client matches replies that come in another order", "[threaded]") {
    scripted peer([](listener& where) {
        std::vector<nettcp::channel::message> held;
        session served(where.accept(), [&](session& s, nettcp::channel::message m) {
            held.push_back(std::move(m));
            if (held.size() < 100)
                return;
            for (auto each = held.rbegin(); each != held.rend(); ++each)
                s.reply(*each, text_of(*each));
        });
        served.serve();
    });
    client c(peer.uri());
    std::vector<int> order;
    std::vector<std::future<void>> pending;
    for (int i = 0; i < 100; ++i) {
        auto done = std::make_shared<std::promise<void>>();
        pending.push_back(done->get_future());
        c.async_call("urn:a", body(std::to_string(i)), [&, i, done](error_code ec, reply answer) {
            if (!ec && text_of(answer.message()) == std::to_string(i))
                order.push_back(i);
            done->set_value();
        });
    }
    for (auto& each : pending)
        each.get();
    REQUIRE(order.size() == 100);
    CHECK(order.front() == 99);
    CHECK(order.back() == 0);
}

TEST_CASE("client drops the late reply of a call that timed out", "[threaded]") {
    scripted peer([](listener& where) {
        nettcp::channel::message slow;
        session served(where.accept(), [&](session& s, nettcp::channel::message m) {
            if (!slow) {
                slow = std::move(m);
                return;
            }
            s.reply(slow, "late");
            s.reply(m, text_of(m));
        });
        served.serve();
    });
    client c(peer.uri());
    error_code ec;
    nettcp::diagnostics why;
    const auto start = std::chrono::steady_clock::now();
    c.call("urn:slow", body("x"), ec, &why, {.timeout = 50ms});
    CHECK(ec == nettcp::net::errc::timed_out);
    CHECK(why.stage == nettcp::stage::receive);
    CHECK_THAT(why.message(), Catch::Contains("deadline") && Catch::Contains(peer.uri()));
    CHECK(std::chrono::steady_clock::now() - start < 5s);
    reply answer = c.call("urn:a", body("still alive"), ec, &why);
    CHECK_FALSE(ec);
    CHECK_FALSE(why.code);
    CHECK(text_of(answer.message()) == "still alive");
    CHECK(c.dropped_messages() == 1);
}

TEST_CASE("client cancels a call after its request was queued", "[threaded]") {
    std::promise<void> arrived;
    scripted peer([&](listener& where) {
        session served(where.accept(), [&](session& s, nettcp::channel::message m) {
            if (m.headers().action == "urn:never")
                arrived.set_value();
            else
                s.reply(m, "ok");
        });
        served.serve();
    });
    client c(peer.uri());
    asio::cancellation_signal signal;
    std::promise<error_code> ended;
    c.async_call("urn:never", body("x"),
                 asio::bind_cancellation_slot(signal.slot(),
                                              [&](error_code ec, reply) { ended.set_value(ec); }));
    arrived.get_future().get();
    asio::post(c.get_executor(), [&] { signal.emit(asio::cancellation_type::terminal); });
    CHECK(ended.get_future().get() == asio::error::operation_aborted);
    reply answer = c.call("urn:a", body("y"));
    CHECK(text_of(answer.message()) == "ok");
}

TEST_CASE("client sends nothing of a call that is cancelled before its turn", "[threaded]") {
    std::promise<void> go;
    std::vector<std::string> actions;
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        socket.read_preamble();
        go.get_future().wait();
        socket.send("0b");
        const octets first = socket.read_envelope();
        actions.emplace_back(nettcp::as_text(first));
        socket.wait_for_end();
    });
    {
        client c(peer.uri());
        asio::cancellation_signal signal;
        std::promise<error_code> ended;
        bool written = false;
        c.async_call(
            "urn:cancelled", [&](nettcp::nbfx::writer&) { written = true; },
            asio::bind_cancellation_slot(signal.slot(),
                                         [&](error_code ec, reply) { ended.set_value(ec); }));
        auto second = c.async_send("urn:second", body("x"), asio::use_future);
        asio::post(c.get_executor(), [&] { signal.emit(asio::cancellation_type::total); });
        CHECK(ended.get_future().get() == asio::error::operation_aborted);
        go.set_value();
        second.get();
        CHECK_FALSE(written);
    }
    CHECK(peer.finish() == "");
    REQUIRE(actions.size() == 1);
    CHECK_THAT(actions[0], Catch::Contains("urn:second") && !Catch::Contains("urn:cancelled"));
}

TEST_CASE("client that is destroyed completes what is under way", "[threaded]") {
    std::promise<void> arrived, gone;
    scripted peer([&](listener& where) {
        session served(where.accept(), [&](session&, nettcp::channel::message) {
            arrived.set_value();
            gone.get_future().wait();  // or it might answer our End before the client is gone
        });
        try {
            served.serve();
        } catch (const std::exception&) {  // the reset that is expected here
        }
    });
    asio::io_context own;
    auto work = asio::make_work_guard(own);
    std::promise<error_code> with_executor, without;
    {
        client c(peer.uri());
        c.async_call("urn:a", body("x"), asio::bind_executor(own, [&](error_code ec, reply) {
                         CHECK(own.get_executor().running_in_this_thread());
                         with_executor.set_value(ec);
                     }));
        arrived.get_future().get();
        c.async_close([&](error_code ec) { without.set_value(ec); });
    }
    gone.set_value();
    CHECK(without.get_future().get() == asio::error::operation_aborted);
    work.reset();
    own.run();
    CHECK(with_executor.get_future().get() == asio::error::operation_aborted);
}

TEST_CASE("client may be destroyed by its own handler", "[threaded]") {
    scripted peer(echo);
    auto c = std::make_unique<client>(peer.uri());
    std::promise<error_code> first, second;
    c->async_call("urn:a", body("x"), [&](error_code ec, reply) {
        c->async_call("urn:b", body("y"), [&](error_code late, reply) { second.set_value(late); });
        c.reset();
        first.set_value(ec);
    });
    CHECK_FALSE(first.get_future().get());
    CHECK(second.get_future().get() == asio::error::operation_aborted);
}

TEST_CASE("client refuses to block the thread that would have to work", "[threaded]") {
    scripted peer(echo);
    client c(peer.uri());
    std::promise<error_code> got;
    asio::post(c.get_executor(), [&] {
        error_code ec;
        nettcp::diagnostics why;
        c.call("urn:a", body("x"), ec, &why);
        CHECK_THAT(why.message(), Catch::Contains("another thread"));
        got.set_value(ec);
    });
    CHECK(got.get_future().get() == nettcp::net::errc::would_deadlock);
    c.call("urn:a", body("so that the peer ends"));
}

TEST_CASE("client reports a body that throws and goes on", "[threaded]") {
    scripted peer(echo);
    client c(peer.uri());
    error_code ec;
    c.call("urn:a", [](nettcp::nbfx::writer&) { throw std::runtime_error("no"); }, ec);
    CHECK(ec == nettcp::net::errc::body_failed);
    c.call(
        "urn:a",
        [](nettcp::nbfx::writer& out) {
            out.end_element();
            out.end_element();
            out.end_element();
        },
        ec);
    CHECK(ec == nettcp::cause::local);
    reply answer = c.call("urn:a", body("fine"));
    CHECK(text_of(answer.message()) == "fine");
}
