// The operations, in each of the styles that a handler can have: Sleep is a coroutine, WhoAmI and
// FailUnhandled run on the workers, and the others are plain functions on the session's executor,
// since they are quick.
#include "interop_service/echo_service.hpp"

#include "interop_service/caller_text.hpp"
#include "interop_service/echo_contract.hpp"
#include "interop_service/notification_counts.hpp"

#include <nettcp/service/typed_operation.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace nettcp::interop {
namespace {

std::tuple<std::int32_t, std::int32_t> add(std::int32_t a, std::int32_t b) {
    const auto left = static_cast<std::uint32_t>(a);  // C# wraps around too
    const auto right = static_cast<std::uint32_t>(b);
    return {static_cast<std::int32_t>(left + right), static_cast<std::int32_t>(left - right)};
}

text_parameter fail(text_parameter text, std::int32_t code) {
    const std::string reason = "reason: " + text.value_or("");
    throw typed_fault(i_echo::fail, fail_detail{code, std::move(text)}, reason,
                      {"Custom", std::string(i_echo::self.ns)});
}

text_parameter fail_unhandled(const text_parameter& text) {
    throw std::runtime_error("unhandled: " + text.value_or(""));
}

boost::asio::awaitable<text_parameter> sleep(incoming_call& call, std::int32_t milliseconds) {
    if (milliseconds < 0)
        throw std::invalid_argument("milliseconds are negative");
    boost::asio::steady_timer timer(call.get_executor(), std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return "slept " + std::to_string(milliseconds);
}

text_parameter who_am_i(incoming_call& call) {
    return text_of(call.session().caller.get());
}

}  // namespace

service make_echo_service(boost::asio::any_io_executor workers) {
    const auto counts = std::make_shared<notification_counts>();
    service operations;
    serve(operations, i_echo::echo, [](text_parameter text) { return text; });
    serve(operations, i_echo::echo_bytes, [](bytes_parameter octets) { return octets; });
    serve(operations, i_echo::echo_complex, [](complex_parameter value) { return value; });
    serve(operations, i_echo::add, add);
    serve(operations, i_echo::notify,
          [counts](const text_parameter& text) { counts->add(text.value_or("")); });
    serve(operations, i_echo::notify_count,
          [counts](const text_parameter& text) { return counts->count(text.value_or("")); });
    serve(operations, i_echo::fail, fail);
    serve(operations, i_echo::sleep, sleep);
    serve_on(workers, operations, i_echo::who_am_i, who_am_i);
    serve_on(workers, operations, i_echo::fail_unhandled, fail_unhandled);
    return operations;
}

}  // namespace nettcp::interop
