#pragma once

// The client that is attacked, in one thread with the host that attacks it.

#include "support/acting_host.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hostile {

/// How a host leaves when it has said everything; `not_at_all`: when the calls have ended.
enum class host_leaves { fin, reset, not_at_all };

/// What a hostile host does to a client with calls under way.
struct attack {
    int calls = 1;
    bool acknowledges = true;  ///< and waits for the requests before it goes on
    std::string octets = {};   ///< with ids to be put in, see `loopback::put_ids`
    host_leaves how = host_leaves::fin;
    nettcp::client_options options = {};
};

/// How a call ended.
struct call_outcome {
    boost::system::error_code code;
    nettcp::diagnostics why;
    bool is_fault = false;
};

struct attack_outcome {
    std::vector<call_outcome> calls;
    std::uint64_t dropped = 0;  ///< messages that answered no call
    bool in_time = false;       ///< all calls had ended after ten seconds

    int answered() const {
        int count = 0;
        for (const call_outcome& one : calls)
            count += one.code ? 0 : 1;
        return count;
    }
};

/// A thread's worth of attacks: one after the other, each on a client of its own.
class battlefield {
public:
    attack_outcome carry_out(attack what) {
        attack_outcome became;
        became.calls.resize(static_cast<std::size_t>(what.calls));
        int ended = 0;
        nettcp::client attacked(
            io_.get_executor(),
            nettcp::endpoint_address("net.tcp://127.0.0.1:" + std::to_string(acceptor_.port()) +
                                     "/none/echo"),
            what.options);
        for (call_outcome& one : became.calls)
            start(attacked, one, ended);
        auto host = accept();
        if (what.acknowledges) {
            run_until([&] {
                host->listen();
                host->flush();
                return host->ids.size() == became.calls.size();
            });
        }
        loopback::put_ids(what.octets, host->ids);
        const auto all_ended = [&] { return ended == what.calls; };
        say(*host, what.octets, all_ended);
        if (what.how == host_leaves::fin)
            host->wire.end_sending();
        if (what.how == host_leaves::reset)
            host->wire.reset();
        became.in_time = run_until([&] {
            for (int one = acceptor_.accept(); one >= 0; one = acceptor_.accept())
                loopback::connection(one).reset();
            return all_ended();
        });
        became.dropped = attacked.dropped_messages();
        return became;
    }

private:
    static void start(nettcp::client& attacked, call_outcome& one, int& ended) {
        attacked.async_call(
            "urn:ask",
            [](nettcp::nbfx::writer& out) {
                out.start_element("Text", "urn:x");
                out.end_element();
            },
            {.diagnostics = &one.why},
            [&one, &ended](const boost::system::error_code& code, nettcp::reply answer) {
                one.code = code;
                one.is_fault = !code && answer.is_fault();
                ++ended;
            });
    }
    /// As much as the client takes before its calls have ended.
    template <class Condition>
    void say(loopback::acting_host& host, std::string_view octets, Condition all_ended) {
        nettcp::bytes_view rest = nettcp::as_bytes(octets);
        run_until([&] {
            rest =
                rest.subspan(host.wire.send(rest.first(std::min<std::size_t>(rest.size(), 65536))));
            return rest.empty() || all_ended();
        });
    }
    std::unique_ptr<loopback::acting_host> accept() {
        int descriptor = -1;
        run_until([&] { return (descriptor = acceptor_.accept()) >= 0; });
        return std::make_unique<loopback::acting_host>(descriptor);
    }
    template <class Condition>
    bool run_until(Condition condition) {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        for (turn(); !condition(); turn()) {
            if (std::chrono::steady_clock::now() > give_up)
                return false;
            io_.run_one_for(std::chrono::milliseconds(1));
        }
        return true;
    }
    void turn() {
        while (io_.poll() != 0) {
        }
        io_.restart();
    }

    boost::asio::io_context io_;
    loopback::acceptor acceptor_;
};

}  // namespace hostile
