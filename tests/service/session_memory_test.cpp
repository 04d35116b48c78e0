#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/io_context.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using namespace nettcp::nbfx::literals;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view action = "http://peers.test/svc/IEcho/Echo";
constexpr auto contract = "http://peers.test/svc"_dict;

/// With what was asked, and so many octets more.
void answer(nettcp::incoming_call& call, std::size_t more) {
    call.body().move_to_content();
    std::string text = call.body().read_element_text();
    text.append(more, 'x');
    call.end_body();
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, contract);
        out.text(text);
        out.end_element();
    });
}

using octets = std::vector<std::byte>;

/// A socket that takes no memory of this process.
class peer {
public:
    explicit peer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in host{};
        host.sin_family = AF_INET;
        host.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        host.sin_port = htons(port);
        REQUIRE(connect(socket_, reinterpret_cast<const sockaddr*>(&host), sizeof host) == 0);
    }
    peer(peer&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
    peer& operator=(peer&&) = delete;
    ~peer() {
        if (socket_ != -1)
            close(socket_);
    }

    void write(const octets& words) const {
        REQUIRE(::send(socket_, words.data(), words.size(), 0) ==
                static_cast<ssize_t>(words.size()));
    }
    bool has_answer() const {
        std::byte room[1024];
        const ssize_t size = recv(socket_, room, sizeof room, MSG_DONTWAIT);
        REQUIRE(size != 0);
        return size > 0;
    }
    /// So many octets, or 0 if there are none now.
    std::size_t read() const {
        static std::byte room[65536];
        const ssize_t size = recv(socket_, room, sizeof room, MSG_DONTWAIT);
        REQUIRE(size != 0);
        return size > 0 ? static_cast<std::size_t>(size) : 0;
    }

private:
    int socket_;
};

/// Octets for each session of a host. What is asked for is some 2820, what malloc gives is more.
constexpr std::size_t most = 3000;

/// A host, and what one client says to it until its first call is answered, to be said again by
/// peers that are bare sockets: they allocate nothing, so that all that is allocated is the host's.
class host_and_recording {
public:
    explicit host_and_recording(std::uint32_t sessions)
        : host_(context_.get_executor(), options(sessions)) {
        nettcp::service operations;
        operations.on(action, [this](nettcp::incoming_call& call) { answer(call, more_); });
        host_.add_endpoint("/echo", std::move(operations));
        port_ = host_.listen("127.0.0.1", 0).port;
        record();
    }

    /// Answers are longer by so many octets from now on.
    void answer_more(std::size_t octets) { more_ = octets; }

    /// So many sessions, open, with a call answered on each, at least the beginning of it.
    std::vector<peer> sessions(std::size_t count) {
        std::vector<peer> peers;
        peers.reserve(count);
        for (std::size_t i = 0; i != count; ++i) {
            peers.emplace_back(port_);
            for (const octets& each : said_)
                say(peers.back(), each);
        }
        return peers;
    }

    /// The same of clients, in the same process.
    std::vector<nettcp::client> clients(std::size_t count) {
        std::vector<nettcp::client> made;
        made.reserve(count);
        for (std::size_t i = 0; i != count; ++i)
            call(made.emplace_back(context_.get_executor(), address()));
        return made;
    }

    void run_for(std::chrono::milliseconds time) {
        context_.restart();
        context_.run_for(time);
    }

private:
    nettcp::host_options options(std::uint32_t sessions) {
        nettcp::host_options limits;
        limits.max_connections = limits.max_pending_connections = sessions + 1;
        limits.tap = [this](const nettcp::session_info&) -> nettcp::octet_tap {
            if (!recording_)
                return {};
            return [this](nettcp::direction where, nettcp::bytes_view passing) {
                if (recording_ && where == nettcp::direction::received)
                    said_.emplace_back(passing.begin(), passing.end());
            };
        };
        return limits;
    }

    nettcp::endpoint_address address() const {
        return nettcp::endpoint_address("net.tcp://127.0.0.1:" + std::to_string(port_) + "/echo");
    }

    void call(nettcp::client& client) {
        bool done = false;
        client.async_call(
            action,
            [](nettcp::nbfx::writer& out) {
                out.start_element("Echo"_dict, contract);
                out.text("hello");
                out.end_element();
            },
            [&](const boost::system::error_code& code, const nettcp::reply&) {
                REQUIRE(!code);
                done = true;
            });
        context_.restart();
        while (!done)
            context_.run_one();
    }

    void record() {
        nettcp::client client(context_.get_executor(), address());
        call(client);
        recording_ = false;
        bool closed = false;
        client.async_close([&](const boost::system::error_code&) { closed = true; });
        while (!closed)
            context_.run_one();
    }

    /// Waits for the answer, too: one of the host's messages comes for each of ours.
    void say(const peer& to, const octets& words) {
        to.write(words);
        while (!to.has_answer()) {
            context_.restart();
            context_.poll();
        }
    }

    asio::io_context context_{1};
    bool recording_ = true;
    std::size_t more_ = 0;
    std::vector<octets> said_;
    nettcp::service_host host_;
    std::uint16_t port_ = 0;
};

}  // namespace

TEST_CASE("A session that is idle takes little of its host's memory") {
    constexpr std::size_t count = 400;
    host_and_recording host(count);
    (void)host.sessions(10);  // what serves all sessions is there, and those are gone
    host.run_for(100ms);
    const std::size_t before = nettcp::allocated_memory().octets;
    const auto peers = host.sessions(count);
    const auto each = [&] { return (nettcp::allocated_memory().octets - before) / count; };
    const auto patience = std::chrono::steady_clock::now() + 60s;
    while (each() > most && std::chrono::steady_clock::now() < patience)
        host.run_for(100ms);
    INFO("malloc'd octets for each session: " << each());
    CHECK(each() <= most);
}

TEST_CASE("A client's session that is idle takes less memory than one that is not") {
    constexpr std::size_t count = 200;
    constexpr std::size_t most_of_both = 12600;  // client and host; asked for is some 11800
    host_and_recording host(count);
    (void)host.clients(10);
    host.run_for(100ms);
    const std::size_t before = nettcp::allocated_memory().octets;
    auto clients = host.clients(count);
    const auto each = [&] { return (nettcp::allocated_memory().octets - before) / count; };
    const auto patience = std::chrono::steady_clock::now() + 60s;
    while (each() > most_of_both && std::chrono::steady_clock::now() < patience)
        host.run_for(100ms);
    INFO("malloc'd octets for each session: " << each());
    CHECK(each() <= most_of_both);
}

TEST_CASE("A session is idle when its peer has read at last what it was slow to read") {
    constexpr std::size_t count = 8;
    constexpr std::size_t answer_size = 4 << 20;  // more than the system holds for such a peer
    host_and_recording host(count);
    host.answer_more(answer_size);
    const auto be_slow = [&] {
        auto peers = host.sessions(count);
        host.run_for(1s);  // no octets move, and what is to be sent must stay
        return peers;
    };
    const auto read_all = [&](const std::vector<peer>& peers) {
        const auto patience = std::chrono::steady_clock::now() + 60s;
        for (std::size_t left = count * (answer_size - 1024);;) {  // so much is read at most before
            std::size_t size = 0;
            for (const peer& each : peers)
                size += each.read();
            if (size >= left)
                return;
            left -= size;
            REQUIRE(std::chrono::steady_clock::now() < patience);
            host.run_for(1ms);
        }
    };
    read_all(be_slow());  // what serves all sessions is there, and those are gone
    host.run_for(100ms);
    const std::size_t before = nettcp::allocated_memory().octets;
    const auto each = [&] {
        return (std::max(nettcp::allocated_memory().octets, before) - before) / count;
    };
    const auto peers = be_slow();
    CHECK(each() > answer_size / 4);
    read_all(peers);
    const auto patience = std::chrono::steady_clock::now() + 60s;
    while (each() > most && std::chrono::steady_clock::now() < patience)
        host.run_for(100ms);
    INFO("malloc'd octets for each session: " << each());
    CHECK(each() <= most);
}
