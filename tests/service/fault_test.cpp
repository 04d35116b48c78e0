#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/names.hpp>

using namespace raw;
using nettcp::incoming_call;
using nettcp::service;

namespace {

constexpr std::string_view dispatcher =
    "http://schemas.microsoft.com/net/2005/12/windowscommunicationfoundation/dispatcher";
constexpr std::string_view addressing = "http://www.w3.org/2005/08/addressing";

service failing_service() {
    service failing = echo_service();
    failing.on("urn:throws", [](incoming_call&) { throw std::runtime_error("secret"); });
    failing.on("urn:completion-throws", [](incoming_call call) {
        (void)call;
        throw std::runtime_error("secret");
    });
    failing.on("urn:throws-later", [](incoming_call&) -> boost::asio::awaitable<void> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor,
                                        std::chrono::milliseconds(1));
        co_await timer.async_wait(boost::asio::use_awaitable);
        throw std::runtime_error("secret");
    });
    failing.on("urn:fault", [](incoming_call&) {
        nettcp::soap::fault answer;
        answer.codes = {{"Sender", ""}, {"Odd", "urn:codes"}};
        answer.reasons = {{"no such thing", "en-US"}};
        answer.action = "urn:odd";
        answer.detail = [](nettcp::nbfx::writer& out) {
            out.start_element("Why", "urn:test");
            out.text("because");
            out.end_element();
        };
        throw nettcp::fault_exception(answer);
    });
    failing.on("urn:silent", [](incoming_call) {});
    failing.on("urn:number", [](incoming_call& call) {
        const std::int32_t number = call.body().read_element_int32();
        call.end_body();
        call.reply(text_body(std::to_string(number)));
    });
    failing.on("urn:unwritable", [](incoming_call& call) {
        call.reply([](nettcp::nbfx::writer& out) { out.end_element(); });
    });
    failing.on("urn:body-throws", [](incoming_call& call) {
        call.reply([](nettcp::nbfx::writer& out) {
            out.start_element("Half", "urn:test");
            throw std::runtime_error("secret");
        });
    });
    failing.on("urn:knows", [](incoming_call& call) { call.reply(text_body("known")); },
               {.understands = {{"Known", "urn:headers"}}});
    failing.on("urn:one-way-throws", [](incoming_call&) { throw std::runtime_error("secret"); },
               {.one_way = true});
    return failing;
}

void write_header(nettcp::nbfx::writer& out, std::string_view local, std::string_view mandatory,
                  std::string_view role = {}) {
    out.start_element("h", local, "urn:headers");
    out.attribute("s", "mustUnderstand", "http://www.w3.org/2003/05/soap-envelope", mandatory);
    if (!role.empty())
        out.attribute("s", "role", "http://www.w3.org/2003/05/soap-envelope", role);
    out.end_element();
}

}  // namespace

TEST_CASE("service_host answers what goes wrong with the faults of WCF, and goes on",
          "[threaded]") {
    running_host host({}, failing_service());
    client c(host.where);
    c.open(via);
    struct {
        const char* action;
        const char* text;
        const char* fault;
        std::string_view fault_action;
    } const cases[] = {
        {"urn:throws", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:completion-throws", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:throws-later", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:silent", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:unwritable", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:body-throws", "", "Receiver/InternalServiceFault", "dispatcher"},
        {"urn:number", "xx", "Sender/DeserializationFailed", "dispatcher"},
        {"urn:number", "99999999999", "Sender/DeserializationFailed", "dispatcher"},
        {"urn:nobody", "", "Sender/ActionNotSupported", "addressing"},
        {"urn:fault", "", "Sender/Odd", "urn:odd"},
    };
    std::uint32_t id = 0;
    for (const auto& one : cases) {
        CAPTURE(one.action, one.text);
        auto answer = c.call(request(++id, one.action, one.text));
        CHECK(fault_of(answer) == one.fault);
        std::string expected(one.fault_action);
        if (one.fault_action == "dispatcher")
            expected = std::string(dispatcher) + "/fault";
        if (one.fault_action == "addressing")
            expected = std::string(addressing) + "/fault";
        CHECK(answer.headers().action == expected);
        CHECK(answer.headers().relates_to->guid == client::id_of(id));
        const std::string_view octets = nettcp::as_text(answer.document());
        CHECK(octets.find("secret") == octets.npos);
    }
    auto answer = c.call(request(++id, "urn:number", " 42 "));
    CHECK(text_of(answer) == "42");
    CHECK(host.logged("The handler of urn:throws threw std::runtime_error: secret"));
    CHECK(host.logged("The handler of urn:silent gave no answer."));
    CHECK(host.logged("The reply to urn:unwritable cannot be written."));
    CHECK(c.close());
}

TEST_CASE("service_host sends all parts of a fault that a handler throws", "[threaded]") {
    running_host host({}, failing_service());
    client c(host.where);
    c.open(via);
    auto answer = c.call(request(1, "urn:fault", ""));
    const auto fault = answer.read_fault();
    REQUIRE(fault.has_value());
    CHECK(fault->is("Odd", "urn:codes"));
    CHECK(fault->reason() == "no such thing");
    nettcp::nbfx::reader* const detail = answer.fault_detail();
    REQUIRE(detail != nullptr);
    detail->read_start_element("Detail", "http://www.w3.org/2003/05/soap-envelope");
    CHECK(detail->read_element_text() == "because");
}

TEST_CASE("service_host tells about exceptions when asked to", "[threaded]") {
    nettcp::host_options options;
    options.include_exception_detail = true;
    running_host host(options, failing_service());
    client c(host.where);
    c.open(via);
    auto answer = c.call(request(1, "urn:throws", ""));
    const auto fault = answer.read_fault();
    REQUIRE(fault.has_value());
    CHECK(fault->reason() == "secret");
    nettcp::nbfx::reader* const in = answer.fault_detail();
    REQUIRE(in != nullptr);
    const std::string_view ns = "http://schemas.datacontract.org/2004/07/System.ServiceModel";
    in->read_start_element("Detail", "http://www.w3.org/2003/05/soap-envelope");
    in->read_start_element("ExceptionDetail", ns);
    in->skip();
    in->skip();
    CHECK(in->is_start_element("Message", ns));
    CHECK(in->read_element_text() == "secret");
    in->skip();
    CHECK(in->is_start_element("Type", ns));
    CHECK(in->read_element_text() == "std::runtime_error");
    CHECK(in->ok());
}

TEST_CASE("service_host sends no fault for one-way messages", "[threaded]") {
    running_host host({}, failing_service());
    client c(host.where);
    c.open(via);
    client::request note;
    note.action = "urn:one-way-throws";
    note.to = via;
    c.queue(note);
    auto answer = c.call(request(1, "urn:echo", "still here"));
    CHECK(text_of(answer) == "still here");
}

TEST_CASE("service_host compares To with scheme, port and path of the endpoint", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    std::uint32_t id = 0;
    for (const char* const to :
         {"net.tcp://localhost:9000/test", "net.tcp://other.host:9000/test",
          "NET.TCP://LOCALHOST:9000/TEST", "net.tcp://localhost:9000/test/",
          "net.tcp://localhost:9000/test?query=1", "net.tcp://localhost:9000/%74est"}) {
        CAPTURE(to);
        auto asked = request(++id, "urn:echo", "x");
        asked.to = to;
        CHECK(!c.call(asked).is_fault());
    }
    const std::optional<std::string> others[] = {"net.tcp://localhost:9000/other",
                                                 "net.tcp://localhost:9000/test/sub",
                                                 "net.tcp://localhost:9001/test",
                                                 "net.tcp://localhost/test",
                                                 "http://localhost:9000/test",
                                                 "http://www.w3.org/2005/08/addressing/anonymous",
                                                 std::nullopt};
    for (const auto& to : others) {
        CAPTURE(to.value_or("none"));
        auto asked = request(++id, "urn:echo", "x");
        asked.to = to;
        auto answer = c.call(asked);
        CHECK(fault_of(answer) == "Sender/DestinationUnreachable");
        CHECK(answer.headers().action == "http://www.w3.org/2005/08/addressing/soap/fault");
    }
    CHECK(!c.call(request(++id, "urn:echo", "x")).is_fault());
}

TEST_CASE("service_host insists that mandatory headers are understood", "[threaded]") {
    running_host host({}, failing_service());
    client c(host.where);
    c.open(via);
    auto asked = request(1, "urn:knows", "");
    asked.headers = [](nettcp::nbfx::writer& out) { write_header(out, "Known", "1"); };
    auto answer = c.call(asked);
    CHECK(text_of(answer) == "known");

    asked = request(2, "urn:knows", "");
    asked.headers = [](nettcp::nbfx::writer& out) {
        write_header(out, "Known", "1");
        write_header(out, "Unknown", "1");
        write_header(out, "Optional", "0");
    };
    answer = c.call(asked);
    CHECK(fault_of(answer) == "MustUnderstand/MustUnderstand");
    REQUIRE(!answer.headers().others.empty());
    CHECK(answer.headers().others[0].local == "NotUnderstood");

    asked = request(3, "urn:knows", "");
    asked.headers = [](nettcp::nbfx::writer& out) {
        write_header(out, "Unknown", "1", "urn:another-role");
        write_header(out, "Optional", "0");
    };
    answer = c.call(asked);
    CHECK(text_of(answer) == "known");
}

TEST_CASE("service_host answers a request without MessageID with a fault", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    client::request asked;
    asked.to = via;
    auto answer = c.call(asked);
    CHECK(fault_of(answer) == "Sender/MessageAddressingHeaderRequired");
    CHECK(!answer.headers().relates_to);
    answer = c.call(request(1, "urn:echo", "x"));
    CHECK(text_of(answer) == "x");
}

TEST_CASE("service_host resets what uses a MessageID twice at a time", "[threaded]") {
    running_host host;
    client c(host.where);
    c.open(via);
    CHECK(!c.call(request(1, "urn:echo", "x")).is_fault());
    CHECK(!c.call(request(1, "urn:echo", "again, later")).is_fault());
    c.queue(request(2, "urn:sleep", "5000"));
    c.queue(request(2, "urn:sleep", "5000"));
    c.flush();
    CHECK(c.wire.read_all().empty());
    CHECK(c.wire.how() == ending::reset);
    CHECK(host.logged("two open requests carry the same message id"));
}
