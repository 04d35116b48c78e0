// Peers that are many, or come again and again, or end their half and stay.
#include "hostile/hostile_host.hpp"
#include "service/address_limit.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

using namespace hostile;
using namespace std::chrono_literals;

namespace {

/// A socket whose connection is asked for, and which nobody waits for.
class silent_peer {
public:
    explicit silent_peer(std::uint16_t port)
        : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
        sockaddr_in host{};
        host.sin_family = AF_INET;
        host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        host.sin_port = htons(port);
        REQUIRE(socket_ >= 0);
        (void)::connect(socket_, reinterpret_cast<const sockaddr*>(&host), sizeof host);
    }
    silent_peer(silent_peer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    silent_peer& operator=(silent_peer&&) = delete;
    ~silent_peer() {
        if (socket_ >= 0)
            ::close(socket_);
    }

private:
    int socket_;
};

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

}  // namespace

TEST_CASE("A host takes no more silent clients than its limits, however many there are",
          "[threaded][hostile]") {
    constexpr std::uint32_t limit = 16;
    nettcp::host_options options;
    options.max_pending_connections = limit;
    options.max_connections = 2 * limit;
    options.pending_grace = 5ms;
    options.listen_backlog = 4096;
    attacked_host host(attacked_host::add_echo_service, options);
    REQUIRE(host.serves_others());
    const std::size_t before = nettcp::allocated_memory().octets;
    nettcp::forget_allocation_peak();
    std::vector<silent_peer> crowd;
    crowd.reserve(2000);
    std::size_t most = 0;
    for (int i = 0; i != 2000; ++i) {
        crowd.emplace_back(host.where.port);
        most = std::max(most, host.connections());
    }
    CHECK(host.serves_others());  // in its turn
    CHECK(most <= 2 * limit);
    // Mostly the log's lines, which this test keeps; 2,000 connections would take 6 MiB.
    CHECK(nettcp::allocated_memory().peak - before < 2 * 1024 * 1024);
    crowd.clear();
    CHECK(host.is_idle());
}

TEST_CASE("A host resets what one address has too many of, and counts it", "[threaded][hostile]") {
    constexpr std::uint32_t limit = 3;
    auto options = attacked_host::roomy();
    options.max_connections_per_address = limit;
    attacked_host host(attacked_host::add_echo_service, options);
    std::vector<silent_peer> crowd;
    for (std::uint32_t i = 0; i != limit; ++i)
        crowd.emplace_back(host.where.port);
    REQUIRE(host.eventually([&] { return host.connections() == limit; }));
    CHECK(host.metrics().connections_over_address_limit == 0);

    const std::vector<plan> more(5, plan{{{preamble(echo_via), 1}}});
    for (const outcome& one : send_crowd(host.where, more))
        CHECK(one.end == ending::reset);
    CHECK(host.metrics().connections_over_address_limit == more.size());
    CHECK(host.metrics().connections_accepted == limit);
    CHECK(host.connections() == limit);
    CHECK(host.complaints().find("as many connections as one may have") != std::string::npos);

    crowd.pop_back();
    REQUIRE(host.eventually([&] { return host.connections() == limit - 1; }));
    CHECK(host.serves_others());
    crowd.clear();
    CHECK(host.is_idle());
}

TEST_CASE("Connections count by IPv4 address and by IPv6 network", "[hostile]") {
    nettcp::address_limit limit(2);
    const auto enter = [&](std::uint64_t id, const char* from) {
        return limit.enter(id, boost::asio::ip::make_address(from));
    };
    CHECK(enter(1, "192.0.2.1"));
    CHECK(enter(2, "::ffff:192.0.2.1"));
    CHECK_FALSE(enter(3, "192.0.2.1"));
    CHECK(enter(4, "::ffff:192.0.2.2"));
    CHECK(enter(5, "2001:db8:0:1::1"));
    CHECK(enter(6, "2001:db8:0:1:ffff::2"));
    CHECK_FALSE(enter(7, "2001:db8:0:1::3"));
    CHECK(enter(8, "2001:db8:0:2::1"));
    limit.leave(3);  // was not counted
    CHECK_FALSE(enter(9, "192.0.2.1"));
    limit.leave(1);
    CHECK(enter(10, "192.0.2.1"));
}

// Not [threaded]: ThreadSanitizer's hooks see more memory given back than they have seen given.
TEST_CASE("A host holds nothing of the sessions before on a kept connection", "[hostile]") {
    attacked_host host;
    REQUIRE(host.serves_others());
    // Via, encoding and the ends of each session; the host's own end follows its acknowledgement.
    const std::string session = preamble(echo_via) + "\7";
    const auto connection_of = [&](int sessions) {
        plan made;
        for (int i = 1; i <= sessions; ++i)
            made.steps.push_back({session, static_cast<std::size_t>(2 * i)});
        return send_crowd(host.where, {made}).front();
    };
    connection_of(100);
    REQUIRE(host.is_idle());
    const std::size_t before = nettcp::allocated_memory().octets;
    nettcp::forget_allocation_peak();
    const outcome became = connection_of(2000);
    CHECK(became.answer.size() == 2 * 2000);
    // Half of it is the plan above. A session that stayed would take more than 1 KiB.
    CHECK(nettcp::allocated_memory().peak - before < 1024 * 1024);
    CHECK(host.opened() == 2101);
    CHECK(host.is_idle());
}

TEST_CASE("A host does not spin on peers that have ended their half", "[threaded][hostile]") {
    attacked_host host;
    REQUIRE(host.serves_others());
    // Nothing; version and mode; a whole preamble; and while a call is under way, half a second.
    const std::string whole = preamble(echo_via);
    std::vector<plan> plans{{{{""}}}, {{{whole.substr(0, 5)}}}, {{{whole}}}};
    for (int i = 0; i != 8; ++i)
        plans.push_back({{{whole, 1}, {slow_request()}}});
    const double before = processor_seconds();
    const auto begun = std::chrono::steady_clock::now();
    const auto outcomes = send_crowd(host.where, plans);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const double used = processor_seconds() - before;
    CHECK(took > 400ms);  // the calls were waited for
    CHECK(used < 0.5 * took.count());
    for (const outcome& one : outcomes)
        CHECK(one.end != ending::nothing);
    CHECK(host.is_idle());
}
