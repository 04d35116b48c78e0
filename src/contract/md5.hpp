#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace nettcp::contract {

/// MD5 of a text. .NET's names of generic types carry a part of one; nothing here relies on it for
/// security.
std::array<std::uint8_t, 16> md5(std::string_view text);

}  // namespace nettcp::contract
