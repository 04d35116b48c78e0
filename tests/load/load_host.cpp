// Decides how a host of these tests runs: on how many threads, with which endpoints and limits.
#include "load/choices.hpp"
#include "load/load_service.hpp"
#include "load/security_modes.hpp"
#include "load/texts.hpp"

#include <nettcp/service/service_host.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdio>
#include <thread>

namespace load {
namespace {

namespace asio = boost::asio;

nettcp::host_options limits(std::uint32_t sessions) {
    nettcp::host_options raised;
    raised.max_connections = sessions;
    raised.max_pending_connections = sessions;
    raised.listen_backlog = 4096;
    raised.max_concurrent_calls = sessions;
    raised.session.framing.max_message_size = 1u << 20;
    raised.session.framing.max_streamed_size = std::uint64_t{1} << 40;
    return raised;
}

}  // namespace

void run_host(const choices& chosen) {
    const auto threads = chosen.number("threads", 1);
    const auto sessions = static_cast<std::uint32_t>(chosen.number("sessions", 1000));
    asio::io_context context(static_cast<int>(threads));
    asio::thread_pool workers(2);
    asio::signal_set stopping(context, SIGTERM);
    nettcp::service_host host(threads == 1 ? asio::any_io_executor(context.get_executor())
                                           : asio::make_strand(context),
                              limits(sessions));
    std::shared_ptr<ledger> seen;
    if (const auto path = chosen.text("ledger"); !path.empty())
        seen = std::make_shared<ledger>(path);
    const nettcp::service operations = load_service(workers.get_executor(), seen);
    for (const security_mode& mode :
         security_modes({chosen.text("certificate"), chosen.text("spn")})) {
        host.add_endpoint("/load" + mode.name, operations, {.security = mode.service});
        host.add_endpoint("/streamed" + mode.name, operations,
                          {.security = mode.service, .transfer = nettcp::transfer_mode::streamed});
    }
    const auto where =
        host.listen("127.0.0.1", static_cast<std::uint16_t>(chosen.number("port", 0)));
    bool in_time = true;
    stopping.async_wait([&](const boost::system::error_code&, int) {
        asio::post(host.get_executor(), [&] {
            host.async_stop(std::chrono::seconds(2),
                            [&](const boost::system::error_code&) { context.stop(); });
        });
    });
    std::printf("READY %u\n", static_cast<unsigned>(where.port));
    std::fflush(stdout);
    std::vector<std::thread> others;
    for (unsigned long i = 1; i < threads; ++i)
        others.emplace_back([&context] { context.run(); });
    context.run();
    for (std::thread& each : others)
        each.join();
    workers.join();
    must(in_time || chosen.text("strict").empty(), "sessions or calls go on");
}

}  // namespace load
