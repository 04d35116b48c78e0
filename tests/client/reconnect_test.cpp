#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test_peer;
using boost::system::error_code;
using nettcp::client;
using nettcp::client_options;
using nettcp::diagnostics;
using nettcp::reconnect_policy;
using nettcp::framing::fault_code;

namespace {

using clock = std::chrono::steady_clock;

/// A port that refuses connections until `open`.
class closed_port {
public:
    closed_port() : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* const address = reinterpret_cast<sockaddr*>(&where);
        socklen_t size = sizeof where;
        REQUIRE(::bind(descriptor_, address, size) == 0);
        REQUIRE(::getsockname(descriptor_, address, &size) == 0);
        port_ = ntohs(where.sin_port);
    }
    closed_port(const closed_port&) = delete;
    closed_port& operator=(const closed_port&) = delete;
    ~closed_port() { ::close(descriptor_); }

    void open() { REQUIRE(::listen(descriptor_, 16) == 0); }
    connection accept() {
        const int accepted = ::accept(descriptor_, nullptr, nullptr);
        REQUIRE(accepted >= 0);
        return connection(accepted);
    }
    std::string uri() const { return "net.tcp://127.0.0.1:" + std::to_string(port_) + "/x"; }

private:
    int descriptor_;
    unsigned short port_ = 0;
};

client_options trying_again(reconnect_policy how) {
    return {.reconnect = how};
}

void refuse(connection& socket, fault_code why) {
    socket.read_preamble();
    const std::string_view uri = nettcp::framing::uri(why);
    std::string record("\x08");
    if (uri.size() > 127) {
        record += static_cast<char>(0x80 | (uri.size() & 0x7f));
        record += static_cast<char>(uri.size() >> 7);
    } else {
        record += static_cast<char>(uri.size());
    }
    socket.send_text(record.append(uri));
    socket.end_sending();
    socket.wait_for_end();
}

void echo_once(connection socket) {
    session served(std::move(socket),
                   [](session& s, nettcp::channel::message m) { s.reply(m, text_of(m)); });
    served.serve();
}

}  // namespace

TEST_CASE("client waits for a service that comes later, when asked to", "[threaded]") {
    closed_port port;
    client c(port.uri(), trying_again({.first_pause = 10ms, .longest_pause = 40ms}));
    std::thread service([&port] {
        std::this_thread::sleep_for(200ms);
        port.open();
        echo_once(port.accept());
    });
    nettcp::reply answer = c.call("urn:a", body("x"));
    CHECK(text_of(answer.message()) == "x");
    c.close();
    {
        const client gone = std::move(c);
    }
    service.join();
}

TEST_CASE("client tries again as often as asked, pausing longer each time", "[threaded]") {
    const closed_port port;
    client c(port.uri(), trying_again({.first_pause = 40ms, .max_attempts = 4}));
    for (int i = 0; i < 2; ++i) {  // each operation that fails begins anew
        const auto begun = clock::now();
        error_code ec;
        diagnostics why;
        c.call("urn:a", body("x"), ec, &why);
        CHECK(ec == nettcp::net::errc::connect_failed);
        CHECK(why.provider == asio::error::connection_refused);
        CHECK(clock::now() - begun >= 140ms);  // at least half of 40, 80 and 160 ms
    }
}

TEST_CASE("client that tries again keeps deadlines, and tells what was wrong", "[threaded]") {
    const closed_port port;
    client c(port.uri(), trying_again({.first_pause = 50ms}));
    error_code ec;
    diagnostics why;
    c.call("urn:a", body("x"), ec, &why, {.timeout = 150ms});
    CHECK(ec == nettcp::net::errc::timed_out);
    CHECK(why.stage == nettcp::stage::connect);
    CHECK(why.provider == asio::error::connection_refused);
}

TEST_CASE("client that pauses between attempts can be destroyed", "[threaded]") {
    const closed_port port;
    error_code ended;
    {
        client c(port.uri(), trying_again({.first_pause = 1h, .longest_pause = 1h}));
        c.async_call("urn:a", body("x"),
                     [&ended](const error_code& ec, nettcp::reply) { ended = ec; });
        std::this_thread::sleep_for(50ms);
    }
    CHECK(ended == asio::error::operation_aborted);
}

TEST_CASE("client tries again where the service says it is too busy, nowhere else", "[threaded]") {
    scripted busy([](listener& where) {
        connection first = where.accept();
        refuse(first, fault_code::server_too_busy);
        echo_once(where.accept());
    });
    {
        client c(busy.uri(), trying_again({.first_pause = 10ms}));
        nettcp::reply answer = c.call("urn:a", body("x"));
        CHECK(text_of(answer.message()) == "x");
        c.close();
    }
    CHECK(busy.finish() == "");

    scripted final_words([](listener& where) {
        connection only = where.accept();
        refuse(only, fault_code::endpoint_not_found);
    });
    client c(final_words.uri(), trying_again({.first_pause = 10ms}));
    error_code ec;
    c.call("urn:a", body("x"), ec, nullptr, {.timeout = 5s});
    CHECK(ec == nettcp::framing::errc::peer_said_endpoint_not_found);
    CHECK(final_words.finish() == "");
}

TEST_CASE("client sends nothing twice, however much it is to try again", "[threaded]") {
    scripted peer([](listener& where) {
        connection socket = where.accept();
        socket.accept_preamble();
        socket.read_envelope();
        socket.reset();
    });
    client c(peer.uri(), trying_again({.first_pause = 10ms}));
    error_code ec;
    c.call("urn:a", body("x"), ec);
    CHECK(ec == nettcp::net::errc::connection_reset);
    CHECK(peer.finish() == "");
}
