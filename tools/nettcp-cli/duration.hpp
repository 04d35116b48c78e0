#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace nettcp::cli {

/// Reads a time as people type it: `500ms`, `5s`, `1.5m`, `1h`; without a unit, seconds. Nothing
/// when it is none, not positive, or longer than a year.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// The same, with a complaint when it is none.
std::optional<std::chrono::milliseconds> parse_time(std::string_view text);

}  // namespace nettcp::cli
