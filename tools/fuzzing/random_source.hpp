#pragma once

#include <cstdint>
#include <span>

namespace nettcp::fuzzing {

/// Numbers that follow from a seed and a stream number alone, the same on every machine, which
/// the distributions of the standard library do not promise. SplitMix64; not for secrets.
class random_source {
public:
    random_source(std::uint64_t seed, std::uint64_t stream) noexcept
        : state_(mix(seed + 0x9e3779b97f4a7c15) ^ mix(stream * 2 + 1)) {}

    std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15;
        return mix(state_);
    }

    /// 0 to `bound` - 1; 0 when `bound` is 0.
    std::size_t below(std::size_t bound) noexcept {
        return bound == 0 ? 0 : static_cast<std::size_t>(next() % bound);
    }

    /// True once in `times`, on average.
    bool once_in(std::size_t times) noexcept { return below(times) == 0; }

    /// One of `choices`, which are not empty.
    template <class Range>
    const auto& pick(const Range& choices) noexcept {
        return choices[below(std::size(choices))];
    }

private:
    static std::uint64_t mix(std::uint64_t z) noexcept {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    std::uint64_t state_;
};

}  // namespace nettcp::fuzzing
