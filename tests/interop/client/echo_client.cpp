#include "echo_client.hpp"

#include "mismatch.hpp"

namespace interop {

namespace names = nettcp::echo_service::names;
using nettcp::echo_service::parameter;
using nettcp::echo_service::write_bytes;
using nettcp::echo_service::write_int32;
using nettcp::echo_service::write_text;
using nettcp::nbfx::reader;
using nettcp::nbfx::writer;
using nettcp::nbfx::literals::operator""_dict;

namespace {

auto into(std::int32_t& number) {
    return [&number](reader& in) { number = in.read_element_int32(); };
}

std::string text_of(text_parameter text, std::string_view operation) {
    must(text.has_value(), std::string(operation) + " returned null");
    return *std::move(text);
}

}  // namespace

std::string action_of(std::string_view operation) {
    return std::string(names::action_start).append(operation);
}

void write_text_request(writer& out, nettcp::nbfx::dictionary_string operation,
                        const text_parameter& text) {
    out.start_element(operation, names::ns);
    write_text(out, "text"_dict, text);
    out.end_element();
}

void write_sleep_request(writer& out, std::int32_t milliseconds) {
    out.start_element("Sleep"_dict, names::ns);
    write_int32(out, "milliseconds"_dict, milliseconds);
    out.end_element();
}

void read_reply(nettcp::reply& answer, std::string_view operation,
                std::initializer_list<parameter> parameters) {
    if (answer.is_fault()) {
        const auto fault = answer.fault();
        throw mismatch("a fault arrived: " +
                       (fault ? std::string(fault->reason()) : fault.error().code.message()));
    }
    const std::string action = action_of(operation) + "Response";
    must(answer.headers().action == action,
         "the reply has the action " + std::string(answer.headers().action));
    reader& in = answer.body();
    nettcp::echo_service::read_wrapper(in, std::string(operation) + "Response", parameters);
    must(in.ok(), "the reply cannot be read: " + in.failure().code.message());
    if (const auto end = answer.message().read_end(); !end)
        throw mismatch("behind the reply: " + end.error().code.message());
}

text_parameter read_text_reply(nettcp::reply& answer, std::string_view operation) {
    text_parameter text;
    bool found = false;
    read_reply(answer, operation, {{std::string(operation) + "Result", [&](reader& in) {
                                        text = nettcp::echo_service::read_text(in);
                                        found = true;
                                    }}});
    must(found, "the reply has no " + std::string(operation) + "Result");
    return text;
}

text_parameter echo_client::echo(const text_parameter& text) {
    nettcp::reply answer = client_.call(
        action_of("Echo"), [&](writer& out) { write_text_request(out, "Echo"_dict, text); });
    return read_text_reply(answer, "Echo");
}

bytes_parameter echo_client::echo_bytes(const bytes_parameter& octets) {
    nettcp::reply answer = client_.call(action_of("EchoBytes"), [&](writer& out) {
        out.start_element("EchoBytes"_dict, names::ns);
        write_bytes(out, "data"_dict, octets);
        out.end_element();
    });
    bytes_parameter result;
    read_reply(answer, "EchoBytes", {{"EchoBytesResult", [&](reader& in) {
                                          result = nettcp::echo_service::read_bytes(in);
                                      }}});
    return result;
}

std::unique_ptr<complex> echo_client::echo_complex(const complex* value) {
    nettcp::reply answer = client_.call(action_of("EchoComplex"), [&](writer& out) {
        out.start_element("EchoComplex"_dict, names::ns);
        out.start_element("value"_dict, names::ns);
        write_complex(out, value);
        out.end_element();
        out.end_element();
    });
    std::unique_ptr<complex> result;
    bool found = false;
    read_reply(answer, "EchoComplex", {{"EchoComplexResult", [&](reader& in) {
                                            result = read_complex(in);
                                            found = true;
                                        }}});
    must(found, "the reply has no EchoComplexResult");
    return result;
}

void echo_client::notify(const std::string& text) {
    client_.send(action_of("Notify"),
                 [&](writer& out) { write_text_request(out, "Notify"_dict, text); });
}

std::int32_t echo_client::notify_count(const std::string& text) {
    nettcp::reply answer = client_.call(action_of("NotifyCount"), [&](writer& out) {
        write_text_request(out, "NotifyCount"_dict, text);
    });
    std::int32_t count = -1;
    read_reply(answer, "NotifyCount", {{"NotifyCountResult", into(count)}});
    return count;
}

nettcp::reply echo_client::fail(const std::string& text, std::int32_t code) {
    return client_.call(action_of("Fail"), [&](writer& out) {
        out.start_element("Fail"_dict, names::ns);
        write_text(out, "text"_dict, text);
        write_int32(out, "code"_dict, code);
        out.end_element();
    });
}

nettcp::reply echo_client::fail_unhandled(const std::string& text) {
    return client_.call(action_of("FailUnhandled"),
                        [&](writer& out) { write_text_request(out, "FailUnhandled"_dict, text); });
}

std::string echo_client::sleep(std::int32_t milliseconds, const nettcp::call_options& options) {
    nettcp::reply answer = client_.call(
        action_of("Sleep"), [&](writer& out) { write_sleep_request(out, milliseconds); }, options);
    return text_of(read_text_reply(answer, "Sleep"), "Sleep");
}

std::string echo_client::who_am_i() {
    nettcp::reply answer = client_.call(action_of("WhoAmI"), [](writer& out) {
        out.start_element("WhoAmI"_dict, names::ns);
        out.end_element();
    });
    return text_of(read_text_reply(answer, "WhoAmI"), "WhoAmI");
}

sum_and_difference echo_client::add(std::int32_t a, std::int32_t b) {
    nettcp::reply answer = client_.call(action_of("Add"), [&](writer& out) {
        out.start_element("Add"_dict, names::ns);
        write_int32(out, "a"_dict, a);
        write_int32(out, "b"_dict, b);
        out.end_element();
    });
    sum_and_difference result;
    read_reply(answer, "Add",
               {{"AddResult", into(result.sum)}, {"difference", into(result.difference)}});
    return result;
}

}  // namespace interop
