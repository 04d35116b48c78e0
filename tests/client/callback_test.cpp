#include "client/callback_pair.hpp"
#include "support/catch.hpp"

#include <nettcp/calls/typed_call.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/client/typed_call.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/thread_pool.hpp>

using namespace callbacks;
using namespace std::chrono_literals;
using boost::asio::use_future;
using boost::system::error_code;

namespace {

/// Calls the kept channel's client and waits.
nettcp::reply ask(callback_channel back, std::string_view action, std::string text,
                  const nettcp::call_options& options = {}) {
    return back.async_call(action, text_body(std::move(text)), options, use_future).get();
}

std::string fault_of(nettcp::reply answer) {
    return raw::fault_of(answer.message());
}

}  // namespace

TEST_CASE("A service asks its caller within a call", "[threaded]") {
    pair both;
    nettcp::client c = both.client(both.options());
    auto answer = c.call("urn:ask-back", text_body("why"));
    CHECK(text_of(answer) == "client said: answer to why");
    c.close();
    answer = c.call("urn:ask-back", text_body("again"));  // another session
    CHECK(text_of(answer) == "client said: answer to again");
}

TEST_CASE("One-way callbacks come in the order in which they were sent", "[threaded]") {
    pair both;
    nettcp::client c = both.client(both.options());
    c.call("urn:subscribe", text_body("100"));
    REQUIRE(both.told.reached(100));
    const auto all = both.told.all();
    for (std::size_t i = 0; i != all.size(); ++i)
        CHECK(all[i] == std::to_string(i));
}

TEST_CASE("A callback channel is good after its call, until the session ends", "[threaded]") {
    pair both;
    nettcp::client c = both.client(both.options());
    c.call("urn:subscribe", text_body("0"));
    const callback_channel back = both.asking.kept();
    CHECK(back.is_open());
    nettcp::reply answer = ask(back, "urn:ask", "later");
    CHECK(text_of(answer) == "answer to later");
    back.async_send("urn:note", text_body("news"), use_future).get();
    CHECK(both.told.reached(1));

    c.close();
    const auto failed = [](auto&& future) {
        try {
            future.get();
        } catch (const boost::system::system_error& problem) {
            return problem.code();
        }
        return error_code();
    };
    CHECK(failed(back.async_call("urn:ask", text_body(""), use_future)) ==
          nettcp::channel::errc::session_closed);
    CHECK(!back.is_open());
    c.call("urn:subscribe", text_body("0"));  // on the same connection
    CHECK(!(both.asking.kept() == back));
    CHECK(both.asking.kept().is_open());
    CHECK(failed(back.async_send("urn:note", text_body(""), use_future)) ==
          nettcp::channel::errc::session_closed);

    const callback_channel last = both.asking.kept();
    both.running.reset();  // the host and its thread
    CHECK(!last.is_open());
    CHECK(failed(last.async_send("urn:note", text_body(""), use_future)) ==
          nettcp::channel::errc::session_closed);
    std::promise<error_code> told;  // a handler without an executor of its own
    last.async_send("urn:note", text_body(""), [&](error_code code) { told.set_value(code); });
    CHECK(told.get_future().get() == nettcp::channel::errc::session_closed);
}

TEST_CASE("Callbacks are served by every kind of handler", "[threaded]") {
    pair both;
    boost::asio::thread_pool workers(1);
    nettcp::client_options options = both.options();
    options.callbacks.on("urn:coroutine", [](incoming_call& call) -> awaitable<void> {
        boost::asio::steady_timer timer(call.get_executor(), 1ms);
        co_await timer.async_wait(boost::asio::use_awaitable);
        call.reply(text_body("coroutine"));
    });
    options.callbacks.on("urn:later", [&](incoming_call call) {
        boost::asio::post(workers,
                          [call = std::move(call)]() mutable { call.reply(text_body("later")); });
    });
    options.callbacks.on_executor(workers.get_executor(), "urn:worker", [](incoming_call& call) {
        call.reply(text_body(call.session().endpoint));
    });
    nettcp::client c = both.client(std::move(options));
    c.call("urn:subscribe", text_body("0"));
    for (const auto& [action, expected] :
         {std::pair("urn:coroutine", "coroutine"), std::pair("urn:later", "later"),
          std::pair("urn:worker", raw::via.data())}) {
        nettcp::reply answer = ask(both.asking.kept(), action, "");
        CHECK(text_of(answer) == expected);
        CHECK(answer.headers().to == raw::via);
    }
    c.close();
    workers.join();
}

TEST_CASE("Callbacks that go wrong are answered with the faults of a host", "[threaded]") {
    pair both;
    nettcp::client_options options = both.options();
    options.callbacks.on("urn:throw", [](incoming_call&) { throw std::runtime_error("secret"); });
    options.callbacks.on("urn:fault", [](incoming_call&) {
        nettcp::soap::fault fault = nettcp::soap::access_denied();
        throw nettcp::fault_exception(std::move(fault));
    });
    options.callbacks.on("urn:silent", [](incoming_call&) {});
    nettcp::client c = both.client(std::move(options));
    c.call("urn:subscribe", text_body("0"));
    const callback_channel back = both.asking.kept();
    CHECK(fault_of(ask(back, "urn:throw", "")) == "Receiver/InternalServiceFault");
    CHECK(fault_of(ask(back, "urn:fault", "")) == "Sender/FailedAuthentication");
    CHECK(fault_of(ask(back, "urn:silent", "")) == "Receiver/InternalServiceFault");
    CHECK(fault_of(ask(back, "urn:nobody", "")) == "Sender/ActionNotSupported");
    nettcp::call_options mandatory;
    mandatory.headers = [](nettcp::nbfx::writer& out) {
        out.start_element("h", "Unknown", "urn:headers");
        out.attribute("s", "mustUnderstand", "http://www.w3.org/2003/05/soap-envelope", "1");
        out.end_element();
    };
    CHECK(fault_of(ask(back, "urn:ask", "", mandatory)) == "MustUnderstand/MustUnderstand");

    CHECK(c.dropped_messages() == 0);
    back.async_send("urn:nobody", text_body(""), use_future).get();
    CHECK(text_of(*std::make_unique<nettcp::reply>(ask(back, "urn:ask", "x"))) == "answer to x");
    CHECK(c.dropped_messages() == 1);
}

TEST_CASE("A callback that takes too long is given up by either side", "[threaded]") {
    pair both;
    std::atomic<int> cancelled = 0;
    nettcp::client_options options = both.options();
    options.callback_timeout = 300ms;
    options.callbacks.on("urn:sleep", [&](incoming_call& call) -> awaitable<void> {
        boost::asio::steady_timer timer(call.get_executor(), 20s);
        try {
            co_await timer.async_wait(boost::asio::use_awaitable);
        } catch (const boost::system::system_error&) {
            ++cancelled;
        }
    });
    nettcp::client c = both.client(std::move(options));
    c.call("urn:subscribe", text_body("0"));
    const callback_channel back = both.asking.kept();
    nettcp::diagnostics why;
    auto late = back.async_call("urn:sleep", text_body(""), {.timeout = 50ms, .diagnostics = &why},
                                use_future);
    CHECK_THROWS_AS(late.get(), boost::system::system_error);
    CHECK(why.code == nettcp::net::errc::timed_out);
    CHECK(why.stage == nettcp::stage::receive);
    CHECK(fault_of(ask(back, "urn:sleep", "")) == "Receiver/InternalServiceFault");
    CHECK(raw::running_host::eventually([&] { return cancelled == 2; }));
    boost::asio::cancellation_signal stop;
    std::promise<error_code> stopped;
    back.async_call("urn:sleep", text_body(""),
                    boost::asio::bind_cancellation_slot(
                        stop.slot(), [&](const error_code& code, const nettcp::reply&) {
                            stopped.set_value(code);
                        }));
    boost::asio::post(back.get_executor(),
                      [&] { stop.emit(boost::asio::cancellation_type::total); });
    CHECK(stopped.get_future().get() == boost::asio::error::operation_aborted);
    nettcp::reply answer = ask(back, "urn:ask", "still");
    CHECK(text_of(answer) == "answer to still");
}

TEST_CASE("Calls that call back do not starve each other, whatever the throttles", "[threaded]") {
    nettcp::host_options options;
    options.max_concurrent_calls = 1;
    pair both(options);
    nettcp::client_options client_options = both.options();
    client_options.max_concurrent_callbacks = 1;
    std::optional<nettcp::client> c;
    client_options.callbacks = nettcp::service();
    client_options.callbacks.on("urn:ask", [&](incoming_call& call) -> awaitable<void> {
        const std::string text = text_of(call);
        // A callback that calls the service, whose only call is waiting for this callback.
        co_await c->async_send("urn:note", text_body(text));
        call.reply(text_body("answer to " + text));
    });
    c.emplace(both.client(std::move(client_options)));
    std::vector<std::future<nettcp::reply>> answers;
    for (int i = 0; i != 100; ++i)
        answers.push_back(c->async_call("urn:ask-back", text_body(std::to_string(i)), use_future));
    for (int i = 0; i != 100; ++i) {
        nettcp::reply answer = answers[static_cast<std::size_t>(i)].get();
        CHECK(text_of(answer) == "client said: answer to " + std::to_string(i));
    }
}

TEST_CASE("1,000 callbacks are in flight at a time", "[threaded]") {
    constexpr int count = 1000;
    pair both;
    std::mutex guard;
    std::vector<incoming_call> asked;
    nettcp::client_options options = both.options();
    options.max_concurrent_callbacks = count;
    options.callbacks.on("urn:hold", [&](incoming_call call) {
        const std::lock_guard lock(guard);
        asked.push_back(std::move(call));
        if (asked.size() < count)
            return;
        for (incoming_call& each : asked)
            each.reply(text_body("all " + text_of(each)));
        asked.clear();
    });
    nettcp::client c = both.client(std::move(options));
    c.call("urn:subscribe", text_body("0"));
    const callback_channel back = both.asking.kept();
    std::vector<std::future<nettcp::reply>> answers;
    for (int i = 0; i != count; ++i)
        answers.push_back(back.async_call("urn:hold", text_body(std::to_string(i)), use_future));
    for (int i = 0; i != count; ++i) {
        nettcp::reply answer = answers[static_cast<std::size_t>(i)].get();
        REQUIRE(text_of(answer) == "all " + std::to_string(i));
    }
}

TEST_CASE("Over streamed transfers there is no way back", "[threaded]") {
    nettcp::service_host host;
    asking_service asking;
    host.add_endpoint("/test", asking.operations(), {.transfer = nettcp::transfer_mode::streamed});
    const auto where = host.listen("127.0.0.1", 0);
    host.start();
    nettcp::client_options options;
    options.transfer = nettcp::transfer_mode::streamed;
    nettcp::client c("net.tcp://127.0.0.1:" + std::to_string(where.port) + "/test", options);
    c.call("urn:subscribe", text_body("0"));
    auto sent = asking.kept().async_send("urn:note", text_body(""), use_future);
    try {
        sent.get();
        FAIL("it was sent");
    } catch (const boost::system::system_error& problem) {
        CHECK(problem.code() == nettcp::channel::errc::callbacks_unsupported);
    }
}

namespace {

inline constexpr nettcp::contract::service_contract i_clock{"IClock", "urn:clock"};
inline constexpr nettcp::contract::operation<std::int32_t(std::int32_t)> start{
    i_clock, "Start", {"ticks"}};
inline constexpr nettcp::contract::operation<void(std::int32_t)> tick{
    i_clock, "Tick", {"number"}, {.one_way = true}};
inline constexpr nettcp::contract::operation<bool(std::string)> confirm{
    i_clock, "Confirm", {"question"}};

}  // namespace

TEST_CASE("A callback contract is declared once for both sides", "[threaded]") {
    nettcp::service clock;
    nettcp::serve(clock, start, [](incoming_call& call, int ticks) -> awaitable<std::int32_t> {
        const callback_channel back = call.callback();
        for (int i = 0; i != ticks; ++i)
            co_await nettcp::async_send(back, tick(i));
        auto sure = co_await nettcp::async_call(call.callback(), confirm("sure?"));
        co_return sure.value() ? ticks : -1;
    });
    raw::running_host host({}, std::move(clock));
    std::vector<int> ticks;
    nettcp::client_options options;
    options.via = nettcp::endpoint_address(
        "net.tcp://127.0.0.1:" + std::to_string(host.where.port) + "/test");
    nettcp::serve(options.callbacks, tick, [&](int number) { ticks.push_back(number); });
    nettcp::serve(options.callbacks, confirm,
                  [](const std::string& question) { return question == "sure?"; });
    nettcp::client c(nettcp::endpoint_address(raw::via), options);
    CHECK(nettcp::call(c, start(3)).value() == 3);
    CHECK(ticks == std::vector<int>{0, 1, 2});
}
