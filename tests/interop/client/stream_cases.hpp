#pragma once

#include "echo_cases.hpp"

namespace interop {

/// The stream group, in the order of the interop contract. Over a streamed transfer the bodies are
/// streams, else whole messages.
std::span<const echo_case> stream_cases() noexcept;

}  // namespace interop
