#pragma once

#include <nettcp/security/errc.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>
#include <support/hex.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace nettcp::security {

/// Drives an upgrade by hand: runs its steps at once and writes down what happens.
class player {
public:
    player(role side, std::shared_ptr<mechanism> by, const negotiate_limits& limits = {})
        : engine(make_negotiate_upgrade(side, std::move(by), limits)) {
        settle();
    }

    /// Gives it octets, at most `stroke` at a time, and reads all that is plain.
    player& gets(bytes_view octets, std::size_t stroke = SIZE_MAX) {
        while (!octets.empty()) {
            const auto space = engine->input_space();
            const std::size_t size = std::min({space.size(), octets.size(), stroke});
            if (size == 0)
                break;
            std::copy_n(octets.begin(), size, space.begin());
            engine->received(size);
            octets = octets.subspan(size);
            settle();
        }
        return *this;
    }
    player& gets(std::string_view octets) { return gets(hex(octets)); }

    player& gets_eof() {
        engine->received_eof();
        settle();
        return *this;
    }

    /// All that it has to send, in hexadecimal.
    std::string sends() {
        std::string sent;
        for (bytes_view out = engine->output(); !out.empty(); out = engine->output()) {
            sent += to_hex(out);
            engine->output_sent(out.size());
        }
        return sent;
    }

    /// `established`, `failed`, or neither yet.
    std::string state() const { return state_; }
    boost::system::error_code failure() const { return engine->failure().code; }

    std::unique_ptr<upgrade> engine;
    std::string plain;        ///< what was read
    std::size_t at_once = 7;  ///< octets asked for with one `read`
    unsigned steps = 0;

private:
    void settle() {
        for (;;) {
            const upgrade_event what = engine->next_event();
            if (what == upgrade_event::step_wanted) {
                ++steps;
                auto step = engine->take_step();
                step->run();
                engine->stepped(std::move(step));
                continue;
            }
            if (what == upgrade_event::none)
                break;
            state_ = what == upgrade_event::failed ? "failed" : "established";
        }
        if (state_ != "established")
            return;
        std::vector<std::byte> into(at_once);
        for (;;) {
            const auto got = engine->read(into);
            if (!got)
                state_ = "failed";
            if (!got || *got == 0)
                break;
            plain += as_text(bytes_view(into).first(*got));
        }
    }

    std::string state_;
};

/// Moves octets between two players until neither has any.
inline void converse(player& a, player& b) {
    for (std::string said = a.sends(), heard;; said = a.sends()) {
        b.gets(said);
        heard = b.sends();
        a.gets(heard);
        if (said.empty() && heard.empty())
            return;
    }
}

}  // namespace nettcp::security
