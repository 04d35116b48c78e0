#include "client/pool_key.hpp"
#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/client/connection_pool.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;
using namespace std::chrono_literals;
using namespace test_peer;
using boost::system::error_code;
using nettcp::client;
using nettcp::client_options;
using nettcp::connection_pool;
using nettcp::pool_key;

namespace {

/// One session without messages.
void empty_session(connection& socket) {
    socket.accept_preamble();
    must(socket.read(1)[0] == std::byte{0x07}, "End");
    socket.send("07");
}

void open_and_close(const std::string& uri, const client_options& options) {
    client c(uri, options);
    c.open();
    c.close();
}

bool comes_to(const connection_pool& pool, std::size_t idle) {
    for (int i = 0; i < 500 && pool.idle() != idle; ++i)
        std::this_thread::sleep_for(10ms);
    return pool.idle() == idle;
}

}  // namespace

TEST_CASE("pool_key tells apart what must not share a connection") {
    using namespace nettcp::security;
    const nettcp::endpoint_address here("net.tcp://server:9000/a");
    const auto key = [&](const client_options& options) { return pool_key(here, options); };
    CHECK(key({}) == key({}));
    CHECK(key({}) == pool_key(nettcp::endpoint_address("net.tcp://SERVER:9000/b"), {}));
    CHECK_FALSE(key({}) == pool_key(nettcp::endpoint_address("net.tcp://server:9001/a"), {}));
    CHECK_FALSE(key({}) == pool_key(nettcp::endpoint_address("net.tcp://other:9000/a"), {}));
    CHECK_FALSE(key({}) == key({.pool_group = "another"}));
    CHECK_FALSE(key({}) == key({.keep_alive = nettcp::tcp_keep_alive()}));

    CHECK_FALSE(key({}) == key({.proxy = nettcp::socks5_proxy{.host = "proxy"}}));
    CHECK_FALSE(key({.proxy = nettcp::socks5_proxy{.host = "proxy", .user = "alice"}}) ==
                key({.proxy = nettcp::socks5_proxy{.host = "proxy", .user = "bob"}}));

    const auto windows = [&](const windows_client& how) { return key({.security = how}); };
    const windows_client alice{.credentials = password_credentials{"alice", "one", {}}};
    CHECK(windows(alice) == windows(alice));
    CHECK_FALSE(windows(alice) == key({}));
    CHECK_FALSE(windows(alice) == windows({}));
    CHECK_FALSE(windows(alice) == windows({.credentials = password_credentials{"bob", "one", {}}}));
    CHECK_FALSE(windows(alice) ==
                windows({.credentials = password_credentials{"alice", "two", {}}}));
    CHECK_FALSE(windows({}) == windows({.identity = spn_identity{"host/x"}}));
    CHECK_FALSE(windows({}) == windows({.protection = protection_level::sign}));
    CHECK_FALSE(windows({}) == windows({.allow_ntlm = true}));
    CHECK_FALSE(windows({}) == windows({.frames = kerberos_frames::library}));

    const auto tls = [&](const tls_client& how) { return key({.security = how}); };
    CHECK(tls({}) == tls({}));
    CHECK(tls({}) == tls({.key_log = [](std::string_view) {}}));
    CHECK_FALSE(tls({}) == key({}));
    CHECK_FALSE(tls({}) == windows({}));
    CHECK_FALSE(tls({}) == tls({.identity = dns_identity{"x"}}));
    CHECK_FALSE(tls({}) == tls({.trust = {.insecure = true}}));
    CHECK_FALSE(tls({}) == tls({.certificate = {.certificate_file = "x.pem"}}));
    CHECK_FALSE(tls({}) == tls({.minimum_version = tls_version::tls_1_3}));
}

TEST_CASE("pool lends one connection to one client after the other", "[threaded]") {
    scripted peer([&](listener& where) {
        connection only = where.accept();
        for (int i = 0; i < 4; ++i)
            empty_session(only);
        must(only.at_end(), "the pool closes it when it goes");
    });
    {
        const client_options options{.pool = std::make_shared<connection_pool>()};
        for (int i = 0; i < 3; ++i) {
            open_and_close(peer.uri(), options);  // each on a thread of its own
            CHECK(options.pool->idle() == 1);
        }
        asio::io_context context;
        client here(context.get_executor(), peer.uri(), options);
        here.async_open([&](error_code opened) {
            CHECK_FALSE(opened);
            CHECK(options.pool->idle() == 0);
            here.async_close([](error_code closed) { CHECK_FALSE(closed); });
        });
        context.run_for(10s);
        CHECK(context.stopped());  // what is idle is no work of the client's
        CHECK(options.pool->idle() == 1);
    }
    CHECK(peer.finish() == "");
}

TEST_CASE("pool keeps groups apart", "[threaded]") {
    scripted peer([&](listener& where) {
        connection first = where.accept();
        empty_session(first);
        connection second = where.accept();
        empty_session(second);
        must(first.at_end() && second.at_end(), "both end");
    });
    {
        client_options options{.pool = std::make_shared<connection_pool>()};
        open_and_close(peer.uri(), options);
        options.pool_group = "another";
        open_and_close(peer.uri(), options);
        CHECK(options.pool->idle() == 2);
    }
    CHECK(peer.finish() == "");
}

TEST_CASE("pool closes what comes back beyond its limit", "[threaded]") {
    scripted peer([&](listener& where) {
        connection first = where.accept();
        first.accept_preamble();
        connection second = where.accept();
        second.accept_preamble();
        for (connection* const each : {&first, &second}) {
            must(each->read(1)[0] == std::byte{0x07}, "End");
            each->send("07");
        }
        must(second.at_end(), "the second ends first");
        must(first.at_end(), "the first ends with the pool");
    });
    {
        const client_options options{
            .pool = std::make_shared<connection_pool>(
                nettcp::connection_pool_options{.max_outbound_connections_per_endpoint = 1})};
        client a(peer.uri(), options), b(peer.uri(), options);
        a.open();
        b.open();
        a.close();
        b.close();
        CHECK(options.pool->idle() == 1);
        options.pool->clear();
        CHECK(options.pool->idle() == 0);
    }
    CHECK(peer.finish() == "");
}

TEST_CASE("pool closes connections that lie idle or are old", "[threaded]") {
    const auto [limits, idle_after] =
        GENERATE(std::pair(nettcp::connection_pool_options{.idle_timeout = 100ms}, std::size_t{1}),
                 std::pair(nettcp::connection_pool_options{.lease_timeout = 100ms}, std::size_t{1}),
                 std::pair(nettcp::connection_pool_options{.idle_timeout = 0ms}, std::size_t{0}),
                 std::pair(nettcp::connection_pool_options{.lease_timeout = 1ns}, std::size_t{0}));
    scripted peer([&](listener& where) {
        for (int i = 0; i < 2; ++i) {
            connection socket = where.accept();
            empty_session(socket);
            must(socket.at_end(), "it ends by itself");
        }
    });
    const client_options options{.pool = std::make_shared<connection_pool>(limits)};
    for (int i = 0; i < 2; ++i) {
        open_and_close(peer.uri(), options);
        CHECK(options.pool->idle() <= idle_after);
        CHECK(comes_to(*options.pool, 0));
    }
    CHECK(peer.finish() == "");
}

TEST_CASE("pool on an executor keeps it at work while a connection is idle", "[threaded]") {
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        empty_session(socket);
        must(socket.at_end(), "it ends by itself");
    });
    asio::io_context context;
    const client_options options{
        .pool = std::make_shared<connection_pool>(
            context.get_executor(), nettcp::connection_pool_options{.idle_timeout = 100ms})};
    const auto begun = std::chrono::steady_clock::now();
    {
        client c(context.get_executor(), peer.uri(), options);
        c.async_open(
            [&](error_code) { c.async_close([](error_code closed) { CHECK_FALSE(closed); }); });
        context.run_for(10s);
    }
    CHECK(context.stopped());
    CHECK(std::chrono::steady_clock::now() - begun >= 100ms);
    CHECK(options.pool->idle() == 0);
    CHECK(peer.finish() == "");
}

TEST_CASE("pool forgets a connection that the peer ends", "[threaded]") {
    const bool talks = GENERATE(false, true);
    scripted peer([&](listener& where) {
        connection socket = where.accept();
        empty_session(socket);
        if (talks)
            socket.send("0b");  // nobody asked
        else
            socket.end_sending();
        socket.wait_for_end();
    });
    const client_options options{.pool = std::make_shared<connection_pool>()};
    open_and_close(peer.uri(), options);
    CHECK(comes_to(*options.pool, 0));
    CHECK(peer.finish() == "");
}

TEST_CASE("pool's stale connections are replaced, and nothing is sent twice", "[threaded]") {
    int requests = 0;
    scripted peer([&](listener& where) {
        {
            connection first = where.accept();
            first.accept_preamble();
            connection second = where.accept();
            second.accept_preamble();
            for (connection* const each : {&first, &second}) {
                must(each->read(1)[0] == std::byte{0x07}, "End");
                each->send("07");
            }
            second.read_preamble();  // and now they go
            second.reset();
            first.read_preamble();
            first.reset();
        }
        session served(where.accept(), [&](session& s, nettcp::channel::message m) {
            ++requests;
            s.reply(m, text_of(m));
        });
        served.serve();
        connection last = where.accept();
        last.accept_preamble();
        last.read_envelope();
        ++requests;
        last.reset();  // after the request: whoever tried again would do it twice
    });
    const client_options options{.pool = std::make_shared<connection_pool>()};
    {
        client a(peer.uri(), options), b(peer.uri(), options);
        a.open();
        b.open();
        a.close();
        b.close();
    }
    CHECK(options.pool->idle() == 2);
    {
        client c(peer.uri(), options);
        nettcp::reply answer = c.call("urn:a", body("x"));
        CHECK(text_of(answer.message()) == "x");
    }
    client d(peer.uri(), options);
    error_code ec;
    d.call("urn:a", body("y"), ec);
    CHECK(ec == nettcp::net::errc::connection_reset);
    CHECK(peer.finish() == "");
    CHECK(requests == 2);
}
