// Generated from proto/security/handshake_errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/security/errc.hpp>

#include <cstdint>
#include <string_view>

namespace nettcp::security {

/// What an error message of the handshake says, in its low 32 bits.
enum class handshake_error : std::uint32_t {
    /// `ERROR_TRUST_FAILURE`. Spec: [MS-ERREF] Win32 Error Codes; .NET: protection or impersonation
    /// too low.
    trust_failure = 0x000006fe,
    /// `SEC_E_UNSUPPORTED_FUNCTION`. Spec: [MS-ERREF] HRESULT; .NET on Linux: no keytab.
    unsupported_function = 0x80090302,
    /// `SEC_E_TARGET_UNKNOWN`. Spec: [MS-ERREF] HRESULT.
    target_unknown = 0x80090303,
    /// `SEC_E_INTERNAL_ERROR`. Spec: [MS-ERREF] HRESULT; .NET on Linux: password, user, SPN, key or
    /// ticket.
    internal_error = 0x80090304,
    /// `SEC_E_SECPKG_NOT_FOUND`. Spec: [MS-ERREF] HRESULT.
    package_not_found = 0x80090305,
    /// `SEC_E_INVALID_TOKEN`. Spec: [MS-ERREF] HRESULT.
    invalid_token = 0x80090308,
    /// `SEC_E_LOGON_DENIED`. Spec: [MS-ERREF] HRESULT.
    logon_denied = 0x8009030c,
    /// `SEC_E_UNKNOWN_CREDENTIALS`. Spec: [MS-ERREF] HRESULT.
    unknown_credentials = 0x8009030d,
    /// `SEC_E_NO_CREDENTIALS`. Spec: [MS-ERREF] HRESULT.
    no_credentials = 0x8009030e,
    /// `SEC_E_MESSAGE_ALTERED`. Spec: [MS-ERREF] HRESULT.
    message_altered = 0x8009030f,
    /// `SEC_E_NO_AUTHENTICATING_AUTHORITY`. Spec: [MS-ERREF] HRESULT.
    no_authority = 0x80090311,
    /// `SEC_E_CONTEXT_EXPIRED`. Spec: [MS-ERREF] HRESULT.
    context_expired = 0x80090317,
    /// `SEC_E_WRONG_PRINCIPAL`. Spec: [MS-ERREF] HRESULT.
    wrong_principal = 0x80090322,
    /// `SEC_E_TIME_SKEW`. Spec: [MS-ERREF] HRESULT.
    time_skew = 0x80090324,
    /// `SEC_E_ALGORITHM_MISMATCH`. Spec: [MS-ERREF] HRESULT.
    algorithm_mismatch = 0x80090331,
    /// `SEC_E_BAD_BINDINGS`. Spec: [MS-ERREF] HRESULT.
    bad_bindings = 0x80090346,
};

/// The name that Windows has for it, or an empty text for other values.
constexpr std::string_view windows_name(handshake_error v) noexcept {
    switch (v) {
    case handshake_error::trust_failure: return "ERROR_TRUST_FAILURE";
    case handshake_error::unsupported_function: return "SEC_E_UNSUPPORTED_FUNCTION";
    case handshake_error::target_unknown: return "SEC_E_TARGET_UNKNOWN";
    case handshake_error::internal_error: return "SEC_E_INTERNAL_ERROR";
    case handshake_error::package_not_found: return "SEC_E_SECPKG_NOT_FOUND";
    case handshake_error::invalid_token: return "SEC_E_INVALID_TOKEN";
    case handshake_error::logon_denied: return "SEC_E_LOGON_DENIED";
    case handshake_error::unknown_credentials: return "SEC_E_UNKNOWN_CREDENTIALS";
    case handshake_error::no_credentials: return "SEC_E_NO_CREDENTIALS";
    case handshake_error::message_altered: return "SEC_E_MESSAGE_ALTERED";
    case handshake_error::no_authority: return "SEC_E_NO_AUTHENTICATING_AUTHORITY";
    case handshake_error::context_expired: return "SEC_E_CONTEXT_EXPIRED";
    case handshake_error::wrong_principal: return "SEC_E_WRONG_PRINCIPAL";
    case handshake_error::time_skew: return "SEC_E_TIME_SKEW";
    case handshake_error::algorithm_mismatch: return "SEC_E_ALGORITHM_MISMATCH";
    case handshake_error::bad_bindings: return "SEC_E_BAD_BINDINGS";
    }
    return {};
}

/// The error that the side reports which receives it.
constexpr errc errc_of(handshake_error v) noexcept {
    switch (v) {
    case handshake_error::trust_failure: return errc::peer_said_level_too_low;
    case handshake_error::unsupported_function: return errc::peer_said_no_credentials;
    case handshake_error::target_unknown: return errc::peer_said_logon_failed;
    case handshake_error::internal_error: return errc::peer_said_logon_failed;
    case handshake_error::package_not_found: return errc::peer_said_failure;
    case handshake_error::invalid_token: return errc::peer_said_token_invalid;
    case handshake_error::logon_denied: return errc::peer_said_logon_failed;
    case handshake_error::unknown_credentials: return errc::peer_said_no_credentials;
    case handshake_error::no_credentials: return errc::peer_said_no_credentials;
    case handshake_error::message_altered: return errc::peer_said_token_invalid;
    case handshake_error::no_authority: return errc::peer_said_failure;
    case handshake_error::context_expired: return errc::peer_said_failure;
    case handshake_error::wrong_principal: return errc::peer_said_logon_failed;
    case handshake_error::time_skew: return errc::peer_said_failure;
    case handshake_error::algorithm_mismatch: return errc::peer_said_failure;
    case handshake_error::bad_bindings: return errc::peer_said_failure;
    }
    return errc::peer_said_failure;
}

}  // namespace nettcp::security
