// Deadlines, cancellation, and what an error tells: nothing here waits longer than it is told to.
//
//     09_deadlines
#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdio>

namespace asio = boost::asio;
using namespace nettcp::nbfx::literals;
using namespace std::chrono_literals;

constexpr auto ns = "urn:slow"_dict;
constexpr auto sleep_action = "urn:slow/Sleep";

// A handler that takes a second. It is cancelled when its caller's session is lost.
asio::awaitable<void> sleep_a_second(nettcp::incoming_call& call) {
    asio::steady_timer timer(call.get_executor(), 1s);
    co_await timer.async_wait(asio::use_awaitable);
    call.reply([](nettcp::nbfx::writer& out) {
        out.start_element("SleepResponse"_dict, ns);
        out.end_element();
    });
}

void sleep_request(nettcp::nbfx::writer& out) {
    out.start_element("Sleep"_dict, ns);
    out.end_element();
}

// [client]
void call_three_times(nettcp::client& service, asio::io_context& context) {
    // A deadline of this call alone. The session goes on: the late answer is dropped.
    auto why = std::make_shared<nettcp::diagnostics>();
    service.async_call(sleep_action, sleep_request, {.timeout = 200ms, .diagnostics = why.get()},
                       [why](boost::system::error_code code, const nettcp::reply&) {
                           std::printf("first: %s\n", code.message().c_str());
                           std::printf("in full: %s\n", why->message().c_str());
                       });

    // Cancelled by a signal, which must live until the call has ended.
    auto cancel = std::make_shared<asio::cancellation_signal>();
    service.async_call(
        sleep_action, sleep_request,
        asio::bind_cancellation_slot(
            cancel->slot(), [cancel](boost::system::error_code code, const nettcp::reply&) {
                std::printf("second: %s\n", code.message().c_str());
            }));
    auto timer = std::make_shared<asio::steady_timer>(context, 100ms);
    timer->async_wait([timer, cancel](boost::system::error_code) {
        cancel->emit(asio::cancellation_type::terminal);
    });

    // The client's own deadline, a minute, is enough.
    service.async_call(sleep_action, sleep_request,
                       [&service](boost::system::error_code code, const nettcp::reply&) {
                           std::printf("third: %s\n", code ? code.message().c_str() : "answered");
                           service.async_close([](boost::system::error_code) {});
                       });
}
// [client]

int main() {
    try {
        nettcp::service operations;
        operations.on(sleep_action, sleep_a_second);
        nettcp::service_host host;
        host.add_endpoint("/slow", std::move(operations));
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();

        asio::io_context context(1);
        nettcp::client_options choices;
        choices.idle_timeout = 0s;  // keep no connection, so that the context has an end
        nettcp::client service(context.get_executor(),
                               nettcp::endpoint_address("net.tcp://127.0.0.1:" + port + "/slow"),
                               choices);
        call_three_times(service, context);
        context.run();
        host.stop();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
