// Generated from proto/security/handshake.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <string_view>

namespace nettcp::security {

/// The octet that starts a handshake message. Values from the wire may be undefined: ask
/// `is_defined`.
enum class handshake_message : std::uint8_t {
    /// The last token, or nothing. Spec: [MS-NNS] Handshake Messages, HandshakeDone.
    done = 0x14,
    /// An error code in eight octets. Spec: [MS-NNS] Handshake Messages, HandshakeError.
    error = 0x15,
    /// A token of the security mechanism. Spec: [MS-NNS] Handshake Messages, HandshakeInProgress.
    in_progress = 0x16,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(handshake_message v) noexcept {
    switch (v) {
    case handshake_message::done: return "done";
    case handshake_message::error: return "error";
    case handshake_message::in_progress: return "in_progress";
    }
    return {};
}

/// Whether the specification defines this value.
constexpr bool is_defined(handshake_message v) noexcept {
    switch (v) {
    case handshake_message::done: return true;
    case handshake_message::error: return true;
    case handshake_message::in_progress: return true;
    }
    return false;
}

}  // namespace nettcp::security
