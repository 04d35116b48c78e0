// Generated from proto/framing/upgrades.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace nettcp::framing {

/// A stream upgrade an initiator can ask for.
enum class upgrade : std::uint8_t {
    /// `application/ssl-tls`. Spec: [MC-NMF] Upgrade Request Record; a TLS handshake, the initiator
    /// is the TLS client.
    tls = 1,
    /// `application/negotiate`. Spec: [MC-NMF] Upgrade Request Record; an [MS-NNS] handshake.
    negotiate = 2,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(upgrade v) noexcept {
    switch (v) {
    case upgrade::tls: return "tls";
    case upgrade::negotiate: return "negotiate";
    }
    return {};
}

/// The name that an upgrade request record carries.
constexpr std::string_view upgrade_name(upgrade v) noexcept {
    switch (v) {
    case upgrade::tls: return "application/ssl-tls";
    case upgrade::negotiate: return "application/negotiate";
    }
    return {};
}

/// The upgrade of this name, compared exactly.
constexpr std::optional<upgrade> upgrade_from_name(std::string_view name) noexcept {
    if (name == upgrade_name(upgrade::tls))
        return upgrade::tls;
    if (name == upgrade_name(upgrade::negotiate))
        return upgrade::negotiate;
    return std::nullopt;
}

}  // namespace nettcp::framing
