#include "call_cases.hpp"

#include "echo_cases.hpp"
#include "echo_client.hpp"
#include "mismatch.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <thread>
#include <vector>

namespace nettcp::interop {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr int tasks = 32;
constexpr int calls_each = 5;

void must_echo(echo_client& session, const std::string& text) {
    must(session.echo(text) == text, "\"" + text + "\" came back as something else");
}

boost::asio::awaitable<void> call_in_turn(nettcp::client& session, int task) {
    for (int i = 0; i != calls_each; ++i) {
        const std::string text = "task " + std::to_string(task) + " call " + std::to_string(i);
        auto answer = co_await nettcp::async_call(session, i_echo::echo(text));
        must(value_of(i_echo::echo, std::move(answer)) == text,
             "a reply of another call came for " + text);
    }
}

}  // namespace

void slow(const target& where) {
    echo_client session(where.address, where.options);
    const auto begun = steady_clock::now();
    must(session.sleep(700) == "slept 700", "the reply says something else");
    must(steady_clock::now() - begun >= 690ms, "the reply came too early");
    session.close();
}

void timeout(const target& where) {
    echo_client session(where.address, where.options);
    session.open();
    const auto begun = steady_clock::now();
    try {
        session.sleep(2500, {.timeout = 500ms});
        throw mismatch("a reply came instead of a timeout");
    } catch (const nettcp::failure& problem) {
        must(problem.code() == nettcp::net::errc::timed_out,
             std::string("another failure: ") + problem.what());
    }
    const auto taken = steady_clock::now() - begun;
    must(taken >= 490ms && taken < 1500ms,
         "the timeout came after " +
             std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(taken).count()) +
             "ms");
    must_echo(session, "after the timeout");
}

void concurrent(const target& where) {
    echo_client session(where.address, where.options);
    nettcp::client& shared = session.session();
    std::vector<std::future<void>> running;
    for (int task = 0; task != tasks; ++task)
        running.push_back(boost::asio::co_spawn(shared.get_executor(), call_in_turn(shared, task),
                                                boost::asio::use_future));
    for (auto& each : running)
        each.wait();  // all of them use the session, so none may be left behind
    for (auto& each : running)
        each.get();
    session.close();
}

void reorder(const target& where) {
    echo_client session(where.address, where.options);
    session.open();
    auto late = nettcp::async_call(session.session(), i_echo::sleep(1000), boost::asio::use_future);
    must_echo(session, "fast");
    must(late.wait_for(0s) != std::future_status::ready, "the slow reply came first");
    must(value_of(i_echo::sleep, late.get()) == "slept 1000", "the slow reply says something else");
    session.close();
}

void reopen(const target& where) {
    echo_client session(where.address, where.options);
    for (int i = 0; i != 5; ++i) {
        session.open();
        must_echo(session, "r" + std::to_string(i));
        session.close();
        std::this_thread::sleep_for(where.pause);
    }
}

void session_idle(const target& where) {
    nettcp::client_options options = where.options;
    options.reopen = false;  // the second call must find the session of the first
    echo_client session(where.address, options);
    session.open();
    must_echo(session, "before");
    std::this_thread::sleep_for(1500ms);
    must_echo(session, "after");
    session.close();
}

}  // namespace nettcp::interop
