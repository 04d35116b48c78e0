#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace nettcp::cli {

/// Reads a time as people type it: `500ms`, `5s`, `1.5m`, `1h`; without a unit, seconds. Nothing
/// when it is none, not positive, or longer than a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

}  // namespace nettcp::cli
