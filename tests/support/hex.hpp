#pragma once

#include <nettcp/base/bytes.hpp>

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp {

/// The octets that pairs of hex digits spell; white space between pairs is for the reader.
inline std::vector<std::byte> hex(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::vector<std::byte> octets;
    int high = -1;
    for (const char c : text) {
        if (c == ' ' || c == '\n')
            continue;
        const auto digit = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
        if (digit == digits.npos)
            throw std::invalid_argument("not a hex digit");
        if (high >= 0)
            octets.push_back(static_cast<std::byte>(high * 16 + static_cast<int>(digit)));
        high = high >= 0 ? -1 : static_cast<int>(digit);
    }
    if (high >= 0)
        throw std::invalid_argument("half an octet");
    return octets;
}

/// Lower-case hex digits of octets, without spaces.
inline std::string to_hex(bytes_view octets) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::byte octet : octets) {
        text.push_back(digits[std::to_integer<std::size_t>(octet) >> 4]);
        text.push_back(digits[std::to_integer<std::size_t>(octet) & 15]);
    }
    return text;
}

}  // namespace nettcp
