// Calendar arithmetic and the XML texts of .NET's DateTime and TimeSpan. The proleptic Gregorian
// calendar from year 1 to 9999; no leap seconds, no time zones.
#include <nettcp/base/date_time.hpp>

#include <nettcp/base/errc.hpp>

#include <algorithm>
#include <array>

namespace nettcp {
namespace {

constexpr std::int64_t ticks_per_second = 10'000'000;
constexpr std::int64_t ticks_per_minute = 60 * ticks_per_second;
constexpr std::int64_t ticks_per_hour = 60 * ticks_per_minute;
constexpr std::int64_t ticks_per_day = 24 * ticks_per_hour;

constexpr bool is_leap(unsigned year) noexcept {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr unsigned days_in_month(unsigned year, unsigned month) noexcept {
    constexpr std::array<std::uint8_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/// Days from 0001-01-01 to the first day of `year`.
constexpr std::int64_t days_before_year(unsigned year) noexcept {
    const std::int64_t past = year - 1;
    return past * 365 + past / 4 - past / 100 + past / 400;
}

struct calendar_date {
    unsigned year = 1;
    unsigned month = 1;
    unsigned day = 1;
};

constexpr calendar_date date_of(std::int64_t days) noexcept {
    // A first guess from the mean length of a year is off by one at most.
    auto year = static_cast<unsigned>(days * 400 / 146097) + 1;
    if (days_before_year(year + 1) <= days)
        ++year;
    else if (days_before_year(year) > days)
        --year;
    auto rest = static_cast<unsigned>(days - days_before_year(year));
    unsigned month = 1;
    for (; rest >= days_in_month(year, month); ++month)
        rest -= days_in_month(year, month);
    return {year, month, rest + 1};
}

constexpr std::int64_t days_of(const calendar_date& date) noexcept {
    std::int64_t days = days_before_year(date.year) + date.day - 1;
    for (unsigned month = 1; month != date.month; ++month)
        days += days_in_month(date.year, month);
    return days;
}

void append_padded(std::string& out, std::uint64_t number, unsigned width) {
    std::array<char, 20> digits;
    for (unsigned i = width; i-- != 0; number /= 10)
        digits[i] = static_cast<char>('0' + number % 10);
    out.append(digits.data(), width);
}

/// `.fffffff` without trailing zeros; nothing for a whole second.
void append_fraction(std::string& out, std::uint64_t ticks) {
    if (ticks == 0)
        return;
    out.push_back('.');
    append_padded(out, ticks, 7);
    out.erase(out.find_last_not_of('0') + 1);
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// A cursor over the text of a date or a duration; `ok` falls once and stays down.
struct scanner {
    std::string_view text;
    std::size_t at = 0;
    bool ok = true;

    bool done() const noexcept { return at == text.size(); }
    char peek() const noexcept { return done() ? '\0' : text[at]; }
    bool skip(char c) noexcept {
        if (done() || text[at] != c)
            return false;
        ++at;
        return true;
    }
    void expect(char c) noexcept { ok = skip(c) && ok; }

    /// Exactly `count` digits that make a number from `low` to `high`.
    unsigned number(unsigned count, unsigned low, unsigned high) noexcept {
        unsigned value = 0;
        for (unsigned i = 0; i != count; ++i, ++at) {
            if (!is_digit(peek())) {
                ok = false;
                return low;
            }
            value = value * 10 + static_cast<unsigned>(text[at] - '0');
        }
        if (value < low || value > high) {
            ok = false;
            return low;
        }
        return value;
    }

    /// Digits behind a point as ticks of a second. A date rounds what is finer to even, a
    /// duration drops it, as .NET does.
    std::int64_t fraction(bool rounds) noexcept {
        std::int64_t ticks = 0;
        unsigned count = 0, first_dropped = 0;
        bool more_dropped = false;
        for (; is_digit(peek()); ++at, ++count) {
            const auto digit = static_cast<unsigned>(text[at] - '0');
            if (count < 7)
                ticks = ticks * 10 + digit;
            else if (count == 7)
                first_dropped = digit;
            else
                more_dropped |= digit != 0;
        }
        ok = ok && count != 0;
        for (; count < 7; ++count)
            ticks *= 10;
        const bool is_odd = ticks % 2 != 0;
        if (rounds && (first_dropped > 5 || (first_dropped == 5 && (more_dropped || is_odd))))
            ++ticks;
        return ticks;
    }

    error invalid() const noexcept { return {make_error_code(base_errc::text_invalid), at, 0}; }
    error out_of_range() const noexcept {
        return {make_error_code(base_errc::value_out_of_range), at, 0};
    }
};

/// `hh:mm:ss[.f…]` in ticks. The end of a day as 24:00:00 is not for .NET.
std::int64_t scan_time(scanner& in) noexcept {
    const unsigned hour = in.number(2, 0, 23);
    in.expect(':');
    const unsigned minute = in.number(2, 0, 59);
    in.expect(':');
    const unsigned second = in.number(2, 0, 59);
    const std::int64_t fraction = in.skip('.') ? in.fraction(true) : 0;
    return hour * ticks_per_hour + minute * ticks_per_minute + second * ticks_per_second + fraction;
}

}  // namespace

void append_text(std::string& out, const date_time& value) {
    const std::int64_t ticks = std::clamp<std::int64_t>(value.ticks, 0, max_date_time_ticks);
    const auto [year, month, day] = date_of(ticks / ticks_per_day);
    const auto time = static_cast<std::uint64_t>(ticks % ticks_per_day);
    append_padded(out, year, 4);
    out.push_back('-');
    append_padded(out, month, 2);
    out.push_back('-');
    append_padded(out, day, 2);
    out.push_back('T');
    append_padded(out, time / ticks_per_hour, 2);
    out.push_back(':');
    append_padded(out, time / ticks_per_minute % 60, 2);
    out.push_back(':');
    append_padded(out, time / ticks_per_second % 60, 2);
    append_fraction(out, time % ticks_per_second);
    if (value.kind == date_time_kind::utc)
        out.push_back('Z');
    else if (value.kind == date_time_kind::local)
        out += "+00:00";
}

result<date_time> parse_date_time(std::string_view text) noexcept {
    scanner in{text};
    calendar_date date;
    bool has_day = false;
    date.year = in.number(4, 1, 9999);
    if (in.skip('-')) {  // a year alone, or with its month, is its first day
        date.month = in.number(2, 1, 12);
        if (in.skip('-'))
            date.day = in.number(2, 1, 31);
        has_day = in.ok && in.at == 10;
    }
    if (!in.ok || date.day > days_in_month(date.year, date.month))
        return in.invalid();
    date_time value;
    value.ticks = days_of(date) * ticks_per_day;
    if (has_day && in.skip('T'))  // a date alone is its midnight
        value.ticks += scan_time(in);
    if (in.skip('Z')) {
        value.kind = date_time_kind::utc;
    } else if (in.peek() == '+' || in.peek() == '-') {
        const bool east = text[in.at++] == '+';
        const unsigned hour = in.number(2, 0, 99);  // .NET checks neither
        in.expect(':');
        const unsigned minute = in.number(2, 0, 99);
        const std::int64_t offset = hour * ticks_per_hour + minute * ticks_per_minute;
        value.ticks += east ? -offset : offset;
        value.kind = date_time_kind::local;
        // Where the offset leads out of the calendar .NET stops at its ends.
        value.ticks = std::clamp<std::int64_t>(value.ticks, 0, max_date_time_ticks);
    }
    if (!in.ok || !in.done())
        return in.invalid();
    if (value.ticks > max_date_time_ticks)
        return in.out_of_range();
    return value;
}

void append_text(std::string& out, const time_span& value) {
    // Unsigned, since the smallest number has no positive counterpart.
    auto left = static_cast<std::uint64_t>(value.ticks);
    if (value.ticks < 0) {
        left = 0 - left;
        out.push_back('-');
    }
    out.push_back('P');
    constexpr auto day = static_cast<std::uint64_t>(ticks_per_day);
    if (left >= day) {
        out += std::to_string(left / day);
        out.push_back('D');
        left %= day;
        if (left == 0)
            return;
    }
    out.push_back('T');
    constexpr std::pair<std::int64_t, char> parts[] = {{ticks_per_hour, 'H'},
                                                       {ticks_per_minute, 'M'}};
    const bool is_zero = value.ticks == 0;
    for (const auto& [size, letter] : parts) {
        const auto unit = static_cast<std::uint64_t>(size);
        if (left >= unit) {
            out += std::to_string(left / unit);
            out.push_back(letter);
            left %= unit;
        }
    }
    if (left != 0 || is_zero) {
        out += std::to_string(left / ticks_per_second);
        append_fraction(out, left % ticks_per_second);
        out.push_back('S');
    }
}

result<time_span> parse_time_span(std::string_view text) noexcept {
    scanner in{text};
    const bool negative = in.skip('-');
    in.expect('P');
    struct part {
        char letter;
        bool of_time;
        std::int64_t ticks;
    };
    constexpr part parts[] = {
        {'Y', false, 365 * ticks_per_day}, {'M', false, 30 * ticks_per_day},
        {'D', false, ticks_per_day},       {'H', true, ticks_per_hour},
        {'M', true, ticks_per_minute},     {'S', true, ticks_per_second},
    };
    constexpr std::uint64_t limit = std::uint64_t{1} << 63;  // only -2^63 reaches it
    std::uint64_t total = 0;
    bool in_time = false, has_parts = false;
    std::size_t next_part = 0;
    while (in.ok && !in.done()) {
        if (!in_time && in.skip('T')) {
            in_time = true;
            has_parts = false;  // one must follow
            continue;
        }
        std::uint64_t number = 0;
        const std::size_t start = in.at;
        for (; is_digit(in.peek()); ++in.at) {
            number = number * 10 + static_cast<unsigned>(text[in.at] - '0');
            if (number > 0x7fffffff)  // .NET's components are 32 bits
                return in.out_of_range();
        }
        std::int64_t fraction = 0;
        const bool has_fraction = in.at != start && in.skip('.');
        if (has_fraction)
            fraction = in.fraction(false);
        const char letter = in.peek();
        while (next_part != std::size(parts) &&
               (parts[next_part].letter != letter || parts[next_part].of_time != in_time))
            ++next_part;
        if (in.at == start || next_part == std::size(parts) || (has_fraction && letter != 'S'))
            return in.invalid();
        ++in.at;
        const auto unit = static_cast<std::uint64_t>(parts[next_part++].ticks);
        if (number > (limit - total) / unit)
            return in.out_of_range();
        total += number * unit + static_cast<std::uint64_t>(fraction);
        has_parts = true;
        if (total > limit)
            return in.out_of_range();
    }
    if (!in.ok || !has_parts)
        return in.invalid();
    if (total == limit && !negative)
        return in.out_of_range();
    return time_span{static_cast<std::int64_t>(negative ? 0 - total : total)};
}

}  // namespace nettcp
