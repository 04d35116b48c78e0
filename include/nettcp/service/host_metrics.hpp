#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/calls/call_observer.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace nettcp {

/// Why a connection has got no session.
enum class refusal : std::uint8_t {
    endpoint_not_found,  ///< nothing is served at its via
    unsupported,         ///< mode, encoding, version or upgrade is none that the endpoint has
    authentication,      ///< it could not prove who it is, or was not let in
    too_slow,  ///< it has not said what it wants in time, or had to make room for others
    broken_rules,  ///< it speaks another protocol, or goes beyond a limit
    lost,  ///< it has gone in the middle
    stopping,  ///< the host was stopping
};
inline constexpr std::size_t refusal_count = 7;

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(refusal value) noexcept;

/// What a host has done since it was made. Each number is exact, but they are not read at one
/// moment. Numbers only grow, but those of what is there now.
struct host_metrics {
    std::uint64_t connections_accepted = 0;
    std::uint64_t connections = 0;  ///< now
    std::uint64_t accepts_failed = 0;
    /// Reset at once because of `max_connections_per_address`; not among those accepted.
    std::uint64_t connections_over_address_limit = 0;
    std::uint64_t sessions_opened = 0;
    std::uint64_t sessions = 0;  ///< now
    std::uint64_t sessions_closed = 0;  ///< both sides have ended
    std::uint64_t sessions_failed = 0;  ///< lost, broken off, or out of time
    std::array<std::uint64_t, refusal_count> sessions_refused{};  ///< by `refusal`
    std::uint64_t throttled = 0;  ///< times that a session had to wait for the end of other calls
    std::uint64_t waited_in_line = 0;  ///< and for an instance that takes one call at a time
    call_metrics calls;  ///< that came, also such as were refused with a fault
    call_metrics callbacks;  ///< calls and messages of ours to clients
    octet_metrics octets;

    std::uint64_t refused(refusal why) const noexcept {
        return sessions_refused[static_cast<std::size_t>(why)];
    }
    /// The same as `refused(refusal::authentication)`.
    std::uint64_t authentications_failed() const noexcept {
        return refused(refusal::authentication);
    }
};

/// What a host is up to.
enum class host_state : std::uint8_t {
    starting,  ///< it does not listen yet, or its thread does not run
    serving,
    draining,  ///< it is stopping: what is in progress ends, nothing new begins
    stopped,
};

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(host_state value) noexcept;

/// How a host is, for whoever decides whether it lives and whether to send it more work.
struct host_health {
    host_state state = host_state::starting;
    std::uint64_t connections = 0;
    std::uint64_t max_connections = 0;
    std::uint64_t pending_connections = 0;  ///< of these, without a session so far
    std::uint64_t max_pending_connections = 0;
    std::uint64_t calls = 0;
    std::uint64_t max_concurrent_calls = 0;

    /// It takes connections and calls: neither stopping nor full.
    bool is_ready() const noexcept {
        return state == host_state::serving && connections < max_connections &&
               pending_connections < max_pending_connections && calls < max_concurrent_calls;
    }
};

}  // namespace nettcp
