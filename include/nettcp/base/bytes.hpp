#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nettcp {

/// Borrowed octets. The one type in which the core takes and lends binary data.
using bytes_view = std::span<const std::byte>;

/// The octets of a text, without copying them; the view lives as long as the text.
inline bytes_view as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

/// The text that these octets spell, without copying or checking them.
inline std::string_view as_text(bytes_view octets) noexcept {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

}  // namespace nettcp
