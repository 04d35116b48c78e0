#pragma once

#include <chrono>

namespace nettcp {

/// Probes that the system sends on a connection that is silent, so that a peer which went without
/// a word (power, cable, a firewall that forgot) is noticed.
///
/// When `count` of them stay unanswered, the connection fails with `timed_out` or
/// `connection_reset`. Each value must be at least one; systems know an upper limit (Linux: 32767
/// seconds, 127 probes). A system that cannot set one of them uses its own.
struct tcp_keep_alive {
    std::chrono::seconds idle = std::chrono::seconds(60);  ///< silence before the first probe
    std::chrono::seconds interval = std::chrono::seconds(10);  ///< between probes
    int count = 5;

    friend bool operator==(const tcp_keep_alive&, const tcp_keep_alive&) = default;
};

}  // namespace nettcp
