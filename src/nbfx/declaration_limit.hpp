#pragma once

#include <algorithm>
#include <cstdint>

namespace nettcp::nbfx {

/// Namespace declarations in scope at most, where a start tag has so many attributes at most. They
/// are fewer, since each prefix that is looked up may be compared with all of them.
constexpr std::uint32_t max_declarations(std::uint32_t max_attributes) noexcept {
    constexpr std::uint32_t always = 32;
    return std::min(max_attributes, std::max(always, max_attributes / 8));
}

}  // namespace nettcp::nbfx
