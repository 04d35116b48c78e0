#pragma once

#include "security/gssapi_errors.hpp"

#include <nettcp/security/windows.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nettcp::security {

/// The service that an identity means, in the forms that the mechanisms take.
struct service_name {
    std::string principal;     ///< for Kerberos: `host/server@`, whose realm the KDC finds
    std::string host_service;  ///< for NTLM: `host@server`

    /// The principal as people write it.
    std::string shown() const {
        return principal.substr(0, principal.size() - (principal.ends_with('@') ? 1 : 0));
    }
};

/// The service that is called: what the identity says, or `host/` and the address's host. Nothing
/// when that cannot be a name.
std::optional<service_name> name_of_service(const endpoint_identity& identity,
                                            std::string_view host);

/// Whether a principal, such as `host/server@REALM`, is the service of an SPN with or without
/// realm. Letter case is not told apart, as in Windows.
bool is_service(std::string_view principal, std::string_view spn);

/// Who logs in with a password, in the forms that the mechanisms take.
struct user_name {
    std::string user;
    std::string realm;   ///< Kerberos's; empty: the default one
    std::string domain;  ///< NTLM's; may be empty
};

/// The user of `alice`, `alice@REALM` or `DOMAIN\alice` and a domain.
user_name name_of_user(const password_credentials& given);

/// Imports a name as it is. Nothing is looked up.
gss_name import_name(std::string_view text, gss_OID type, gss_failure& why);

/// A name as the mechanism shows it, and whether it means nobody; empty when there is none.
std::string display_name(gss_name_t name, bool& anonymous);

/// Whether a name is UTF-8 without control characters. Others are refused rather than altered,
/// since whoever decides what a caller may do compares names.
bool is_plain(std::string_view name);

}  // namespace nettcp::security
