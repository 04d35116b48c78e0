#pragma once

#include <nettcp/service/service_host.hpp>

#include <optional>
#include <string>

namespace interop {

/// Where the host's certificate and its trust come from.
struct host_files {
    std::string certificate;
    std::string key;
    std::string authorities;
};

/// The security of a mode's endpoint: tls, tls-cert, win-none, win-sign, win-enc; nothing for
/// other modes. Kerberos and NTLM take their keys and users from the environment.
std::optional<nettcp::service_security> security_of(const std::string& mode,
                                                    const host_files& files);

}  // namespace interop
