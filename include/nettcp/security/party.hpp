#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/security/protection_level.hpp>

#include <string>
#include <vector>

namespace nettcp::security {

/// Who is on the other side, and how the connection is protected, as far as the upgrade proved it.
/// A value: copy it, keep it.
struct party {
    /// `alice@REALM` (Kerberos), `DOMAIN\alice` (NTLM), the subject as `CN=alice` (certificate);
    /// empty when it is not known.
    std::string name;
    /// `Kerberos`, `NTLM` or `X509`; empty when the other side was not authenticated.
    std::string mechanism;
    protection_level protection = protection_level::none;
    /// Both sides have proved who they are.
    bool mutual = false;
    /// What the caller lets the service do in its name; meaningful at the service.
    impersonation_level impersonation = impersonation_level::identification;
    /// The certificate in DER, and its SHA-1 in upper-case hexadecimal, as Windows shows it; empty
    /// without one.
    std::vector<std::byte> certificate;
    std::string thumbprint;
    /// `TLSv1.3` and `TLS_AES_256_GCM_SHA384`, for instance; empty without TLS.
    std::string tls_version;
    std::string tls_cipher;
};

}  // namespace nettcp::security
