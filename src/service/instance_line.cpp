// Decides who uses an instance next: calls that come back to it, then new ones, as they came.

#include "service/instance_line.hpp"

namespace nettcp {

line_place::~line_place() {
    if (line_ != nullptr)
        line_->leave();
}

line_place instance_line::try_enter() {
    const std::lock_guard lock(guard_);
    if (in_use_ || !waiting_.empty() || !returning_.empty())
        return {};
    in_use_ = true;
    return line_place(shared_from_this());
}

void instance_line::wait(waiter next) {
    add(waiting_, std::move(next));
}

void instance_line::wait_to_return(waiter next) {
    add(returning_, std::move(next));
}

void instance_line::add(std::deque<waiter>& queue, waiter next) {
    {
        const std::lock_guard lock(guard_);
        queue.push_back(std::move(next));
        if (std::exchange(in_use_, true))
            return;
    }
    let_in();
}

void instance_line::leave() noexcept {
    let_in();
}

/// Gives the place, which is the caller's, to the next who can take it.
void instance_line::let_in() {
    for (;;) {
        waiter next;
        {
            const std::lock_guard lock(guard_);
            std::deque<waiter>& from = returning_.empty() ? waiting_ : returning_;
            if (from.empty()) {
                in_use_ = false;
                return;
            }
            next = std::move(from.front());
            from.pop_front();
        }
        if (next(*this))
            return;
    }
}

}  // namespace nettcp
