#pragma once

#include <nettcp/calls/operation.hpp>

#include <utility>

namespace nettcp {

/// Operations in the order in which they came; linked through themselves.
class operation_list {
public:
    operation_list() noexcept = default;
    operation_list(operation_list&& other) noexcept
        : first_(std::exchange(other.first_, nullptr)),
          last_(std::exchange(other.last_, nullptr)),
          size_(std::exchange(other.size_, 0)) {}
    operation_list& operator=(operation_list&&) = delete;

    std::size_t size() const noexcept { return size_; }
    bool empty() const noexcept { return first_ == nullptr; }
    operations::operation& front() const noexcept { return *first_; }

    void push_back(operations::operation& op) noexcept {
        op.previous = last_;
        op.next = nullptr;
        (last_ != nullptr ? last_->next : first_) = &op;
        last_ = &op;
        ++size_;
    }

    void erase(operations::operation& op) noexcept {
        (op.previous != nullptr ? op.previous->next : first_) = op.next;
        (op.next != nullptr ? op.next->previous : last_) = op.previous;
        --size_;
    }

private:
    operations::operation* first_ = nullptr;
    operations::operation* last_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace nettcp
