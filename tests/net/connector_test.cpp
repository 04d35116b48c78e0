#include "net/connector.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/io_context.hpp>

#include <list>

#include <netinet/tcp.h>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using nettcp::diagnostics;
using nettcp::net::connector;
using namespace std::chrono_literals;

namespace {

using clock = std::chrono::steady_clock;

const auto v4 = asio::ip::make_address("127.0.0.1");
const auto v6 = asio::ip::make_address("::1");

struct recorder final : connector::owner {
    void connected(tcp::socket made) override { socket = std::move(made); }
    void connect_failed(const diagnostics& known) override { why = known; }

    std::optional<tcp::socket> socket;
    std::optional<diagnostics> why;
};

/// What became of an attempt, and how long it took.
struct outcome {
    recorder told;
    clock::duration taken{};
};

/// Runs until nothing is outstanding any more.
std::unique_ptr<outcome> connect(asio::io_context& context, std::vector<tcp::endpoint> addresses,
                                 nettcp::net::connect_target how = {}) {
    auto out = std::make_unique<outcome>();
    const auto begun = clock::now();
    const auto made = std::make_shared<connector>(context.get_executor(), out->told);
    made->start(std::move(addresses), std::move(how));
    context.restart();
    context.run_for(10s);
    out->taken = clock::now() - begun;
    return out;
}

/// An address of this family where nobody listens.
tcp::endpoint refusing(asio::io_context& context, const asio::ip::address& ip) {
    const tcp::acceptor closed_again(context, {ip, 0});
    return closed_again.local_endpoint();
}

/// An address that answers nothing: the queue of its listener is full.
class black_hole {
public:
    black_hole(asio::io_context& context, const asio::ip::address& ip)
        : acceptor_(context), context_(context) {
        acceptor_.open(tcp::endpoint(ip, 0).protocol());
        acceptor_.bind({ip, 0});
        acceptor_.listen(0);
        bool full = false;
        while (!full) {
            auto& socket = queued_.emplace_back(context_);
            bool connected = false;
            socket.async_connect(acceptor_.local_endpoint(),
                                 [&connected](const error_code& ec) { connected |= !ec; });
            context_.restart();
            context_.run_for(100ms);
            full = !connected;
            if (full) {
                socket.close();
                context_.restart();
                context_.run();
            }
            REQUIRE(queued_.size() < 50);
        }
    }
    tcp::endpoint address() const { return acceptor_.local_endpoint(); }

private:
    tcp::acceptor acceptor_;
    asio::io_context& context_;
    std::list<tcp::socket> queued_;
};

bool has_ipv6() {
    asio::io_context context;
    error_code ec;
    tcp::acceptor probe(context);
    probe.open(tcp::v6(), ec);
    if (!ec)
        probe.bind({v6, 0}, ec);
    if (ec)
        WARN("SKIPPED: this machine has no ::1");
    return !ec;
}

}  // namespace

TEST_CASE("connector takes address families in turns") {
    const tcp::endpoint a4(v4, 1), b4(v4, 2), c4(v4, 3), a6(v6, 1), b6(v6, 2);
    using list = std::vector<tcp::endpoint>;
    CHECK(nettcp::net::in_turns({a6, b6, a4, b4, c4}) == list{a6, a4, b6, b4, c4});
    CHECK(nettcp::net::in_turns({a4, a6, b6}) == list{a4, a6, b6});
    CHECK(nettcp::net::in_turns({a4, b4}) == list{a4, b4});
    CHECK(nettcp::net::in_turns({}).empty());
}

TEST_CASE("connector goes to the other family at once when one refuses") {
    if (!has_ipv6())
        return;
    asio::io_context context;
    tcp::acceptor listening(context, {v4, 0});
    const auto done = connect(context, {refusing(context, v6), listening.local_endpoint()});
    REQUIRE(done->told.socket);
    CHECK(done->told.socket->remote_endpoint() == listening.local_endpoint());
    CHECK(done->taken < 200ms);
}

TEST_CASE("connector tries the other family after a quarter of a second of silence") {
    if (!has_ipv6())
        return;
    asio::io_context context;
    const auto [silent, answering] = GENERATE(std::pair(v6, v4), std::pair(v4, v6));
    const black_hole hole(context, silent);
    tcp::acceptor listening(context, {answering, 0});
    const auto done = connect(context, {hole.address(), listening.local_endpoint()});
    REQUIRE(done->told.socket);
    CHECK(done->told.socket->remote_endpoint() == listening.local_endpoint());
    CHECK(done->taken >= 250ms);
    CHECK(done->taken < 2s);  // the one that lost is not waited for
}

TEST_CASE("connector does not wait for silence when a later address refuses") {
    asio::io_context context;
    const black_hole hole(context, v4);
    tcp::acceptor listening(context, {v4, 0});
    const auto done =
        connect(context, {hole.address(), refusing(context, v4), listening.local_endpoint()});
    REQUIRE(done->told.socket);
    CHECK(done->told.socket->remote_endpoint() == listening.local_endpoint());
    CHECK(done->taken >= 250ms);
    CHECK(done->taken < 450ms);
}

TEST_CASE("connector reports the address that failed last") {
    asio::io_context context;
    const tcp::endpoint first = refusing(context, v4), last = refusing(context, v4);
    const auto done = connect(context, {first, last});
    REQUIRE(done->told.why);
    CHECK(done->told.why->code == nettcp::net::errc::connect_failed);
    CHECK(done->told.why->provider == asio::error::connection_refused);
    CHECK(done->told.why->peer == "127.0.0.1:" + std::to_string(last.port()));
}

TEST_CASE("connector waits for silent addresses until it is cancelled, and names one") {
    asio::io_context context;
    const black_hole hole(context, v4);
    recorder told;
    const auto made = std::make_shared<connector>(context.get_executor(), told);
    made->start({hole.address(), refusing(context, v4)});
    context.restart();
    context.run_for(500ms);
    CHECK_FALSE(told.socket);
    CHECK_FALSE(told.why);
    CHECK(made->peer() == "127.0.0.1:" + std::to_string(hole.address().port()));
    const auto begun = clock::now();
    made->cancel();
    context.restart();
    context.run();
    CHECK(clock::now() - begun < 2s);
    CHECK_FALSE(told.why);
}

TEST_CASE("connector turns keep-alive on as asked") {
    asio::io_context context;
    tcp::acceptor listening(context, {v4, 0});
    const auto number = [](tcp::socket& socket, int level, int name) {
        int value = -1;
        socklen_t size = sizeof value;
        REQUIRE(getsockopt(socket.native_handle(), level, name, &value, &size) == 0);
        return value;
    };
    const auto plain = connect(context, {listening.local_endpoint()});
    REQUIRE(plain->told.socket);
    CHECK(number(*plain->told.socket, SOL_SOCKET, SO_KEEPALIVE) == 0);

    nettcp::net::connect_target how;
    how.keep_alive = nettcp::tcp_keep_alive{.idle = 7s, .interval = 3s, .count = 2};
    const auto kept = connect(context, {listening.local_endpoint()}, how);
    REQUIRE(kept->told.socket);
    CHECK(number(*kept->told.socket, SOL_SOCKET, SO_KEEPALIVE) != 0);
    CHECK(number(*kept->told.socket, IPPROTO_TCP, TCP_KEEPIDLE) == 7);
    CHECK(number(*kept->told.socket, IPPROTO_TCP, TCP_KEEPINTVL) == 3);
    CHECK(number(*kept->told.socket, IPPROTO_TCP, TCP_KEEPCNT) == 2);

    how.keep_alive->idle = 0s;
    const auto wrong = connect(context, {listening.local_endpoint()}, how);
    REQUIRE(wrong->told.why);
    CHECK(wrong->told.why->provider == asio::error::invalid_argument);
}
