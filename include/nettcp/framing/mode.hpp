// Generated from proto/framing/modes.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <string_view>

namespace nettcp::framing {

/// What a session is for: the octet of the mode record. Values from the wire may be undefined: ask
/// `is_defined`.
enum class mode : std::uint8_t {
    /// One request in chunks, at most one reply in chunks. Spec: [MC-NMF] Mode Record.
    singleton_unsized = 1,
    /// Any number of sized envelopes in both directions. Spec: [MC-NMF] Mode Record.
    duplex = 2,
    /// Sized envelopes from the initiator only, no answer. Spec: [MC-NMF] Mode Record.
    simplex = 3,
    /// One envelope that ends where the stream ends, no answer. Spec: [MC-NMF] Mode Record.
    singleton_sized = 4,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(mode v) noexcept {
    switch (v) {
    case mode::singleton_unsized: return "singleton_unsized";
    case mode::duplex: return "duplex";
    case mode::simplex: return "simplex";
    case mode::singleton_sized: return "singleton_sized";
    }
    return {};
}

/// Whether the specification defines this value.
constexpr bool is_defined(mode v) noexcept {
    switch (v) {
    case mode::singleton_unsized: return true;
    case mode::duplex: return true;
    case mode::simplex: return true;
    case mode::singleton_sized: return true;
    }
    return false;
}

}  // namespace nettcp::framing
