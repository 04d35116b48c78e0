#pragma once

#include "calls/call_meter.hpp"

#include <nettcp/client/client_metrics.hpp>

#include <memory>

namespace nettcp {

/// What `client_metrics` is read from; one for all lanes of a client.
struct client_counters {
    explicit client_counters(const std::shared_ptr<call_observer>& told)
        : calls(told), callbacks(told) {}

    counter sessions_opened;
    counter sessions;
    counter sessions_closed;
    counter sessions_failed;
    counter opens_failed;
    call_meter calls;
    call_meter callbacks;
    octet_counters octets;
};

}  // namespace nettcp
