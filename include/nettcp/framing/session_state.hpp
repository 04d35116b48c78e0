// Generated from proto/framing/session.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <string_view>

namespace nettcp::framing {

/// The two parties of a session: who connected and who accepted.
enum class role : std::uint8_t { initiator, acceptor };

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(role v) noexcept {
    switch (v) {
    case role::initiator: return "initiator";
    case role::acceptor: return "acceptor";
    }
    return {};
}

/// Where a session stands. Both sides go through the same states.
enum class state : std::uint8_t {
    /// Nothing was sent yet.
    start = 0,
    /// The version is known.
    versioned = 1,
    /// The mode is known.
    moded = 2,
    /// The via is known.
    addressed = 3,
    /// The encoding is known; an upgrade may follow, or the end of the preamble.
    encoded = 4,
    /// An upgrade was requested and not answered yet.
    upgrading = 5,
    /// The octets belong to the handshake of the upgrade.
    securing = 6,
    /// The preamble is complete and not acknowledged yet.
    ended_preamble = 7,
    /// Envelopes may flow.
    open = 8,
    /// The initiator has sent its end record.
    initiator_ended = 9,
    /// The acceptor has sent its end record.
    acceptor_ended = 10,
    /// Both sides have ended; another preamble may follow on the connection.
    closed = 11,
    /// Mode singleton_unsized: the request has begun.
    requesting = 12,
    /// Mode singleton_unsized: the reply began before the request's end.
    replying_early = 13,
    /// Mode singleton_unsized: the request has ended, the reply has begun.
    replying = 14,
    /// The acceptor has sent a fault; the session is lost.
    faulted = 15,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(state v) noexcept {
    switch (v) {
    case state::start: return "start";
    case state::versioned: return "versioned";
    case state::moded: return "moded";
    case state::addressed: return "addressed";
    case state::encoded: return "encoded";
    case state::upgrading: return "upgrading";
    case state::securing: return "securing";
    case state::ended_preamble: return "ended_preamble";
    case state::open: return "open";
    case state::initiator_ended: return "initiator_ended";
    case state::acceptor_ended: return "acceptor_ended";
    case state::closed: return "closed";
    case state::requesting: return "requesting";
    case state::replying_early: return "replying_early";
    case state::replying: return "replying";
    case state::faulted: return "faulted";
    }
    return {};
}

/// What moves a session on: a record, with the value of its type octet, or one of the events that
/// are no records.
enum class session_event : std::uint8_t {
    /// The record `version`.
    version = 0x00,
    /// The record `mode`.
    mode = 0x01,
    /// The record `via`.
    via = 0x02,
    /// The record `known_encoding`.
    known_encoding = 0x03,
    /// The record `extensible_encoding`.
    extensible_encoding = 0x04,
    /// The record `unsized_envelope`.
    unsized_envelope = 0x05,
    /// The record `sized_envelope`.
    sized_envelope = 0x06,
    /// The record `end`.
    end = 0x07,
    /// The record `fault`.
    fault = 0x08,
    /// The record `upgrade_request`.
    upgrade_request = 0x09,
    /// The record `upgrade_response`.
    upgrade_response = 0x0a,
    /// The record `preamble_ack`.
    preamble_ack = 0x0b,
    /// The record `preamble_end`.
    preamble_end = 0x0c,
    /// The handshake of the upgrade has ended well.
    upgrade_complete = 0x80,
    /// Envelope octets without a record around them (singleton_sized).
    octets = 0x81,
    /// The initiator's octets are over (singleton_sized).
    end_of_stream = 0x82,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(session_event v) noexcept {
    switch (v) {
    case session_event::version: return "version";
    case session_event::mode: return "mode";
    case session_event::via: return "via";
    case session_event::known_encoding: return "known_encoding";
    case session_event::extensible_encoding: return "extensible_encoding";
    case session_event::unsized_envelope: return "unsized_envelope";
    case session_event::sized_envelope: return "sized_envelope";
    case session_event::end: return "end";
    case session_event::fault: return "fault";
    case session_event::upgrade_request: return "upgrade_request";
    case session_event::upgrade_response: return "upgrade_response";
    case session_event::preamble_ack: return "preamble_ack";
    case session_event::preamble_end: return "preamble_end";
    case session_event::upgrade_complete: return "upgrade_complete";
    case session_event::octets: return "octets";
    case session_event::end_of_stream: return "end_of_stream";
    }
    return {};
}

}  // namespace nettcp::framing
