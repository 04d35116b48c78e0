// Decides what many clients of one host do: nothing, come back, be called.
#include "load/crowd.hpp"
#include "load/ledger.hpp"
#include "load/parts.hpp"
#include "load/processes.hpp"
#include "load/security_modes.hpp"
#include "load/test_certificate.hpp"
#include "load/texts.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

namespace load {
namespace {

using clock = std::chrono::steady_clock;
using boost::system::error_code;
using namespace std::chrono_literals;

/// Octets that malloc gave out for a session of a host that has answered a call, and is idle.
constexpr double most_for_idle_session = 3072;
/// The same within TLS; nearly all of it is OpenSSL's.
constexpr double most_for_idle_tls_session = 20 * 1024;

holding held_by_host(const std::string& uri) {
    nettcp::client asking{nettcp::endpoint_address(uri)};
    nettcp::reply answer = asking.call("urn:held", text_body(""));
    holding held;
    std::sscanf(text_of(answer.message()).c_str(), "%zu %zu %zu", &held.resident, &held.heap,
                &held.descriptors);
    asking.close();
    return held;
}

/// Returns the octets of malloc'd memory for each session.
double say_growth(const char* who, const holding& before, const holding& after,
                  std::size_t sessions) {
    const auto each = [&](std::size_t holding::* what) {
        const auto grown = static_cast<double>(after.*what) - static_cast<double>(before.*what);
        return grown / static_cast<double>(sessions);
    };
    std::printf("%s: %s\n", who, to_text(after).c_str());
    std::printf("%s, for each session: %.0f octets in memory", who, each(&holding::resident));
    if (!is_sanitized)
        std::printf(", %.0f malloc'd", each(&holding::heap));
    std::printf("\n");
    return each(&holding::heap);
}

}  // namespace

void run_idle(const choices& chosen) {
    const bool is_tls = chosen.number("tls", 0) != 0;
    const std::size_t sessions = chosen.number(is_tls ? 1'000 : 10'000);
    const test_certificate certificate;
    const auto modes = security_modes({is_tls ? certificate.file() : "", ""});
    must(!is_tls || modes.size() == 2, "this build has no TLS");
    raise_descriptor_limit(sessions + 200);
    std::printf("limits of the host: max_connections, max_pending_connections and "
                "max_concurrent_calls %zu, listen_backlog 4096\n",
                sessions + 10);
    std::vector<std::string> arguments{"--sessions", std::to_string(sessions + 10), "--strict",
                                       "1"};
    if (is_tls)
        arguments.insert(arguments.end(), {"--certificate", certificate.file()});
    host_process host(arguments);
    nettcp::client_options options;
    options.security = modes.back().client;
    options.reopen = false;  // a session that has ended meanwhile would fail its call
    const std::string uri = host.uri() + modes.back().name;
    {
        crowd first(10, uri, options);  // what serves all sessions is made with the first ones
        first.echo(10);
        first.close(10);
    }
    const holding host_before = held_by_host(host.uri());
    const holding client_before = now_held();
    crowd all(sessions, uri, options);
    std::printf("%zu sessions open, one call each: %.2f s\n", sessions, all.echo(256));
    const holding host_after = held_by_host(host.uri());
    say_growth("host", host_before, host_after, sessions);
    say_growth("client", client_before, now_held(), sessions);
    must(host_after.descriptors >= host_before.descriptors + sessions, "too few connections");
    const auto until = clock::now() + 3s;
    all.context().restart();
    while (clock::now() < until)
        all.context().run_one_until(until);
    std::printf("after three seconds without a message:\n");
    const double idle = say_growth("host", host_before, held_by_host(host.uri()), sessions);
    // What the host holds once, whatever comes, would count for much with few sessions.
    const double most = is_tls ? most_for_idle_tls_session : most_for_idle_session;
    must(is_sanitized || sessions < 1000 || idle <= most,
         "idle sessions hold more memory than they did");
    say_growth("client", client_before, now_held(), sessions);
    std::printf("each answers one more call: %.2f s\n", all.echo(256));
    std::printf("all close: %.2f s\n", all.close(256));
    host.stop();
}

void run_reconnect(const choices& chosen) {
    const std::size_t clients = std::min<std::size_t>(chosen.number(2'000), ledger::clients);
    raise_descriptor_limit(clients + 200);
    std::printf("limits of the host: max_connections, max_pending_connections and "
                "max_concurrent_calls %zu, listen_backlog 4096\n",
                clients + 10);
    ledger seen;
    std::vector<std::string> arguments{"--sessions", std::to_string(clients + 10), "--ledger",
                                       seen.path()};
    std::optional<host_process> host(std::in_place, arguments);
    arguments.insert(arguments.end(), {"--port", std::to_string(host->port())});

    nettcp::client_options options;
    options.reconnect = nettcp::reconnect_policy{.first_pause = 50ms, .longest_pause = 1s};
    crowd all(clients, host->uri(), options);
    const auto stamped = [](std::size_t client, std::uint32_t place) {
        return stamp{static_cast<std::uint32_t>(client), ledger::number(1, place)}.text();
    };
    const double opening = all.each(256, [&](std::size_t i, std::function<void()> done) {
        all[i].async_call("urn:call", text_body(stamped(i, 1)),
                          [i, done](const error_code& code, const nettcp::reply&) {
                              must_succeed(code, "the first call", i);
                              done();
                          });
    });
    std::printf("%zu clients open a session and call: %.2f s\n", clients, opening);

    std::size_t lost = 0, back = 0;
    for (std::size_t i = 0; i != clients; ++i) {
        // Whoever loses its session calls at once.
        all[i].async_call(
            "urn:sleep", text_body("3600000"), [&, i](const error_code& ended, const auto&) {
                must(!!ended, "a host that is gone has answered");
                ++lost;
                all[i].async_call("urn:call", text_body(stamped(i, 2)),
                                  [&, i](const error_code& code, nettcp::reply answer) {
                                      must_succeed(code, "the call after the restart", i);
                                      must(text_of(answer.message()) == stamped(i, 2),
                                           "another's answer");
                                      ++back;
                                  });
            });
    }
    const auto run_until = [&all](auto holds, const char* what) {
        const auto patience = clock::now() + 2min;
        while (!holds()) {
            must(clock::now() < patience, what);
            all.context().restart();
            all.context().run_one_for(100ms);
        }
    };
    const auto settled = clock::now() + 500ms;
    run_until([&] { return clock::now() > settled; }, "");
    host->kill();
    const auto killed = clock::now();
    run_until([&] { return lost == clients; }, "clients do not notice that their host is gone");
    std::printf("all have noticed that it was killed: %.2f s\n",
                std::chrono::duration<double>(clock::now() - killed).count());
    const auto refused = clock::now() + 500ms;
    run_until([&] { return clock::now() > refused; }, "");
    host.emplace(arguments);
    const auto ready = clock::now();
    run_until([&] { return back == clients; }, "clients do not come back");
    std::printf("all are back and answered after the host is: %.2f s "
                "(pauses between attempts: up to 1 s)\n",
                std::chrono::duration<double>(clock::now() - ready).count());
    must(seen.wrong() == 0, "a call came twice");
    for (std::uint32_t i = 0; i != clients; ++i)
        must(seen.last(ledger::call, i) == ledger::number(1, 2), "a call got lost");
    all.close(256);
    host->stop();
}

namespace {

/// Calls that wait until so many are there; then all are answered, the last one first.
class gate {
public:
    explicit gate(std::size_t wanted) : wanted_(wanted) {}
    void arrived(nettcp::incoming_call call) {
        waiting_.push_back(std::move(call));
        most_ = std::max(most_, waiting_.size());
        if (waiting_.size() != wanted_)
            return;
        for (auto all = std::exchange(waiting_, {}); !all.empty(); all.pop_back()) {
            const std::string which = text_of(all.back().message());
            all.back().reply(text_body("answer to " + which));
        }
    }
    std::size_t most() const noexcept { return most_; }

private:
    std::size_t wanted_;
    std::size_t most_ = 0;
    std::vector<nettcp::incoming_call> waiting_;
};

void callbacks_over(std::size_t sessions, std::size_t callbacks) {
    host_process host({"--sessions", std::to_string(callbacks + 10), "--strict", "1"});
    gate held(callbacks);
    nettcp::client_options options;
    options.max_concurrent_callbacks = static_cast<std::uint32_t>(callbacks);
    options.callbacks.on("urn:asked",
                         [&held](nettcp::incoming_call call) { held.arrived(std::move(call)); });
    crowd all(sessions, host.uri(), options);
    const std::string share = std::to_string(callbacks / sessions);
    const double taken = all.each(sessions, [&](std::size_t i, std::function<void()> done) {
        all[i].async_call("urn:many", text_body(share),
                          [&, i, done](const error_code& code, nettcp::reply answer) {
                              must_succeed(code, "a call", i);
                              must(text_of(answer.message()) == share, "not all were answered");
                              done();
                          });
    });
    must(held.most() == callbacks, "not all were in flight at a time");
    std::printf("%zu callbacks in flight over %zu sessions, all answered in reverse: %.3f s\n",
                callbacks, sessions, taken);
    all.close(sessions);
    host.stop();
}

}  // namespace

void run_callbacks(const choices& chosen) {
    const std::size_t callbacks = chosen.number(1'000);
    std::printf("limits: max_concurrent_callbacks %zu in each client\n", callbacks);
    callbacks_over(1, callbacks);
    callbacks_over(10, callbacks / 10 * 10);
}

}  // namespace load
