// What an echo costs: CPU of client and host together, both on one core, against the same octets
// moved by Asio's coroutines and by blocking sockets; and how many calls a second a session takes.

#include "echo_clients.hpp"
#include "echo_hosts.hpp"
#include "measure.hpp"

#include <csignal>

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    std::signal(SIGPIPE, SIG_IGN);

    // All hosts start before anything else, so that each child process is a small one.
    host_process raw(serve_raw_sockets, 0);
    host_process asio(serve_asio, 0);
    host_process plain(serve_nettcp, 0);
    host_process coroutines(serve_nettcp_coroutines, 0);
    host_process elsewhere(serve_nettcp, 1);
    run_on_cpu(0);

    raw_client over_raw(raw.port);
    asio_client over_asio(asio.port);
    nettcp_client by_callback(plain.port);
    nettcp_client by_coroutine(coroutines.port);
    nettcp_client to_elsewhere(elsewhere.port);
    const auto pool = std::make_shared<nettcp::connection_pool>();
    session_client pooled(plain.port, pool);
    session_client unpooled(plain.port, nullptr);
    session_client pooled_elsewhere(elsewhere.port, pool);

    std::vector<measurement> all;
    const auto cpu = [&all](std::string name, const host_process& host, auto calls) {
        all.push_back({std::move(name), "us", [&host, calls](double seconds) {
                           return microseconds_per_call(seconds, host, calls);
                       }});
    };
    cpu("echo, blocking sockets", raw, [&](int n) { over_raw.call(n); });
    cpu("echo, Asio coroutines", asio, [&](int n) { over_asio.call(n); });
    cpu("echo, nettcp coroutines", coroutines,
        [&](int n) { by_coroutine.call_in_coroutines(n, 1); });
    cpu("echo, nettcp callbacks", plain, [&](int n) { by_callback.call_with_callbacks(n, 1); });
    cpu("32 in flight, nettcp coroutines", coroutines,
        [&](int n) { by_coroutine.call_in_coroutines(n, 32); });
    cpu("32 in flight, nettcp callbacks", plain,
        [&](int n) { by_callback.call_with_callbacks(n, 32); });
    cpu("open + echo + close, pooled", plain, [&](int n) { pooled.open_call_close(n); });
    cpu("open + echo + close, new connections", plain, [&](int n) { unpooled.open_call_close(n); });
    all.push_back({"open + echo + close, pooled, on two cores", "calls/s", [&](double seconds) {
                       return calls_per_second(seconds,
                                               [&](int n) { pooled_elsewhere.open_call_close(n); });
                   }});
    all.push_back({"32 in flight on two cores", "calls/s", [&](double seconds) {
                       return calls_per_second(
                           seconds, [&](int n) { to_elsewhere.call_with_callbacks(n, 32); });
                   }});
    return run(argc, argv, all);
}
