#pragma once

#include <string>
#include <variant>

namespace nettcp::security {

/// The service runs under an account with this service principal name, such as `host/server`
/// (WCF: SpnEndpointIdentity). Without a realm the KDC finds it; DNS is never asked.
struct spn_identity {
    std::string spn;
};

/// The service runs under this user account, such as `svc@REALM` (WCF: UpnEndpointIdentity).
struct upn_identity {
    std::string upn;
};

/// The service has a certificate for this DNS name, or the SPN `host/` and this name (WCF:
/// DnsEndpointIdentity).
struct dns_identity {
    std::string name;
};

/// The service has the certificate with this SHA-1 thumbprint, in hexadecimal, with or without
/// colons or spaces (WCF: X509CertificateEndpointIdentity).
struct thumbprint_identity {
    std::string sha1;
};

/// Who a service is expected to be; nothing: the DNS identity of the address's host.
using endpoint_identity =
    std::variant<std::monostate, spn_identity, upn_identity, dns_identity, thumbprint_identity>;

}  // namespace nettcp::security
