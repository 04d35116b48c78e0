#include "secure_modes.hpp"

#include <stdexcept>

namespace nettcp::interop {

namespace security = nettcp::security;

namespace {

security::package package_of(const std::string& name) {
    if (name == "negotiate")
        return security::package::negotiate;
    if (name == "kerberos")
        return security::package::kerberos;
    if (name == "ntlm")
        return security::package::ntlm;
    throw std::runtime_error("--package is negotiate, kerberos or ntlm");
}

security::tls_client tls(const caller_choices& chosen, bool with_certificate) {
    security::tls_client choices;
    if (!chosen.authorities.empty())
        choices.trust.ca_files = {chosen.authorities};
    choices.trust.insecure = chosen.no_verify;
    if (with_certificate) {
        choices.certificate.certificate_file = chosen.certificate;
        choices.certificate.key_file = chosen.key;
    }
    return choices;
}

/// Runs with a password, and those without protection, may come to NTLM, which cannot prove who
/// the host is.
security::windows_client windows(const caller_choices& chosen,
                                 security::protection_level protection) {
    security::windows_client choices;
    choices.protection = protection;
    choices.package = package_of(chosen.package);
    const bool is_raw = protection == security::protection_level::none;
    choices.allow_ntlm =
        is_raw || !chosen.user.empty() || choices.package == security::package::ntlm;
    if (choices.package == security::package::kerberos)
        choices.allow_ntlm = false;
    if (!chosen.spn.empty())
        choices.identity = security::spn_identity{chosen.spn};
    if (!chosen.user.empty())
        choices.credentials = security::password_credentials{
            chosen.user, security::secret(chosen.password), chosen.domain};
    if (chosen.no_verify)
        choices.require_server_auth = false;
    return choices;
}

std::string must_have(std::string_view answer, std::string_view part) {
    if (answer.find(part) != answer.npos)
        return {};
    return "\"" + std::string(part) + "\" is missing in \"" + std::string(answer) + "\"";
}

}  // namespace

std::optional<nettcp::client_security> security_of(std::string_view mode,
                                                   const caller_choices& chosen) {
    if (mode == "tls" || mode == "tls-cert")
        return tls(chosen, mode == "tls-cert");
    if (mode == "win-none")
        return windows(chosen, security::protection_level::none);
    if (mode == "win-sign")
        return windows(chosen, security::protection_level::sign);
    if (mode == "win-enc")
        return windows(chosen, security::protection_level::encrypt_and_sign);
    return std::nullopt;
}

std::string judge_who_am_i(const nettcp::client_security& chosen, std::string_view answer) {
    if (const auto* by_tls = std::get_if<security::tls_client>(&chosen)) {
        if (by_tls->certificate.certificate_file.empty())
            return must_have(answer, "name=;auth=;isAuth=False;anon=True");
        const std::string wrong = must_have(answer, "name=CN=");
        return wrong.empty() ? must_have(answer, ";auth=X509;isAuth=True;anon=False") : wrong;
    }
    if (const auto* by_windows = std::get_if<security::windows_client>(&chosen)) {
        if (answer.starts_with("name=;") || !answer.starts_with("name="))
            return "no name in \"" + std::string(answer) + "\"";
        const bool is_known = answer.find(";auth=Kerberos;isAuth=True") != answer.npos ||
                              answer.find(";auth=NTLM;isAuth=True") != answer.npos;
        if (!is_known)
            return "neither Kerberos nor NTLM in \"" + std::string(answer) + "\"";
        const auto* login = std::get_if<security::password_credentials>(&by_windows->credentials);
        return login != nullptr ? must_have(answer, login->user) : std::string();
    }
    if (answer == "(no ServiceSecurityContext)" || answer == "name=;auth=;isAuth=False;anon=True")
        return {};
    return "the host sees \"" + std::string(answer) + "\"";
}

}  // namespace nettcp::interop
