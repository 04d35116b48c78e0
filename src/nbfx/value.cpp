// The canonical text of values, character for character as .NET's XmlBinaryReader shows them.
#include <nettcp/nbfx/value.hpp>

#include "nbfx/base64.hpp"
#include "nbfx/record_source.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace nettcp::nbfx {
namespace {

template <class Integer>
void append_number(std::string& out, Integer number) {
    std::array<char, 24> text;
    out.append(text.data(), std::to_chars(text.begin(), text.end(), number).ptr);
}

/// The shortest digits that read back as the same number, laid out as .NET does: positional
/// from 0.0001 up to as many integer digits as a round trip can need, else scientific.
template <class Real>
void append_real(std::string& out, Real number) {
    if (std::isnan(number)) {
        out += "NaN";
        return;
    }
    if (std::signbit(number))
        out.push_back('-');
    if (std::isinf(number)) {
        out += "INF";
        return;
    }
    std::array<char, 32> text;  // d.ddde±xxx
    const auto [end, ec] =
        std::to_chars(text.begin(), text.end(), std::fabs(number), std::chars_format::scientific);
    std::string_view scientific(text.data(), static_cast<std::size_t>(end - text.data()));
    const std::size_t e = scientific.find('e');
    int exponent = 0;
    const char* exponent_text = scientific.data() + e + 1;
    if (*exponent_text == '+')
        ++exponent_text;
    std::from_chars(exponent_text, end, exponent);
    std::string digits(1, scientific[0]);
    if (e > 1)
        digits += scientific.substr(2, e - 2);

    constexpr int most_integer_digits = std::numeric_limits<Real>::max_digits10;
    if (exponent < -4 || exponent >= most_integer_digits) {
        out.push_back(digits[0]);
        if (digits.size() > 1)
            out.append(".").append(digits, 1);
        out += exponent < 0 ? "E-" : "E+";
        const int size = exponent < 0 ? -exponent : exponent;
        if (size < 10)
            out.push_back('0');
        append_number(out, size);
    } else if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0').append(digits);
    } else {
        const auto integer_digits = static_cast<std::size_t>(exponent) + 1;
        if (digits.size() <= integer_digits)
            out.append(digits).append(integer_digits - digits.size(), '0');
        else
            out.append(digits, 0, integer_digits).append(".").append(digits, integer_digits);
    }
}

error utf8_failure(std::string_view text, std::size_t at) noexcept {
    return {make_error_code(errc::utf8_invalid), at, static_cast<std::uint8_t>(text[at])};
}

/// Walks the items of a list; its records were checked when the list was read.
class list_items {
public:
    list_items(bytes_view records, const received_dictionary* session) noexcept
        : next_(records.data()) {
        source_.end = next_ + records.size();
        source_.session = session;
    }

    bool next(value& item) noexcept {
        if (next_ == nullptr || next_ == source_.end)
            return false;
        next_ = source_.read_value(next_ + 1, shape_of(*next_), item);
        return next_ != nullptr;
    }

private:
    record_source source_;
    const std::byte* next_;
};

bool is_white(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

}  // namespace

result<void> value::append_text(std::string& out) const {
    switch (kind_) {
    case value_kind::chars: {
        const std::size_t bad = find_invalid_utf8(chars_);
        if (bad != chars_.size())
            return utf8_failure(chars_, bad);
        out += chars_;
        break;
    }
    case value_kind::utf16: {
        const std::size_t before = out.size();
        if (!append_utf16le(out, octets_)) {
            const std::size_t at = utf16_length(std::string_view(out).substr(before)) * 2;
            out.resize(before);
            return error{make_error_code(errc::utf16_invalid), at, 0};
        }
        break;
    }
    case value_kind::bytes: append_base64(out, octets_); break;
    case value_kind::boolean: out += boolean_ ? "true" : "false"; break;
    case value_kind::int64: append_number(out, int64_); break;
    case value_kind::uint64: append_number(out, uint64_); break;
    case value_kind::float32: append_real(out, float32_); break;
    case value_kind::float64: append_real(out, float64_); break;
    case value_kind::decimal: nettcp::append_text(out, decimal_); break;
    case value_kind::date_time: nettcp::append_text(out, date_time_); break;
    case value_kind::time_span: nettcp::append_text(out, time_span_); break;
    case value_kind::unique_id: out += "urn:uuid:"; [[fallthrough]];
    case value_kind::uuid: nettcp::append_text(out, uuid_); break;
    case value_kind::qname: {
        const std::size_t bad = find_invalid_utf8(qname_.local);
        if (bad != qname_.local.size())
            return utf8_failure(qname_.local, bad);
        out.append(1, qname_.prefix).append(":").append(qname_.local);
        break;
    }
    case value_kind::list: {
        const std::size_t before = out.size();
        list_items items(octets_, session_);
        bool first = true;
        for (value item; items.next(item); first = false) {
            if (!first)
                out.push_back(' ');
            if (const auto done = item.append_text(out); !done) {
                out.resize(before);
                return done;
            }
        }
        break;
    }
    }
    return {};
}

bool value::is_white_space() const {
    if (kind_ == value_kind::chars)
        return is_white(chars_);
    if (kind_ == value_kind::bytes)
        return octets_.empty();
    if (kind_ == value_kind::utf16) {
        for (std::size_t i = 0; i + 1 < octets_.size(); i += 2) {
            const auto unit = number_at<std::uint16_t>(octets_.data() + i);
            if (unit != ' ' && unit != '\t' && unit != '\r' && unit != '\n')
                return false;
        }
        return true;
    }
    if (kind_ != value_kind::list)
        return false;
    list_items items(octets_, session_);
    for (value item; items.next(item);) {
        if (!item.is_white_space())
            return false;
    }
    return true;
}

result<std::string> value::to_text() const {
    std::string text;
    if (const auto done = append_text(text); !done)
        return done.error();
    return text;
}

}  // namespace nettcp::nbfx
