#pragma once

#include <cstddef>

namespace nettcp {

/// How often this program has asked for memory so far, in all threads.
std::size_t allocation_count() noexcept;

}  // namespace nettcp
