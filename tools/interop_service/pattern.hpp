#pragma once

#include <nettcp/net/body_source.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>

namespace nettcp::interop {

/// Octet `at` of the streams of the interop contract, which repeat every 256.
constexpr std::byte pattern_at(std::uint64_t at) noexcept {
    return static_cast<std::byte>(at * 7 + 3);
}

/// Part of such a stream that begins at any place of it, as long as `longest`.
class pattern_part {
public:
    static constexpr std::size_t longest = 1u << 16;

    static std::span<const std::byte> at(std::uint64_t place, std::size_t size) noexcept {
        static const auto octets = [] {
            std::array<std::byte, longest + 256> made{};
            for (std::size_t i = 0; i != made.size(); ++i)
                made[i] = pattern_at(i);
            return made;
        }();
        return std::span(octets).subspan(place % 256, size);
    }
};

/// Whether `octets` are the stream's from `at` on.
inline bool is_pattern(std::span<const std::byte> octets, std::uint64_t at) noexcept {
    while (!octets.empty()) {
        const std::size_t size = std::min(octets.size(), pattern_part::longest);
        if (std::memcmp(octets.data(), pattern_part::at(at, size).data(), size) != 0)
            return false;
        octets = octets.subspan(size);
        at += size;
    }
    return true;
}

/// The first `size` octets of the stream, made when they are asked for.
inline std::shared_ptr<body_source> pattern_source(std::uint64_t size) {
    return make_body_source(std::function<std::size_t(std::span<std::byte>)>(
        [size, at = std::uint64_t{0}](std::span<std::byte> room) mutable {
            const auto now = static_cast<std::size_t>(std::min(
                {std::uint64_t{room.size()}, size - at, std::uint64_t{pattern_part::longest}}));
            std::ranges::copy(pattern_part::at(at, now), room.begin());
            at += now;
            return now;
        }));
}

}  // namespace nettcp::interop
