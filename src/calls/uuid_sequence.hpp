#pragma once

#include <nettcp/base/uuid.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace nettcp {

/// GUIDs that cost nothing: a random beginning, and a number.
class uuid_sequence {
public:
    uuid_sequence() {
        const uuid first = random_uuid();
        std::copy_n(first.begin(), prefix_.size(),
                    prefix_.begin());  // what makes it version 4, too
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
