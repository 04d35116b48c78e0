#pragma once

#include <nettcp/base/export.hpp>

#include <cstdint>
#include <string_view>

namespace nettcp::security {

/// What happens to the octets of a session (WCF: ProtectionLevel). Ordered: more is greater.
enum class protection_level : std::uint8_t {
    none,              ///< nothing: anybody on the path can read and alter them
    sign,              ///< they cannot be altered unnoticed
    encrypt_and_sign,  ///< nor read
};

/// What a service may do in the caller's name (WCF: TokenImpersonationLevel). Ordered.
enum class impersonation_level : std::uint8_t {
    identification,  ///< look at who calls
    impersonation,   ///< act as the caller on its own machine
    delegation,      ///< act as the caller on other machines too
};

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(protection_level value) noexcept;
/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(impersonation_level value) noexcept;

}  // namespace nettcp::security
