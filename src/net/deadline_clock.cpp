#include "net/deadline_clock.hpp"

#include <utility>

namespace nettcp::net {

void deadline_clock::look_at(alarm& which, time_point when) {
    if (which.deadline != never)
        alarms_.erase(which);
    which.deadline = when;
    alarms_.insert(which);
    timer_.set(alarms_.top().deadline);
}

void deadline_clock::forget(alarm& which) noexcept {
    if (which.deadline == never)
        return;
    alarms_.erase(which);
    which.deadline = never;
    if (alarms_.empty())
        timer_.stop();  // nothing is left outstanding on the executor
}

void deadline_clock::deadline_passed() {
    const auto self = shared_from_this();
    const time_point now = clock::now();
    // Each once: who sets another moment that has passed is told at the next turn.
    for (std::size_t left = alarms_.all().size(); left != 0 && !alarms_.empty(); --left) {
        alarm& first = alarms_.top();
        if (first.deadline > now)
            break;
        alarms_.erase(first);
        first.deadline = never;
        if (first.due_ > now) {
            if (first.due_ != never)
                look_at(first, first.due_);
            continue;
        }
        first.due_ = never;
        first.told_.deadline_passed();  // that may be the end of it
    }
    if (!alarms_.empty())
        timer_.set(alarms_.top().deadline);
}

}  // namespace nettcp::net
