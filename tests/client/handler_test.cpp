// What handlers do to the client that calls them: end it, cancel others, throw.
#include "client/test_peer.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <stdexcept>

namespace asio = boost::asio;
using namespace test_peer;
using boost::system::error_code;
using nettcp::client;

namespace {

/// Answers every call with its text.
void serve_echo(listener& where) {
    session(where.accept(), [](session& s, nettcp::channel::message m) {
        s.reply(m, text_of(m));
    }).serve();
}

}  // namespace

TEST_CASE("client may be destroyed by the first of several openings", "[threaded]") {
    scripted peer(serve_echo);
    asio::io_context context;
    std::optional<client> c(std::in_place, context.get_executor(), peer.uri());
    std::vector<error_code> ended;
    c->async_open([&](error_code ec) {
        ended.push_back(ec);
        c.reset();
    });
    c->async_open([&](error_code ec) { ended.push_back(ec); });
    c->async_open([&](error_code ec) { ended.push_back(ec); });
    context.run();
    CHECK(ended == std::vector<error_code>(3));
}

TEST_CASE("client lets an opening's handler cancel another opening", "[threaded]") {
    scripted peer(serve_echo);
    asio::io_context context;
    client c(context.get_executor(), peer.uri());
    asio::cancellation_signal signal;
    std::vector<error_code> ended;
    c.async_open([&](error_code ec) {
        ended.push_back(ec);
        signal.emit(asio::cancellation_type::all);
    });
    c.async_open(asio::bind_cancellation_slot(signal.slot(), [&](error_code ec) {
        ended.push_back(ec);
        c.async_close([&](error_code closed) {
            ended.push_back(closed);
            context.stop();
        });
    }));
    context.run();
    CHECK(ended == std::vector<error_code>(3));  // the session had opened when it was cancelled
}

TEST_CASE("client goes on after a handler that throws", "[threaded]") {
    scripted peer(serve_echo);
    asio::io_context context;
    client c(context.get_executor(), peer.uri());
    c.async_call("urn:a", body("x"), [](error_code, nettcp::reply) {
        throw std::runtime_error("thrown by a handler");
    });
    CHECK_THROWS_WITH(context.run(), "thrown by a handler");
    c.async_call("urn:a", body("x"), {.timeout = std::chrono::milliseconds(0)},
                 [](error_code, nettcp::reply) { throw std::runtime_error("thrown again"); });
    CHECK_THROWS_WITH(context.run(), "thrown again");
    std::string text;
    c.async_call("urn:a", body("y"), [&](error_code ec, nettcp::reply answer) {
        if (!ec)
            text = text_of(answer.message());
        c.async_close([&](error_code) { context.stop(); });
    });
    context.run();
    CHECK(text == "y");
}
