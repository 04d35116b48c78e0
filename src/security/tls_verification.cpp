// Judges a peer's certificate: chain, validity, use and revocation by OpenSSL, then the name or the
// thumbprint, by WCF's rules. A DNS name is one of the subject alternative name, or, without any,
// the common name; it is compared as a whole, so a wildcard matches only itself.
#include "security/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/sslerr.h>

#include <algorithm>
#include <new>

namespace nettcp::security {
namespace {

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_name(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

/// WCF takes an address's host as a DNS name even if it is a number. Certificates name numbers in
/// entries of their own, so those count as well.
bool is_for_address(X509* certificate, const std::string& name) {
    const bool matches = X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
    ERR_clear_error();
    return matches;
}

std::string quoted_list(const std::vector<std::string>& names) {
    constexpr std::size_t most = 8;
    std::string out;
    for (std::size_t i = 0; i != std::min(names.size(), most); ++i)
        out += (i == 0 ? "\"" : ", \"") + names[i] + "\"";
    return names.size() > most ? out + " and more" : out;
}

/// Checks who the certificate is for, and leaves OpenSSL's code of the failure.
int judge_identity(X509* certificate, const tls_expectation& expected, std::string& said) {
    if (!expected.thumbprint.empty() && thumbprint(certificate) != expected.thumbprint) {
        said = printable("its thumbprint is " + thumbprint(certificate) + ", expected " +
                         expected.thumbprint + ": " + subject_name(certificate));
        return X509_V_ERR_APPLICATION_VERIFICATION;
    }
    if (expected.dns.empty() || is_for_address(certificate, expected.dns))
        return X509_V_OK;
    const auto names = dns_names(certificate);
    if (std::ranges::any_of(names, [&](const auto& n) { return same_name(n, expected.dns); }))
        return X509_V_OK;
    said = printable("it is for " + quoted_list(names) + ", expected \"" + expected.dns + "\"");
    return X509_V_ERR_HOSTNAME_MISMATCH;
}

/// Lets a root pass that no revocation list covers: it is trusted by itself.
int pass_uncovered_root(int ok, X509_STORE_CTX* chain) {
    if (ok != 1 && X509_STORE_CTX_get_error(chain) == X509_V_ERR_UNABLE_TO_GET_CRL &&
        X509_STORE_CTX_get_error_depth(chain) + 1 ==
            sk_X509_num(X509_STORE_CTX_get0_chain(chain))) {
        X509_STORE_CTX_set_error(chain, X509_V_OK);
        return 1;
    }
    return ok;
}

int verify(X509_STORE_CTX* chain, const tls_context& context, tls_verdict& verdict) {
    X509_STORE_CTX_set_verify_cb(chain, pass_uncovered_root);
    if (X509_verify_cert(chain) != 1) {
        const int code = X509_STORE_CTX_get_error(chain);
        verdict.said = X509_verify_cert_error_string(code);
        if (const X509* refused = X509_STORE_CTX_get_current_cert(chain))
            verdict.said = printable(verdict.said + ": " + subject_name(refused));
        if (code == X509_V_OK)  // never say yes where the answer was no
            X509_STORE_CTX_set_error(chain, X509_V_ERR_UNSPECIFIED);
        return 0;
    }
    const int code =
        judge_identity(X509_STORE_CTX_get0_cert(chain), context.expected, verdict.said);
    X509_STORE_CTX_set_error(chain, code);
    return code == X509_V_OK ? 1 : 0;
}

/// An SPN identity stands for the host in it.
result<std::string> host_of_spn(std::string_view spn, std::string& said) {
    constexpr std::string_view prefix = "host/";
    const std::string_view host = spn.substr(std::min(spn.size(), prefix.size()));
    if (same_name(spn.substr(0, prefix.size()), prefix) && !host.empty() &&
        host.find_first_of("/:@") == host.npos)
        return std::string(host);
    said = "a certificate proves SPNs of the form host/name only";
    return error{make_error_code(errc::name_invalid)};
}

result<std::string> normal_thumbprint(std::string_view text, std::string& said) {
    // Windows' certificate dialog copies this mark, which cannot be seen, in front.
    constexpr std::string_view left_to_right = "\xe2\x80\x8e";
    if (text.starts_with(left_to_right))
        text.remove_prefix(left_to_right.size());
    std::string out;
    for (const char c : text) {
        if (c == ' ' || c == ':')
            continue;
        const char up = c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c;
        const bool is_digit = (up >= '0' && up <= '9') || (up >= 'A' && up <= 'F');
        out += is_digit ? up : '?';
    }
    if (out.size() == 40 && out.find('?') == out.npos)
        return out;
    said = "a thumbprint is 40 hexadecimal digits";
    return error{make_error_code(errc::name_invalid)};
}

}  // namespace

result<tls_expectation> expectation_of(const endpoint_identity& identity, std::string_view host,
                                       std::string& said) {
    if (const auto* pinned = std::get_if<thumbprint_identity>(&identity)) {
        const auto sha1 = normal_thumbprint(pinned->sha1, said);
        if (!sha1)
            return sha1.error();
        return tls_expectation{{}, *sha1};
    }
    if (const auto* service = std::get_if<spn_identity>(&identity)) {
        const auto name = host_of_spn(service->spn, said);
        if (!name)
            return name.error();
        return tls_expectation{*name, {}};
    }
    if (std::holds_alternative<upn_identity>(identity)) {
        said = "a certificate does not prove a user principal name";
        return error{make_error_code(errc::name_invalid)};
    }
    if (const auto* named = std::get_if<dns_identity>(&identity))
        host = named->name;
    if (host.starts_with('[') && host.ends_with(']'))
        host = host.substr(1, host.size() - 2);
    if (host.empty() || host.find('\0') != host.npos) {
        said = "there is no name to expect in the certificate";
        return error{make_error_code(errc::name_invalid)};
    }
    return tls_expectation{std::string(host), {}};
}

int verify_peer(X509_STORE_CTX* chain, void* context) noexcept {
    const auto& shared = *static_cast<const tls_context*>(context);
    if (shared.insecure)
        return 1;
    const auto* const connection = static_cast<const SSL*>(
        X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
    auto& verdict = *static_cast<tls_verdict*>(SSL_get_app_data(connection));
    try {
        return verify(chain, shared, verdict);
    } catch (const std::bad_alloc&) {
        X509_STORE_CTX_set_error(chain, X509_V_ERR_OUT_OF_MEM);
        return 0;
    }
}

errc rule_of_verification(long code) noexcept {
    switch (code) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return errc::certificate_expired;
    case X509_V_ERR_CERT_NOT_YET_VALID: return errc::certificate_not_yet_valid;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED: return errc::certificate_untrusted;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return errc::certificate_self_signed;
    case X509_V_ERR_HOSTNAME_MISMATCH: return errc::certificate_name_mismatch;
    case X509_V_ERR_APPLICATION_VERIFICATION: return errc::certificate_thumbprint_mismatch;
    case X509_V_ERR_INVALID_PURPOSE:
    case X509_V_ERR_CERT_REJECTED: return errc::certificate_usage_wrong;
    case X509_V_ERR_CERT_REVOKED: return errc::certificate_revoked;
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
    case X509_V_ERR_CRL_SIGNATURE_FAILURE: return errc::certificate_crl_missing;
    default: return errc::certificate_invalid;
    }
}

errc rule_of_reason(int reason, bool is_established) noexcept {
    switch (reason) {
    case SSL_AD_REASON_OFFSET + SSL_AD_PROTOCOL_VERSION:
        return is_established ? errc::tls_alert : errc::tls_version_mismatch;
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_UNKNOWN_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_INAPPROPRIATE_FALLBACK:
    case SSL_R_NO_PROTOCOLS_AVAILABLE: return errc::tls_version_mismatch;
    case SSL_R_NO_SHARED_CIPHER:
    case SSL_R_NO_CIPHERS_AVAILABLE:
    case SSL_R_NO_SHARED_GROUPS:
    case SSL_R_NO_SUITABLE_GROUPS:
    case SSL_R_NO_SUITABLE_KEY_SHARE:
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM:
    case SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS: return errc::tls_no_shared_cipher;
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: return errc::certificate_required;
    case SSL_R_UNEXPECTED_EOF_WHILE_READING: return errc::tls_cut_short;
    case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC:
        return is_established ? errc::frame_invalid : errc::tls_protocol_error;
    default: break;
    }
    return reason > SSL_AD_REASON_OFFSET ? errc::tls_alert : errc::tls_protocol_error;
}

}  // namespace nettcp::security
