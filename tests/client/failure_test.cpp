#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/client/client.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/use_future.hpp>

#include <future>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test_peer;
using boost::system::error_code;
using nettcp::cause;
using nettcp::client;
using nettcp::diagnostics;
using nettcp::stage;

namespace {

/// What a call to that peer fails with.
diagnostics failure_of_call(const std::string& uri, nettcp::client_options options = {}) {
    client c(uri, std::move(options));
    error_code ec;
    diagnostics why;
    c.call("urn:a", body("x"), ec, &why);
    REQUIRE(ec.failed());
    CHECK(why.code == ec);
    CHECK(why.endpoint == c.address().uri());
    return why;
}

/// The same, when the peer does this after the request has come.
diagnostics failure_after_request(std::function<void(connection&)> then,
                                  nettcp::client_options options = {}) {
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        socket.accept_preamble();
        socket.read_envelope();
        then(socket);
    });
    const diagnostics why = failure_of_call(peer.uri(), std::move(options));
    CHECK(peer.finish() == "");
    return why;
}

/// The same, when the peer sends this instead of the preamble's acknowledgement.
diagnostics failure_after_preamble(std::function<void(connection&)> then,
                                   nettcp::client_options options = {}) {
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        socket.read_preamble();
        then(socket);
    });
    const diagnostics why = failure_of_call(peer.uri(), std::move(options));
    CHECK(peer.finish() == "");
    return why;
}

std::string fault_record(std::string_view uri) {
    std::string out = "\x08";
    if (uri.size() > 127)
        out += static_cast<char>(0x80 | (uri.size() & 0x7f));
    out += static_cast<char>(uri.size() > 127 ? uri.size() >> 7 : uri.size());
    return out.append(uri);
}

}  // namespace

TEST_CASE("client names a port where nobody listens", "[threaded]") {
    std::string uri;
    {
        const listener closed_again;
        uri = closed_again.uri();
    }
    const diagnostics why = failure_of_call(uri);
    CHECK(why.stage == stage::connect);
    CHECK(why.code == nettcp::net::errc::connect_failed);
    CHECK(why.provider == asio::error::connection_refused);
    CHECK(why.blame() == cause::environment);
    CHECK_THAT(why.message(), Catch::StartsWith("Could not connect to " + uri) &&
                                  Catch::Contains("about 127.0.0.1:") &&
                                  Catch::Contains("Connection refused"));
}

TEST_CASE("client names a host that cannot be resolved", "[threaded]") {
    const diagnostics why = failure_of_call("net.tcp://no-such-host.invalid/x");
    CHECK(why.stage == stage::resolve);
    CHECK(why.code == nettcp::net::errc::resolve_failed);
    CHECK(why.provider.failed());
    CHECK_THAT(why.message(), Catch::Contains("look up the host") && Catch::Contains("DNS"));
}

TEST_CASE("client maps every fault of a preamble and quotes the peer", "[threaded]") {
    using nettcp::framing::errc;
    using nettcp::framing::fault_code;
    const std::pair<fault_code, errc> faults[] = {
        {fault_code::content_type_invalid, errc::peer_said_content_type_invalid},
        {fault_code::content_type_too_long, errc::peer_said_content_type_too_long},
        {fault_code::connection_dispatch_failed, errc::peer_said_connection_dispatch_failed},
        {fault_code::endpoint_not_found, errc::peer_said_endpoint_not_found},
        {fault_code::endpoint_unavailable, errc::peer_said_endpoint_unavailable},
        {fault_code::max_message_size_exceeded, errc::peer_said_max_message_size_exceeded},
        {fault_code::server_too_busy, errc::peer_said_server_too_busy},
        {fault_code::service_activation_failed, errc::peer_said_service_activation_failed},
        {fault_code::unsupported_mode, errc::peer_said_unsupported_mode},
        {fault_code::unsupported_version, errc::peer_said_unsupported_version},
        {fault_code::upgrade_invalid, errc::peer_said_upgrade_invalid},
        {fault_code::via_too_long, errc::peer_said_via_too_long},
    };
    for (const auto& [code, expected] : faults) {
        const std::string uri(nettcp::framing::uri(code));
        CAPTURE(uri);
        const diagnostics why = failure_after_preamble([&](connection& socket) {
            socket.send_text(fault_record(uri));
            socket.wait_for_end();
        });
        CHECK(why.stage == stage::preamble);
        CHECK(why.code == expected);
        CHECK(why.peer_said == uri);
        CHECK_THAT(why.message(), Catch::Contains("\"" + uri + "\""));
        CHECK_FALSE(why.hint().empty());
    }
}

TEST_CASE("client escapes and bounds an unknown fault", "[threaded]") {
    const diagnostics why = failure_after_preamble([&](connection& socket) {
        socket.send_text(fault_record("\x1b[31mred" + std::string(200, 'x')));
        socket.wait_for_end();
    });
    CHECK(why.code == nettcp::framing::errc::peer_said_unknown_fault);
    CHECK_THAT(why.peer_said,
               Catch::StartsWith("\\x1B[31mred") || Catch::StartsWith("\\x1b[31mred"));
    CHECK(why.peer_said.size() <= 300);
    CHECK(why.peer_said.find('\x1b') == std::string::npos);
}

TEST_CASE("client recognises a web server", "[threaded]") {
    const diagnostics why = failure_after_preamble([](connection& socket) {
        socket.send_text("HTTP/1.1 400 Bad Request\r\n\r\n");
        socket.wait_for_end();
    });
    CHECK(why.stage == stage::preamble);
    CHECK(why.code == nettcp::framing::errc::peer_is_http);
    CHECK_THAT(why.message(), Catch::Contains("HTTP"));
}

TEST_CASE("client tells how a preamble ended without an answer", "[threaded]") {
    const diagnostics reset = failure_after_preamble([](connection& socket) { socket.reset(); });
    CHECK(reset.stage == stage::preamble);
    CHECK(reset.code == nettcp::net::errc::preamble_refused);
    CHECK(reset.provider == asio::error::connection_reset);
    CHECK(reset.blame() == cause::refused);

    const diagnostics ended = failure_after_preamble([](connection& socket) { socket.close(); });
    CHECK(ended.stage == stage::preamble);
    CHECK(ended.code == nettcp::net::errc::preamble_refused);

    const diagnostics silent = failure_after_preamble(
        [](connection& socket) { socket.wait_for_end(); }, {.open_timeout = 50ms});
    CHECK(silent.stage == stage::preamble);
    CHECK(silent.code == nettcp::net::errc::timed_out);
}

TEST_CASE("client tells how a session ended in the middle of a reply", "[threaded]") {
    const diagnostics reset = failure_after_request([](connection& socket) {
        socket.send("06 98 01 57 28");
        socket.reset();
    });
    CHECK(reset.stage == stage::receive);
    CHECK(reset.code == nettcp::net::errc::connection_reset);
    CHECK(reset.provider == asio::error::connection_reset);

    const diagnostics cut = failure_after_request([](connection& socket) {
        socket.send("06 98 01 57 28");
        socket.end_sending();
        socket.wait_for_end();
    });
    CHECK(cut.stage == stage::receive);
    CHECK(cut.blame() == cause::peer);
    CHECK(nettcp::rule_of(cut.code) == "premature_end");

    const diagnostics ended = failure_after_request([](connection& socket) {
        socket.send("07");
        must(socket.read(1)[0] == std::byte{0x07}, "the client ends too");
        socket.wait_for_end();
    });
    CHECK(ended.stage == stage::receive);
    CHECK(ended.code == nettcp::channel::errc::peer_closed);
}

TEST_CASE("client withstands what a hostile service sends", "[threaded]") {
    struct attack {
        const char* octets;
        const char* rule;
    };
    const attack attacks[] = {
        {"06 ff ff ff ff 07", "envelope_too_large"},
        {"06 ff ff ff ff 0f", "size_overflow"},
        {"06 00", "envelope_empty"},
        {"0c", "record_not_allowed"},
        {"42", "record_unknown"},
        {"05 01 00", "record_not_allowed"},
    };
    for (const auto& [sent, rule] : attacks) {
        CAPTURE(sent);
        const diagnostics why = failure_after_request([&](connection& socket) {
            socket.send(sent);
            socket.wait_for_end();
        });
        CHECK(why.stage == stage::receive);
        CHECK(why.blame() == cause::peer);
        CHECK(nettcp::rule_of(why.code) == rule);
    }
    for (const char* garbage : {"06 04 00 01 02 03", "06 03 00 56 0e", "06 02 05 01"}) {
        CAPTURE(garbage);
        const diagnostics why = failure_after_request([&](connection& socket) {
            socket.send(garbage);
            socket.wait_for_end();
        });
        CHECK(why.blame() == cause::peer);
    }
}

TEST_CASE("client reads a fault in the middle of a session", "[threaded]") {
    const std::string uri(
        nettcp::framing::uri(nettcp::framing::fault_code::max_message_size_exceeded));
    const diagnostics why = failure_after_request([&](connection& socket) {
        socket.send_text(fault_record(uri));
        socket.end_sending();
        socket.wait_for_end();
    });
    CHECK(why.code == nettcp::framing::errc::peer_said_max_message_size_exceeded);
    CHECK(why.peer_said == uri);
}

TEST_CASE("client fails all calls of a session and opens another for the next", "[threaded]") {
    scripted peer([](listener& where) {
        {
            connection first = where.accept();
            first.accept_preamble();
            for (int i = 0; i < 3; ++i)
                first.read_envelope();
            first.reset();
        }
        session second(where.accept(),
                       [](session& s, nettcp::channel::message m) { s.reply(m, text_of(m)); });
        second.serve();
    });
    client c(peer.uri());
    std::vector<diagnostics> failures;  // of the client's thread until `all` is set
    std::promise<void> all;
    for (int i = 0; i < 3; ++i) {
        c.async_call("urn:a", body("x"),
                     nettcp::with_diagnostics([&](std::exception_ptr thrown, nettcp::reply) {
                         try {
                             if (thrown)
                                 std::rethrow_exception(thrown);
                         } catch (const nettcp::failure& known) {
                             failures.push_back(known.diagnostics());
                         }
                         if (failures.size() == 3)
                             all.set_value();
                     }));
    }
    REQUIRE(all.get_future().wait_for(5s) == std::future_status::ready);
    for (const diagnostics& why : failures) {
        CHECK(why.code == nettcp::net::errc::connection_reset);
        CHECK(why.stage == stage::receive);
    }
    nettcp::reply answer = c.call("urn:a", body("again"));
    CHECK(text_of(answer.message()) == "again");
}

TEST_CASE("client without reopen stays ended until it is opened", "[threaded]") {
    scripted peer([](listener& where) {
        for (int i = 0; i < 2; ++i) {
            session served(where.accept(),
                           [](session& s, nettcp::channel::message m) { s.reply(m, text_of(m)); });
            served.serve();
        }
    });
    client c(peer.uri(), {.idle_timeout = 0s, .reopen = false});
    c.call("urn:a", body("x"));
    c.close();
    error_code ec;
    c.call("urn:a", body("x"), ec);
    CHECK(ec == nettcp::channel::errc::session_closed);
    c.open();
    c.call("urn:a", body("x"));
}

TEST_CASE("client uses a kept connection again, and a new one when it went stale", "[threaded]") {
    std::vector<int> preambles;
    scripted peer([&](listener& where) {
        {
            connection first = where.accept();
            for (int i = 0; i < 2; ++i) {
                first.accept_preamble();
                must(first.read(1)[0] == std::byte{0x07}, "End");
                first.send("07");
                preambles.push_back(1);
            }
            first.read_preamble();  // and now it goes
            first.reset();
        }
        connection second = where.accept();
        second.accept_preamble();
        preambles.push_back(2);
        must(second.read(1)[0] == std::byte{0x07}, "End");
        second.send("07");
        second.wait_for_end();
    });
    {
        client c(peer.uri());
        for (int i = 0; i < 3; ++i) {
            c.open();
            c.close();
        }
        c.close();  // nothing to do
    }
    CHECK(peer.finish() == "");
    CHECK(preambles == std::vector<int>{1, 1, 2});
}

TEST_CASE("client gives up on a peer that does not end", "[threaded]") {
    scripted peer([](listener& where) {
        connection socket = where.accept();
        socket.accept_preamble();
        socket.wait_for_end();
    });
    client c(peer.uri(), {.close_timeout = 50ms});
    c.open();
    error_code ec;
    diagnostics why;
    c.close(ec, &why);
    CHECK(ec == nettcp::net::errc::timed_out);
    CHECK(why.stage == stage::close);
}

TEST_CASE("client holds back messages while its output is full", "[threaded]") {
    std::promise<void> look;
    std::size_t arrived = 0;
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        socket.accept_preamble();
        look.get_future().wait();
        for (; arrived < 20; ++arrived)
            socket.read_envelope();
    });
    nettcp::client_options options;
    options.session.max_pending_output = 1u << 20;
    client c(peer.uri(), options);
    std::atomic<int> encoded = 0;
    std::vector<std::future<void>> sent;
    for (int i = 0; i < 20; ++i) {
        sent.push_back(c.async_send(
            "urn:big",
            [&](nettcp::nbfx::writer& out) {
                ++encoded;
                body(std::string(1u << 20, 'x'))(out);
            },
            asio::use_future));
    }
    CHECK(sent[0].wait_for(5s) == std::future_status::ready);
    error_code ec;
    diagnostics why;
    c.call("urn:a", body("has to wait"), ec, &why, {.timeout = 100ms});
    CHECK(ec == nettcp::net::errc::timed_out);
    CHECK(why.stage == stage::send);
    CHECK(encoded < 20);
    look.set_value();
    for (auto& each : sent)
        each.get();
    CHECK(encoded == 20);
    c.close(ec, nullptr, {.timeout = 100ms});
    CHECK(peer.finish() == "");
}
