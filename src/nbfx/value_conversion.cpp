// Reading a value as another type: a direct path where the record's kind has one, else through
// the canonical text with .NET's leniency (white space around, a leading plus, INF and NaN).
#include <nettcp/nbfx/value.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/errc.hpp>

#include "nbfx/base64.hpp"

#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace nettcp::nbfx {
namespace {

error failure(errc rule, std::size_t at = 0) noexcept {
    return {make_error_code(rule), at, 0};
}

/// A failure of a parser of module base, under the name it has here.
error from_base(const error& parse_failure) noexcept {
    const bool range = parse_failure.code == base_errc::value_out_of_range;
    return failure(range ? errc::value_out_of_range : errc::conversion_invalid,
                   static_cast<std::size_t>(parse_failure.at));
}

/// What XML calls white space, and what .NET's parsers, except those of truth values and of
/// single precision, skip.
constexpr std::string_view xml_white = " \t\r\n";
constexpr std::string_view any_white = " \t\r\n\v\f";

std::string_view trimmed(std::string_view text, std::string_view white) noexcept {
    const std::size_t first = text.find_first_not_of(white);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(white) - first + 1);
}

/// The text of a value, borrowed where the record holds it as such, trimmed.
class number_text {
public:
    explicit number_text(const value& v, std::string_view white = any_white) {
        if (v.kind() == value_kind::chars) {
            text_ = trimmed(v.chars(), white);
            return;
        }
        if (const auto done = v.append_text(storage_); !done)
            failure_ = done.error();
        text_ = trimmed(storage_, white);
    }

    bool ok() const noexcept { return !failure_; }
    const error& failure() const noexcept { return *failure_; }
    std::string_view text() const noexcept { return text_; }

private:
    std::string storage_;
    std::string_view text_;
    std::optional<error> failure_;
};

template <class Integer>
result<Integer> parse_integer(std::string_view text) {
    bool negative = false;
    if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
        negative = text[0] == '-';
        text.remove_prefix(1);
    }
    if (text.empty() || text[0] < '0' || text[0] > '9')
        return failure(errc::conversion_invalid);
    std::uint64_t magnitude = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, magnitude);
    if (stop != end)
        return failure(errc::conversion_invalid, static_cast<std::size_t>(stop - text.data()));
    constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
    constexpr std::uint64_t smallest = std::is_signed_v<Integer> ? largest + 1 : 0;
    if (ec != std::errc{} || magnitude > (negative ? smallest : largest))
        return failure(errc::value_out_of_range);
    return static_cast<Integer>(negative ? 0 - magnitude : magnitude);
}

/// Whether a number too extreme for its type is too large, not too small: where its first
/// significant digit stands, exponent included.
bool is_too_large(std::string_view text) noexcept {
    const std::size_t e = text.find_first_of("eE");
    const std::string_view mantissa = text.substr(0, e);
    const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
    const std::size_t first = mantissa.find_first_not_of("0.");
    if (first == mantissa.npos)
        return false;
    auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
    if (e == text.npos)
        return place > 0;
    std::string_view exponent = text.substr(e + 1);
    const bool negative = exponent.starts_with('-');
    if (negative || exponent.starts_with('+'))
        exponent.remove_prefix(1);
    std::int64_t size = 0;
    const auto parsed = std::from_chars(exponent.data(), exponent.data() + exponent.size(), size);
    if (parsed.ec != std::errc{})
        return !negative;
    return size > (std::int64_t{1} << 40) ? !negative : place + (negative ? -size : size) > 0;
}

template <class Real>
result<Real> parse_real(std::string_view text) {
    if (text == "INF")
        return std::numeric_limits<Real>::infinity();
    if (text == "-INF")
        return -std::numeric_limits<Real>::infinity();
    if (text == "NaN")  // with the sign that .NET's has, and its writer writes
        return -std::numeric_limits<Real>::quiet_NaN();
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+'))
        text.remove_prefix(1);
    // from_chars would take words such as "nan" too.
    if (text.empty() || ((text[0] < '0' || text[0] > '9') && text[0] != '.'))
        return failure(errc::conversion_invalid);
    Real number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, number);
    if (stop != end)
        return failure(errc::conversion_invalid, static_cast<std::size_t>(stop - text.data()));
    if (ec == std::errc::result_out_of_range)  // .NET rounds to infinity or to zero
        number = is_too_large(text) ? std::numeric_limits<Real>::infinity() : Real{0};
    return negative ? -number : number;
}

template <class Integer>
result<Integer> to_integer(const value& v) {
    if (v.kind() == value_kind::int64) {
        if (!std::in_range<Integer>(v.int64()))
            return failure(errc::value_out_of_range);
        return static_cast<Integer>(v.int64());
    }
    if (v.kind() == value_kind::uint64) {
        if (!std::in_range<Integer>(v.uint64()))
            return failure(errc::value_out_of_range);
        return static_cast<Integer>(v.uint64());
    }
    const number_text text(v);
    if (!text.ok())
        return text.failure();
    return parse_integer<Integer>(text.text());
}

}  // namespace

result<bool> value::to_boolean() const {
    if (kind_ == value_kind::boolean)
        return boolean_;
    const number_text text(*this, xml_white);
    if (!text.ok())
        return text.failure();
    if (text.text() == "true" || text.text() == "1")
        return true;
    if (text.text() == "false" || text.text() == "0")
        return false;
    return failure(errc::conversion_invalid);
}

result<std::int64_t> value::to_int64() const {
    return to_integer<std::int64_t>(*this);
}

result<std::uint64_t> value::to_uint64() const {
    return to_integer<std::uint64_t>(*this);
}

result<std::int32_t> value::to_int32() const {
    return to_integer<std::int32_t>(*this);
}

result<float> value::to_float32() const {
    if (kind_ == value_kind::float32)
        return float32_;
    if (kind_ == value_kind::float64 &&
        (!std::isfinite(float64_) || std::fabs(float64_) <= std::numeric_limits<float>::max()))
        return static_cast<float>(float64_);
    if (kind_ == value_kind::int64)
        return static_cast<float>(int64_);
    const number_text text(*this, xml_white);  // unlike .NET's double
    if (!text.ok())
        return text.failure();
    return parse_real<float>(text.text());
}

result<double> value::to_float64() const {
    if (kind_ == value_kind::float64)
        return float64_;
    if (kind_ == value_kind::float32)
        return float32_;
    if (kind_ == value_kind::int64)
        return static_cast<double>(int64_);
    const number_text text(*this);
    if (!text.ok())
        return text.failure();
    return parse_real<double>(text.text());
}

result<nettcp::decimal> value::to_decimal() const {
    if (kind_ == value_kind::decimal)
        return decimal_;
    if (kind_ == value_kind::uint64)
        return nettcp::decimal{.low = uint64_};
    if (kind_ == value_kind::int64) {
        const auto bits = static_cast<std::uint64_t>(int64_);
        return nettcp::decimal{.low = int64_ < 0 ? 0 - bits : bits, .negative = int64_ < 0};
    }
    const number_text text(*this);
    if (!text.ok())
        return text.failure();
    const auto parsed = parse_decimal(text.text());
    if (!parsed)
        return from_base(parsed.error());
    return *parsed;
}

result<nettcp::date_time> value::to_date_time() const {
    if (kind_ == value_kind::date_time)
        return date_time_;
    const number_text text(*this);
    if (!text.ok())
        return text.failure();
    const auto parsed = parse_date_time(text.text());
    if (!parsed)
        return from_base(parsed.error());
    return *parsed;
}

result<nettcp::time_span> value::to_time_span() const {
    if (kind_ == value_kind::time_span)
        return time_span_;
    const number_text text(*this);
    if (!text.ok())
        return text.failure();
    const auto parsed = parse_time_span(text.text());
    if (!parsed)
        return from_base(parsed.error());
    return *parsed;
}

result<nettcp::uuid> value::to_uuid() const {
    if (kind_ == value_kind::uuid)
        return uuid_;
    const number_text form(*this);
    if (!form.ok())
        return form.failure();
    std::string_view text = form.text();
    const auto enclosed = [&](char open, char close) {
        return text.size() == 38 && text.front() == open && text.back() == close;
    };
    std::string with_hyphens;
    if (enclosed('{', '}') || enclosed('(', ')')) {
        text = text.substr(1, 36);
    } else if (text.size() == 32) {
        with_hyphens = text;
        for (const std::size_t at : {20u, 16u, 12u, 8u})
            with_hyphens.insert(at, 1, '-');
        text = with_hyphens;
    }
    const auto parsed = parse_uuid(text);
    if (!parsed)
        return from_base(parsed.error());
    return *parsed;
}

result<void> value::append_octets(std::vector<std::byte>& out) const {
    if (kind_ == value_kind::bytes) {
        out.insert(out.end(), octets_.begin(), octets_.end());
        return {};
    }
    std::string storage;
    std::string_view text;
    if (kind_ == value_kind::chars) {
        text = chars_;
    } else {
        if (const auto done = append_text(storage); !done)
            return done;
        text = storage;
    }
    const std::size_t before = out.size();
    const std::size_t bad = decode_base64(out, text);
    if (bad == text.size())
        return {};
    out.resize(before);
    return failure(errc::conversion_invalid, bad);
}

}  // namespace nettcp::nbfx
