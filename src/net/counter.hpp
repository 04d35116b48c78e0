#pragma once

#include <atomic>
#include <cstdint>

namespace nettcp {

/// A number that one executor changes and any thread reads. Costs what a plain one does.
class counter {
public:
    void add(std::uint64_t more = 1) noexcept { set(get() + more); }
    void subtract(std::uint64_t less = 1) noexcept { set(get() - less); }
    std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

private:
    void set(std::uint64_t value) noexcept { value_.store(value, std::memory_order_relaxed); }

    std::atomic<std::uint64_t> value_ = 0;
};

/// Octets of all connections of one side.
struct octet_counters {
    counter received;
    counter sent;
};

}  // namespace nettcp
