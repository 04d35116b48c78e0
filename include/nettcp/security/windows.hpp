#pragma once

#include <nettcp/security/endpoint_identity.hpp>
#include <nettcp/security/protection_level.hpp>
#include <nettcp/security/secret.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>

namespace nettcp::security {

/// Which mechanism is offered to the other side (WWSAPI: WINDOWS_INTEGRATED_AUTH_PACKAGE).
enum class package : std::uint8_t {
    negotiate,  ///< SPNEGO: Kerberos, or NTLM where that is allowed. What WCF speaks
    kerberos,   ///< Kerberos without SPNEGO around it
    ntlm,       ///< NTLM without SPNEGO around it: must be allowed as well
};

/// Who protects frames once both sides have agreed on Kerberos. What goes over the wire and what is
/// checked is the same.
enum class kerberos_frames : std::uint8_t {
    fastest,  ///< OpenSSL, for keys of AES, if this build has it; else Kerberos's library
    library,  ///< Kerberos's library alone, which then keeps the context's keys to itself
};

/// The credentials of whoever is logged in: the default ticket cache, or for NTLM the default user.
struct default_credentials {};

/// A ticket cache by name, such as `FILE:/tmp/krb5cc_1000`.
struct cache_credentials {
    std::string name;
};

/// A user's name and password. With Kerberos the KDC is asked for a ticket, which is kept in memory
/// only.
struct password_credentials {
    std::string user;  ///< `alice`, `alice@REALM` or `DOMAIN\alice`
    secret password;
    std::string domain;  ///< empty: as `user` says, or the default realm
};

/// A keytab for a user, for services that call other services.
struct keytab_credentials {
    std::string keytab;  ///< a path, or a name with its type in front
    std::string principal;  ///< the user; empty: the first in the keytab
};

/// Who we call as.
using windows_credentials =
    std::variant<default_credentials, cache_credentials, password_credentials, keytab_credentials>;

/// Windows security of a client: `SecurityMode.Transport` with
/// `TcpClientCredentialType.Windows`, [MS-NNS].
///
/// Everything may be left at its default. Then the call is made as whoever is logged in, to the
/// SPN `host/` and the address's host, and nothing is sent to a service that has not proved to be
/// that one.
struct windows_client {
    endpoint_identity identity = {};
    windows_credentials credentials = {};
    /// At least this is required; what Kerberos gives may be more.
    protection_level protection = protection_level::encrypt_and_sign;
    /// The service must prove who it is. NTLM cannot, so it is refused (WWSAPI:
    /// WS_SECURITY_BINDING_PROPERTY_REQUIRE_SERVER_AUTH).
    bool require_server_auth = true;
    /// Accept NTLM although it proves nothing about the service (WCF: AllowNtlm, true there).
    /// NTLM is also accepted when `require_server_auth` is false.
    bool allow_ntlm = false;
    security::package package = security::package::negotiate;
    impersonation_level impersonation = impersonation_level::identification;
    kerberos_frames frames = kerberos_frames::fastest;
};

/// Windows security of an endpoint.
struct windows_service {
    /// Callers that protect less are refused.
    protection_level protection = protection_level::encrypt_and_sign;
    /// The service's keys: a path, or a name with its type in front. Empty: what `KRB5_KTNAME` or
    /// krb5.conf says.
    std::string keytab = {};
    /// The SPN that callers by Kerberos must have asked for; empty: any that the keytab has a key
    /// for. NTLM carries no proof of one.
    std::string spn = {};
    /// Accept callers that authenticate by NTLM.
    bool allow_ntlm = false;
    /// Accept callers that authenticate by Kerberos.
    bool allow_kerberos = true;
    /// Callers that allow less are refused.
    impersonation_level impersonation = impersonation_level::identification;
    kerberos_frames frames = kerberos_frames::fastest;
};

}  // namespace nettcp::security
