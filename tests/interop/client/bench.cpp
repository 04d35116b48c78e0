#include "bench.hpp"

#include "echo_cases.hpp"
#include "echo_client.hpp"
#include "mismatch.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <vector>

namespace nettcp::interop {
namespace {

using std::chrono::steady_clock;

constexpr auto duration = std::chrono::seconds(2);

/// What one measurement found.
struct outcome {
    std::vector<double> microseconds;
    double seconds = 0;
};

boost::asio::awaitable<void> call_until(nettcp::client& session, steady_clock::time_point end,
                                        outcome& found) {
    const text_parameter text = "hello";
    while (steady_clock::now() < end) {
        const auto begun = steady_clock::now();
        auto answer = co_await nettcp::async_call(session, i_echo::echo(text));
        must(value_of(i_echo::echo, std::move(answer)) == text, "a wrong reply came");
        const std::chrono::duration<double, std::micro> taken = steady_clock::now() - begun;
        found.microseconds.push_back(taken.count());
    }
}

/// `tasks` calls at a time on one session, for a while.
outcome measure(const target& where, int tasks) {
    boost::asio::io_context context(1);
    nettcp::client session(context.get_executor(), where.address, where.options);
    outcome found;
    std::exception_ptr problem;
    int running = tasks;
    const auto begun = steady_clock::now();
    for (int i = 0; i != tasks; ++i)
        boost::asio::co_spawn(context, call_until(session, begun + duration, found),
                              [&](std::exception_ptr thrown) {
                                  problem = problem ? problem : thrown;
                                  if (--running == 0)
                                      session.async_close([&](auto) { context.stop(); });
                              });
    context.run();
    if (problem)
        std::rethrow_exception(problem);
    found.seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
    return found;
}

void print_calls(const char* name, outcome found) {
    auto& all = found.microseconds;
    must(!all.empty(), "no call was made");
    std::sort(all.begin(), all.end());
    const auto at = [&](std::size_t percent) { return all[(all.size() - 1) * percent / 100]; };
    std::printf("BENCH %s %.0f calls/s p50 %.0fus p99 %.0fus\n", name,
                static_cast<double>(all.size()) / found.seconds, at(50), at(99));
    std::fflush(stdout);
}

/// Octets that go there and come back, one call at a time.
void measure_bytes(const target& where, std::size_t size) {
    echo_client session(where.address, where.options);
    const bytes_parameter octets = std::vector<std::byte>(size, std::byte{42});
    std::size_t calls = 0;
    const auto begun = steady_clock::now();
    for (; steady_clock::now() < begun + duration; ++calls)
        must(session.echo_bytes(octets) == octets, "wrong octets came");
    const double seconds = std::chrono::duration<double>(steady_clock::now() - begun).count();
    const double mebibytes = static_cast<double>(calls * size) / (1 << 20);
    std::printf("BENCH bytes-%zu %.0f calls/s %.0f MiB/s each way\n", size,
                static_cast<double>(calls) / seconds, mebibytes / seconds);
    std::fflush(stdout);
    session.close();
}

}  // namespace

void run_bench(const target& where) {
    print_calls("echo-1", measure(where, 1));
    print_calls("echo-16", measure(where, 16));
    print_calls("echo-64", measure(where, 64));
    measure_bytes(where, 4096);
    measure_bytes(where, std::size_t{1} << 20);
}

}  // namespace nettcp::interop
