#pragma once

#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/channel/duplex_session.hpp>

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::channel {

using namespace nbfx::literals;

constexpr std::string_view some_via = "net.tcp://localhost:9000/none/echo";

/// Feeds octets to a session as they come, `step` at a time, and gives each event to `on_event`.
template <class Function>
void feed(duplex_session& to, bytes_view octets, Function on_event, std::size_t step = 65536) {
    while (!octets.empty() && to.wants_input()) {
        const auto space = to.input_space();
        const std::size_t size = std::min({step, octets.size(), space.size()});
        REQUIRE(size != 0);
        std::ranges::copy(octets.first(size), space.begin());
        to.received(size);
        octets = octets.subspan(size);
        for (event_type what = to.next_event(); what != event_type::none; what = to.next_event())
            on_event(what);
    }
}

/// What a session wants to send, taken from it.
inline std::vector<std::byte> take_output(duplex_session& from) {
    std::vector<std::byte> all;
    for (bytes_view out = from.output(); !out.empty(); out = from.output()) {
        all.insert(all.end(), out.begin(), out.end());
        from.output_sent(out.size());
    }
    return all;
}

/// Queues `<Echo xmlns="urn:echo"><text>…</text></Echo>` under an action.
inline result<void> send_text(duplex_session& from, std::string_view text,
                              nbfx::xml_string action = "urn:echo/Echo"_dict) {
    nbfx::writer& out = from.begin_message({.action = action, .to = nbfx::xml_string(some_via)});
    out.start_element("", "Echo"_dict, "urn:echo"_dict);
    out.start_element("", "text"_dict, "urn:echo"_dict);
    out.text(text);
    out.end_element();
    out.end_element();
    return from.end_message();
}

/// The text in such a message.
inline std::string text_of(message& m) {
    nbfx::reader& in = m.body();
    in.read_start_element("Echo", "urn:echo");
    std::string text = in.read_element_text();
    in.read_end_element();
    REQUIRE(in.ok());
    REQUIRE(m.read_end().has_value());
    return text;
}

/// Both sides of a connection, joined in memory, with what each has heard.
struct session_pair {
    struct side {
        side(role which, const session_options& options) : session(which, options) {}

        duplex_session session;
        std::vector<event_type> events;
        std::deque<message> messages;
        std::vector<std::byte> sent;  ///< all octets so far
        bool accepts = true;

        void note(event_type what) {
            events.push_back(what);
            if (what == event_type::message_arrived)
                messages.push_back(session.take_message());
            if (what == event_type::preamble_addressed && accepts)
                session.accept_preamble();
        }
    };

    explicit session_pair(const session_options& options = {}, std::size_t step_size = 65536)
        : session_pair(options, options, step_size) {}
    session_pair(const session_options& initiator_options, const session_options& acceptor_options,
                 std::size_t step_size = 65536)
        : initiator(role::initiator, initiator_options),
          acceptor(role::acceptor, acceptor_options),
          step(step_size) {}

    side initiator;
    side acceptor;
    std::size_t step;

    /// Moves octets until neither side has any.
    void run() {
        while (move(initiator, acceptor) || move(acceptor, initiator)) {
        }
    }

    void open() {
        REQUIRE(initiator.session.open(some_via, framing::encoding::binary_session).has_value());
        run();
        REQUIRE(initiator.session.is_open());
        REQUIRE(acceptor.session.is_open());
        initiator.events.clear();
        acceptor.events.clear();
    }

    /// The text of the next message that `s` has heard.
    static std::string next_text(side& s) {
        REQUIRE_FALSE(s.messages.empty());
        message m = std::move(s.messages.front());
        s.messages.pop_front();
        return text_of(m);
    }

private:
    bool move(side& from, side& to) {
        // What commands have led to is told before the next octets.
        for (event_type what = from.session.next_event(); what != event_type::none;
             what = from.session.next_event())
            from.note(what);
        const auto octets = take_output(from.session);
        from.sent.insert(from.sent.end(), octets.begin(), octets.end());
        feed(to.session, octets, [&](event_type what) { to.note(what); }, step);
        return !octets.empty();
    }
};

}  // namespace nettcp::channel
