#include "calls/call_meter.hpp"

namespace nettcp {

call_observer::~call_observer() = default;

std::string_view to_string(call_outcome value) noexcept {
    switch (value) {
    case call_outcome::replied: return "replied";
    case call_outcome::faulted: return "faulted";
    case call_outcome::failed: return "failed";
    case call_outcome::cancelled: return "cancelled";
    case call_outcome::timed_out: return "timed out";
    }
    return {};
}

call_metrics call_meter::metrics() const noexcept {
    const auto number = [this](call_outcome how) {
        return outcomes_[static_cast<std::size_t>(how)].get();
    };
    return {.started = started_.get(),
            .in_progress = in_progress_.get(),
            .replied = number(call_outcome::replied),
            .faulted = number(call_outcome::faulted),
            .failed = number(call_outcome::failed),
            .cancelled = number(call_outcome::cancelled),
            .timed_out = number(call_outcome::timed_out)};
}

}  // namespace nettcp
