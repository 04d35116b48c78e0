#pragma once

#include "calls/session_counters.hpp"

namespace nettcp {

/// What `client_metrics` is read from; one for all lanes of a client.
struct client_counters : session_counters {
    using session_counters::session_counters;

    counter opens_failed;
};

}  // namespace nettcp
