#pragma once

#include <cstddef>
#include <vector>

namespace nettcp::net {

/// Whatever has a `deadline`, the earliest on top. Each knows its place, `deadline_index`, so that
/// taking one out costs no search; putting in one with the latest deadline, the usual case, costs
/// one comparison. Allocates only to grow.
template <class T>
class deadline_heap {
public:
    bool empty() const noexcept { return heap_.empty(); }
    T& top() const noexcept { return *heap_.front(); }
    /// All of them, in no order that means anything.
    const std::vector<T*>& all() const noexcept { return heap_; }

    void insert(T& op) {
        heap_.push_back(&op);
        op.deadline_index = heap_.size() - 1;
        rise(op.deadline_index);
    }

    void erase(T& op) noexcept {
        const std::size_t gap = op.deadline_index;
        T* const last = heap_.back();
        heap_.pop_back();
        if (last == &op)
            return;
        put(gap, last);
        rise(gap);
        sink(last->deadline_index);
    }

private:
    void put(std::size_t at, T* op) noexcept {
        heap_[at] = op;
        op->deadline_index = at;
    }

    bool earlier(std::size_t a, std::size_t b) const noexcept {
        return heap_[a]->deadline < heap_[b]->deadline;
    }

    void swap(std::size_t a, std::size_t b) noexcept {
        T* const op = heap_[a];
        put(a, heap_[b]);
        put(b, op);
    }

    void rise(std::size_t at) noexcept {
        for (std::size_t parent; at != 0 && earlier(at, parent = (at - 1) / 2); at = parent)
            swap(at, parent);
    }

    void sink(std::size_t at) noexcept {
        for (std::size_t child; (child = at * 2 + 1) < heap_.size(); at = child) {
            if (child + 1 < heap_.size() && earlier(child + 1, child))
                ++child;
            if (!earlier(child, at))
                return;
            swap(at, child);
        }
    }

    std::vector<T*> heap_;
};

}  // namespace nettcp::net
