#pragma once

#include <nettcp/calls/operation.hpp>

#include <vector>

namespace nettcp {

/// The calls that wait for a reply, found by id in constant time.
///
/// Open addressing with linear probing; ids are given out in sequence, so they hash to
/// themselves. Erasing moves followers back, so no markers pile up behind a slow call. Allocates
/// only to grow.
class pending_calls {
public:
    void insert(operations::operation& op) {
        if ((size_ + 1) * 2 > slots_.size())
            grow();
        place(op);
        ++size_;
    }

    /// The call of that id, taken out; null if there is none.
    operations::operation* take(std::uint64_t id) noexcept {
        if (size_ == 0)
            return nullptr;
        std::size_t at = home(id);
        for (; slots_[at] != nullptr; at = follow(at)) {
            if (slots_[at]->id == id) {
                operations::operation* const found = slots_[at];
                close_gap(at);
                --size_;
                return found;
            }
        }
        return nullptr;
    }

    bool contains(std::uint64_t id) const noexcept {
        if (size_ == 0)
            return false;
        std::size_t at = home(id);
        while (slots_[at] != nullptr && slots_[at]->id != id)
            at = follow(at);
        return slots_[at] != nullptr;
    }

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return size_ == 0; }

private:
    std::size_t home(std::uint64_t id) const noexcept {
        return static_cast<std::size_t>(id) & (slots_.size() - 1);
    }
    std::size_t follow(std::size_t at) const noexcept { return (at + 1) & (slots_.size() - 1); }

    void place(operations::operation& op) noexcept {
        std::size_t at = home(op.id);
        while (slots_[at] != nullptr)
            at = follow(at);
        slots_[at] = &op;
    }

    void close_gap(std::size_t gap) noexcept {
        const std::size_t mask = slots_.size() - 1;
        for (std::size_t at = follow(gap); slots_[at] != nullptr; at = follow(at)) {
            // An entry may move back only as far as its home.
            if (((at - home(slots_[at]->id)) & mask) >= ((at - gap) & mask)) {
                slots_[gap] = slots_[at];
                gap = at;
            }
        }
        slots_[gap] = nullptr;
    }

    void grow() {
        std::vector<operations::operation*> old(slots_.empty() ? 64 : slots_.size() * 2);
        old.swap(slots_);
        for (operations::operation* const op : old) {
            if (op != nullptr)
                place(*op);
        }
    }

    std::vector<operations::operation*> slots_;  // a power of two
    std::size_t size_ = 0;
};

}  // namespace nettcp
