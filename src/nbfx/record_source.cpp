// The parts of records that are rare or long enough to stay out of line.
#include "nbfx/record_source.hpp"

namespace nettcp::nbfx {

std::nullptr_t record_source::fail_with(boost::system::error_code rule, const std::byte* at,
                                        std::uint32_t value, std::uint32_t broken_limit) noexcept {
    if (!code) {
        code = rule;
        failed_at = at;
        got = value;
        limit = broken_limit;
    }
    return nullptr;
}

const std::byte* record_source::read_long_size(const std::byte* p, std::uint32_t& size) noexcept {
    size = 0;
    for (unsigned shift = 0;; shift += 7, ++p) {
        if (p == end)
            return truncated();
        const auto octet = std::to_integer<std::uint32_t>(*p);
        if (shift == 28 && octet > 0x07)
            return fail(base_errc::size_overflow, p, octet);
        size |= (octet & 0x7fu) << shift;
        if (octet < 0x80)  // a fifth octet always ends here
            return p + 1;
    }
}

const std::byte* record_source::check_name(const std::byte* behind,
                                           std::string_view text) noexcept {
    const std::size_t bad = find_invalid_utf8(text);
    if (bad == text.size())
        return behind;
    return fail(errc::utf8_invalid, behind - (text.size() - bad),
                static_cast<std::uint8_t>(text[bad]));
}

const std::byte* record_source::read_decimal(const std::byte* p, value& out) noexcept {
    constexpr std::uint8_t minus = 0x80, max_scale = 28;
    const auto reserved = number_at<std::uint16_t>(p);
    const auto scale = number_at<std::uint8_t>(p + 2);
    const auto sign = number_at<std::uint8_t>(p + 3);
    if (reserved != 0)
        return fail(errc::decimal_invalid, p, reserved);
    if (scale > max_scale)
        return fail(errc::decimal_invalid, p + 2, scale);
    if ((sign & ~minus) != 0)
        return fail(errc::decimal_invalid, p + 3, sign);
    nettcp::decimal number;
    number.high = number_at<std::uint32_t>(p + 4);
    number.low = number_at<std::uint64_t>(p + 8);
    number.scale = scale;
    number.negative = sign != 0;
    out = value::of(number);
    return p + 16;
}

const std::byte* record_source::read_date_time(const std::byte* p, value& out) noexcept {
    constexpr std::int64_t ceiling = std::int64_t{1} << 62;
    constexpr std::int64_t day = 864'000'000'000;
    const auto raw = number_at<std::uint64_t>(p);
    const auto kind_bits = raw >> 62;
    auto ticks = static_cast<std::int64_t>(raw & (static_cast<std::uint64_t>(ceiling) - 1));
    const bool local = kind_bits >= 2;  // 3: an hour that a change of the clock repeats
    if (local && ticks > ceiling - day) {
        // Before year 1 in UTC, after it in the sender's zone: wrapped below zero, and .NET in
        // the zone UTC moves such a moment by one day.
        ticks = ticks - ceiling + day;
    }
    if (ticks > max_date_time_ticks)
        return fail(errc::date_time_invalid, p, static_cast<std::uint32_t>(raw >> 32));
    out = value::of(nettcp::date_time{ticks, local ? date_time_kind::local
                                                   : static_cast<date_time_kind>(kind_bits)});
    return p + 8;
}

const std::byte* record_source::read_qname(const std::byte* p, value& out) noexcept {
    const auto letter = std::to_integer<unsigned>(*p);
    if (letter > 25)
        return fail(errc::qname_prefix_invalid, p, letter);
    prefixed_name name{static_cast<char>('a' + letter), {}};
    p = read_dictionary_string(p + 1, name.local);
    expanded += 2;
    out = value::of(name);
    return p;
}

const std::byte* record_source::read_list(const std::byte* p, value& out) noexcept {
    const std::byte* const start = p;
    for (value item;;) {
        if (p == end)
            return truncated();
        const record_shape& shape = shape_of(*p);
        if (shape.kind == record_kind::end_list)
            break;
        const auto type = std::to_integer<std::uint32_t>(*p);
        if (shape.kind == record_kind::undefined)
            return fail(errc::record_unknown, p, type);
        if (shape.kind != record_kind::text || shape.with_end)
            return fail(errc::list_item_not_text, p, type);
        if (shape.payload == text_payload::list)
            return fail(errc::list_nested, p, type);
        p = read_value(p + 1, shape, item);
        if (p == nullptr)
            return p;
    }
    out = value::of_list({start, p}, session);
    return p + 1;
}

}  // namespace nettcp::nbfx
