// Handlers that call their client while others want the same instance.
#include "client/instance_host.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/detached.hpp>

using namespace instances;
using namespace std::chrono_literals;
using raw::running_host;

namespace {

/// A client that, asked, calls the service again before it answers.
struct curious {
    explicit curious(const running_host& host, nettcp::call_options within = {}) {
        nettcp::client_options options;
        nettcp::serve(options.callbacks, ask,
                      [this, within](std::string question) -> awaitable<std::string> {
                          bool helped = true;
                          try {
                              co_await nettcp::async_call(*service, count(), within);
                          } catch (const nettcp::failure&) {
                              helped = false;
                          }
                          co_return question + (helped ? " with help" : " alone");
                      });
        service.emplace(client_of(host, std::move(options)));
    }

    std::optional<nettcp::client> service;
};

}  // namespace

TEST_CASE("A reentrant instance lets others in while it waits for its client", "[threaded]") {
    book all;
    const auto mode =
        GENERATE(instance_mode::per_call, instance_mode::per_session, instance_mode::single);
    running_host host({}, desks(all, mode, concurrency_mode::reentrant));
    curious first(host);
    curious second(host);
    const bool several = mode == instance_mode::single;  // sessions for one instance
    std::vector<std::future<nettcp::typed_reply<std::remove_const_t<decltype(ask_back)>>>> answers;
    for (int i = 0; i != 20; ++i)
        answers.push_back(
            begin(*(several && i % 2 != 0 ? second : first).service, ask_back("why")));
    for (auto& each : answers)
        CHECK(each.get().value().starts_with("why with help, "));
    CHECK(all.most_inside == 1);
    CHECK(host.host.calls() == 0);
}

TEST_CASE("An instance for one call at a time may call its client, too", "[threaded]") {
    book all;
    const auto mode =
        GENERATE(instance_mode::per_call, instance_mode::per_session, instance_mode::single);
    running_host host({}, desks(all, mode));
    nettcp::client_options options;
    nettcp::serve(options.callbacks, ask,
                  [](const std::string& question) { return "because of " + question; });
    nettcp::client c = client_of(host, options);
    std::vector<std::future<nettcp::typed_reply<std::remove_const_t<decltype(ask_back)>>>> answers;
    for (int i = 0; i != 10; ++i)
        answers.push_back(begin(c, ask_back("x")));
    for (int i = 0; i != 10; ++i) {
        const int seen = mode == instance_mode::per_call ? 1 : i + 1;  // nobody came between
        CHECK(answers[static_cast<std::size_t>(i)].get().value() ==
              "because of x, " + std::to_string(seen));
    }
    CHECK(all.most_inside == 1);
}

TEST_CASE("A call from within a callback waits where only one may be inside", "[threaded]") {
    book all;
    running_host host({}, desks(all, instance_mode::per_session));
    curious impatient(host, {.timeout = 200ms});
    CHECK(nettcp::call(*impatient.service, ask_back("why")).value() == "why alone, 1");
    CHECK(nettcp::call(*impatient.service, count()).value() == 3);  // it was served in its turn
}

TEST_CASE("A handler that waits for its client ends with the session", "[threaded]") {
    book all;
    const auto mode = GENERATE(instance_mode::per_session, instance_mode::single);
    running_host host({}, desks(all, mode, concurrency_mode::reentrant));
    std::atomic<int> asked = 0;
    {
        nettcp::client_options options;
        std::vector<incoming_call> never;
        options.callbacks.on(ask.shape().action, [&](incoming_call call) {
            never.push_back(std::move(call));
            ++asked;
        });
        nettcp::client c = client_of(host, options);
        for (int i = 0; i != 5; ++i)
            nettcp::async_call(c, ask_back("x"), boost::asio::detached);
        REQUIRE(running_host::eventually([&] { return asked == 5; }));
    }
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
    nettcp::client other = client_of(host);
    CHECK(nettcp::call(other, count()).value() > 0);
    if (mode == instance_mode::per_session)
        CHECK(running_host::eventually([&] { return all.gone == 1; }));
}

TEST_CASE("A channel of another call can be used within a reentrant one", "[threaded]") {
    book all;
    struct room : desk {
        using desk::desk;
        awaitable<std::string> ask_first(incoming_call& call, std::string question) {
            if (!first)
                first = call.callback();
            auto answer =
                co_await nettcp::async_call(call.callback(first), ask(std::move(question)));
            co_return answer.value();
        }
        nettcp::callback_channel first;
    };
    service_of<room> operations(
        {.instance = instance_mode::single, .concurrency = concurrency_mode::reentrant},
        [&] { return std::make_unique<room>(all); });
    operations.serve(ask_back, &room::ask_first).serve(count, &room::count);
    running_host host({}, operations);
    curious first(host);
    curious second(host);
    CHECK(nettcp::call(*first.service, ask_back("a")).value() == "a with help");
    CHECK(nettcp::call(*second.service, ask_back("b")).value() == "b with help");
}
