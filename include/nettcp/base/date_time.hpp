#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp {

/// What a `date_time` counts from: .NET's DateTimeKind.
enum class date_time_kind : std::uint8_t { unspecified = 0, utc = 1, local = 2 };

/// .NET's DateTime: ticks of 100 ns since 0001-01-01 and the kind of clock they stand for.
///
/// For `local`, `ticks` is the UTC instant (that is what travels), and text shows it with the
/// offset `+00:00`: the core knows no time zone.
struct date_time {
    std::int64_t ticks = 0;
    date_time_kind kind = date_time_kind::unspecified;

    friend bool operator==(const date_time&, const date_time&) = default;
};

/// Ticks of 9999-12-31T23:59:59.9999999, the last moment that a `date_time` can hold.
inline constexpr std::int64_t max_date_time_ticks = 3155378975999999999;

/// Appends `yyyy-MM-ddTHH:mm:ss[.fffffff]` and nothing, `Z` or `+00:00` by kind.
NETTCP_EXPORT void append_text(std::string& out, const date_time& value);

/// Reads xs:dateTime as .NET does: an offset is applied and makes the kind `local`, `Z` `utc`.
/// Also a date, a month or a year alone, but no time alone (.NET adds today's date) and no
/// 24:00:00. Fails with `base_errc::text_invalid` or `value_out_of_range`.
NETTCP_EXPORT result<date_time> parse_date_time(std::string_view text) noexcept;

/// .NET's TimeSpan: a signed number of 100 ns ticks.
struct time_span {
    std::int64_t ticks = 0;

    friend bool operator==(const time_span&, const time_span&) = default;
};

/// Appends xs:duration text as .NET writes it, such as `P1DT2H3M4.567S`; zero is `PT0S`.
NETTCP_EXPORT void append_text(std::string& out, const time_span& value);

/// Reads xs:duration; years count 365 days and months 30, as .NET does. Fails with
/// `base_errc::text_invalid` or `value_out_of_range`.
NETTCP_EXPORT result<time_span> parse_time_span(std::string_view text) noexcept;

}  // namespace nettcp
