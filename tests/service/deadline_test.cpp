#include "service/test_service.hpp"
#include "support/catch.hpp"

using namespace raw;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view preamble =
    "000100 0102 021d 6e65742e7463703a2f2f6c6f63616c686f73743a393030302f74657374 0308 0c";

/// What `act` took.
template <class F>
std::chrono::milliseconds time_of(F act) {
    const auto start = std::chrono::steady_clock::now();
    act();
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 start);
}

}  // namespace

TEST_CASE("service_host gives a peer so long to open a session", "[threaded]") {
    nettcp::host_options options;
    options.channel_initialization_timeout = 300ms;
    running_host host(options);
    wire_socket wire(host.where);
    SECTION("that says nothing") {}
    SECTION("that says half a preamble") {
        wire.send("000100 0102 021d 6e65");
    }
    SECTION("that has been refused and does not go") {
        wire.send("000200");
        wire.read(75);
        const auto took = time_of([&] { wire.read_some(); });
        CHECK(wire.how() == ending::fin);
        CHECK(took < 200ms);
    }
    const auto took = time_of([&] { wire.read_all(); });
    CHECK(took < 5s);
    CHECK(running_host::eventually([&] { return host.host.connections() == 0; }));
}

TEST_CASE("service_host ends a preamble that comes octet by octet", "[threaded]") {
    nettcp::host_options options;
    options.channel_initialization_timeout = 300ms;
    running_host host(options);
    wire_socket wire(host.where);
    wire.set_patience(20ms);
    const auto octets = nettcp::hex(preamble);
    const auto took = time_of([&] {
        for (const std::byte& one : octets) {
            if (!wire.try_send({&one, 1}))
                break;
            wire.read_some();
            if (wire.how() == ending::reset)
                break;
        }
    });
    CHECK(took > 250ms);
    CHECK(wire.how() == ending::reset);
    CHECK(host.logged("the preamble was not complete in time"));
}

TEST_CASE("service_host ends sessions in which nothing happens", "[threaded]") {
    nettcp::host_options options;
    options.receive_timeout = 300ms;
    running_host host(options);
    client c(host.where);
    c.open(via);
    SECTION("at all") {
        c.wire.read_all();
        CHECK(c.wire.how() == ending::reset);
        CHECK(host.logged("no message came in time"));
    }
    SECTION("but not while a call is in progress") {
        auto answer = c.call(request(1, "urn:sleep", "700"));
        CHECK(text_of(answer) == "slept 700");
        c.wire.read_all();
        CHECK(c.wire.how() == ending::reset);
    }
}

TEST_CASE("service_host ends messages that do not get on", "[threaded]") {
    nettcp::host_options options;
    options.message_timeout = 300ms;
    running_host host(options);
    wire_socket wire(host.where);
    wire.send(preamble);
    REQUIRE(wire.read_hex(1) == "0b");
    SECTION("half an envelope") {
        wire.send("06 ac01 0020");
        CHECK(time_of([&] { wire.read_all(); }) < 5s);
    }
    SECTION("octet by octet") {
        wire.send("06 ac01");
        wire.set_patience(20ms);
        const std::byte zero{0};
        for (int i = 0; i < 100 && wire.how() != ending::reset; ++i) {
            if (!wire.try_send({&zero, 1}))
                break;
            wire.read_some();
        }
    }
    CHECK(wire.how() == ending::reset);
    CHECK(host.logged("no message came in time"));
}

TEST_CASE("service_host closes connections that stay without a session", "[threaded]") {
    nettcp::host_options options;
    options.idle_timeout = 200ms;
    options.channel_initialization_timeout = 400ms;
    running_host host(options);
    client c(host.where);
    c.open(via);
    REQUIRE(c.close());
    SECTION("quietly") {
        c.wire.read_all();
        CHECK(c.wire.how() == ending::fin);
    }
    SECTION("but with a reset when a preamble has begun") {
        c.wire.send("000100");
        const auto took = time_of([&] { c.wire.read_all(); });
        CHECK(took > 300ms);
        CHECK(c.wire.how() == ending::reset);
    }
}

TEST_CASE("service_host stops reading from a peer that does not read", "[threaded]") {
    nettcp::host_options options;
    options.send_timeout = 500ms;
    options.session.max_pending_output = 100'000;
    options.session.framing.max_message_size = 1 << 20;
    running_host host(options);
    client c(host.where, 4096);
    c.open(via);
    const std::string large(50'000, 'x');
    SECTION("and gives up on it") {
        c.queue(request(1, "urn:echo", large));
        const octets one(c.session.output().begin(), c.session.output().end());
        c.session.output_sent(one.size());
        std::uint32_t id = 1;
        c.wire.set_patience(1ms);
        c.wire.send(one);
        // The host takes no more than what its buffers and ours hold, then it resets.
        std::size_t sent = 0;
        while (sent < 200'000'000) {
            c.queue(request(++id, "urn:echo", large));
            const auto out = c.session.output();
            if (!c.wire.try_send(out))
                break;
            sent += out.size();
            c.session.output_sent(out.size());
        }
        CHECK(sent < 100'000'000);
        CHECK(host.logged("the peer does not take our octets in time"));
    }
    SECTION("and goes on when it reads again") {
        for (std::uint32_t id = 1; id <= 8; ++id)
            c.send(request(id, "urn:echo", large));
        for (std::uint32_t id = 1; id <= 8; ++id) {
            auto answer = c.receive();
            CHECK(text_of(answer).size() == large.size());
        }
    }
}

TEST_CASE("service_host survives a flood of connections", "[threaded]") {
    nettcp::host_options options;
    options.pending_grace = 100ms;
    options.max_pending_connections = 4;
    options.max_connections = 6;
    running_host host(options);
    std::vector<wire_socket> silent;
    for (int i = 0; i < 12; ++i)
        silent.emplace_back(host.where);
    usleep(50'000);
    CHECK(host.host.connections() == 4);
    client c(host.where);  // waits until silent ones have made room
    CHECK(time_of([&] { c.open(via); }) < 5s);
    auto answer = c.call(request(1, "urn:echo", "x"));
    CHECK(text_of(answer) == "x");
    CHECK(host.host.connections() <= 6);
}

TEST_CASE("service_host survives a flood of peers that it has refused and that stay",
          "[threaded]") {
    nettcp::host_options options;
    options.pending_grace = 100ms;
    options.max_pending_connections = 4;
    options.max_connections = 6;
    running_host host(options);
    std::vector<wire_socket> refused;
    for (int i = 0; i < 6; ++i) {
        refused.emplace_back(host.where);
        refused.back().send("000200");
        CHECK(refused.back().read(75).size() == 75);  // a fault, which there is time to read
    }
    client c(host.where);
    CHECK(time_of([&] { c.open(via); }) < 5s);
    CHECK(host.host.connections() <= 6);
}
