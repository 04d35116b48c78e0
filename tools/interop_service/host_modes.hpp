#pragma once

#include <nettcp/service/service_host.hpp>

#include <string>
#include <vector>

namespace nettcp::interop {

/// What modes with security need. Files are PEM; empty ones are not there.
struct mode_files {
    std::string certificate;
    std::string key;
    std::string authorities;  ///< what clients' certificates are checked with
    std::string keytab;       ///< empty: KRB5_KTNAME's
};

/// The modes for which there is all that they need: those without security, and those that the
/// files are for.
std::vector<std::string> modes_with(const mode_files& files);

/// Why a mode cannot be offered, for people; empty: it can. There are none and none-ENCODING, tls,
/// tls-cert, win-none, win-sign and win-enc.
std::string problem_with(const std::string& mode, const mode_files& files);

/// What the endpoints of a mode are bound to, which must be one that can be offered. NTLM takes its
/// users from the environment.
endpoint_options binding_of(const std::string& mode, const mode_files& files);

}  // namespace nettcp::interop
