#pragma once

#include <cstddef>

namespace nettcp {

/// How often this program has asked for memory so far, in all threads.
std::size_t allocation_count() noexcept;

/// What this program holds, in all threads.
struct allocated {
    std::size_t octets = 0;   ///< now
    std::size_t peak = 0;     ///< the most at a time since `forget_allocation_peak`
    std::size_t largest = 0;  ///< in one piece since then
};
allocated allocated_memory() noexcept;
void forget_allocation_peak() noexcept;

}  // namespace nettcp
