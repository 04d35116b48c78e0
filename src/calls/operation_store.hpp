#pragma once

#include <array>
#include <cstddef>
#include <mutex>
#include <new>

namespace nettcp {

/// Memory for operations: blocks that were used once are kept for the next of about that size.
///
/// Any thread may start an operation, hence the lock.
class operation_store {
public:
    operation_store() = default;
    operation_store(const operation_store&) = delete;
    operation_store& operator=(const operation_store&) = delete;

    ~operation_store() {
        for (const shelf& each : shelves_) {
            for (block* next = each.first; next != nullptr;) {
                block* const gone = next;
                next = next->next;
                ::operator delete(gone);
            }
        }
    }

    void* allocate(std::size_t size) {
        if (size > step * shelf_count)
            return ::operator new(size);
        const std::size_t number = (size + step - 1) / step;
        {
            const std::lock_guard lock(mutex_);
            shelf& from = shelves_[number - 1];
            if (block* const found = from.first) {
                from.first = found->next;
                --from.count;
                return found;
            }
        }
        return ::operator new(number * step);
    }

    void deallocate(void* memory, std::size_t size) noexcept {
        if (size <= step * shelf_count) {
            const std::lock_guard lock(mutex_);
            shelf& to = shelves_[(size + step - 1) / step - 1];
            if (to.count < max_kept) {
                to.first = new (memory) block{to.first};
                ++to.count;
                return;
            }
        }
        ::operator delete(memory);
    }

private:
    static constexpr std::size_t step = 256;
    static constexpr std::size_t shelf_count = 16;
    static constexpr std::size_t max_kept = 256;

    struct block {
        block* next;
    };
    struct shelf {
        block* first = nullptr;
        std::size_t count = 0;
    };

    std::mutex mutex_;
    std::array<shelf, shelf_count> shelves_;
};

}  // namespace nettcp
