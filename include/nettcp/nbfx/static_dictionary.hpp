#pragma once

#include <nettcp/base/export.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace nettcp::nbfx {

/// The static string of an even wire id; nothing for odd ids and ids above 972.
///
/// Spec: [MC-NBFS] "Dictionary Strings".
NETTCP_EXPORT std::optional<std::string_view> static_string(std::uint32_t wire_id) noexcept;

/// The even wire id of a static string; the first if there were several. Never 0x1A8, whose
/// leading space not every peer's table has.
NETTCP_EXPORT std::optional<std::uint32_t> static_id(std::string_view text) noexcept;

}  // namespace nettcp::nbfx
