#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace nettcp::nbfx {

// Names have about ten octets: calling memcmp or looping over them costs more than the work. These
// read eight octets at a time, and the last ones overlapping.

inline std::uint64_t load_eight(const char* at) noexcept {
    std::uint64_t octets;
    std::memcpy(&octets, at, sizeof octets);
    return octets;
}

inline std::uint64_t load_four(const char* at) noexcept {
    std::uint32_t octets;
    std::memcpy(&octets, at, sizeof octets);
    return octets;
}

/// All octets of a text of fewer than eight; different texts of one size give different numbers.
inline std::uint64_t load_short(const char* at, std::size_t size) noexcept {
    const auto octet = [at](std::size_t i) {
        return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i]));
    };
    if (size >= 4)
        return load_four(at) | load_four(at + size - 4) << 32;
    if (size == 0)
        return 0;
    return octet(0) | octet(size / 2) << 8 | octet(size - 1) << 16;
}

inline bool same_text(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    const std::size_t size = a.size();
    if (size < 8)
        return load_short(a.data(), size) == load_short(b.data(), size);
    for (std::size_t i = 0; i + 8 < size; i += 8)
        if (load_eight(a.data() + i) != load_eight(b.data() + i))
            return false;
    return load_eight(a.data() + size - 8) == load_eight(b.data() + size - 8);
}

inline std::uint32_t hash_of(std::string_view text) noexcept {
    constexpr std::uint64_t odd = 0x9e3779b97f4a7c15u;
    const std::size_t size = text.size();
    std::uint64_t hash = size * odd;
    if (size < 8) {
        hash = (hash ^ load_short(text.data(), size)) * odd;
    } else {
        for (std::size_t i = 0; i + 8 < size; i += 8)
            hash = std::rotl((hash ^ load_eight(text.data() + i)) * odd, 29);
        hash = (hash ^ load_eight(text.data() + size - 8)) * odd;
    }
    return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace nettcp::nbfx
