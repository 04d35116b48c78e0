#include "secure_modes.hpp"

namespace interop {

namespace security = nettcp::security;

namespace {

security::tls_service tls(const host_files& files, bool with_client_certificate) {
    security::tls_service choices;
    choices.certificate.certificate_file = files.certificate;
    choices.certificate.key_file = files.key;
    choices.require_client_certificate = with_client_certificate;
    if (!files.authorities.empty())
        choices.client_trust.ca_files = {files.authorities};
    return choices;
}

security::windows_service windows(security::protection_level protection) {
    security::windows_service choices;
    choices.protection = protection;
    choices.allow_ntlm = true;
    return choices;
}

}  // namespace

std::optional<nettcp::service_security> security_of(const std::string& mode,
                                                    const host_files& files) {
    if (mode == "tls" || mode == "tls-cert")
        return tls(files, mode == "tls-cert");
    if (mode == "win-none")
        return windows(security::protection_level::none);
    if (mode == "win-sign")
        return windows(security::protection_level::sign);
    if (mode == "win-enc")
        return windows(security::protection_level::encrypt_and_sign);
    return std::nullopt;
}

}  // namespace interop
