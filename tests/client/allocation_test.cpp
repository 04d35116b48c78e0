#include "client/test_peer.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

namespace asio = boost::asio;
using namespace test_peer;

namespace {

void echo(listener& where) {
    session served(where.accept(), [](session& s, nettcp::channel::message m) { s.reply(m, "x"); });
    served.serve();
}

const auto small_body = [](nettcp::nbfx::writer& out) {
    using namespace nettcp::nbfx::literals;
    out.start_element("", "Text"_dict, "urn:test"_dict);
    out.text("hello");
    out.end_element();
};

constexpr std::string_view action = "http://peers.test/svc/IEcho/Echo";

/// Calls again and again from its own completion handler, and counts what that allocates.
struct caller {
    nettcp::client& c;
    asio::io_context& context;
    int warm_up;
    int counted;
    std::size_t before = 0;
    std::size_t grown = 0;

    void next() {
        if (warm_up > 0 && --warm_up == 0)
            before = nettcp::allocation_count();
        else if (warm_up == 0 && counted-- == 0) {
            grown = nettcp::allocation_count() - before;
            context.stop();
            return;
        }
        c.async_call(action, small_body,
                     [this](const boost::system::error_code& ec, nettcp::reply answer) {
                         if (ec || answer.is_fault())
                             context.stop();
                         else
                             next();
                     });
    }
};

}  // namespace

// The count is the whole program's: the session at the other end must not allocate either.
TEST_CASE("client allocates nothing per call when warm", "[threaded]") {
    scripted peer(echo);
    asio::io_context context;
    nettcp::client c(context.get_executor(), peer.uri());
    SECTION("with a callback") {
        caller calls{c, context, 200, 1000};
        calls.next();
        context.run();
        CHECK(calls.counted == -1);
        CHECK(calls.grown == 0);
    }
    SECTION("with the default token") {
        std::size_t grown = 1;
        asio::co_spawn(
            context,
            [&]() -> asio::awaitable<void> {
                std::size_t before = 0;
                for (int i = 0; i < 1200; ++i) {
                    if (i == 200)
                        before = nettcp::allocation_count();
                    const nettcp::reply answer = co_await c.async_call(action, small_body);
                }
                grown = nettcp::allocation_count() - before;
                context.stop();
            },
            asio::detached);
        context.run();
        CHECK(grown == 0);
    }
}
