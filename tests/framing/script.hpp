#pragma once

#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/framing/session.hpp>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace nettcp::framing {

inline std::string_view name_of(event_type type) {
    constexpr std::string_view names[] = {"none",
                                          "addressed",
                                          "upgrade_requested",
                                          "preamble_ended",
                                          "upgrade_accepted",
                                          "preamble_acked",
                                          "envelope",
                                          "chunk",
                                          "envelope_ended",
                                          "peer_ended",
                                          "faulted_by_peer",
                                          "closed"};
    return names[static_cast<std::size_t>(type)];
}

/// Moves octets into a session in strokes of at most `stroke`, as a socket would. Calls `drain`
/// after each.
template <class Drain>
void feed(session& s, bytes_view octets, std::size_t stroke, Drain drain) {
    while (!octets.empty()) {
        const auto space = s.input_space();
        if (space.empty())
            return;  // it wants no more: failed, or waits for its owner
        const std::size_t size = std::min({space.size(), octets.size(), stroke});
        std::copy_n(octets.begin(), size, space.begin());
        s.received(size);
        octets = octets.subspan(size);
        drain();
    }
}

/// A conversation with one session, written down as what the peer sends, what must come out, and
/// what its owner does. `run` plays it whole, in every small stroke, and with the stream ending
/// before each step.
///
/// Events are written as their name, then their octets in hex or their text:
/// `envelope 560201`, `upgrade_requested application/ssl-tls`. Neighbouring chunks count as one.
class script {
public:
    explicit script(role side, const framing_limits& limits = {}) : side_(side), limits_(limits) {}

    script& peer_sends(std::string_view digits) {
        const auto octets = hex(digits);
        return step([octets](player& p) { feed(p.engine, octets, p.stroke, [&] { p.drain(); }); });
    }
    script& peer_ends() {
        return step([](player& p) {
            p.engine.received_eof();
            p.drain();
        });
    }
    /// The next event in order.
    script& expect(const std::string& happened) {
        return step([happened](player& p) {
            REQUIRE_FALSE(p.log.empty());
            CHECK(p.log.front() == happened);
            p.log.erase(p.log.begin());
        });
    }
    /// All octets queued since the last time.
    script& expect_output(std::string_view digits) {
        const std::string wanted = to_hex(hex(digits));
        return step([wanted](player& p) { CHECK(to_hex(p.take_output()) == wanted); });
    }
    script& expect_failure(boost::system::error_code code, std::uint64_t at) {
        return step([code, at](player& p) {
            CHECK(p.engine.failure().code == code);
            CHECK(p.engine.failure().at == at);
        });
    }
    /// A command of the owner, or any check.
    script& then(std::function<void(session&)> command) {
        return step([command](player& p) {
            command(p.engine);
            p.drain();
        });
    }

    void run() const {
        for (const std::size_t stroke : {std::size_t{1} << 20, std::size_t{1}, std::size_t{3}}) {
            CAPTURE(stroke);
            play(stroke);
        }
        for (std::size_t step = 0; step < steps_.size(); ++step) {
            CAPTURE(step);
            play_until_eof(step);
        }
    }

private:
    struct player {
        session engine;
        std::size_t stroke;
        std::vector<std::string> log;

        void drain() {
            for (;;) {
                const bool was_failed = engine.failed();
                const event e = engine.next_event();
                if (e.type == event_type::none)
                    return;
                REQUIRE_FALSE(was_failed);
                note(e);
            }
        }
        void note(const event& e) {
            std::string line(name_of(e.type));
            if (e.type == event_type::chunk && !log.empty() && log.back().starts_with("chunk ")) {
                log.back() += to_hex(e.octets);
                return;
            }
            if (!e.octets.empty())
                line += " " + to_hex(e.octets);
            if (!e.text.empty())
                line += " " + printable(e.text);
            log.push_back(line);
        }
        std::vector<std::byte> take_output() {
            std::vector<std::byte> sent;
            for (bytes_view out = engine.output(); !out.empty(); out = engine.output()) {
                sent.insert(sent.end(), out.begin(), out.end());
                engine.output_sent(out.size());
            }
            return sent;
        }
    };

    script& step(std::function<void(player&)> what) {
        steps_.push_back(std::move(what));
        return *this;
    }

    void play(std::size_t stroke) const {
        player p{session(side_, limits_), stroke, {}};
        for (const auto& what : steps_)
            what(p);
        CHECK(p.log == std::vector<std::string>{});
    }

    /// Whatever the moment, the end of the stream leaves a session finished, failed, or waiting
    /// for its own side; it never wants more octets.
    void play_until_eof(std::size_t last) const {
        player p{session(side_, limits_), std::size_t{1} << 20, {}};
        for (std::size_t i = 0; i < last; ++i)
            steps_[i](p);
        p.engine.received_eof();
        p.drain();
        CHECK_FALSE(p.engine.wants_input());
        CHECK(p.engine.input_space().empty());
        CHECK(p.engine.next_event().type == event_type::none);
        if (p.engine.failed())
            CHECK((p.engine.must_abort() || p.engine.must_drain() || p.engine.finished() ||
                   p.engine.output_size() != 0));
    }

    role side_;
    framing_limits limits_;
    std::vector<std::function<void(player&)>> steps_;
};

}  // namespace nettcp::framing
