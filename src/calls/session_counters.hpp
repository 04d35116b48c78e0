#pragma once

#include "calls/call_meter.hpp"

#include <memory>

namespace nettcp {

/// What the metrics of a host and of a client have in common.
struct session_counters {
    explicit session_counters(const std::shared_ptr<call_observer>& told)
        : calls(told), callbacks(told) {}

    void session_begun() noexcept {
        sessions_opened.add();
        sessions.add();
    }
    void session_over(bool well) noexcept {
        sessions.subtract();
        (well ? sessions_closed : sessions_failed).add();
    }
    /// Fills in those members of `host_metrics` or `client_metrics`.
    template <class Metrics>
    void read_into(Metrics& now) const noexcept {
        now.sessions_opened = sessions_opened.get();
        now.sessions = sessions.get();
        now.sessions_closed = sessions_closed.get();
        now.sessions_failed = sessions_failed.get();
        now.calls = calls.metrics();
        now.callbacks = callbacks.metrics();
        now.octets = {octets.received.get(), octets.sent.get()};
    }

    counter sessions_opened;
    counter sessions;
    counter sessions_closed;
    counter sessions_failed;
    call_meter calls;
    call_meter callbacks;
    octet_counters octets;
};

}  // namespace nettcp
