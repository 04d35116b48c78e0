#include "service/host_counters.hpp"

namespace nettcp {

std::string_view to_string(refusal value) noexcept {
    switch (value) {
    case refusal::endpoint_not_found: return "endpoint not found";
    case refusal::unsupported: return "unsupported";
    case refusal::authentication: return "authentication";
    case refusal::too_slow: return "too slow";
    case refusal::broken_rules: return "broken rules";
    case refusal::lost: return "lost";
    case refusal::stopping: return "stopping";
    }
    return {};
}

std::string_view to_string(host_state value) noexcept {
    switch (value) {
    case host_state::starting: return "starting";
    case host_state::serving: return "serving";
    case host_state::draining: return "draining";
    case host_state::stopped: return "stopped";
    }
    return {};
}

host_metrics host_counters::read() const noexcept {
    host_metrics now;
    read_into(now);
    now.connections_accepted = connections_accepted.get();
    now.accepts_failed = accepts_failed.get();
    now.connections_over_address_limit = connections_over_address_limit.get();
    for (std::size_t i = 0; i != refusal_count; ++i)
        now.sessions_refused[i] = sessions_refused[i].get();
    now.throttled = throttled.get();
    now.waited_in_line = waited_in_line.get();
    return now;
}

}  // namespace nettcp
