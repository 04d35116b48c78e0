// Visits every row of proto/framing/session.table and every absent one, on sessions of both roles.

#include "support/catch.hpp"
#include "support/hex.hpp"

#include "framing/script.hpp"
#include "framing/session_rules.hpp"

#include <deque>
#include <map>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

struct move {
    role sender;
    session_event what;
};

constexpr session_event every_event[] = {
    session_event::version,
    session_event::mode,
    session_event::via,
    session_event::known_encoding,
    session_event::extensible_encoding,
    session_event::unsized_envelope,
    session_event::sized_envelope,
    session_event::end,
    session_event::fault,
    session_event::upgrade_request,
    session_event::upgrade_response,
    session_event::preamble_ack,
    session_event::preamble_end,
    session_event::upgrade_complete,
    session_event::octets,
    session_event::end_of_stream,
};

/// The shortest way from the start to each state that a mode can be in.
std::map<state, std::vector<move>> ways(std::uint8_t mode) {
    std::map<state, std::vector<move>> known{{state::start, {}}};
    std::deque<state> open{state::start};
    while (!open.empty()) {
        const state from = open.front();
        open.pop_front();
        const bool knows_mode = from != state::start && from != state::versioned;
        for (const role sender : {role::initiator, role::acceptor}) {
            for (const session_event what : every_event) {
                const auto to = step(knows_mode ? mode : 0, from, sender, what);
                if (!to || known.contains(*to))
                    continue;
                known[*to] = known[from];
                known[*to].push_back({sender, what});
                open.push_back(*to);
            }
        }
    }
    return known;
}

std::string peer_octets(std::uint8_t mode, session_event what) {
    switch (what) {
    case session_event::version: return "00 01 00";
    case session_event::mode: return "01 0" + std::to_string(mode);
    case session_event::via: return "02 0b 6e65742e7463703a2f2f68";
    case session_event::known_encoding: return "03 08";
    case session_event::extensible_encoding: return "04 01 61";
    case session_event::unsized_envelope: return "05 01 42 00";
    case session_event::sized_envelope: return "06 01 42";
    case session_event::fault: return "08 01 61";
    case session_event::upgrade_request: return "09 01 61";
    case session_event::octets: return "42";
    default: return to_hex(std::array{static_cast<std::byte>(what)});
    }
}

/// What a mode's envelopes are; the others cannot even be asked of a session.
session_event envelope_of(std::uint8_t mode) {
    return mode == 1   ? session_event::unsized_envelope
           : mode == 4 ? session_event::octets
                       : session_event::sized_envelope;
}

bool send_envelope(session& s) {
    const auto out = s.begin_envelope();
    if (!out)
        return false;
    (*out)->append(std::byte{0x42});
    return s.end_envelope().has_value();
}

/// Has our own side make the move; nothing if the interface has no command for it.
std::optional<bool> command(session& s, std::uint8_t mode, session_event what) {
    switch (what) {
    case session_event::version:
        return s
            .start({static_cast<framing::mode>(mode), "net.tcp://h", "", encoding::binary_session})
            .has_value();
    case session_event::upgrade_request: return s.request_upgrade("a").has_value();
    case session_event::upgrade_response: return s.accept_upgrade().has_value();
    case session_event::upgrade_complete: return s.upgrade_completed().has_value();
    case session_event::preamble_end: return s.end_preamble().has_value();
    case session_event::preamble_ack: return s.ack_preamble().has_value();
    case session_event::fault: return s.send_fault(fault_code::server_too_busy).has_value();
    case session_event::unsized_envelope:
    case session_event::sized_envelope:
    case session_event::octets:
        if (what != envelope_of(mode))
            return std::nullopt;
        return send_envelope(s);
    case session_event::end:
    case session_event::end_of_stream:
        if ((mode == 4) != (what == session_event::end_of_stream))
            return std::nullopt;
        return s.end().has_value();
    default: return std::nullopt;
    }
}

void drain(session& s) {
    while (s.next_event().type != event_type::none) {
    }
}

void receive(session& s, std::uint8_t mode, session_event what) {
    if (what == session_event::end_of_stream)
        s.received_eof();
    else
        feed(s, hex(peer_octets(mode, what)), 1u << 20, [] {});
    drain(s);
}

/// A session of `side` in the state that `way` leads to; nothing when its interface cannot stop
/// there (an initiator sends its preamble up to the encoding at once).
std::optional<session> bring(role side, std::uint8_t mode, const std::vector<move>& way, state to) {
    session s(side);
    for (const move& m : way) {
        if (m.what == session_event::upgrade_complete)
            CHECK(s.upgrade_completed().has_value());
        else if (m.sender != side)
            receive(s, mode, m.what);
        else if (const auto done = command(s, mode, m.what))
            CHECK(*done);
    }
    if (s.state() != to)
        return std::nullopt;
    return s;
}

/// States in which the peer's octets wait for our own side.
bool holds(role side, state at) {
    return at == state::securing ||
           (side == role::acceptor && (at == state::upgrading || at == state::ended_preamble));
}

bool peer_has_ended(role side, state at) {
    return side == role::acceptor && (at == state::initiator_ended || at == state::replying);
}

void check_peer_move(role side, std::uint8_t mode, session& s, state from, session_event what) {
    const role peer = side == role::initiator ? role::acceptor : role::initiator;
    const bool knows_mode = from != state::start && from != state::versioned;
    const auto to = step(knows_mode ? mode : 0, from, peer, what);
    receive(s, mode, what);
    if (holds(side, from) || (peer_has_ended(side, from) && what == session_event::version)) {
        CHECK_FALSE(s.failed());
        CHECK(s.state() == from);
        return;
    }
    if (what == session_event::fault && to) {
        CHECK(s.failure().code == errc::peer_said_unknown_fault);
        CHECK(s.state() == *to);
        return;
    }
    CHECK(s.failed() == !to.has_value());
    if (to)
        CHECK(s.state() == *to);
    else
        CHECK(s.must_abort());
}

void check_own_move(role side, std::uint8_t mode, session& s, state from, session_event what) {
    const role sender = what == session_event::upgrade_complete ? role::initiator : side;
    const bool knows_mode = from != state::start && from != state::versioned;
    auto to = step(knows_mode ? mode : 0, from, sender, what);
    if (what == session_event::version && to)
        to = state::encoded;  // the whole of it is one command
    const auto done = command(s, mode, what);
    if (!done)
        return;
    CHECK(*done == to.has_value());
    CHECK(s.state() == to.value_or(from));
    CHECK(s.failed() == (what == session_event::fault && to.has_value()));
}

}  // namespace

TEST_CASE("Sessions take every step of the table and no other") {
    std::size_t checked = 0;
    for (const role side : {role::initiator, role::acceptor}) {
        for (std::uint8_t mode = 1; mode <= 4; ++mode) {
            for (const auto& [from, way] : ways(mode)) {
                for (const session_event what : every_event) {
                    CAPTURE(to_string(side), int(mode), to_string(from), to_string(what));
                    if (from == state::faulted)
                        continue;  // final for a session: see below
                    auto theirs = bring(side, mode, way, from);
                    if (!theirs)
                        continue;
                    const bool is_record = static_cast<int>(what) <= 0x0c;
                    if (is_record && !(mode == 4 && from >= state::encoded)) {
                        check_peer_move(side, mode, *theirs, from, what);
                        ++checked;
                    }
                    auto ours = bring(side, mode, way, from);
                    check_own_move(side, mode, *ours, from, what);
                    ++checked;
                }
            }
        }
    }
    CHECK(checked > 1000);
}

TEST_CASE("The table lets every state of every mode be reached") {
    CHECK(ways(1).size() == 16);
    CHECK(ways(2).size() == 13);
    CHECK(ways(3).size() == 8);
    CHECK(ways(4).size() == 8);
}

TEST_CASE("Only end records follow a fault") {
    for (std::uint8_t mode = 0; mode <= 4; ++mode) {
        for (const role sender : {role::initiator, role::acceptor}) {
            for (const session_event what : every_event) {
                const auto to = step(mode, state::faulted, sender, what);
                CHECK(to.has_value() == (what == session_event::end));
                CHECK(to.value_or(state::faulted) == state::faulted);
            }
        }
    }
}

TEST_CASE("A session that has failed takes no command and tells no event") {
    session s(role::acceptor);
    feed(s, hex("07"), 1, [] {});
    drain(s);
    REQUIRE(s.must_abort());
    for (std::uint8_t mode = 1; mode <= 4; ++mode) {
        for (const session_event what : every_event) {
            if (const auto done = command(s, mode, what))
                CHECK_FALSE(*done);
        }
    }
    CHECK(s.output().empty());
    CHECK(s.input_space().empty());
    CHECK(s.state() == state::start);
}
