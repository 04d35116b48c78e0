// Hosts a service that a WCF client can call, with an operation in each of the two usual styles.
//
//     02_host 9000
#include <nettcp/service/service_host.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>
#include <cstdlib>

namespace asio = boost::asio;
using namespace nettcp::nbfx::literals;

constexpr auto ns = "http://peers.test/svc"_dict;

// [host]
void echo(nettcp::incoming_call& call) {
    call.body().read_start_element("Echo", ns.text);
    const std::string text = call.body().read_element_text();
    call.end_body();
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, ns);
        out.start_element("EchoResult"_dict, ns);
        out.text(text);
        out.end_element();
        out.end_element();
    });
}

asio::awaitable<void> wait(nettcp::incoming_call& call) {
    call.body().read_start_element("Sleep", ns.text);
    const std::int32_t milliseconds = call.body().read_element_int32();
    call.end_body();
    asio::steady_timer timer(call.get_executor(), std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(asio::use_awaitable);
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("SleepResponse"_dict, ns);
        out.start_element("SleepResult"_dict, ns);
        out.text("slept " + std::to_string(milliseconds));
        out.end_element();
        out.end_element();
    });
}

int main(int argc, char** argv) {
    asio::io_context context(1);
    nettcp::service operations;
    operations.on("http://peers.test/svc/IEcho/Echo", echo);
    operations.on("http://peers.test/svc/IEcho/Sleep", wait);

    nettcp::service_host host(context.get_executor());
    host.add_endpoint("/none/echo", std::move(operations));
    const auto port = static_cast<std::uint16_t>(argc > 1 ? std::atoi(argv[1]) : 9000);
    std::printf("listening on port %u\n", host.listen("127.0.0.1", port).port);

    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) {
        host.async_stop(std::chrono::seconds(10), [](boost::system::error_code) {});
    });
    context.run();
}
// [host]
