// The operations, in each of the styles that a handler can have: Sleep is a coroutine, Fail takes
// its call over and answers it later, WhoAmI and FailUnhandled run on the workers, and the others
// are plain functions on the session's executor, since they are quick.
#include "echo_service/echo_service.hpp"

#include "echo_service/body.hpp"
#include "echo_service/notification_counts.hpp"

#include <nettcp/nbfx/copy.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace nettcp::echo_service {
namespace {

using nbfx::literals::operator""_dict;

std::string action_of(std::string_view operation) {
    return std::string(names::action_start).append(operation);
}

/// Reads an integer parameter into `number`.
auto into(std::int32_t& number) {
    return [&number](nbfx::reader& in) { number = in.read_element_int32(); };
}

auto into(text_parameter& text) {
    return [&text](nbfx::reader& in) { text = read_text(in); };
}

void read_request(incoming_call& call, std::string_view operation,
                  std::initializer_list<parameter> parameters) {
    read_wrapper(call.body(), operation, parameters);
    call.end_body();
}

void echo(incoming_call& call) {
    text_parameter text;
    read_request(call, "Echo", {{"text", into(text)}});
    call.reply([&](nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, names::ns);
        write_text(out, "EchoResult"_dict, text);
        out.end_element();
    });
}

void echo_bytes(incoming_call& call) {
    bytes_parameter octets;
    read_request(call, "EchoBytes", {{"data", [&](nbfx::reader& in) { octets = read_bytes(in); }}});
    call.reply([&](nbfx::writer& out) {
        out.start_element("EchoBytesResponse"_dict, names::ns);
        write_bytes(out, "EchoBytesResult"_dict, octets);
        out.end_element();
    });
}

/// Copies the value; what stands in it is nobody's business but the peer's.
void write_complex_result(nbfx::reader& in, nbfx::writer& out) {
    out.start_element("EchoComplexResponse"_dict, names::ns);
    bool found = false;
    read_wrapper(in, "EchoComplex",
                 {{"value", [&](nbfx::reader& value) {
                       found = true;
                       out.start_element(value.prefix(), "EchoComplexResult"_dict, names::ns);
                       nbfx::copy_element_content(value, out, names::complex_words);
                       out.end_element();
                   }}});
    if (!found) {
        out.start_element("EchoComplexResult"_dict, names::ns);
        write_nil(out);
        out.end_element();
    }
    out.end_element();
}

/// Reads twice: a value that is broken is refused before the reply begins.
void echo_complex(incoming_call& call) {
    read_request(call, "EchoComplex", {{"value", [](nbfx::reader& in) { in.skip(); }}});
    call.message().reopen_body();
    call.reply([&](nbfx::writer& out) { write_complex_result(call.body(), out); });
}

void add(incoming_call& call) {
    std::int32_t a = 0;
    std::int32_t b = 0;
    read_request(call, "Add", {{"a", into(a)}, {"b", into(b)}});
    const auto left = static_cast<std::uint32_t>(a);  // C# wraps around too
    const auto right = static_cast<std::uint32_t>(b);
    call.reply([&](nbfx::writer& out) {
        out.start_element("AddResponse"_dict, names::ns);
        write_int32(out, "AddResult"_dict, static_cast<std::int32_t>(left + right));
        write_int32(out, "difference"_dict, static_cast<std::int32_t>(left - right));
        out.end_element();
    });
}

void notify(incoming_call& call, notification_counts& counts) {
    text_parameter text;
    read_request(call, "Notify", {{"text", into(text)}});
    counts.add(text.value_or(""));
}

void notify_count(incoming_call& call, const notification_counts& counts) {
    text_parameter text;
    read_request(call, "NotifyCount", {{"text", into(text)}});
    call.reply([&](nbfx::writer& out) {
        out.start_element("NotifyCountResponse"_dict, names::ns);
        write_int32(out, "NotifyCountResult"_dict, counts.count(text.value_or("")));
        out.end_element();
    });
}

soap::fault typed_fault(const text_parameter& text, std::int32_t code) {
    soap::fault answer;
    answer.codes = {{"Custom", std::string(names::ns.text)}};
    answer.reasons = {{"reason: " + text.value_or(""), ""}};
    answer.action = names::fail_action;
    answer.detail = [text, code](nbfx::writer& out) {
        out.start_element("", "Detail"_dict, names::ns_data);
        out.declare_namespace("i", names::ns_xsi);
        out.start_element("Code"_dict, names::ns_data);
        out.int64(code);
        out.end_element();
        out.start_element("Message"_dict, names::ns_data);
        if (text)
            out.text(*text);
        else
            write_nil(out);
        out.end_element();
        out.end_element();
    };
    return answer;
}

void fail(incoming_call call) {
    text_parameter text;
    std::int32_t code = 0;
    read_request(call, "Fail", {{"text", into(text)}, {"code", into(code)}});
    auto executor = call.get_executor();
    boost::asio::post(executor, [c = std::move(call), answer = typed_fault(text, code)]() mutable {
        c.fault(std::move(answer));
    });
}

void fail_unhandled(incoming_call& call) {
    text_parameter text;
    read_request(call, "FailUnhandled", {{"text", into(text)}});
    throw std::runtime_error("unhandled: " + text.value_or(""));
}

boost::asio::awaitable<void> sleep(incoming_call& call) {
    std::int32_t milliseconds = 0;
    read_request(call, "Sleep", {{"milliseconds", into(milliseconds)}});
    if (milliseconds < 0)
        throw std::invalid_argument("milliseconds are negative");
    boost::asio::steady_timer timer(call.get_executor(), std::chrono::milliseconds(milliseconds));
    co_await timer.async_wait(boost::asio::use_awaitable);
    call.reply([&](nbfx::writer& out) {
        out.start_element("SleepResponse"_dict, names::ns);
        write_text(out, "SleepResult"_dict, "slept " + std::to_string(milliseconds));
        out.end_element();
    });
}

/// Without security nobody knows who calls; these are the words of the CoreWCF service for it.
void who_am_i(incoming_call& call) {
    read_request(call, "WhoAmI", {});
    call.reply([](nbfx::writer& out) {
        out.start_element("WhoAmIResponse"_dict, names::ns);
        write_text(out, "WhoAmIResult"_dict, "(no ServiceSecurityContext)");
        out.end_element();
    });
}

}  // namespace

service make_echo_service(boost::asio::any_io_executor workers) {
    const auto counts = std::make_shared<notification_counts>();
    service operations;
    operations.on(action_of("Echo"), echo);
    operations.on(action_of("EchoBytes"), echo_bytes);
    operations.on(action_of("EchoComplex"), echo_complex);
    operations.on(action_of("Add"), add);
    operations.on(action_of("Notify"), [counts](incoming_call& call) { notify(call, *counts); },
                  {.one_way = true});
    operations.on(action_of("NotifyCount"),
                  [counts](incoming_call& call) { notify_count(call, *counts); });
    operations.on(action_of("Fail"), fail);
    operations.on(action_of("Sleep"), sleep);
    operations.on_executor(workers, action_of("WhoAmI"), who_am_i);
    operations.on_executor(workers, action_of("FailUnhandled"), fail_unhandled);
    return operations;
}

}  // namespace nettcp::echo_service
