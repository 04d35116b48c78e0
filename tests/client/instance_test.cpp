// Which instance of a user's class serves a call, and which calls take turns for it.
#include "client/instance_host.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/thread_pool.hpp>

#include <numeric>

using namespace instances;
using namespace std::chrono_literals;
using raw::running_host;

namespace {

std::int32_t count_of(nettcp::client& c) {
    return nettcp::call(c, count()).value();
}

std::vector<int> up_to(int size) {
    std::vector<int> all(static_cast<std::size_t>(size));
    std::iota(all.begin(), all.end(), 0);
    return all;
}

using entered = std::vector<std::future<nettcp::typed_reply<std::remove_const_t<decltype(enter)>>>>;

/// Calls that enter with the numbers from 0, the clients taking turns.
entered enter_in_turns(std::initializer_list<nettcp::client*> clients, int calls) {
    entered answers;
    for (int i = 0; i != calls; ++i)
        answers.push_back(
            begin(*clients.begin()[static_cast<std::size_t>(i) % clients.size()], enter(i)));
    return answers;
}

}  // namespace

TEST_CASE("An instance serves a call, a session or all", "[threaded]") {
    book all;
    SECTION("a session") {
        running_host host({}, desks(all, instance_mode::per_session));
        nettcp::client first = client_of(host);
        nettcp::client second = client_of(host);
        CHECK(all.made == 0);
        CHECK(count_of(first) == 1);
        CHECK(count_of(first) == 2);
        CHECK(count_of(second) == 1);
        CHECK(all.made == 2);
        first.close();
        CHECK(running_host::eventually([&] { return all.gone == 1; }));
        CHECK(count_of(first) == 1);  // another session, on the same connection
        CHECK(count_of(second) == 2);
        CHECK(all.made == 3);
    }
    SECTION("a call") {
        running_host host({}, desks(all, instance_mode::per_call));
        nettcp::client c = client_of(host);
        CHECK(count_of(c) == 1);
        CHECK(count_of(c) == 1);
        CHECK(all.made == 2);
        CHECK(running_host::eventually([&] { return all.gone == 2; }));
    }
    SECTION("all") {
        running_host host({}, desks(all, instance_mode::single));
        CHECK(all.made == 1);
        nettcp::client first = client_of(host);
        nettcp::client second = client_of(host);
        CHECK(count_of(first) == 1);
        CHECK(count_of(second) == 2);
        first.close();
        CHECK(count_of(first) == 3);
        CHECK(all.made == 1);
    }
    SECTION("all, and it is the user's") {
        const auto mine = std::make_shared<desk>(all);
        service_of<desk> operations(mine);
        operations.serve(count, &desk::count);
        running_host host({}, operations);
        nettcp::client c = client_of(host);
        CHECK(count_of(c) == 1);
        CHECK(mine->count() == 2);
    }
    CHECK(running_host::eventually([&] { return all.gone == all.made; }));
}

TEST_CASE("A constructor that throws fails the call that needed it", "[threaded]") {
    const auto mode = GENERATE(instance_mode::per_call, instance_mode::per_session);
    book all;
    all.broken = true;
    running_host host({}, desks(all, mode));
    nettcp::client c = client_of(host);
    auto answer = begin(c, count()).get();
    REQUIRE(answer.is_fault());
    CHECK(answer.fault().codes.back().local == "InternalServiceFault");
    CHECK(host.logged("no wood for a desk"));
    all.broken = false;
    CHECK(count_of(c) == 1);
    CHECK(host.host.calls() == 0);

    all.broken = true;
    CHECK_THROWS_AS(desks(all, instance_mode::single), std::runtime_error);
}

TEST_CASE("Calls of a session take turns, in order, unless they may not need to", "[threaded]") {
    constexpr int calls = 30;
    const auto mode =
        GENERATE(instance_mode::per_call, instance_mode::per_session, instance_mode::single);
    const auto concurrency =
        GENERATE(concurrency_mode::single, concurrency_mode::reentrant, concurrency_mode::multiple);
    CAPTURE(static_cast<int>(mode), static_cast<int>(concurrency));
    book all;
    running_host host({}, desks(all, mode, concurrency));
    nettcp::client c = client_of(host);
    entered answers;
    std::future<void> told;
    for (int i = 0; i != calls; ++i) {
        if (i % 5 == 4)
            told = nettcp::async_send(c, note(i), use_future);
        else
            answers.push_back(begin(c, enter(i)));
    }
    for (auto& each : answers)
        each.get().value();
    told.get();
    REQUIRE(all.reached(calls));
    CHECK(all.numbers() == up_to(calls));
    if (concurrency == concurrency_mode::multiple)
        CHECK(all.most_inside > 1);
    else
        CHECK(all.most_inside == 1);
}

TEST_CASE("Sessions take turns for a single instance", "[threaded]") {
    book all;
    nettcp::host_options options;
    options.max_concurrent_calls = GENERATE(1u, 2u, 64u);
    running_host host(options, desks(all, instance_mode::single));
    std::vector<nettcp::client> clients;
    entered answers;
    for (int i = 0; i != 4; ++i)
        clients.push_back(client_of(host));
    for (int i = 0; i != 40; ++i)
        answers.push_back(begin(clients[static_cast<std::size_t>(i % 4)], enter(i)));
    for (int i = 0; i != 40; ++i)
        CHECK(answers[static_cast<std::size_t>(i)].get().value() == i);
    CHECK(all.most_inside == 1);
    std::vector<int> last(4, -1);
    for (const int number : all.numbers()) {  // in order, each session's
        CHECK(number > last[static_cast<std::size_t>(number % 4)]);
        last[static_cast<std::size_t>(number % 4)] = number;
    }
}

TEST_CASE("Threads take turns for an instance, those of two hosts, too", "[threaded]") {
    const auto concurrency = GENERATE(concurrency_mode::single, concurrency_mode::multiple);
    book all;
    boost::asio::thread_pool workers(2);
    service_of<desk> operations({.instance = instance_mode::single, .concurrency = concurrency},
                                [&] { return std::make_unique<desk>(all); });
    operations.serve_on(workers.get_executor(), enter, &desk::work);
    {
        running_host one({}, operations);
        running_host other({}, operations);
        nettcp::client first = client_of(one);
        nettcp::client second = client_of(other);
        all.open = concurrency == concurrency_mode::single;
        entered answers = enter_in_turns({&first, &second}, 10);
        if (concurrency == concurrency_mode::multiple) {
            CHECK(running_host::eventually([&] { return all.inside == 2; }));
            all.open = true;
        }
        for (auto& each : answers)
            each.get().value();
    }
    if (concurrency == concurrency_mode::single)
        CHECK(all.most_inside == 1);
    workers.join();
}

TEST_CASE("A session that dies takes its waiting calls with it", "[threaded]") {
    book all;
    all.open = false;
    const auto mode = GENERATE(instance_mode::per_session, instance_mode::single);
    running_host host({}, desks(all, mode));
    nettcp::client other = client_of(host);
    {
        nettcp::client c = client_of(host);
        entered answers = enter_in_turns({&c}, 5);
        REQUIRE(all.reached(1));
        answers.push_back(begin(other, enter(10)));
        if (mode == instance_mode::per_session) {
            REQUIRE(all.reached(2));
        } else {
            usleep(20'000);
            CHECK(all.numbers().size() == 1);
        }
    }  // aborts the session: the call inside is cancelled, those behind it never begin
    REQUIRE(all.reached(2));
    CHECK(all.numbers() == std::vector<int>{0, 10});
    CHECK(running_host::eventually([&] { return host.host.calls() == 1; }));
    all.open = true;
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
    CHECK(count_of(other) == 1);
    if (mode == instance_mode::per_session)
        CHECK(running_host::eventually([&] { return all.gone == 1; }));
}

TEST_CASE("Draining lets waiting calls have their turns", "[threaded]") {
    book all;
    all.open = false;
    const auto mode = GENERATE(instance_mode::per_session, instance_mode::single);
    running_host host({}, desks(all, mode));
    nettcp::client first = client_of(host);
    nettcp::client second = client_of(host);
    entered answers = enter_in_turns({&first, &second}, 6);
    REQUIRE(all.reached(1));
    usleep(300'000);  // the rest arrives, on a busy machine, too
    boost::system::error_code stopped = nettcp::net::errc::not_open;
    std::thread stopper([&] { stopped = host.host.stop(10s); });
    usleep(20'000);
    all.open = true;
    for (int i = 0; i != 6; ++i)
        CHECK(answers[static_cast<std::size_t>(i)].get().value() == i);
    first.close();
    second.close();
    stopper.join();
    CHECK(!stopped);
}

TEST_CASE("A host with calls that wait for an instance may be destroyed", "[threaded]") {
    book all;
    all.open = false;
    const auto mode = GENERATE(instance_mode::per_session, instance_mode::single);
    auto host = std::make_unique<running_host>(nettcp::host_options(), desks(all, mode));
    nettcp::client first = client_of(*host);
    nettcp::client second = client_of(*host);
    entered answers = enter_in_turns({&first, &second}, 6);
    REQUIRE(all.reached(1));
    usleep(20'000);
    host.reset();
    for (auto& each : answers)
        CHECK_THROWS_AS(each.get(), boost::system::system_error);
    CHECK(all.gone == all.made);
}

TEST_CASE("A call that waits too long for its turn is answered", "[threaded]") {
    book all;
    all.open = false;
    nettcp::host_options options;
    options.call_timeout = 300ms;
    const auto mode = GENERATE(instance_mode::per_session, instance_mode::single);
    running_host host(options, desks(all, mode));
    nettcp::client c = client_of(host);
    auto stuck = begin(c, enter(0));
    auto behind = begin(c, enter(1));
    CHECK(stuck.get().is_fault());  // and cancelled
    CHECK(behind.get().is_fault());
    CHECK((host.logged("has waited too long for its turn") || all.numbers().size() == 2));
    all.open = true;
    CHECK(count_of(c) > 0);
    CHECK(running_host::eventually([&] { return host.host.calls() == 0; }));
}

TEST_CASE("A session that waits for an instance is read no further than a message", "[threaded]") {
    constexpr int calls = 200;
    const std::string text(2000, 'x');
    book all;
    all.open = false;
    service_of<desk> operations = desks(all, instance_mode::per_session);
    operations.on("urn:echo", [](incoming_call& call) {  // takes turns with the others
        call.reply(raw::text_body(raw::text_of(call)));
    });
    running_host host({}, operations);
    nettcp::client c = client_of(host);
    auto stuck = begin(c, enter(0));
    REQUIRE(all.reached(1));
    std::vector<std::future<nettcp::reply>> answers;
    for (int i = 0; i != calls; ++i)
        answers.push_back(c.async_call("urn:echo", raw::text_body(text), use_future));
    REQUIRE(running_host::eventually([&] { return c.metrics().octets.sent > calls * 2000; }));
    usleep(100'000);
    CHECK(host.host.metrics().octets.received < 3 * 65536);
    CHECK(host.host.calls() == 1);
    all.open = true;
    CHECK(stuck.get().value() == 0);
    for (auto& each : answers)
        CHECK(raw::text_of(each.get().message()) == text);
}
