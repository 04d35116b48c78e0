#pragma once

#include <nettcp/client/client_options.hpp>
#include <nettcp/service/service_host.hpp>

#include <string>
#include <vector>

namespace load {

/// What security needs; empty where it cannot be had.
struct credentials {
    std::string certificate;  ///< a file with the host's certificate and key
    std::string spn;          ///< the host's name in the Kerberos realm of the environment
};

/// One way to secure sessions, and what its endpoints have behind their path.
struct security_mode {
    std::string name;
    nettcp::client_security client = {};
    nettcp::service_security service = {};
};

/// None, and what the credentials allow.
inline std::vector<security_mode> security_modes(const credentials& with) {
    std::vector<security_mode> all{{.name = ""}};
    if (!with.certificate.empty()) {
        nettcp::security::tls_client trusting{.identity =
                                                  nettcp::security::dns_identity{"localhost"}};
        trusting.trust.ca_files = {with.certificate};
        nettcp::security::tls_service served;
        served.certificate.certificate_file = with.certificate;
        all.push_back({"-tls", trusting, served});
    }
    if (!with.spn.empty()) {
        all.push_back(
            {"-windows",
             nettcp::security::windows_client{.identity = nettcp::security::spn_identity{with.spn}},
             nettcp::security::windows_service{}});
    }
    return all;
}

}  // namespace load
