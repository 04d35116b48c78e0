// Decides what stands at which address of the interop service, and how its host ends.
#include "interop_service/hosting.hpp"

#include "interop_service/chat_service.hpp"
#include "interop_service/echo_service.hpp"
#include "interop_service/stream_service.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <csignal>

namespace nettcp::interop {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// The transfers that every mode is offered with, and what they put behind its name.
constexpr std::pair<std::string_view, transfer_mode> transfers[] = {
    {"", transfer_mode::buffered},
    {"-streamed", transfer_mode::streamed},
    {"-streamedrequest", transfer_mode::streamed_request},
    {"-streamedresponse", transfer_mode::streamed_response},
};

}  // namespace

error_code host_until_signal(hosting what) {
    asio::thread_pool workers(2);
    asio::io_context context(1);
    error_code unwell;
    {
        service_host host(context.get_executor(), std::move(what.options));
        what.add_endpoints(host, workers.get_executor());
        const listening_address where = host.listen(what.ip, what.port);
        const bool is_v6 = where.ip.find(':') != where.ip.npos;
        if (!what.ready("net.tcp://" + (is_v6 ? "[" + where.ip + "]" : where.ip) + ":" +
                        std::to_string(where.port)))
            return {};
        asio::signal_set signals(context, SIGINT, SIGTERM);
        signals.async_wait([&](const error_code& failed, int) {
            if (failed)
                return;
            if (what.stopping)
                what.stopping();
            host.async_stop(what.drain, [&](const error_code& code) {
                unwell = code;
                context.stop();
            });
            signals.async_wait([&](const error_code& again, int) {  // in a hurry
                if (!again)
                    context.stop();
            });
        });
        context.run();
    }
    workers.stop();
    workers.join();
    return unwell;
}

void open_limits(channel::session_options& session) {
    session.framing.max_message_size = 1u << 30;
    session.framing.max_streamed_size = std::uint64_t{1} << 40;  // held by nobody
    session.quotas.max_depth = 1u << 16;
    session.quotas.max_attributes = 1u << 16;
}

void add_mode(service_host& host, const std::string& mode, endpoint_options binding,
              const asio::any_io_executor& workers) {
    const service echo = make_echo_service(workers);
    for (const auto& [suffix, transfer] : transfers) {
        binding.transfer = transfer;
        const std::string base = "/" + mode + std::string(suffix);
        host.add_endpoint(base + "/echo", echo, binding);
        host.add_endpoint(base + "/stream", make_stream_service(), binding);
    }
    binding.transfer = transfer_mode::buffered;
    host.add_endpoint("/" + mode + "/chat", make_chat_service(), std::move(binding));
}

void add_everything(service_host& host, const std::string& path, endpoint_options binding,
                    const asio::any_io_executor& workers) {
    binding.transfer = transfer_mode::any;
    host.add_endpoint(path, make_echo_service(workers), binding);
    host.add_endpoint(path + "/stream", make_stream_service(), binding);
    binding.transfer = transfer_mode::buffered;
    host.add_endpoint(path + "/chat", make_chat_service(), std::move(binding));
}

}  // namespace nettcp::interop
