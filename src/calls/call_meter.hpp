#pragma once

#include "net/counter.hpp"

#include <nettcp/calls/call_observer.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace nettcp {

/// Counts calls, and tells an observer, if there is one. For one executor, `metrics` for any
/// thread.
class call_meter {
public:
    explicit call_meter(std::shared_ptr<call_observer> told = nullptr) noexcept
        : observer_(std::move(told)) {}

    call_observer* observer() const noexcept { return observer_.get(); }

    /// `info` makes the call's `call_info`, with an observer only. `call.since` may say when it
    /// came.
    template <class Info>
    void began(observed_call& call, Info&& info) {
        started_.add();
        in_progress_.add();
        call.open = true;
        if (observer_ == nullptr)
            return;
        if (call.since == std::chrono::steady_clock::time_point())
            call.since = std::chrono::steady_clock::now();
        call.span = observer_->call_began(info());
    }
    /// Does nothing when it has ended before.
    template <class Info>
    void ended(observed_call& call, call_outcome how, Info&& info) {
        if (!std::exchange(call.open, false))
            return;
        in_progress_.subtract();
        of(how).add();
        if (observer_ != nullptr)
            observer_->call_ended(info(), call.span, how,
                                  std::chrono::steady_clock::now() - call.since);
    }

    call_metrics metrics() const noexcept;

private:
    counter& of(call_outcome how) noexcept { return outcomes_[static_cast<std::size_t>(how)]; }

    const std::shared_ptr<call_observer> observer_;
    counter started_;
    counter in_progress_;
    counter outcomes_[5];  ///< by `call_outcome`
};

}  // namespace nettcp
