#include "duration.hpp"

#include "console.hpp"

#include <charconv>

namespace nettcp::cli {

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc{})
        return std::nullopt;
    const std::string_view unit(stopped, static_cast<std::size_t>(end - stopped));
    double milliseconds = 0;
    if (unit == "ms")
        milliseconds = number;
    else if (unit.empty() || unit == "s")
        milliseconds = number * 1000;
    else if (unit == "m")
        milliseconds = number * 60'000;
    else if (unit == "h")
        milliseconds = number * 3'600'000;
    else
        return std::nullopt;
    constexpr double year = 366.0 * 86'400'000;
    if (!(milliseconds >= 1 && milliseconds <= year))
        return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(milliseconds));
}

std::optional<std::chrono::milliseconds> parse_time(std::string_view text) {
    const auto time = parse_duration(text);
    if (!time)
        complain(std::string(text) + " is no time; write 500ms, 5s or 2m");
    return time;
}

}  // namespace nettcp::cli
