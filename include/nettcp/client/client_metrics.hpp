#pragma once

#include <nettcp/calls/call_observer.hpp>

#include <cstdint>

namespace nettcp {

/// What a client has done since it was made. Each number is exact, but they are not read at one
/// moment. Numbers only grow, but those of what is there now.
struct client_metrics {
    std::uint64_t sessions_opened = 0;
    std::uint64_t sessions = 0;         ///< now
    std::uint64_t sessions_closed = 0;  ///< both sides have ended
    std::uint64_t sessions_failed = 0;  ///< lost, or given up
    std::uint64_t opens_failed = 0;     ///< attempts that led to no session, with all retries
    std::uint64_t messages_dropped = 0;  ///< late replies, mostly
    call_metrics calls;                 ///< of ours, one-way messages included
    call_metrics callbacks;             ///< that came
    octet_metrics octets;
};

}  // namespace nettcp
