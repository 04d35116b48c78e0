#pragma once

#include <nettcp/security/party.hpp>

#include <string>

namespace nettcp::interop {

/// Who calls, in the words of the CoreWCF service's WhoAmI; null: a caller without transport
/// security. On Linux that service takes Windows callers, whom it knows by name, for anonymous all
/// the same.
inline std::string text_of(const security::party* caller) {
    if (caller == nullptr)
        return "(no ServiceSecurityContext)";
    std::string name = caller->name;
    if (!caller->thumbprint.empty())
        name += "; " + caller->thumbprint;
    const bool is_known = !caller->mechanism.empty();
    const bool has_claims = is_known && !caller->thumbprint.empty();
    return "name=" + name + ";auth=" + caller->mechanism +
           ";isAuth=" + (is_known ? "True" : "False") + ";anon=" + (has_claims ? "False" : "True");
}

}  // namespace nettcp::interop
