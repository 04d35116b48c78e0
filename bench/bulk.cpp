// What streams up and down cost, CPU of both sides on one core, against bare sockets with Asio's
// coroutines.

#include "bulk_asio.hpp"
#include "bulk_nettcp.hpp"
#include "measure.hpp"

#include <csignal>

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    std::signal(SIGPIPE, SIG_IGN);

    // All hosts start before anything else, so that each child process is a small one.
    const host_process asio(serve_bulk_asio, 0);
    const host_process streams(serve_streams_nettcp, 0);
    run_on_cpu(0);

    bulk_asio_client asio_up(asio.port, bulk_asio_work::take);
    bulk_asio_client asio_down(asio.port, bulk_asio_work::give);
    stream_nettcp_client our_stream(streams.port);

    std::vector<measurement> all;
    constexpr int batch = 16;  // of MiBs
    const auto cpu = [&all](std::string name, const host_process& host, auto move) {
        all.push_back({std::move(name), "us", [&host, move](double seconds) {
                           return microseconds_per_call(seconds, host, move, batch);
                       }});
    };
    cpu("stream up, a MiB, Asio coroutines", asio, [&](int n) { asio_up.send(n); });
    cpu("stream up, a MiB, nettcp", streams, [&](int n) { our_stream.send(n); });
    cpu("stream down, a MiB, Asio coroutines", asio, [&](int n) { asio_down.receive(n); });
    cpu("stream down, a MiB, nettcp", streams, [&](int n) { our_stream.receive(n); });
    return run(argc, argv, all);
}
