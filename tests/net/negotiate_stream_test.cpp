#include <nettcp/net/negotiate_stream.hpp>
#include <support/catch.hpp>
#include <support/fake_mechanism.hpp>

#include <nettcp/base/errc.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <future>
#include <thread>

using namespace nettcp;
namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using security::role;

namespace {

using stream = negotiate_stream<tcp::socket>;

/// Two streams over loopback, with pools for contexts and steps.
struct two_streams {
    two_streams() {
        tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
        client.next_layer().connect(acceptor.local_endpoint());
        acceptor.accept(server.next_layer());
    }
    ~two_streams() { steps.join(); }

    std::shared_ptr<security::mechanism> fake(role side, fake_agreement agreement = {}) {
        return std::make_shared<fake_mechanism>(side, std::move(agreement));
    }
    /// Handshakes of both; their codes.
    std::pair<error_code, error_code> meet(const fake_agreement& client_agrees = {},
                                           const fake_agreement& server_agrees = {}) {
        std::pair<error_code, error_code> codes{asio::error::would_block, asio::error::would_block};
        client.async_handshake(role::initiator, fake(role::initiator, client_agrees),
                               steps.get_executor(), [&](error_code c) { codes.first = c; });
        server.async_handshake(role::acceptor, fake(role::acceptor, server_agrees),
                               steps.get_executor(), [&](error_code c) { codes.second = c; });
        run();
        return codes;
    }
    void run() {
        context.restart();
        context.run_for(std::chrono::seconds(20));
    }

    asio::io_context context;
    asio::thread_pool steps{1};
    stream client{context};
    stream server{context};
};

std::string pattern(std::size_t size) {
    std::string text(size, ' ');
    for (std::size_t i = 0; i < size; ++i)
        text[i] = static_cast<char>('a' + i % 25);
    return text;
}

}  // namespace

TEST_CASE("negotiate_stream carries octets both ways at once, with Asio's own algorithms") {
    for (const auto octets :
         {security::framing_of_octets::frames, security::framing_of_octets::raw}) {
        two_streams both;
        const fake_agreement agreement{.tokens = 4, .octets = octets};
        CHECK(both.meet(agreement, agreement) == std::pair<error_code, error_code>());
        CHECK(both.client.is_authenticated());
        CHECK(both.server.peer().mechanism == "Fake");
        const std::string there = pattern(3'000'000);
        const std::string back = pattern(200'001);
        std::string got_there(there.size(), ' ');
        std::string got_back(back.size(), ' ');
        int ended = 0;
        const auto count = [&](error_code code, std::size_t) { ended += code ? 100 : 1; };
        asio::async_write(both.client, asio::buffer(there), count);
        asio::async_write(
            both.server,
            std::array<asio::const_buffer, 2>{asio::buffer(back.data(), 3), asio::buffer(back) + 3},
            count);
        asio::async_read(both.client, asio::buffer(got_back), count);
        asio::async_read(both.server, asio::buffer(got_there), count);
        both.run();
        CHECK(ended == 4);
        CHECK((got_there == there));
        CHECK((got_back == back));
        CHECK(both.client.surplus().empty());
    }
}

TEST_CASE("negotiate_stream takes any completion token") {
    two_streams both;
    std::thread runner;
    {
        const auto work = asio::make_work_guard(both.context);
        runner = std::thread([&] { both.context.run(); });
        auto server = both.server.async_handshake(role::acceptor, both.fake(role::acceptor),
                                                  both.steps.get_executor(), asio::use_future);
        // Made out here: in coroutines, GCC 12 copies temporaries of aggregates octet by octet.
        const auto by = both.fake(role::initiator);
        const auto client = [&]() -> asio::awaitable<std::string> {
            const asio::any_io_executor steps = both.steps.get_executor();
            co_await both.client.async_handshake(role::initiator, by, steps, asio::use_awaitable);
            co_await asio::async_write(both.client, asio::buffer("ping", 4), asio::use_awaitable);
            std::string text(4, ' ');
            co_await asio::async_read(both.client, asio::buffer(text), asio::use_awaitable);
            co_return text;
        };
        auto got = asio::co_spawn(both.context, client(), asio::use_future);
        server.get();
        char text[4];
        CHECK(both.server.async_read_some(asio::buffer(text), asio::deferred)(asio::use_future)
                  .get() == 4);
        CHECK(both.server.async_write_some(asio::buffer(text), asio::use_future).get() == 4);
        CHECK(got.get() == "ping");
    }
    runner.join();
}

TEST_CASE("negotiate_stream runs its operations where their handlers want to run") {
    two_streams both;
    auto strand = asio::make_strand(both.context);
    int inside = 0;
    both.client.async_handshake(role::initiator, both.fake(role::initiator),
                                both.steps.get_executor(),
                                asio::bind_executor(strand, [&](error_code code) {
                                    inside += !code && strand.running_in_this_thread() ? 1 : 0;
                                }));
    both.server.async_handshake(role::acceptor, both.fake(role::acceptor),
                                both.steps.get_executor(), [&](error_code) { ++inside; });
    CHECK(inside == 0);
    both.run();
    CHECK(inside == 2);
}

TEST_CASE("negotiate_stream says why a handshake failed, on both sides") {
    SECTION("the client's mechanism fails") {
        two_streams both;
        const auto [client, server] = both.meet({.failing_step = 1});
        CHECK(client == security::errc::no_ticket);
        CHECK(both.client.said() == "fake words");
        CHECK(server == security::errc::peer_said_no_credentials);
        CHECK(both.server.said() == "0x8009030D SEC_E_UNKNOWN_CREDENTIALS");
        CHECK_FALSE(both.server.is_authenticated());
    }
    SECTION("the server's mechanism fails") {
        two_streams both;
        const auto [client, server] = both.meet({}, {.failing_step = 1, .peer_code = 0x6fe});
        CHECK(client == security::errc::peer_said_level_too_low);
        CHECK(server == security::errc::no_ticket);
    }
    SECTION("the peer goes away") {
        two_streams both;
        error_code code;
        both.client.async_handshake(role::initiator, both.fake(role::initiator),
                                    both.steps.get_executor(), [&](error_code c) { code = c; });
        both.server.next_layer().shutdown(tcp::socket::shutdown_send);
        both.run();
        CHECK(code == security::errc::handshake_cut_short);
    }
    SECTION("what is not authenticated carries nothing") {
        two_streams both;
        char text[4] = {};
        std::vector<error_code> codes;
        const auto note = [&](error_code c, std::size_t) { codes.push_back(c); };
        both.client.async_read_some(asio::buffer(text), note);
        both.client.async_write_some(asio::buffer(text), note);
        CHECK(codes.empty());  // never within the call
        both.run();
        CHECK(codes == std::vector<error_code>(2, asio::error::not_connected));
    }
}

TEST_CASE("negotiate_stream tells an end between frames from one within a frame") {
    for (const bool is_whole : {true, false}) {
        two_streams both;
        REQUIRE(both.meet() == std::pair<error_code, error_code>());
        if (!is_whole)
            asio::write(both.client.next_layer(), asio::buffer("\x09\0\0\0iF", 6));
        both.client.next_layer().shutdown(tcp::socket::shutdown_send);
        error_code code;
        char text[4];
        both.server.async_read_some(asio::buffer(text),
                                    [&](error_code c, std::size_t) { code = c; });
        both.run();
        CHECK(code ==
              (is_whole ? error_code(asio::error::eof) : make_error_code(base_errc::truncated)));
    }
}

TEST_CASE("negotiate_stream goes on reading after a read was cancelled") {
    two_streams both;
    REQUIRE(both.meet() == std::pair<error_code, error_code>());
    asio::cancellation_signal signal;
    error_code code;
    char text[4] = {};
    both.server.async_read_some(
        asio::buffer(text),
        asio::bind_cancellation_slot(signal.slot(), [&](error_code c, std::size_t) { code = c; }));
    asio::post(both.context, [&] { signal.emit(asio::cancellation_type::total); });
    both.run();
    CHECK(code == asio::error::operation_aborted);
    std::size_t got = 0;
    both.server.async_read_some(asio::buffer(text), [&](error_code, std::size_t n) { got = n; });
    asio::async_write(both.client, asio::buffer("abc", 3), asio::detached);
    both.run();
    CHECK(got == 3);
    CHECK(std::string(text) == "abc");
}

TEST_CASE("negotiate_stream is cancelled after the step that runs") {
    two_streams both;
    asio::cancellation_signal signal;
    error_code code;
    std::promise<void> may_step;
    asio::post(both.steps, [wait = may_step.get_future()]() mutable { wait.wait(); });
    both.client.async_handshake(
        role::initiator, both.fake(role::initiator), both.steps.get_executor(),
        asio::bind_cancellation_slot(signal.slot(), [&](error_code c) { code = c; }));
    asio::post(both.context, [&] {
        signal.emit(asio::cancellation_type::total);
        may_step.set_value();
    });
    both.run();
    CHECK(code == asio::error::operation_aborted);
}
