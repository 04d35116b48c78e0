#pragma once

#include "echo_cases.hpp"

namespace nettcp::interop {

/// The chat group, in the order of the interop contract: the host calls us back.
std::span<const echo_case> chat_cases() noexcept;

}  // namespace nettcp::interop
