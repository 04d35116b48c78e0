// Clients that share connections, and a host that serves session after session on them.

#include "service/test_service.hpp"
#include "support/catch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/client/connection_pool.hpp>

#include <future>
#include <thread>

using namespace raw;

namespace {

/// A host with a buffered and a streamed endpoint, and the number of connections it has accepted.
class counted_host {
public:
    counted_host() {
        nettcp::host_options options;
        options.tap = [this](const nettcp::session_info&) {
            ++connections;
            return nettcp::octet_tap();
        };
        host_.emplace(options);
        host_->add_endpoint("/buffered", echo_service());
        host_->add_endpoint("/streamed", echo_service(),
                            {.transfer = nettcp::transfer_mode::streamed});
        port_ = host_->listen("127.0.0.1", 0).port;
        host_->start();
    }

    nettcp::client caller(std::shared_ptr<nettcp::connection_pool> pool,
                          bool streamed = false) const {
        nettcp::client_options options{.pool = std::move(pool)};
        if (streamed)
            options.transfer = nettcp::transfer_mode::streamed;
        const std::string path = streamed ? "/streamed" : "/buffered";
        return nettcp::client("net.tcp://127.0.0.1:" + std::to_string(port_) + path, options);
    }

    std::atomic<int> connections = 0;

private:
    std::optional<nettcp::service_host> host_;
    std::uint16_t port_ = 0;
};

bool echoes(nettcp::client& c, const std::string& text) {
    nettcp::reply answer = c.call("urn:echo", text_body(text));
    return text_of(answer.message()) == text;
}

}  // namespace

TEST_CASE("pool serves clients on many threads with few connections", "[threaded]") {
    counted_host host;
    const auto pool = std::make_shared<nettcp::connection_pool>();
    constexpr int threads = 4, rounds = 40;
    std::atomic<int> good = 0;
    std::vector<std::thread> workers;
    for (int i = 0; i < threads; ++i) {
        workers.emplace_back([&, i] {
            for (int k = 0; k < rounds; ++k) {
                nettcp::client c = host.caller(pool);
                good += echoes(c, std::to_string(i * 1000 + k)) ? 1 : 0;
                c.close();
            }
        });
    }
    for (auto& each : workers)
        each.join();
    CHECK(good == threads * rounds);
    CHECK(host.connections <= threads);
    CHECK(pool->idle() == static_cast<std::size_t>(host.connections));
}

TEST_CASE("pool serves buffered and streamed transfers on one connection", "[threaded]") {
    counted_host host;
    const auto pool = std::make_shared<nettcp::connection_pool>();
    for (const bool streamed : {false, true, true, false}) {
        nettcp::client c = host.caller(pool, streamed);
        CHECK(echoes(c, "x"));
        c.close();
        CHECK(pool->idle() == 1);
    }
    CHECK(host.connections == 1);
}

TEST_CASE("pool takes back all connections of calls over streamed transfers", "[threaded]") {
    counted_host host;
    const auto pool = std::make_shared<nettcp::connection_pool>();
    for (int round = 0; round < 2; ++round) {
        nettcp::client c = host.caller(pool, true);
        std::atomic<int> left = 4;
        std::atomic<int> good = 0;
        std::promise<void> done;
        for (int i = 0; i < 4; ++i) {
            c.async_call("urn:sleep", text_body("50"),
                         [&](boost::system::error_code ec, nettcp::reply answer) {
                             good += !ec && text_of(answer.message()) == "slept 50" ? 1 : 0;
                             if (--left == 0)
                                 done.set_value();
                         });
        }
        done.get_future().get();
        CHECK(good == 4);
        c.close();
        CHECK(pool->idle() == 4);
    }
    CHECK(host.connections == 4);
}
