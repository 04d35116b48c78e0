#pragma once

#include <cstddef>
#include <new>

namespace nettcp::net {

/// Room within an object for one asynchronous operation at a time, of at most `Size` octets: for
/// what nearly always has one outstanding. Others, and larger ones, take memory elsewhere.
template <std::size_t Size>
class operation_slot {
public:
    operation_slot() noexcept = default;
    operation_slot(const operation_slot&) = delete;
    operation_slot& operator=(const operation_slot&) = delete;

    void* take(std::size_t size) {
        if (in_use_ || size > Size)
            return ::operator new(size);
        in_use_ = true;
        return room_;
    }
    void give_back(void* taken) noexcept {
        if (taken == room_)
            in_use_ = false;
        else
            ::operator delete(taken);
    }

private:
    alignas(std::max_align_t) std::byte room_[Size];
    bool in_use_ = false;
};

/// What Asio takes the memory of a slot by. The slot must live until the operation has ended: let
/// the handler keep it.
template <class T, std::size_t Size>
class slot_allocator {
public:
    using value_type = T;
    template <class U>
    struct rebind {
        using other = slot_allocator<U, Size>;
    };

    slot_allocator(operation_slot<Size>& slot) noexcept : slot_(&slot) {}  // NOLINT implicit
    template <class U>
    slot_allocator(const slot_allocator<U, Size>& other) noexcept  // NOLINT implicit
        : slot_(other.slot_) {}

    T* allocate(std::size_t count) { return static_cast<T*>(slot_->take(count * sizeof(T))); }
    void deallocate(T* taken, std::size_t) noexcept { slot_->give_back(taken); }

    friend bool operator==(const slot_allocator&, const slot_allocator&) = default;

private:
    template <class, std::size_t>
    friend class slot_allocator;

    operation_slot<Size>* slot_;
};

}  // namespace nettcp::net
