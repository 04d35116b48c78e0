#pragma once

#include <bit>
#include <cstddef>
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
    if (load_eight(a.data() + size - 8) != load_eight(b.data() + size - 8))
        return false;  // namespaces differ at their ends, if anywhere
    for (std::size_t i = 0; i + 8 < size; i += 8)
        if (load_eight(a.data() + i) != load_eight(b.data() + i))
            return false;
    return true;
}

/// Whether two views are of the same octets in memory. One branch, where && would be two.
inline bool same_view(std::string_view a, std::string_view b) noexcept {
    const auto at = [](std::string_view v) { return reinterpret_cast<std::uintptr_t>(v.data()); };
    return ((at(a) ^ at(b)) | (a.size() ^ b.size())) == 0;
}

inline bool is_ascii(std::string_view text) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080u;
    const std::size_t size = text.size();
    if (size < 8)
        return (load_short(text.data(), size) & high_bits) == 0;
    std::uint64_t all = load_eight(text.data() + size - 8);
    for (std::size_t i = 0; i + 8 < size; i += 8)
        all |= load_eight(text.data() + i);
    return (all & high_bits) == 0;
}

/// Copies text that may be of any size, and is short as a rule.
inline void copy_text(std::byte* to, std::string_view text) noexcept {
    const char* const from = text.data();
    const std::size_t size = text.size();
    if (size > 64) {
        std::memcpy(to, from, size);
    } else if (size >= 16) {
        for (std::size_t i = 0; i + 16 < size; i += 16)
            std::memcpy(to + i, from + i, 16);
        std::memcpy(to + size - 16, from + size - 16, 16);
    } else if (size >= 8) {
        std::uint64_t ends[] = {load_eight(from), load_eight(from + size - 8)};
        std::memcpy(to, &ends[0], 8);
        std::memcpy(to + size - 8, &ends[1], 8);
    } else {
        for (std::size_t i = 0; i != size; ++i)
            to[i] = static_cast<std::byte>(from[i]);
    }
}

/// Copies text, and tells whether it is ASCII; if not, what is at `to` means nothing.
inline bool copy_ascii(std::byte* to, std::string_view text) noexcept {
    constexpr std::uint64_t high_bits = 0x8080808080808080u;
    const char* const from = text.data();
    const std::size_t size = text.size();
    if (size >= 8) {
        const std::uint64_t last = load_eight(from + size - 8);
        std::uint64_t all = last;
        for (std::size_t i = 0; i + 8 < size; i += 8) {
            const std::uint64_t octets = load_eight(from + i);
            std::memcpy(to + i, &octets, sizeof octets);
            all |= octets;
        }
        std::memcpy(to + size - 8, &last, sizeof last);
        return (all & high_bits) == 0;
    }
    const std::uint64_t all = load_short(from, size);
    if (size >= 4) {
        const std::uint32_t ends[] = {static_cast<std::uint32_t>(all),
                                      static_cast<std::uint32_t>(all >> 32)};
        std::memcpy(to, &ends[0], 4);
        std::memcpy(to + size - 4, &ends[1], 4);
    } else {
        for (std::size_t i = 0; i != size; ++i)
            to[i] = static_cast<std::byte>(from[i]);
    }
    return (all & high_bits) == 0;
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
