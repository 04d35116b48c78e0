#pragma once

#include "echo_cases.hpp"

namespace nettcp::interop {

/// The stream group, in the order of the interop contract.
std::span<const echo_case> stream_cases() noexcept;

/// Streams that many octets from the host, to it, and both ways, and prints how fast that was and
/// the greatest memory this process has had.
void run_big_streams(target where, std::uint64_t size);

}  // namespace nettcp::interop
