#pragma once

#include "calls/call_meter.hpp"

#include <nettcp/service/host_metrics.hpp>

#include <array>
#include <memory>

namespace nettcp {

/// What `host_metrics` is read from.
struct host_counters {
    explicit host_counters(const std::shared_ptr<call_observer>& told)
        : calls(told), callbacks(told) {}

    void refused(refusal why) noexcept { sessions_refused[static_cast<std::size_t>(why)].add(); }
    host_metrics read() const noexcept;

    counter connections_accepted;
    counter accepts_failed;
    counter sessions_opened;
    counter sessions;
    counter sessions_closed;
    counter sessions_failed;
    std::array<counter, refusal_count> sessions_refused;
    counter throttled;
    counter waited_in_line;
    call_meter calls;
    call_meter callbacks;
    octet_counters octets;
};

}  // namespace nettcp
