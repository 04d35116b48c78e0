#pragma once

#include "calls/session_counters.hpp"

#include <nettcp/service/host_metrics.hpp>

#include <array>

namespace nettcp {

/// What `host_metrics` is read from.
struct host_counters : session_counters {
    using session_counters::session_counters;

    void refused(refusal why) noexcept { sessions_refused[static_cast<std::size_t>(why)].add(); }
    host_metrics read() const noexcept;

    counter connections_accepted;
    counter accepts_failed;
    counter connections_over_address_limit;
    std::array<counter, refusal_count> sessions_refused;
    counter throttled;
    counter waited_in_line;
};

}  // namespace nettcp
