// Generated from proto/security/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::security {

/// The rules that module security checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// No handshake message has this type (peer).
    handshake_message_unknown = 1,
    /// The handshake's tokens exceed the limit (peer).
    handshake_message_too_large = 2,
    /// The handshake takes more messages than the limit (peer).
    too_many_handshake_messages = 3,
    /// The peer goes on with a handshake that is complete, or ends one that is not (peer).
    handshake_out_of_order = 4,
    /// The peer closed the connection in the handshake (peer).
    handshake_cut_short = 5,
    /// The size of a protected frame is outside the limits (peer).
    frame_size_invalid = 6,
    /// A protected frame fails its check (peer).
    frame_invalid = 7,
    /// A frame is not encrypted though encryption was agreed (peer).
    frame_not_sealed = 8,
    /// A frame is repeated, missing or out of order (peer).
    frame_out_of_sequence = 9,
    /// Octets follow the handshake that do not belong to it (peer).
    surplus_octets = 10,
    /// The peer refuses our credentials (refused).
    peer_said_logon_failed = 11,
    /// The peer has no credentials to answer with (refused).
    peer_said_no_credentials = 12,
    /// The peer cannot read our security token (refused).
    peer_said_token_invalid = 13,
    /// The peer wants more protection, or a higher impersonation level (refused).
    peer_said_level_too_low = 14,
    /// The peer ended the handshake with an error (refused).
    peer_said_failure = 15,
    /// There is no Kerberos ticket to call with (local).
    no_ticket = 16,
    /// The Kerberos ticket has expired (local).
    ticket_expired = 17,
    /// The clocks of this machine and of the peer or KDC differ too much (environment).
    clock_skew = 18,
    /// The KDC knows no service of this name (environment).
    spn_unknown = 19,
    /// No KDC is known for the realm (environment).
    realm_unknown = 20,
    /// No KDC answers (environment).
    kdc_unreachable = 21,
    /// The KDC knows no such user (local).
    user_unknown = 22,
    /// The password is wrong (local).
    password_wrong = 23,
    /// Client, service and KDC share no encryption type (environment).
    encryption_type_mismatch = 24,
    /// The keytab does not exist, cannot be read, or holds no key (local).
    keytab_missing = 25,
    /// The keytab has no key for the name the caller asked for (local).
    service_key_missing = 26,
    /// The service's key does not fit the caller's ticket (local).
    service_key_wrong = 27,
    /// The credentials cannot be used (local).
    credentials_unusable = 28,
    /// The name of user or service cannot be used (local).
    name_invalid = 29,
    /// The service would not prove who it is (local).
    server_not_authenticated = 30,
    /// The negotiation came to NTLM, which is not allowed here (local).
    ntlm_refused = 31,
    /// This machine has no NTLM mechanism (local).
    ntlm_missing = 32,
    /// NTLM needs MD4, which OpenSSL does not provide here (local).
    md4_unavailable = 33,
    /// The peer chose a mechanism that is not allowed here (local).
    mechanism_refused = 34,
    /// The peer offers no mechanism that is allowed here (peer).
    mechanism_mismatch = 35,
    /// The security mechanism failed (environment).
    mechanism_failed = 36,
    /// The connection would be protected less than required (peer).
    protection_too_low = 37,
    /// The caller allows less impersonation than required (peer).
    impersonation_too_low = 38,
    /// The caller is anonymous (peer).
    anonymous_refused = 39,
    /// The service is not who the endpoint identity says (peer).
    identity_mismatch = 40,
    /// The caller's user or password is wrong (peer).
    caller_refused = 41,
    /// The peer's security token cannot be read or is out of place (peer).
    token_invalid = 42,
    /// The caller asked for another service than this endpoint's SPN (peer).
    service_name_refused = 43,
    /// The peer breaks the TLS protocol, or does not speak it (peer).
    tls_protocol_error = 44,
    /// Both sides share no TLS version (peer).
    tls_version_mismatch = 45,
    /// Both sides share no cipher suite (peer).
    tls_no_shared_cipher = 46,
    /// The peer ended TLS with an alert (refused).
    tls_alert = 47,
    /// The peer closed the connection in the TLS handshake (peer).
    tls_cut_short = 48,
    /// The peer's certificate has expired (peer).
    certificate_expired = 49,
    /// The peer's certificate is not valid yet (peer).
    certificate_not_yet_valid = 50,
    /// No trusted CA stands behind the peer's certificate (peer).
    certificate_untrusted = 51,
    /// The peer's certificate is self-signed and not trusted (peer).
    certificate_self_signed = 52,
    /// The peer's certificate is for another name (peer).
    certificate_name_mismatch = 53,
    /// The peer's certificate is not the one expected (peer).
    certificate_thumbprint_mismatch = 54,
    /// The peer's certificate is not for this use (peer).
    certificate_usage_wrong = 55,
    /// The peer's certificate has been revoked (peer).
    certificate_revoked = 56,
    /// No CRL says whether the peer's certificate is revoked (environment).
    certificate_crl_missing = 57,
    /// The peer's certificate cannot be verified (peer).
    certificate_invalid = 58,
    /// The caller sent no certificate (peer).
    certificate_required = 59,
    /// Our certificate, key or trust file cannot be used (local).
    certificate_unusable = 60,
    /// This build has no support for this security (local).
    not_built_in = 61,
};

/// The error category of `errc`; its name is `nettcp.security`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::security

template <>
struct boost::system::is_error_code_enum<nettcp::security::errc> : std::true_type {};
