#include "net/session_shell.hpp"
#include "net/step_pool.hpp"
#include "support/catch.hpp"
#include "support/fake_upgrade.hpp"
#include "support/hex.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <future>
#include <thread>

#include <sys/socket.h>

namespace asio = boost::asio;
namespace security = nettcp::security;
using asio::ip::tcp;
using boost::system::error_code;
using nettcp::channel::event_type;
using nettcp::net::session_shell;
using nettcp::net::step_pool;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view via = "net.tcp://h/x";

/// Shared by mechanisms whose steps wait for the test.
struct gate {
    std::promise<void> open;
    std::shared_future<void> opened{open.get_future()};
    std::atomic<int> begun = 0;
    std::atomic<int> living = 0;
};

class waiting_mechanism final : public security::mechanism {
public:
    waiting_mechanism(security::role side, std::shared_ptr<gate> at)
        : gate_(std::move(at)), fake_(side, {}) {
        ++gate_->living;
    }
    ~waiting_mechanism() override { --gate_->living; }

    security::step_result step(nettcp::bytes_view token) noexcept override {
        ++gate_->begun;
        gate_->opened.wait();
        return fake_.step(token);
    }
    const security::party& peer() const noexcept override { return fake_.peer(); }
    security::framing_of_octets octets() const noexcept override { return fake_.octets(); }
    nettcp::result<void> wrap(nettcp::bytes_view plain,
                              nettcp::octet_buffer& out) noexcept override {
        return fake_.wrap(plain, out);
    }
    nettcp::result<nettcp::bytes_view> unwrap(std::span<std::byte> payload) noexcept override {
        return fake_.unwrap(payload);
    }
    std::string_view said() const noexcept override { return fake_.said(); }

private:
    std::shared_ptr<gate> gate_;
    nettcp::fake_mechanism fake_;
};

class waiting_factory final : public security::upgrade_factory {
public:
    explicit waiting_factory(std::shared_ptr<gate> at) : gate_(std::move(at)) {}
    std::string_view name() const noexcept override { return "application/negotiate"; }
    std::unique_ptr<security::upgrade> make() const override {
        return security::make_negotiate_upgrade(
            security::role::initiator,
            std::make_shared<waiting_mechanism>(security::role::initiator, gate_));
    }

private:
    std::shared_ptr<gate> gate_;
};

struct side final : session_shell::owner {
    side(tcp::socket socket, nettcp::channel::role which)
        : shell(std::make_shared<session_shell>(std::move(socket), which,
                                                nettcp::channel::session_options(), nullptr)) {}

    void session_event(event_type what) override {
        events.push_back(what);
        if (what == event_type::message_arrived && pauses)
            shell->keep_reading(false);
        if (what == event_type::preamble_addressed)
            shell->session().accept_preamble(nettcp::framing::encoding::binary_session, required);
        if (what == event_type::peer_ended) {
            shell->session().end();
            shell->flush();
        }
    }
    void transport_ended(const error_code& why) override { ended = why; }
    void output_written() override {}

    std::shared_ptr<session_shell> shell;
    security::shared_upgrade_factory required;
    std::vector<event_type> events;
    error_code ended;
    bool pauses = false;  ///< at each message
};

struct connection {
    explicit connection(asio::io_context& context)
        : caller(connect(context), nettcp::channel::role::initiator),
          host(std::move(accepted_), nettcp::channel::role::acceptor) {
        host.required = std::make_shared<nettcp::fake_factory>(security::role::acceptor);
        caller.shell->start(caller);
        host.shell->start(host);
    }

    void open(security::shared_upgrade_factory security) {
        REQUIRE(caller.shell->session()
                    .open(via, nettcp::framing::encoding::binary_session, {}, std::move(security))
                    .has_value());
        caller.shell->flush();
    }

    tcp::socket connect(asio::io_context& context) {
        tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
        tcp::socket ours(context);
        ours.connect(acceptor.local_endpoint());
        accepted_ = acceptor.accept();
        descriptor = ours.native_handle();
        return ours;
    }

    tcp::socket accepted_{asio::system_executor()};
    int descriptor = -1;  ///< the caller's
    side caller;
    side host;
};

template <class Condition>
bool run_until(asio::io_context& context, Condition condition) {
    for (int i = 0; i < 1000 && !condition(); ++i) {
        context.restart();
        context.run_for(10ms);
    }
    return condition();
}

}  // namespace

TEST_CASE("shells authenticate by steps on the pool, again for each session", "[threaded]") {
    asio::io_context context;
    connection both(context);
    const auto callers = std::make_shared<nettcp::fake_factory>(security::role::initiator);
    for (int n = 0; n != 3; ++n) {
        both.open(callers);
        REQUIRE(run_until(context, [&] { return both.host.shell->session().is_open(); }));
        CHECK(both.host.shell->session().peer() != nullptr);
        CHECK(both.caller.shell->queued() == both.caller.shell->written());
        both.caller.shell->session().end();
        both.caller.shell->flush();
        REQUIRE(run_until(context, [&] {
            return both.caller.shell->session().is_closed() &&
                   both.host.shell->session().is_closed();
        }));
    }
    both.caller.shell->abort();
    both.host.shell->abort();
}

TEST_CASE("a step in progress keeps its executor at work, until the shell gives it up",
          "[threaded]") {
    const auto at = std::make_shared<gate>();
    asio::io_context other;
    {
        connection waiting(other);
        waiting.open(std::make_shared<waiting_factory>(at));
        REQUIRE(run_until(other, [&] { return at->begun == 1; }));
        waiting.host.shell->abort();
        other.restart();
        CHECK(other.run_for(50ms) <= 5);
        CHECK_FALSE(other.stopped());  // nothing but the step is outstanding
        waiting.caller.shell->abort();
        other.restart();
        other.run();  // returns at once
    }
    CHECK(at->living == 1);
    at->open.set_value();
    for (int i = 0; i < 500 && at->living != 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(at->living == 0);  // the pool has seen to it
}

TEST_CASE("a step may come back when executor and shell are gone", "[threaded]") {
    const auto at = std::make_shared<gate>();
    {
        asio::io_context context;
        connection both(context);
        both.open(std::make_shared<waiting_factory>(at));
        REQUIRE(run_until(context, [&] { return at->begun == 1; }));
    }
    at->open.set_value();
    for (int i = 0; i < 500 && at->living != 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(at->living == 0);
}

TEST_CASE("a shell tells what it holds before it reads more, which may be for another layer") {
    asio::io_context context;
    connection both(context);
    both.open(std::make_shared<nettcp::fake_factory>(security::role::initiator));
    REQUIRE(run_until(context, [&] { return both.host.shell->session().is_open(); }));
    both.host.pauses = true;
    // A message and the end of the session, in one piece, of which the host takes only the first.
    auto& session = both.caller.shell->session();
    auto& body = session.begin_message({.action = nettcp::nbfx::dictionary_string{"urn:a"}});
    body.start_element("Text", "urn:test");
    body.end_element();
    REQUIRE(session.end_message().has_value());
    session.end();
    both.caller.shell->flush();
    REQUIRE(run_until(context, [&] {
        return both.host.events.back() == event_type::message_arrived &&
               both.caller.shell->queued() == both.caller.shell->written();
    }));
    // The next preamble follows at once. The host goes on, and is told so twice, as when a write
    // fails meanwhile.
    const auto more = nettcp::hex("000100");
    REQUIRE(::send(both.descriptor, more.data(), more.size(), 0) == 3);
    both.host.shell->keep_reading(true);
    both.host.shell->keep_reading(true);
    REQUIRE(run_until(context, [&] { return both.host.events.back() == event_type::closed; }));
    CHECK(run_until(context, [&] {
        return both.host.shell->session().current_phase() == nettcp::channel::phase::opening;
    }));
    both.caller.shell->abort();
    both.host.shell->abort();
}

namespace {

struct counter final : step_pool::receiver {
    bool is_waiting() noexcept override { return waits; }
    void step_run(std::unique_ptr<security::mechanism_step>) noexcept override { ++count; }
    std::atomic<int> count = 0;
    std::atomic<bool> waits = true;
};

std::unique_ptr<security::mechanism_step> waiting_step(const std::shared_ptr<gate>& at) {
    auto step = std::make_unique<security::mechanism_step>();
    step->mechanism = std::make_shared<waiting_mechanism>(security::role::initiator, at);
    return step;
}

}  // namespace

TEST_CASE("the step pool bounds what waits, and is gone without waiting", "[threaded]") {
    const auto at = std::make_shared<gate>();
    const auto told = std::make_shared<counter>();
    int taken = 0;
    {
        step_pool pool;
        while (taken < 100'000 && pool.run(waiting_step(at), told))
            ++taken;
        CHECK(taken >= 1000);
        CHECK(taken < 2000);
        for (int i = 0; i < 500 && at->begun < 2; ++i)
            std::this_thread::sleep_for(10ms);
        CHECK(at->begun >= 2);  // more than one at a time
        CHECK(at->begun <= 8);
    }
    const int left = at->living;
    CHECK(left <= 8);  // what had not begun went with the pool
    at->open.set_value();
    for (int i = 0; i < 500 && at->living != 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(at->living == 0);
    CHECK(told->count == left);
}

TEST_CASE("the step pool does not begin what has been given up", "[threaded]") {
    const auto at = std::make_shared<gate>();
    const auto told = std::make_shared<counter>();
    step_pool pool;
    for (int i = 0; i < 20; ++i)
        REQUIRE(pool.run(waiting_step(at), told));
    for (int i = 0; i < 500 && at->begun < 8; ++i)
        std::this_thread::sleep_for(10ms);
    REQUIRE(at->begun == 8);
    told->waits = false;
    at->open.set_value();
    for (int i = 0; i < 500 && at->living != 0; ++i)
        std::this_thread::sleep_for(10ms);
    CHECK(at->living == 0);
    CHECK(at->begun == 8);
    CHECK(told->count == 8);
}
