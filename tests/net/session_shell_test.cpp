#include "net/executor_probe.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"
#include "support/catch.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>

#include <thread>

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using nettcp::channel::event_type;
using nettcp::net::session_shell;
using namespace std::chrono_literals;

namespace {

/// A pair of connected sockets on loopback.
struct socket_pair {
    explicit socket_pair(asio::io_context& context) : ours(context), theirs(context) {
        tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
        ours.connect(acceptor.local_endpoint());
        theirs = acceptor.accept();
    }
    tcp::socket ours;
    tcp::socket theirs;
};

struct recorder final : session_shell::owner {
    void session_event(event_type what) override { events.push_back(what); }
    void transport_ended(const error_code& why) override { ended = why; }
    void output_written() override { ++writes; }

    std::vector<event_type> events;
    error_code ended;
    int writes = 0;
};

void run_for_a_moment(asio::io_context& context) {
    context.restart();
    context.run_for(20ms);
}

}  // namespace

TEST_CASE("session_shell writes what was queued together at once, and taps it") {
    asio::io_context context;
    socket_pair sockets(context);
    recorder told;
    std::size_t sent = 0, received = 0;
    int taps = 0;
    auto shell = std::make_shared<session_shell>(
        std::move(sockets.ours), nettcp::channel::role::initiator,
        nettcp::channel::session_options(), [&](nettcp::direction way, nettcp::bytes_view octets) {
            (way == nettcp::direction::sent ? sent : received) += octets.size();
            ++taps;
        });
    shell->start(told);
    REQUIRE(shell->session()
                .open("net.tcp://h/x", nettcp::framing::encoding::binary_session)
                .has_value());
    shell->flush();
    shell->flush();
    run_for_a_moment(context);
    const std::size_t preamble = sockets.theirs.available();
    CHECK(preamble == 3 + 2 + 2 + 13 + 2 + 1);
    CHECK(sent == preamble);
    CHECK(taps == 1);
    CHECK(told.writes == 1);
    CHECK(shell->written() == preamble);

    asio::write(sockets.theirs, asio::buffer("\x0b", 1));
    run_for_a_moment(context);
    CHECK(told.events == std::vector{event_type::opened});
    CHECK(received == 1);
    sockets.theirs.shutdown(tcp::socket::shutdown_send);
    run_for_a_moment(context);
    CHECK(told.ended == asio::error::eof);
    shell->abort();
}

TEST_CASE("session_shell finishes so that the peer can read the last record") {
    asio::io_context context;
    socket_pair sockets(context);
    recorder told;
    auto shell =
        std::make_shared<session_shell>(std::move(sockets.ours), nettcp::channel::role::acceptor,
                                        nettcp::channel::session_options(), nullptr);
    shell->start(told);
    asio::write(sockets.theirs, asio::buffer("\x00\x02\x00", 3));  // version 2.0
    run_for_a_moment(context);
    REQUIRE(told.events == std::vector{event_type::failed});
    REQUIRE(shell->session().drain_after_failure());
    shell->finish(1min);
    const std::string more(5000, 'x');
    asio::write(sockets.theirs, asio::buffer(more));
    run_for_a_moment(context);
    std::string answer(100, '\0');
    error_code ec;
    const std::size_t size = asio::read(sockets.theirs, asio::buffer(answer), ec);
    CHECK(ec == asio::error::eof);  // not a reset, although octets were left unread
    CHECK_THAT(answer.substr(0, size), Catch::EndsWith("UnsupportedVersion"));
    sockets.theirs.close();
    run_for_a_moment(context);
    CHECK_FALSE(shell->is_open());
}

TEST_CASE("session_shell drains no more than its limit, and no longer than its patience") {
    asio::io_context context;
    socket_pair sockets(context);
    recorder told;
    auto shell =
        std::make_shared<session_shell>(std::move(sockets.ours), nettcp::channel::role::acceptor,
                                        nettcp::channel::session_options(), nullptr);
    shell->start(told);
    SECTION("patience") {
        shell->finish(5ms);
        context.run_for(2s);
        CHECK_FALSE(shell->is_open());
    }
    SECTION("octets") {
        shell->finish(1min);
        const std::string flood(70000, 'x');
        std::thread peer([&] {
            error_code ignored;
            asio::write(sockets.theirs, asio::buffer(flood), ignored);
        });
        context.run_for(2s);
        peer.join();
        CHECK_FALSE(shell->is_open());
    }
    CHECK(told.events.empty());
}

TEST_CASE("session_shell aborts with a reset and leaves with an end") {
    asio::io_context context;
    socket_pair sockets(context);
    auto shell =
        std::make_shared<session_shell>(std::move(sockets.ours), nettcp::channel::role::acceptor,
                                        nettcp::channel::session_options(), nullptr);
    recorder told;
    shell->start(told);
    error_code ec, expected;
    SECTION("abort") {
        shell->abort();
        expected = asio::error::connection_reset;
    }
    SECTION("leave") {
        shell->leave(true);
        expected = asio::error::eof;
    }
    char one;
    asio::read(sockets.theirs, asio::buffer(&one, 1), ec);
    CHECK(ec == expected);
    run_for_a_moment(context);
    CHECK(told.events.empty());
    CHECK_FALSE(told.ended);
}

TEST_CASE("lazy_timer rings at the deadline that was set last") {
    struct bell final : nettcp::net::lazy_timer::owner {
        void deadline_passed() override { rang.push_back(nettcp::net::clock::now()); }
        std::vector<nettcp::net::time_point> rang;
    } told;
    asio::io_context context;
    nettcp::net::lazy_timer timer(context.get_executor(), told);
    const auto start = nettcp::net::clock::now();
    SECTION("moved to a later moment") {
        timer.set(start + 10ms);
        timer.set(start + 40ms);
        context.run();
        REQUIRE(told.rang.size() == 1);
        CHECK(told.rang[0] >= start + 40ms);
    }
    SECTION("moved to an earlier moment") {
        timer.set(start + 1h);
        timer.set(start + 10ms);
        context.run();
        REQUIRE(told.rang.size() == 1);
        CHECK(told.rang[0] < start + 30min);
    }
    SECTION("stopped") {
        timer.set(start + 1h);
        timer.stop();
        context.run();
        CHECK(told.rang.empty());
    }
    SECTION("destroyed") {
        {
            nettcp::net::lazy_timer other(context.get_executor(), told);
            other.set(start + 1h);
        }
        context.run();
        CHECK(told.rang.empty());
    }
    CHECK(timer.deadline() == nettcp::net::never);
}

TEST_CASE("executor_probe knows the threads of contexts, strands and pools") {
    using nettcp::net::executor_probe;
    asio::io_context context;
    const auto strand = asio::make_strand(context);
    const asio::any_io_executor erased = context.get_executor();
    const auto strand_of_erased = asio::make_strand(erased);
    const executor_probe plain(context.get_executor()), on_strand(strand),
        on_erased(strand_of_erased);
    CHECK_FALSE(plain.runs_here());
    CHECK_FALSE(plain.would_deadlock());
    int checked = 0;
    asio::post(context, [&] {
        CHECK(plain.runs_here());
        CHECK_FALSE(on_strand.runs_here());
        CHECK(on_strand.would_deadlock());
        CHECK_FALSE(on_erased.runs_here());
        CHECK(on_erased.would_deadlock());
        ++checked;
    });
    asio::post(strand, [&] {
        CHECK(on_strand.runs_here());
        ++checked;
    });
    asio::post(strand_of_erased, [&] {
        CHECK(on_erased.runs_here());
        ++checked;
    });
    context.run();
    CHECK(checked == 3);
    asio::thread_pool pool(1);
    const executor_probe on_pool(pool.get_executor());
    asio::post(pool, [&] { checked += on_pool.would_deadlock() ? 1 : 0; });
    const executor_probe on_pool_strand(asio::make_strand(pool));
    CHECK(on_pool_strand.is_known());
    CHECK_FALSE(on_pool_strand.runs_here());
    pool.join();
    CHECK(checked == 4);
}
