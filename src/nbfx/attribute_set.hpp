#pragma once

#include "nbfx/short_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace nettcp::nbfx {

/// The names of one start tag's attributes, to find duplicates. A few are compared one by one, many
/// by a table, so that a tag of a thousand does not take a thousand times a thousand steps.
/// Views are the owner's.
class attribute_set {
public:
    bool empty() const noexcept { return count_ == 0; }
    void clear() noexcept { count_ = 0; }

    bool has(std::string_view local, std::string_view ns) const noexcept {
        const std::uint32_t few = std::min(count_, most_few);
        for (std::uint32_t i = 0; i != few; ++i)
            if (names_[i].is(local, ns))
                return true;
        return count_ > most_few && table_has(local, ns);
    }

    /// The first one, of most tags the only one.
    void add_first(std::string_view local, std::string_view ns) noexcept {
        names_.front() = {local, ns};
        count_ = 1;
    }

    void add(std::string_view local, std::string_view ns) {
        if (count_ == names_.size())
            names_.resize(2 * count_ + 4);
        std::uint32_t before = none;
        if (count_ == most_few)
            last_.fill(none);
        if (count_ >= most_few)
            before = std::exchange(last_[place_of(local)], count_);
        names_[count_++] = {local, ns, before};
    }

private:
    static constexpr std::uint32_t most_few = 8;
    static constexpr std::uint32_t none = 0;  // one of the few, which no place leads to

    struct name {
        std::string_view local;
        std::string_view ns;
        std::uint32_t before = none;  // the one added before it in its place

        bool is(std::string_view other, std::string_view other_ns) const noexcept {
            return same_text(local, other) && same_text(ns, other_ns);
        }
    };

    static std::size_t place_of(std::string_view local) noexcept {
        return hash_of(local) % std::tuple_size_v<decltype(last_)>;
    }
    bool table_has(std::string_view local, std::string_view ns) const noexcept {
        for (std::uint32_t i = last_[place_of(local)]; i != none; i = names_[i].before)
            if (names_[i].is(local, ns))
                return true;
        return false;
    }

    std::vector<name> names_ = std::vector<name>(4);  // the first `count_`
    std::uint32_t count_ = 0;
    std::array<std::uint32_t, 64> last_;
};

}  // namespace nettcp::nbfx
