// Counts allocations by replacing the global operators, so that tests can show that a warm path
// makes none.
#include "support/allocation_count.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> count = 0;

}  // namespace

std::size_t nettcp::allocation_count() noexcept {
    return count.load(std::memory_order_relaxed);
}

// All forms, since a sanitizer replaces those that are left out with its own.
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    count.fetch_add(1, std::memory_order_relaxed);
    return std::malloc(size != 0 ? size : 1);
}

void* operator new(std::size_t size) {
    if (void* storage = operator new(size, std::nothrow))
        return storage;
    throw std::bad_alloc();
}

void* operator new[](std::size_t size) {
    return operator new(size);
}

void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return operator new(size, std::nothrow);
}

void operator delete(void* storage) noexcept {
    std::free(storage);
}

void operator delete(void* storage, std::size_t) noexcept {
    std::free(storage);
}

void operator delete(void* storage, const std::nothrow_t&) noexcept {
    std::free(storage);
}

void operator delete[](void* storage) noexcept {
    std::free(storage);
}

void operator delete[](void* storage, std::size_t) noexcept {
    std::free(storage);
}

void operator delete[](void* storage, const std::nothrow_t&) noexcept {
    std::free(storage);
}
