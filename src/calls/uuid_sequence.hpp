#pragma once

#include <nettcp/base/uuid.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <random>

namespace nettcp {

/// GUIDs that cost nothing: a random beginning, and a number.
class uuid_sequence {
public:
    uuid_sequence() {
        std::random_device random;
        for (std::uint8_t& octet : prefix_)
            octet = static_cast<std::uint8_t>(random());
        prefix_[6] = static_cast<std::uint8_t>((prefix_[6] & 0x0f) | 0x40);  // a version 4 GUID
        prefix_[8] = static_cast<std::uint8_t>((prefix_[8] & 0x3f) | 0x80);
    }

    uuid at(std::uint64_t number) const noexcept {
        uuid made;
        std::ranges::copy(prefix_, made.begin());
        for (std::size_t i = made.size(); i-- > prefix_.size(); number >>= 8)
            made.data[i] = static_cast<std::uint8_t>(number);
        return made;
    }

    /// The number of one that `at` has made; nothing for others.
    std::optional<std::uint64_t> number_of(const uuid& made) const noexcept {
        if (!std::equal(prefix_.begin(), prefix_.end(), made.begin()))
            return std::nullopt;
        std::uint64_t number = 0;
        for (std::size_t i = prefix_.size(); i < made.size(); ++i)
            number = number << 8 | made.data[i];
        return number;
    }

private:
    std::array<std::uint8_t, 9> prefix_{};
};

}  // namespace nettcp
