// What hosts and clients count, and what they tell observers.
#include "client/callback_pair.hpp"
#include "client/instance_host.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/net/errc.hpp>

#include <algorithm>
#include <array>

using namespace std::chrono_literals;
using boost::asio::use_future;
using nettcp::call_outcome;
using nettcp::host_state;
using nettcp::refusal;
using raw::running_host;
using raw::text_body;

namespace {

/// Writes down what it is told.
class notebook final : public nettcp::call_observer {
public:
    struct entry {
        std::string action;
        std::string endpoint;
        nettcp::uuid message_id{};
        nettcp::uuid activity{};
        bool incoming = false;
        bool one_way = false;
        int ends = 0;
        call_outcome how{};
        std::chrono::nanoseconds took{};
    };

    void* call_began(const nettcp::call_info& call) override {
        const std::lock_guard lock(guard_);
        entries_.push_back({std::string(call.action),
                            std::string(call.endpoint),
                            call.message_id,
                            call.activity,
                            call.incoming,
                            call.one_way,
                            0,
                            {},
                            {}});
        return reinterpret_cast<void*>(entries_.size());
    }
    void call_ended(const nettcp::call_info& call, void* span, call_outcome how,
                    std::chrono::nanoseconds took) override {
        const std::lock_guard lock(guard_);
        entry& mine = entries_.at(reinterpret_cast<std::size_t>(span) - 1);
        ++mine.ends;
        mine.how = how;
        mine.took = took;
        if (call.action != mine.action || call.message_id != mine.message_id)
            mine.action = "mixed up";
    }
    std::vector<entry> entries() {
        const std::lock_guard lock(guard_);
        return entries_;
    }
    bool all_ended(std::size_t count) {
        return running_host::eventually([&] {
            const auto all = entries();
            return all.size() == count &&
                   std::ranges::all_of(all, [](const entry& each) { return each.ends == 1; });
        });
    }

private:
    std::mutex guard_;
    std::vector<entry> entries_;
};

nettcp::client client_of(const running_host& host, nettcp::client_options options = {}) {
    return instances::client_of(host, std::move(options));
}

}  // namespace

TEST_CASE("A host and a client count sessions, calls and octets", "[threaded]") {
    nettcp::service operations = raw::echo_service();
    operations.on("urn:fault", [](nettcp::incoming_call&) { throw std::runtime_error("no"); });
    running_host host({}, std::move(operations));
    nettcp::client c = client_of(host);
    for (int i = 0; i != 3; ++i)
        c.call("urn:echo", text_body("x"));
    CHECK(c.call("urn:fault", text_body("")).is_fault());
    CHECK(c.call("urn:unknown", text_body("")).is_fault());
    c.send("urn:note", text_body(""));
    auto late = c.async_call("urn:sleep", text_body("300"), {.timeout = 20ms}, use_future);
    CHECK_THROWS(late.get());
    auto ours = c.metrics();
    CHECK(ours.sessions_opened == 1);
    CHECK(ours.sessions == 1);
    CHECK(ours.calls.started == 7);
    CHECK(ours.calls.replied == 4);
    CHECK(ours.calls.faulted == 2);
    CHECK(ours.calls.timed_out == 1);
    CHECK(ours.calls.in_progress == 0);
    CHECK(running_host::eventually([&] { return host.host.metrics().calls.in_progress == 0; }));
    c.close();
    CHECK(running_host::eventually([&] { return host.host.metrics().sessions == 0; }));
    const auto theirs = host.host.metrics();
    ours = c.metrics();
    CHECK(theirs.connections_accepted == 1);
    CHECK(theirs.connections == 1);  // kept for another session
    CHECK(theirs.sessions_opened == 1);
    CHECK(theirs.sessions_closed == 1);
    CHECK(theirs.calls.started == 7);
    CHECK(theirs.calls.replied == 5);
    CHECK(theirs.calls.faulted == 2);
    CHECK(ours.sessions == 0);
    CHECK(ours.sessions_closed == 1);
    CHECK(ours.octets.sent == theirs.octets.received);
    CHECK(running_host::eventually(
        [&] { return c.metrics().octets.received == host.host.metrics().octets.sent; }));
    CHECK(ours.octets.sent > 500);
    CHECK(ours.messages_dropped == 1);
}

TEST_CASE("A host counts whom it has refused, and why", "[threaded]") {
    nettcp::host_options options;
    options.channel_initialization_timeout = 200ms;
    running_host host(options);
    const auto refused = [&](refusal why) {
        return running_host::eventually([&] { return host.host.metrics().refused(why) == 1; });
    };
    {
        raw::client nowhere(host.where);
        CHECK_THROWS(nowhere.open("net.tcp://localhost/elsewhere"));
        CHECK(refused(refusal::endpoint_not_found));
    }
    {
        raw::client slow(host.where);
        CHECK(refused(refusal::too_slow));
    }
    nettcp::client_options streamed;
    streamed.transfer = nettcp::transfer_mode::streamed;
    nettcp::client c = client_of(host, streamed);
    CHECK_THROWS(c.call("urn:echo", text_body("")));
    CHECK(refused(refusal::unsupported));
    CHECK(c.metrics().opens_failed == 1);
    CHECK(c.metrics().calls.failed == 1);
    CHECK(host.host.metrics().sessions_opened == 0);
}

TEST_CASE("A host counts sessions that are lost, and calls that they take along", "[threaded]") {
    running_host host;
    {
        raw::client c(host.where);
        c.open(raw::via);
        c.send(raw::request(1, "urn:sleep", "60000"));
        REQUIRE(
            running_host::eventually([&] { return host.host.metrics().calls.in_progress == 1; }));
        c.wire.reset();
    }
    CHECK(running_host::eventually([&] { return host.host.metrics().sessions_failed == 1; }));
    CHECK(running_host::eventually([&] { return host.host.metrics().calls.cancelled == 1; }));
    CHECK(host.host.metrics().calls.in_progress == 0);
}

TEST_CASE("A host counts waits for throttles and for instances", "[threaded]") {
    instances::book all;
    nettcp::host_options options;
    options.max_concurrent_calls = 1;
    running_host host(options, instances::desks(all, instances::instance_mode::per_session));
    nettcp::client first = client_of(host);
    nettcp::client second = client_of(host);
    all.open = false;
    auto one = instances::begin(first, instances::enter(1));
    REQUIRE(all.reached(1));
    auto two = instances::begin(first, instances::enter(2));
    auto three = instances::begin(second, instances::enter(3));
    CHECK(running_host::eventually([&] { return host.host.metrics().throttled == 1; }));
    CHECK(running_host::eventually([&] { return host.host.metrics().waited_in_line == 1; }));
    CHECK(!host.host.health().is_ready());  // full
    all.open = true;
    one.get();
    two.get();
    three.get();
    CHECK(running_host::eventually([&] { return host.host.health().is_ready(); }));
}

TEST_CASE("A host says how it is", "[threaded]") {
    nettcp::service_host host;
    host.add_endpoint(raw::via, raw::echo_service());
    CHECK(host.health().state == host_state::starting);
    const auto where = host.listen("127.0.0.1", 0);
    CHECK(host.health().state == host_state::starting);
    host.start();
    CHECK(host.health().state == host_state::serving);
    CHECK(host.health().is_ready());
    raw::client c(where);
    c.open(raw::via);
    c.send(raw::request(1, "urn:sleep", "100"));
    REQUIRE(running_host::eventually([&] { return host.health().calls == 1; }));
    CHECK(host.health().connections == 1);
    CHECK(host.health().pending_connections == 0);
    std::thread stopper([&] { host.stop(5s); });
    CHECK(running_host::eventually([&] { return host.health().state == host_state::draining; }));
    CHECK(!host.health().is_ready());
    c.receive();
    c.session.end();
    c.flush();
    c.wire.read_all();
    stopper.join();
    CHECK(host.health().state == host_state::stopped);
}

TEST_CASE("Observers are told of each call once, on both sides", "[threaded]") {
    const auto at_host = std::make_shared<notebook>();
    const auto at_client = std::make_shared<notebook>();
    nettcp::host_options options;
    options.observer = at_host;
    callbacks::pair both(options);
    auto chosen = both.options();
    chosen.observer = at_client;
    nettcp::client c = both.client(std::move(chosen));
    const auto activity = nettcp::parse_uuid("01234567-89ab-cdef-0123-456789abcdef").value();
    nettcp::call_options with_activity;
    with_activity.headers = [&](nettcp::nbfx::writer& out) {
        out.start_element("ActivityId",
                          "http://schemas.microsoft.com/2004/09/ServiceModel/Diagnostics");
        out.uuid(activity);
        out.end_element();
    };
    auto answer = c.call("urn:echo", text_body("still there"), with_activity);
    CHECK(callbacks::text_of(answer) == "still there");  // reading the header has cost nothing
    c.call("urn:ask-back", text_body("why"));
    c.call("urn:unknown", text_body(""));
    c.send("urn:note", text_body(""));
    REQUIRE(at_host->all_ended(5));
    REQUIRE(at_client->all_ended(5));
    const auto host_saw = at_host->entries();
    const auto client_saw = at_client->entries();
    const std::array<std::string, 5> actions = {"urn:echo", "urn:ask-back", "urn:ask",
                                                "urn:unknown", "urn:note"};
    for (std::size_t i = 0; i != actions.size(); ++i) {
        CAPTURE(i);
        CHECK(host_saw[i].action == actions[i]);
        CHECK(client_saw[i].action == actions[i]);
        CHECK(host_saw[i].message_id == client_saw[i].message_id);
        CHECK(host_saw[i].how == client_saw[i].how);
        CHECK(host_saw[i].incoming == (actions[i] != "urn:ask"));
        CHECK(client_saw[i].incoming == (actions[i] == "urn:ask"));
        CHECK(host_saw[i].how ==
              (actions[i] == "urn:unknown" ? call_outcome::faulted : call_outcome::replied));
        CHECK(host_saw[i].one_way == (actions[i] == "urn:note"));
        CHECK(client_saw[i].took.count() > 0);
    }
    CHECK(host_saw[0].activity == activity);
    CHECK(host_saw[1].activity.is_nil());
    CHECK(host_saw[0].endpoint == raw::via);
    CHECK(client_saw[0].endpoint == raw::via);
}

TEST_CASE("Counting and observing allocate nothing when warm", "[threaded]") {
    struct counting final : nettcp::call_observer {
        void* call_began(const nettcp::call_info&) override { return this; }
        void call_ended(const nettcp::call_info&, void*, call_outcome,
                        std::chrono::nanoseconds) override {
            ++ended;
        }
        std::atomic<int> ended = 0;
    };
    const auto told = std::make_shared<counting>();
    nettcp::service lean;
    lean.on("urn:echo", [](nettcp::incoming_call& call) {
        call.reply([](nettcp::nbfx::writer& out) {
            out.start_element("Text", "urn:test");
            out.end_element();
        });
    });
    nettcp::host_options options;
    options.observer = told;
    nettcp::service_host watched(options);
    watched.add_endpoint(raw::via, std::move(lean));
    const auto where = watched.listen("127.0.0.1", 0);
    watched.start();
    raw::client c(where);
    c.open(raw::via);
    const auto asked = raw::request(1, "urn:echo", "x");
    std::size_t before = 0;
    std::size_t reads = 0;
    for (int i = 0; i != 600; ++i) {
        if (i == 200) {
            before = nettcp::allocation_count();
            reads = c.wire.reads();
        }
        c.queue(asked);
        c.flush();
        c.receive();
        (void)watched.metrics();
        (void)watched.health();
    }
    const std::size_t grown = nettcp::allocation_count() - before;
    CHECK(grown <= c.wire.reads() - reads);  // those are the test's own
    CHECK(running_host::eventually([&] { return told->ended == 600; }));
}
