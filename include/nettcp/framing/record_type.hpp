// Generated from proto/framing/records.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <string_view>

namespace nettcp::framing {

/// The octet that starts a record. Values from the wire may be undefined: ask `is_defined`.
enum class record_type : std::uint8_t {
    /// Followed by u8 major, u8 minor; sent by the initiator. Spec: [MC-NMF] Version Record.
    version = 0x00,
    /// Followed by u8 mode; sent by the initiator. Spec: [MC-NMF] Mode Record.
    mode = 0x01,
    /// Followed by size, absolute URI; sent by the initiator. Spec: [MC-NMF] Via Record.
    via = 0x02,
    /// Followed by u8 encoding; sent by the initiator. Spec: [MC-NMF] Known Encoding Record.
    known_encoding = 0x03,
    /// Followed by size, MIME content type; sent by the initiator. Spec: [MC-NMF] Extensible
    /// Encoding Record.
    extensible_encoding = 0x04,
    /// Followed by chunks of (size above 0, octets), then 00; sent by both sides. Spec: [MC-NMF]
    /// Unsized Envelope Record.
    unsized_envelope = 0x05,
    /// Followed by size, octets; sent by both sides. Spec: [MC-NMF] Sized Envelope Record.
    sized_envelope = 0x06,
    /// Followed by nothing; sent by both sides. Spec: [MC-NMF] End Record.
    end = 0x07,
    /// Followed by size, fault URI; sent by the acceptor. Spec: [MC-NMF] Fault Record.
    fault = 0x08,
    /// Followed by size, upgrade name; sent by the initiator. Spec: [MC-NMF] Upgrade Request
    /// Record.
    upgrade_request = 0x09,
    /// Followed by nothing; sent by the acceptor. Spec: [MC-NMF] Upgrade Response Record.
    upgrade_response = 0x0a,
    /// Followed by nothing; sent by the acceptor. Spec: [MC-NMF] Preamble Ack Record.
    preamble_ack = 0x0b,
    /// Followed by nothing; sent by the initiator. Spec: [MC-NMF] Preamble End Record.
    preamble_end = 0x0c,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(record_type v) noexcept {
    switch (v) {
    case record_type::version: return "version";
    case record_type::mode: return "mode";
    case record_type::via: return "via";
    case record_type::known_encoding: return "known_encoding";
    case record_type::extensible_encoding: return "extensible_encoding";
    case record_type::unsized_envelope: return "unsized_envelope";
    case record_type::sized_envelope: return "sized_envelope";
    case record_type::end: return "end";
    case record_type::fault: return "fault";
    case record_type::upgrade_request: return "upgrade_request";
    case record_type::upgrade_response: return "upgrade_response";
    case record_type::preamble_ack: return "preamble_ack";
    case record_type::preamble_end: return "preamble_end";
    }
    return {};
}

/// Whether the specification defines this value.
constexpr bool is_defined(record_type v) noexcept {
    switch (v) {
    case record_type::version: return true;
    case record_type::mode: return true;
    case record_type::via: return true;
    case record_type::known_encoding: return true;
    case record_type::extensible_encoding: return true;
    case record_type::unsized_envelope: return true;
    case record_type::sized_envelope: return true;
    case record_type::end: return true;
    case record_type::fault: return true;
    case record_type::upgrade_request: return true;
    case record_type::upgrade_response: return true;
    case record_type::preamble_ack: return true;
    case record_type::preamble_end: return true;
    }
    return false;
}

}  // namespace nettcp::framing
