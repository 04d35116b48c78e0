// Counts allocations where all of them end: at malloc and its kin, so that no way to get memory
// goes unseen. Sanitizers, which have a malloc of their own, offer a hook for that.
#include "support/allocation_count.hpp"
#include "support/sanitizers.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>

namespace {

constinit std::atomic<std::size_t> count = 0;
constinit std::atomic<std::size_t> octets = 0;
constinit std::atomic<std::size_t> peak = 0;
constinit std::atomic<std::size_t> largest = 0;

void raise(std::atomic<std::size_t>& most, std::size_t to) noexcept {
    std::size_t known = most.load(std::memory_order_relaxed);
    while (known < to && !most.compare_exchange_weak(known, to, std::memory_order_relaxed)) {
    }
}

/// `size` was asked for, and so much was `given`.
void note(std::size_t size, std::size_t given) noexcept {
    count.fetch_add(1, std::memory_order_relaxed);
    raise(peak, octets.fetch_add(given, std::memory_order_relaxed) + given);
    raise(largest, size);
}

void note_return(std::size_t given) noexcept {
    octets.fetch_sub(given, std::memory_order_relaxed);
}

}  // namespace

std::size_t nettcp::allocation_count() noexcept {
    return count.load(std::memory_order_relaxed);
}

nettcp::allocated nettcp::allocated_memory() noexcept {
    return {octets, peak, largest};
}

void nettcp::forget_allocation_peak() noexcept {
    peak = octets.load();
    largest = 0;
}

#if NETTCP_SANITIZED

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void*,
                                                                             std::size_t),
                                                         void (*free_hook)(const volatile void*));
extern "C" std::size_t __sanitizer_get_allocated_size(const volatile void* storage);

namespace {

[[maybe_unused]] const int hooks_installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t size) { note(size, size); },
    [](const volatile void* storage) {
        if (storage != nullptr)
            note_return(__sanitizer_get_allocated_size(storage));
    });

}  // namespace

#else  // glibc: the program's functions of these names take the place of the library's

#include <malloc.h>

namespace {

void* noted(void* storage, std::size_t size) noexcept {
    note(size, malloc_usable_size(storage));
    return storage;
}

}  // namespace

extern "C" {

void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* storage, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* storage);

void* malloc(std::size_t size) {
    return noted(__libc_malloc(size), size);
}

void* calloc(std::size_t items, std::size_t size) {
    return noted(__libc_calloc(items, size), items * size);
}

void* realloc(void* storage, std::size_t size) {
    note_return(malloc_usable_size(storage));
    return noted(__libc_realloc(storage, size), size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
    return noted(__libc_memalign(alignment, size), size);
}

void* memalign(std::size_t alignment, std::size_t size) {
    return noted(__libc_memalign(alignment, size), size);
}

int posix_memalign(void** storage, std::size_t alignment, std::size_t size) {
    *storage = noted(__libc_memalign(alignment, size), size);
    return *storage != nullptr || size == 0 ? 0 : ENOMEM;
}

void free(void* storage) {
    note_return(malloc_usable_size(storage));
    __libc_free(storage);
}

}  // extern "C"

#endif
