#include <nettcp/security/protection_level.hpp>

namespace nettcp::security {

std::string_view to_string(protection_level value) noexcept {
    switch (value) {
    case protection_level::none: return "none";
    case protection_level::sign: return "sign";
    case protection_level::encrypt_and_sign: return "encrypt_and_sign";
    }
    return "?";
}

std::string_view to_string(impersonation_level value) noexcept {
    switch (value) {
    case impersonation_level::identification: return "identification";
    case impersonation_level::impersonation: return "impersonation";
    case impersonation_level::delegation: return "delegation";
    }
    return "?";
}

}  // namespace nettcp::security
