#pragma once

// The host that is attacked: the echo service at every address that captured clients knew, a log,
// and a client that shows that others are served meanwhile.

#include "hostile/crowd.hpp"

#include <interop_service/echo_service.hpp>

#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>

#include <unistd.h>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>

namespace hostile {

inline constexpr std::string_view echo_via = "net.tcp://localhost:9000/none/echo";

/// A request that keeps the host busy for half a second.
inline std::string slow_request() {
    nettcp::channel::duplex_session session(nettcp::channel::role::initiator, {});
    (void)session.open(echo_via, nettcp::framing::encoding::binary_session);
    const std::size_t before = session.output_size();
    std::string ack(1, '\x0b');
    std::ranges::copy(nettcp::as_bytes(ack), session.input_space().begin());
    session.received(1);
    (void)session.next_event();
    nettcp::soap::outgoing_headers headers;
    headers.action = "http://peers.test/svc/IEcho/Sleep";
    headers.message_id = nettcp::uuid{};
    headers.to = nettcp::nbfx::xml_string(echo_via);
    auto& out = session.begin_message(headers);
    out.start_element("Sleep", "http://peers.test/svc");
    out.start_element("milliseconds", "http://peers.test/svc");
    out.text("500");
    out.end_element();
    out.end_element();
    (void)session.end_message();
    return std::string(nettcp::as_text(session.output()).substr(before));
}

class attacked_host {
public:
    attacked_host() : attacked_host(add_echo_service) {}
    template <class AddEndpoints>
    explicit attacked_host(AddEndpoints add_endpoints, nettcp::host_options options = roomy())
        : host_(with_log(std::move(options))) {
        add_endpoints(host_);
        where = host_.listen("127.0.0.1", 0);
        host_.start();
    }

    /// The usual endpoint: binary with sessions, no security. Any executor will do for the
    /// service's workers: the host's own runs as long as the host.
    static void add_echo_service(nettcp::service_host& host) {
        host.add_endpoint("/none/echo", nettcp::interop::make_echo_service(host.get_executor()),
                          {.any_port = true});
    }

    /// Calls the service as a well-behaved client does.
    bool serves_others() {
        const std::string address =
            "net.tcp://127.0.0.1:" + std::to_string(where.port) + "/none/echo";
        nettcp::client good{nettcp::endpoint_address(address)};
        nettcp::reply answer =
            good.call("http://peers.test/svc/IEcho/Echo", [](nettcp::nbfx::writer& out) {
                out.start_element("Echo", "http://peers.test/svc");
                out.start_element("text", "http://peers.test/svc");
                out.text("still there?");
                out.end_element();
                out.end_element();
            });
        return !answer.is_fault();
    }
    /// All connections and calls are over, after some time at the latest.
    bool is_idle() {
        return eventually([this] { return host_.connections() == 0 && host_.calls() == 0; });
    }
    template <class F>
    static bool eventually(F condition) {
        for (int i = 0; i < 2000; ++i) {
            if (condition())
                return true;
            usleep(5'000);
        }
        return false;
    }
    /// The log's lines of broken rules and of peers that were refused, once there is one; emptied.
    std::string complaints() {
        std::string seen;
        eventually([&] {
            const std::lock_guard lock(guard_);
            seen += std::exchange(complaints_, {});
            return !seen.empty();
        });
        return seen;
    }
    void forget_complaints() {
        const std::lock_guard lock(guard_);
        complaints_.clear();
    }
    std::size_t connections() const { return host_.connections(); }
    nettcp::host_metrics metrics() const { return host_.metrics(); }
    /// Sessions so far.
    std::size_t opened() {
        const std::lock_guard lock(guard_);
        return opened_;
    }

    /// With more room than any test needs.
    static nettcp::host_options roomy() {
        nettcp::host_options chosen;
        chosen.max_connections = 10'000;
        chosen.max_pending_connections = 10'000;
        chosen.listen_backlog = 4096;
        return chosen;
    }

private:
    nettcp::host_options with_log(nettcp::host_options chosen) {
        using kind = nettcp::session_event::kind;
        chosen.log = [this](const nettcp::session_event& event) {
            const std::lock_guard lock(guard_);
            if (event.what == kind::opened)
                ++opened_;
            if (event.what == kind::refused || event.what == kind::failed)
                complaints_ += to_string(event) + '\n';
        };
        return chosen;
    }

    std::mutex guard_;
    std::string complaints_;
    std::size_t opened_ = 0;
    nettcp::service_host host_;

public:
    nettcp::listening_address where;
};

}  // namespace hostile
