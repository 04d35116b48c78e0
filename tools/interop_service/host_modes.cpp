#include "interop_service/host_modes.hpp"

#include "interop_service/encoding_modes.hpp"

#include <algorithm>
#include <iterator>

namespace nettcp::interop {
namespace {

security::tls_service tls(const mode_files& files, bool with_client_certificate) {
    security::tls_service choices;
    choices.certificate.certificate_file = files.certificate;
    choices.certificate.key_file = files.key;
    choices.require_client_certificate = with_client_certificate;
    if (!files.authorities.empty())
        choices.client_trust.ca_files = {files.authorities};
    return choices;
}

security::windows_service windows(const mode_files& files, security::protection_level protection) {
    security::windows_service choices;
    choices.protection = protection;
    choices.keytab = files.keytab;
    choices.allow_ntlm = true;
    return choices;
}

/// Of a mode with security.
service_security security_of(std::string_view mode, const mode_files& files) {
    if (mode.starts_with("tls"))
        return tls(files, mode == "tls-cert");
    if (mode == "win-none")
        return windows(files, security::protection_level::none);
    return windows(files, mode == "win-sign" ? security::protection_level::sign
                                             : security::protection_level::encrypt_and_sign);
}

constexpr std::string_view secure_modes[] = {"tls", "tls-cert", "win-none", "win-sign", "win-enc"};

}  // namespace

endpoint_options binding_of(const std::string& mode, const mode_files& files) {
    endpoint_options binding;
    if (const encoding_mode* plain = find_encoding_mode(mode))
        binding.encodings = plain->encoding;
    else
        binding.security = security_of(mode, files);
    return binding;
}

std::vector<std::string> modes_with(const mode_files& files) {
    std::vector<std::string> modes{"none", "none-gzip", "none-deflate", "none-text", "none-mtom"};
    if (!files.certificate.empty())
        modes.emplace_back("tls");
    if (!files.certificate.empty() && !files.authorities.empty())
        modes.emplace_back("tls-cert");
    if (!files.keytab.empty())
        modes.insert(modes.end(), {"win-sign", "win-enc"});
    return modes;
}

std::string problem_with(const std::string& mode, const mode_files& files) {
    if (find_encoding_mode(mode) == nullptr &&
        std::ranges::find(secure_modes, mode) == std::end(secure_modes))
        return "mode " + mode + " is not supported";
    if (mode.starts_with("tls") && files.certificate.empty())
        return "mode " + mode + " needs --cert";
    return {};
}

}  // namespace nettcp::interop
