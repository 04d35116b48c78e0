// Which error of ours a status of GSS-API is. Minor statuses are krb5's and gss-ntlmssp's own
// codes; inside SPNEGO they are renumbered, and only their text gives them away.
#include "security/gssapi_errors.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/security/handshake_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>

namespace nettcp::security {
namespace {

constexpr std::size_t most_words = 300;

// The tables of MIT's com_err: Kerberos itself and its GSS-API mechanism; and gss-ntlmssp's.
constexpr krb5_error_code kerberos_base = ERROR_TABLE_BASE_krb5;
constexpr krb5_error_code kerberos_gss_base = 39756032;
constexpr std::uint32_t ntlm_base = 0x4e540000;
constexpr std::uint32_t spnego_base = 0x20000000;

constexpr krb5_error_code gss_code(int index) {
    return kerberos_gss_base + index;
}
// Their names stand in no header: KG_CCACHE_NOMATCH, KG_KEYTAB_NOMATCH, KG_TGT_MISSING,
// KG_EMPTY_CCACHE.
constexpr krb5_error_code ccache_no_match = gss_code(0);
constexpr krb5_error_code keytab_no_match = gss_code(1);
constexpr krb5_error_code tgt_missing = gss_code(2);
constexpr krb5_error_code ccache_empty = gss_code(12);

std::string text_of(OM_uint32 code, int type, gss_mechanism by) {
    std::string words;
    OM_uint32 more = 0;
    for (int part = 0; part < 8; ++part) {
        OM_uint32 minor = 0;
        gss_octets text;
        if (gss_display_status(&minor, code, type, identifier_of(by), &more, text.out()) !=
            GSS_S_COMPLETE)
            break;
        if (!words.empty())
            words += "; ";
        words += text.text();
        if (more == 0)
            break;
    }
    return words;
}

// SPNEGO gives each status of a mechanism a new number, but its text stays, and the mechanism still
// shows that text for its own number. So the number is the one that has this text.
bool find_code(std::string_view text, gss_mechanism by, std::uint32_t first, std::uint32_t count,
               std::uint32_t& code) {
    for (std::uint32_t n = first; n != first + count; ++n) {
        if (text_of(n, GSS_C_MECH_CODE, by) == text) {
            code = n;
            return true;
        }
    }
    return false;
}

struct mechanism_code {
    gss_mechanism by;
    std::uint32_t code;
};

mechanism_code inside_spnego(std::string_view text, OM_uint32 minor, gss_mechanism inside) {
    std::uint32_t code = 0;
    // What is shown for numbers that mean nothing would be found everywhere.
    if (text.empty() || text == text_of(0, GSS_C_MECH_CODE, gss_mechanism::kerberos))
        return {gss_mechanism::spnego, minor};
    if (find_code(text, gss_mechanism::spnego, spnego_base, 8, code))
        return {gss_mechanism::spnego, code};
    if (find_code(text, gss_mechanism::kerberos, static_cast<std::uint32_t>(kerberos_base), 256,
                  code) ||
        find_code(text, gss_mechanism::kerberos, static_cast<std::uint32_t>(kerberos_gss_base), 32,
                  code))
        return {gss_mechanism::kerberos, code};
    if (find_code(text, gss_mechanism::ntlm, ntlm_base, 40, code))
        return {gss_mechanism::ntlm, code};
    // The system's own codes.
    if (find_code(text, inside, 1, 40, code))
        return {inside, code};
    return {gss_mechanism::spnego, minor};
}

bool serves(gss_stage stage) {
    return stage == gss_stage::service || stage == gss_stage::acceptor;
}

errc code_of_keys(krb5_error_code code, gss_stage stage) {
    switch (code) {
    case KRB5_KT_NOTFOUND:
    case KRB5_KT_UNKNOWN_TYPE:
    case KRB5_KT_BADNAME:
    case KRB5_KT_NAME_TOOLONG:
    case KRB5_KEYTAB_BADVNO:
    case KRB5_KT_FORMAT:
        return stage == gss_stage::acceptor ? errc::service_key_missing : errc::keytab_missing;
    case ENOENT:
    case EACCES: return serves(stage) ? errc::keytab_missing : errc::no_ticket;
    case keytab_no_match:
    case KRB5KRB_AP_ERR_NOKEY:
    case KRB5KRB_AP_ERR_NOT_US:
    case KRB5KRB_AP_WRONG_PRINC: return errc::service_key_missing;
    case KRB5KRB_AP_ERR_BADKEYVER:
    case KRB5KRB_AP_ERR_MODIFIED: return errc::service_key_wrong;
    case KRB5KRB_AP_ERR_BAD_INTEGRITY:
        return stage == gss_stage::log_in ? errc::password_wrong : errc::service_key_wrong;
    default: return errc::mechanism_failed;
    }
}

errc code_of_kerberos(krb5_error_code code, gss_stage stage) {
    switch (code) {
    case KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN:
    case KRB5KDC_ERR_MUST_USE_USER2USER:
    case KRB5KRB_AP_ERR_NO_TGT: return errc::spn_unknown;
    case KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN: return errc::user_unknown;
    case KRB5KDC_ERR_PREAUTH_FAILED:
    case KRB5KDC_ERR_KEY_EXP: return errc::password_wrong;
    case KRB5KDC_ERR_CLIENT_REVOKED:
    case KRB5KDC_ERR_NAME_EXP:
    case KRB5KDC_ERR_POLICY: return errc::credentials_unusable;
    case KRB5KRB_AP_ERR_TKT_EXPIRED:
    case KRB5KDC_ERR_NEVER_VALID: return errc::ticket_expired;
    case KRB5KRB_AP_ERR_SKEW:
    case KRB5_KDCREP_SKEW:
    case KRB5KRB_AP_ERR_TKT_NYV: return errc::clock_skew;
    case KRB5_KDC_UNREACH:
    case KRB5_REALM_CANT_RESOLVE: return errc::kdc_unreachable;
    case KRB5_REALM_UNKNOWN:
    case KRB5_ERR_HOST_REALM_UNKNOWN:
    case KRB5_CONFIG_NODEFREALM:
    case KRB5KDC_ERR_WRONG_REALM: return errc::realm_unknown;
    case KRB5_FCC_NOFILE:
    case KRB5_CC_NOTFOUND:
    case KRB5_CC_END:
    case KRB5_CC_UNKNOWN_TYPE:
    case KRB5_CC_BADNAME:
    case KRB5_CC_FORMAT:
    case KRB5_NO_TKT_SUPPLIED:
    case tgt_missing:
    case ccache_empty:
    case ccache_no_match: return errc::no_ticket;
    case KRB5KDC_ERR_ETYPE_NOSUPP:
    case KRB5_PROG_ETYPE_NOSUPP:
    case KRB5_CONFIG_ETYPE_NOSUPP:
    case KRB5_NOPERM_ETYPE:
    case KRB5_BAD_ENCTYPE: return errc::encryption_type_mismatch;
    case KRB5_PARSE_MALFORMED:
    case KRB5_PARSE_ILLCHAR: return errc::name_invalid;
    case KRB5KRB_AP_ERR_REPEAT: return errc::token_invalid;
    default: return code_of_keys(code, stage);
    }
}

errc code_of_ntlm(std::uint32_t code, OM_uint32 major, gss_stage stage) {
    constexpr std::uint32_t crypto = ntlm_base + 3;
    constexpr std::uint32_t clocks = ntlm_base + 25;
    constexpr std::uint32_t no_user = ntlm_base + 29;
    if (code == crypto)
        return errc::md4_unavailable;
    if (code == clocks)
        return errc::clock_skew;
    if (stage == gss_stage::acceptor) {
        const bool unreadable = GSS_ROUTINE_ERROR(major) == GSS_S_DEFECTIVE_TOKEN;
        return unreadable && code != no_user ? errc::token_invalid : errc::caller_refused;
    }
    return stage == gss_stage::log_in ? errc::credentials_unusable : errc::mechanism_failed;
}

errc code_of_major(OM_uint32 major, gss_mechanism by, gss_stage stage) {
    switch (GSS_ROUTINE_ERROR(major)) {
    case GSS_S_BAD_MECH:
        if (by == gss_mechanism::ntlm)
            return errc::ntlm_missing;
        return errc::mechanism_mismatch;
    case GSS_S_BAD_NAME:
    case GSS_S_BAD_NAMETYPE: return errc::name_invalid;
    case GSS_S_DEFECTIVE_TOKEN:
    case GSS_S_BAD_BINDINGS:
    case GSS_S_BAD_SIG:
    case GSS_S_DUPLICATE_TOKEN:
    case GSS_S_OLD_TOKEN: return errc::token_invalid;
    case GSS_S_CREDENTIALS_EXPIRED:
    case GSS_S_CONTEXT_EXPIRED: return errc::ticket_expired;
    case GSS_S_NO_CRED:
    case GSS_S_CRED_UNAVAIL:
    case GSS_S_DEFECTIVE_CREDENTIAL:
        if (by == gss_mechanism::ntlm && stage != gss_stage::log_in)
            return errc::caller_refused;
        if (by == gss_mechanism::spnego && stage == gss_stage::acceptor)
            return errc::token_invalid;  // which is how SPNEGO puts it
        if (by == gss_mechanism::kerberos)
            return stage == gss_stage::log_in ? errc::no_ticket : errc::keytab_missing;
        return errc::credentials_unusable;
    default: return errc::mechanism_failed;
    }
}

errc code_of_spnego(std::uint32_t code) {
    // No mechanism in common, under the names ERR_SPNEGO_NO_MECHS_AVAILABLE, _NO_CREDS_ACQUIRED,
    // _NO_MECH_FROM_ACCEPTOR, _NEGOTIATION_FAILED.
    return code >= spnego_base && code <= spnego_base + 4 ? errc::mechanism_mismatch
                                                          : errc::mechanism_failed;
}

handshake_error peer_code_of(errc code) {
    switch (code) {
    case errc::no_ticket:
    case errc::ticket_expired:
    case errc::user_unknown:
    case errc::password_wrong:
    case errc::credentials_unusable:
    case errc::ntlm_missing:
    case errc::md4_unavailable: return handshake_error::unknown_credentials;
    case errc::keytab_missing: return handshake_error::unsupported_function;
    case errc::spn_unknown: return handshake_error::target_unknown;
    case errc::kdc_unreachable:
    case errc::realm_unknown: return handshake_error::no_authority;
    case errc::clock_skew: return handshake_error::time_skew;
    case errc::encryption_type_mismatch: return handshake_error::algorithm_mismatch;
    case errc::service_key_missing:
    case errc::service_key_wrong:
    case errc::service_name_refused:
    case errc::identity_mismatch: return handshake_error::wrong_principal;
    case errc::caller_refused:
    case errc::anonymous_refused: return handshake_error::logon_denied;
    case errc::token_invalid:
    case errc::ntlm_refused:
    case errc::mechanism_refused:
    case errc::mechanism_mismatch: return handshake_error::invalid_token;
    case errc::server_not_authenticated:
    case errc::protection_too_low:
    case errc::impersonation_too_low: return handshake_error::trust_failure;
    default: return handshake_error::internal_error;
    }
}

}  // namespace

gss_failure explain(OM_uint32 major, OM_uint32 minor, gss_mechanism by, gss_stage stage,
                    gss_mechanism inside) {
    gss_failure why;
    std::string words = minor == 0 ? std::string() : text_of(minor, GSS_C_MECH_CODE, by);
    mechanism_code found{by, minor};
    if (by == gss_mechanism::spnego && minor != 0)
        found = inside_spnego(words, minor, inside);
    if (found.by == gss_mechanism::kerberos)
        why.code = code_of_kerberos(static_cast<krb5_error_code>(found.code), stage);
    else if (found.by == gss_mechanism::ntlm && minor != 0)
        why.code = code_of_ntlm(found.code, major, stage);
    else if (found.by == gss_mechanism::spnego)
        why.code = code_of_spnego(found.code);
    if (why.code == errc::mechanism_failed)
        why.code = code_of_major(major, found.by, stage);
    why.got = minor == 0 ? major : found.code;
    if (words.empty())
        words = text_of(major, GSS_C_GSS_CODE, by);
    why.said = printable(words, most_words);
    return why;
}

gss_failure explain_kerberos(krb5_context context, krb5_error_code code, gss_stage stage) {
    gss_failure why;
    why.code = code_of_kerberos(code, stage);
    why.got = static_cast<std::uint32_t>(code);
    const char* words = krb5_get_error_message(context, code);
    why.said = printable(words, most_words);
    krb5_free_error_message(context, words);
    return why;
}

gss_failure refuse(errc code, std::string said) {
    return {code, 0, std::move(said)};
}

step_result failed_step(gss_failure why) noexcept {
    step_result result;
    result.why = error{make_error_code(why.code), 0, why.got};
    result.said = std::move(why.said);
    result.peer_code = static_cast<std::uint32_t>(peer_code_of(why.code));
    return result;
}

}  // namespace nettcp::security
