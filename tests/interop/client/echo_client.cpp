#include "echo_client.hpp"

namespace nettcp::interop {
namespace {

std::string text_of(text_parameter text, std::string_view operation) {
    must(text.has_value(), std::string(operation) + " returned null");
    return *std::move(text);
}

template <class Operation>
auto ask(nettcp::client& client, const nettcp::contract::request<Operation>& request,
         const nettcp::call_options& options = {}) {
    return value_of(*request.operation, nettcp::call(client, request, options));
}

}  // namespace

text_parameter echo_client::echo(const text_parameter& text) {
    return ask(client_, i_echo::echo(text));
}

bytes_parameter echo_client::echo_bytes(const bytes_parameter& octets) {
    return ask(client_, i_echo::echo_bytes(octets));
}

complex_parameter echo_client::echo_complex(complex_parameter value) {
    return ask(client_, i_echo::echo_complex(std::move(value)));
}

void echo_client::notify(const std::string& text) {
    nettcp::send(client_, i_echo::notify(text));
}

std::int32_t echo_client::notify_count(const std::string& text) {
    return ask(client_, i_echo::notify_count(text));
}

nettcp::reply echo_client::fail(const std::string& text, std::int32_t code) {
    return std::move(nettcp::call(client_, i_echo::fail(text, code)).raw());
}

nettcp::reply echo_client::fail_unhandled(const std::string& text) {
    return std::move(nettcp::call(client_, i_echo::fail_unhandled(text)).raw());
}

std::string echo_client::sleep(std::int32_t milliseconds, const nettcp::call_options& options) {
    return text_of(ask(client_, i_echo::sleep(milliseconds), options), "Sleep");
}

std::string echo_client::who_am_i() {
    return text_of(ask(client_, i_echo::who_am_i()), "WhoAmI");
}

sum_and_difference echo_client::add(std::int32_t a, std::int32_t b) {
    const auto [sum, difference] = ask(client_, i_echo::add(a, b));
    return {sum, difference};
}

}  // namespace nettcp::interop
