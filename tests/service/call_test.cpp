#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>
#include <nettcp/soap/names.hpp>

#include <boost/asio/thread_pool.hpp>

#include <deque>
#include <set>
#include <thread>

using namespace raw;
using nettcp::incoming_call;
using nettcp::service;

TEST_CASE("service_host answers the captured .NET request as CoreWCF did", "[threaded]") {
    using namespace nettcp::nbfx::literals;
    service echo;
    echo.on("http://peers.test/svc/IEcho/Echo", [](incoming_call& call) {
        auto& in = call.body();
        in.read_start_element("Echo", "http://peers.test/svc");
        const std::string text = in.read_element_text();
        in.read_end_element();
        call.end_body();
        call.reply([&](nettcp::nbfx::writer& out) {
            out.start_element("", "EchoResponse"_dict, "http://peers.test/svc"_dict);
            out.start_element("", "EchoResult"_dict, "http://peers.test/svc"_dict);
            out.text(text);
            out.end_element();
            out.end_element();
        });
    });
    nettcp::service_host host;
    host.add_endpoint("net.tcp://localhost:9000/none/echo", std::move(echo));
    const auto where = host.listen("127.0.0.1", 0);
    host.start();

    wire_socket wire(where);
    wire.send("000100010202226e65742e7463703a2f2f6c6f63616c686f73743a393030302f6e6f6e652f656368"
              "6f03080c");
    CHECK(wire.read_hex(1) == "0b");
    wire.send("06ac016420687474703a2f2f70656572732e746573742f7376632f494563686f2f4563686f226e65"
              "742e7463703a2f2f6c6f63616c686f73743a393030302f6e6f6e652f6563686f044563686f156874"
              "74703a2f2f70656572732e746573742f737663047465787456020b0173040b0161065608440a1e00"
              "82ab01441aad43e69a0ea9bde24d9b22c7c383dbcfd0442c442aab1401440c1e0082ab0301560e42"
              "050a074209990568656c6c6f010101");
    CHECK(wire.read_hex(155) ==
          "0698015728687474703a2f2f70656572732e746573742f7376632f494563686f2f4563686f526573"
          "706f6e73650c4563686f526573706f6e736515687474703a2f2f70656572732e746573742f737663"
          "0a4563686f526573756c7456020b0173040b0161065608440a1e0082ab014412ad43e69a0ea9bde2"
          "4d9b22c7c383dbcfd0440c1e0082ab1401560e42030a054207990568656c6c6f010101");
    wire.send("07");
    CHECK(wire.read_hex(1) == "07");
    wire.end_sending();
    CHECK(wire.read_all().empty());
    CHECK(wire.how() == ending::fin);
}

TEST_CASE("service_host runs every kind of handler", "[threaded]") {
    boost::asio::thread_pool pool(2);
    std::atomic<bool> on_pool{false};
    std::deque<std::thread> threads;
    service all;
    all.on("urn:plain",
           [](incoming_call& call) { call.reply(text_body("plain " + text_of(call))); });
    all.on("urn:coroutine", [](incoming_call& call) -> boost::asio::awaitable<void> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                        std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
        call.reply(text_body("coroutine " + text_of(call)));
    });
    all.on("urn:completion",
           [](incoming_call call) { call.reply(text_body("completion " + text_of(call))); });
    all.on("urn:elsewhere", [&](incoming_call call) {
        threads.emplace_back([call = std::move(call)]() mutable {
            call.reply(text_body("elsewhere " + text_of(call)));
        });
    });
    all.on_executor(pool.get_executor(), "urn:pool", [&](incoming_call& call) {
        on_pool = pool.get_executor().running_in_this_thread();
        call.reply(text_body("pool " + text_of(call)));
    });
    all.on("*", [](incoming_call& call) {
        call.reply(text_body("other " + std::string(call.action())), {.action = "urn:any"});
    });
    running_host host({}, std::move(all));
    client c(host.where);
    c.open(via);
    std::uint32_t id = 0;
    for (const std::string kind : {"plain", "coroutine", "completion", "elsewhere", "pool"}) {
        CAPTURE(kind);
        auto answer = c.call(request(++id, "urn:" + kind, "x"));
        CHECK(answer.headers().relates_to->guid == client::id_of(id));
        CHECK(answer.headers().to == nettcp::soap::names::anonymous.text);
        CHECK(answer.headers().action == "urn:" + kind + "Response");
        CHECK(text_of(answer) == kind + " x");
    }
    auto other = c.call(request(++id, "urn:unknown", "x"));
    CHECK(other.headers().action == "urn:any");
    CHECK(text_of(other) == "other urn:unknown");
    CHECK(on_pool);
    CHECK(c.close());
    for (auto& one : threads)
        one.join();
    pool.join();
}

TEST_CASE("service_host runs the calls of a session side by side", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    SECTION("answers overtake each other") {
        c.queue(request(1, "urn:sleep", "300"));
        c.queue(request(2, "urn:sleep", "100"));
        c.queue(request(3, "urn:echo", "now"));
        c.flush();
        std::string order;
        for (int i = 0; i < 3; ++i) {
            const auto answer = c.receive();
            for (std::uint32_t id = 1; id <= 3; ++id) {
                if (answer.headers().relates_to->guid == client::id_of(id))
                    order += std::to_string(id);
            }
        }
        CHECK(order == "321");
    }
    SECTION("more of them than may run wait for their turn") {
        for (std::uint32_t id = 1; id <= 500; ++id)
            c.queue(request(id, "urn:sleep", id % 7 == 0 ? "3" : "0"));
        c.flush();
        std::set<nettcp::uuid> answers;
        for (int i = 0; i < 500; ++i)
            answers.insert(*c.receive().headers().relates_to->guid);
        CHECK(answers.size() == 500);
    }
    SECTION("the session ends when all have answered") {
        c.queue(request(1, "urn:sleep", "200"));
        c.queue(request(2, "urn:sleep", "100"));
        c.session.end();
        c.flush();
        CHECK(c.next() == nettcp::channel::event_type::message_arrived);
        CHECK(c.next() == nettcp::channel::event_type::message_arrived);
        CHECK(c.next() == nettcp::channel::event_type::peer_ended);
        CHECK(c.next() == nettcp::channel::event_type::closed);
    }
    SECTION("even when the peer has shut down its direction") {
        c.queue(request(1, "urn:sleep", "100"));
        c.session.end();
        c.flush();
        c.wire.end_sending();
        auto answer = c.receive();
        CHECK(text_of(answer) == "slept 100");
        CHECK(c.next() == nettcp::channel::event_type::peer_ended);
        CHECK(c.wire.read_all().empty());
        CHECK(c.wire.how() == ending::fin);
    }
}

TEST_CASE("service_host takes no more calls at a time than its throttles say", "[threaded]") {
    std::atomic<int> running{0};
    std::atomic<int> most{0};
    service busy;
    busy.on("urn:busy", [&](incoming_call& call) -> boost::asio::awaitable<void> {
        most = std::max(most.load(), ++running);
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                        std::chrono::milliseconds(5));
        co_await timer.async_wait(boost::asio::use_awaitable);
        --running;
        call.reply(text_body("done"));
    });
    nettcp::host_options options;
    int allowed = 0;
    SECTION("of the host") {
        allowed = 3;
        options.max_concurrent_calls = 3;
    }
    SECTION("of a session") {
        allowed = 6;
        options.max_concurrent_calls = 100;
        options.max_concurrent_calls_per_session = 3;
    }
    running_host host(options, std::move(busy));
    client a(host.where);
    client b(host.where);
    a.open(via);
    b.open(via);
    for (std::uint32_t id = 1; id <= 40; ++id) {
        a.queue(request(id, "urn:busy", ""));
        b.queue(request(id, "urn:busy", ""));
    }
    a.flush();
    b.flush();
    for (int i = 0; i < 40; ++i) {
        a.receive();
        b.receive();
    }
    CHECK(most == allowed);
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
}

TEST_CASE("service_host takes one-way messages without an answer", "[threaded]") {
    std::atomic<int> noted{0};
    running_host host({}, echo_service(&noted));
    client c(host.where);
    c.open(via);
    client::request note;
    note.action = "urn:note";
    note.to = via;
    c.queue(note);
    c.queue(request(1, "urn:note", "an id changes nothing"));
    auto answer = c.call(request(2, "urn:echo", "after"));
    CHECK(text_of(answer) == "after");
    CHECK(noted == 2);
    note.action = "urn:unknown";  // no fault for what wants no answer
    c.queue(note);
    auto last = c.call(request(3, "urn:echo", "last"));
    CHECK(text_of(last) == "last");
}

TEST_CASE("service_host sends replies where ReplyTo says, on the same session", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    auto asked = request(1, "urn:echo", "there");
    asked.reply_to = "net.tcp://elsewhere/callback";
    const auto answer = c.call(asked);
    CHECK(answer.headers().to == "net.tcp://elsewhere/callback");
    asked = request(2, "urn:echo", "nowhere");
    asked.reply_to = "http://www.w3.org/2005/08/addressing/none";
    c.queue(asked);
    const auto next = c.call(request(3, "urn:echo", "here"));
    CHECK(next.headers().relates_to->guid == client::id_of(3));
}

TEST_CASE("service refuses a second handler for an action") {
    service s;
    s.on("urn:a", [](incoming_call&) {});
    CHECK_THROWS_MATCHES(s.on("urn:a", [](incoming_call&) {}), nettcp::failure,
                         Catch::Matchers::Predicate<nettcp::failure>([](const auto& thrown) {
                             return thrown.code() == nettcp::net::errc::action_duplicate;
                         }));
}
