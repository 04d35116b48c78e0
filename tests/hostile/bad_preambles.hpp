#pragma once

// The preambles that were tried on CoreWCF's host, bad and good, and the endpoints of that host by
// the first part of their path. What a build may lack has its endpoints in a test of its own.

#include "hostile/hostile_host.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hostile {

/// A captured attempt on CoreWCF's host: what was sent, piece by piece, and what it answered.
struct attempt {
    std::string name;
    std::string kind;  ///< of the endpoint
    std::vector<std::string> sent;
    std::string answered;
    bool ended_by_host = false;

    /// What was sent at last waits for a handshake with keys of its own, so that only the octets
    /// up to there can be sent again.
    bool secured = false;
};

/// All of them, by name.
std::vector<attempt> read_attempts();

/// An endpoint of that host.
struct endpoint_kind {
    std::string_view path;  ///< first part
    nettcp::endpoint_options options = {};
};

/// Adds the usual endpoint, `none`, and `/<path>/echo` for each kind.
void add_endpoints(nettcp::service_host& host, const std::vector<endpoint_kind>& kinds);

/// Sends our host, with endpoints of these kinds, every captured preamble for one of them, and
/// checks that it answers at least as well as CoreWCF, stays idle behind it and serves others.
/// Returns how many there were.
std::size_t check_captured_preambles(const std::vector<endpoint_kind>& kinds);

}  // namespace hostile
