#pragma once

#include <nettcp/security/endpoint_identity.hpp>
#include <nettcp/security/party.hpp>
#include <nettcp/security/secret.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::security {

/// The oldest version of TLS to speak.
enum class tls_version : std::uint8_t { tls_1_2, tls_1_3 };

/// A certificate with its key. All empty: none.
struct tls_certificate {
    std::string certificate_file = {};  ///< PEM, the chain behind it; or PKCS#12 with all
    std::string key_file = {};          ///< PEM; empty: in `certificate_file`
    secret password = {};               ///< of key or PKCS#12; empty: none
};

/// How the other side's certificate is judged.
struct tls_trust {
    std::vector<std::string> ca_files = {};  ///< PEM; CAs, or the other side's very certificate
    bool system_store = true;  ///< trust what the machine trusts; off once `ca_files` are given
    /// PEM. When any are given, they must cover every certificate that is not trusted by itself.
    std::vector<std::string> crl_files = {};
    /// Verify nothing: whoever is on the path can read and alter everything. For tests only.
    bool insecure = false;
};

/// TLS of a client: `SecurityMode.Transport` with `TcpClientCredentialType.None` or `Certificate`.
struct tls_client {
    /// DNS name or thumbprint of the service's certificate; an SPN `host/x` counts as DNS name `x`.
    endpoint_identity identity = {};
    tls_trust trust = {};
    tls_certificate certificate = {};
    tls_version minimum_version = tls_version::tls_1_2;
    /// Tell the service which name we call, in clear (SNI). WCF does not.
    bool send_server_name = false;
    /// Told lines of the NSS key log, which open captures of this connection to whoever has them.
    std::function<void(std::string_view line)> key_log = {};
};

/// TLS of an endpoint.
struct tls_service {
    tls_certificate certificate = {};
    /// Callers must show a certificate (WCF: TcpClientCredentialType.Certificate).
    bool require_client_certificate = false;
    /// How theirs is judged; without `require_client_certificate` none is asked for.
    tls_trust client_trust = {};
    tls_version minimum_version = tls_version::tls_1_2;
    std::function<void(std::string_view line)> key_log = {};
};

}  // namespace nettcp::security
