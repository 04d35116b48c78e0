#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

using namespace raw;

namespace {

constexpr std::string_view faults = "http://schemas.microsoft.com/ws/2006/05/framing/faults/";

/// What a host has answered: octets in hex, or the name of a fault.
std::string shown(const octets& answer) {
    const std::string_view text = nettcp::as_text(answer);
    const auto at = text.find(faults);
    if (at == text.npos)
        return nettcp::to_hex(answer);
    return nettcp::to_hex(nettcp::bytes_view(answer).first(at - 2)) + "fault " +
           std::string(text.substr(at + faults.size()));
}

std::string preamble(std::string_view mode, std::string_view address, std::string_view rest) {
    std::string all = "000100 01" + std::string(mode) + "02";
    const auto size = static_cast<std::byte>(address.size());
    all += nettcp::to_hex({&size, 1}) + nettcp::to_hex(nettcp::as_bytes(address));
    return all + std::string(rest);
}

}  // namespace

TEST_CASE("service_host names the reason when it refuses a session", "[threaded]") {
    running_host host;
    struct {
        const char* name;
        std::string sent;
        const char* fault;
    } const cases[] = {
        {"path", preamble("02", "net.tcp://localhost:9000/nope", "0308 0c"), "EndpointNotFound"},
        {"scheme", preamble("02", "http://localhost:9000/test", "0308 0c"), "EndpointNotFound"},
        {"streamed", preamble("01", via, "0307 0c"), "UnsupportedMode"},
        {"simplex", preamble("03", via, "0308"), "UnsupportedMode"},
        {"singleton sized", preamble("04", via, "0308"), "UnsupportedMode"},
        {"no mode", preamble("09", via, "0308 0c"), "UnsupportedMode"},
        {"no session", preamble("02", via, "0307 0c"), "ContentTypeInvalid"},
        {"text", preamble("02", via, "0303 0c"), "ContentTypeInvalid"},
        {"unknown encoding", preamble("02", via, "0320 0c"), "ContentTypeInvalid"},
        {"unknown content type", preamble("02", via, "0403 662f62 0c"), "ContentTypeInvalid"},
        {"version", "000200 0102", "UnsupportedVersion"},
        {"upgrade", preamble("02", via, "0308 0903 746c73"), "UpgradeInvalid"},
        {"long via", "000100 0102 02ffff03", "ViaTooLong"},
        {"long content type", preamble("02", via, "04ac02"), "ContentTypeTooLong"},
    };
    for (const auto& one : cases) {
        CAPTURE(one.name);
        wire_socket wire(host.where);
        wire.send(one.sent);
        CHECK(shown(wire.read_all()) == "fault " + std::string(one.fault));
        CHECK(wire.how() == ending::fin);  // nothing is lost to a reset
    }
    CHECK(host.logged("refused, peer 127.0.0.1:"));
}

TEST_CASE("service_host tells who speaks something else", "[threaded]") {
    running_host host;
    wire_socket http(host.where);
    http.send_text("GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(http.read_all().empty());
    CHECK(host.logged("The peer speaks HTTP: \"GET /index.html HTTP/1.1\"."));
    wire_socket tls(host.where);
    tls.send("160301 0200 010001fc0303");
    CHECK(tls.read_all().empty());
    CHECK(host.logged("TLS handshake"));
    wire_socket probe(host.where);
    probe.close();  // a port scan is no failure
    CHECK(running_host::eventually([&] { return host.host.connections() == 0; }));
}

TEST_CASE("service_host resets what breaks the framing of an open session", "[threaded]") {
    running_host host;
    for (const char* const broken :
         {"0600", "06ffffffff0f", "0c", "08", "05", "0d", "0605 0056020b01"}) {
        CAPTURE(broken);
        wire_socket wire(host.where);
        wire.send(preamble("02", via, "0308 0c"));
        CHECK(wire.read_hex(1) == "0b");
        wire.send(broken);
        CHECK(wire.read_all().empty());
        CHECK(wire.how() == ending::reset);
    }
}

TEST_CASE("service_host refuses an envelope by its size, before it comes", "[threaded]") {
    running_host host;
    for (const char* const size : {"06ffffffff07", "0681 8004"}) {
        CAPTURE(size);
        wire_socket wire(host.where);
        wire.send(preamble("02", via, "0308 0c"));
        CHECK(wire.read_hex(1) == "0b");
        wire.send(size);
        CHECK(shown(wire.read_all()) == "fault MaxMessageSizeExceededFault");
    }
}

TEST_CASE("service_host carries session after session on a connection", "[threaded]") {
    running_host host;
    SECTION("one after the other") {
        client c(host.where);
        for (std::uint32_t i = 1; i <= 5; ++i) {
            c.open(via);
            auto answer = c.call(request(i, "urn:echo", "x"));
            CHECK(text_of(answer) == "x");
            CHECK(c.close());
        }
        CHECK(host.host.connections() == 1);
    }
    SECTION("pipelined, with an answer of the first still to come") {
        client c(host.where);
        c.open(via);
        c.queue(request(1, "urn:sleep", "100"));
        c.session.end();
        c.flush();
        c.wire.send(preamble("02", via, "0308 0c"));
        c.wire.set_patience(std::chrono::milliseconds(500));
        const std::string all = nettcp::to_hex(c.wire.read_all());
        CHECK(all.starts_with("06"));
        CHECK(all.ends_with("070b"));
    }
    SECTION("more octets than may wait for the end of the first") {
        client c(host.where);
        c.open(via);
        c.queue(request(1, "urn:sleep", "200"));
        c.session.end();
        c.flush();
        c.wire.send(preamble("02", via, "0308 0c") + std::string(20'000, '0'));
        auto answer = c.receive();
        CHECK(text_of(answer) == "slept 200");
        CHECK(c.next() == nettcp::channel::event_type::peer_ended);
        c.wire.read_all();  // then the zeros break the rules
        CHECK(c.wire.how() == ending::reset);
    }
}

TEST_CASE("service_host serves several endpoints and addresses", "[threaded]") {
    nettcp::service_host host;
    const auto named = [](std::string name) {
        nettcp::service s;
        s.on("urn:name", [name](nettcp::incoming_call& call) {
            call.reply(text_body(name + " at " + call.session().endpoint));
        });
        return s;
    };
    host.add_endpoint("/a", named("one"));
    host.add_endpoint("/a/b", named("two"));
    host.add_endpoint("c", named("three"), {.any_port = true});
    CHECK_THROWS_MATCHES(host.add_endpoint("/A/", named("four")), nettcp::failure,
                         Catch::Matchers::Predicate<nettcp::failure>([](const auto& thrown) {
                             return thrown.code() == nettcp::net::errc::endpoint_duplicate;
                         }));
    CHECK_THROWS_MATCHES(host.add_endpoint("http://x/", named("four")), nettcp::failure,
                         Catch::Matchers::Predicate<nettcp::failure>([](const auto& thrown) {
                             return thrown.code() == nettcp::net::errc::endpoint_invalid;
                         }));
    const auto first = host.listen("127.0.0.1", 0);
    host.start();
    const auto second = host.listen("::1", 0);  // while it runs
    const auto all = host.listen("*", 0);
    const auto ask = [&](const nettcp::listening_address& where, std::string path,
                         std::string port) {
        client c(where);
        const std::string address = "net.tcp://x:" + port + path;
        c.open(address);
        auto asked = request(1, "urn:name", "");
        asked.to = address;
        auto answer = c.call(asked);
        return answer.is_fault() ? fault_of(answer) : text_of(answer);
    };
    CHECK(ask(first, "/a", std::to_string(first.port)) == "one at /a");
    CHECK(ask(first, "/A/B", std::to_string(first.port)) == "two at /a/b");
    CHECK(ask(first, "/a/c", std::to_string(first.port)) == "Sender/DestinationUnreachable");
    CHECK(ask(first, "/a", "1") == "Sender/DestinationUnreachable");
    CHECK(ask(first, "/c", "1") == "three at c");
    CHECK(ask(second, "/a", std::to_string(second.port)) == "one at /a");
    CHECK(ask({"127.0.0.1", all.port}, "/a", std::to_string(all.port)) == "one at /a");
    CHECK(ask({"::1", all.port}, "/a", std::to_string(all.port)) == "one at /a");

    boost::system::error_code code;
    nettcp::diagnostics why;
    host.listen("127.0.0.1", first.port, code, &why);
    CHECK(code == nettcp::net::errc::listen_failed);
    CHECK(why.message().find("see who uses the port") != std::string::npos);
    host.listen("not an address", 0, code);
    CHECK(code == nettcp::net::errc::listen_failed);
}
