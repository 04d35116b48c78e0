// Decimal arithmetic on three limbs of 32 bits: just enough to read and write text. Rounding is
// half to even and only ever drops digits behind the point, as .NET's Decimal.Parse does.
#include <nettcp/base/decimal.hpp>

#include <nettcp/base/errc.hpp>

#include <array>

namespace nettcp {
namespace {

constexpr unsigned max_scale = 28;

/// A 96-bit integer, low limb first.
using integer96 = std::array<std::uint32_t, 3>;

/// `number * 10 + digit`, or false and `number` as it was when that takes more than 96 bits.
bool append_digit(integer96& number, unsigned digit) noexcept {
    integer96 grown;
    std::uint64_t carry = digit;
    for (std::size_t i = 0; i != number.size(); ++i) {
        carry += std::uint64_t{number[i]} * 10;
        grown[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32;
    }
    if (carry != 0)
        return false;
    number = grown;
    return true;
}

/// Divides by ten and returns the remainder.
unsigned remove_digit(integer96& number) noexcept {
    std::uint64_t rest = 0;
    for (std::size_t i = number.size(); i-- != 0;) {
        rest = rest << 32 | number[i];
        number[i] = static_cast<std::uint32_t>(rest / 10);
        rest %= 10;
    }
    return static_cast<unsigned>(rest);
}

bool increment(integer96& number) noexcept {
    for (auto& limb : number) {
        if (++limb != 0)
            return true;
    }
    return false;
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

error invalid(std::size_t at) noexcept {
    return {make_error_code(base_errc::text_invalid), at, 0};
}

}  // namespace

void append_text(std::string& out, const decimal& value) {
    std::array<char, 256> digits;  // of 96 bits at most 29; more for a scale that no decimal has
    std::size_t size = 0;
    integer96 rest{static_cast<std::uint32_t>(value.low),
                   static_cast<std::uint32_t>(value.low >> 32), value.high};
    const bool is_zero = rest == integer96{};
    while (rest != integer96{} || size <= value.scale)
        digits[size++] = static_cast<char>('0' + remove_digit(rest));
    if (value.negative && !is_zero)  // .NET shows no sign on a zero
        out.push_back('-');
    while (size != 0) {
        if (size == value.scale)
            out.push_back('.');
        out.push_back(digits[--size]);
    }
}

result<decimal> parse_decimal(std::string_view text) noexcept {
    std::size_t i = 0;
    decimal parsed;
    if (i != text.size() && (text[i] == '-' || text[i] == '+'))
        parsed.negative = text[i++] == '-';
    integer96 number{};
    unsigned scale = 0;
    unsigned first_dropped = 0;
    bool has_digits = false, behind_point = false, dropping = false, more_dropped = false;
    for (; i != text.size(); ++i) {
        if (text[i] == '.' && !behind_point) {
            behind_point = true;
            continue;
        }
        if (!is_digit(text[i]))
            return invalid(i);
        has_digits = true;
        const auto digit = static_cast<unsigned>(text[i] - '0');
        if (dropping) {
            more_dropped |= digit != 0;
        } else if ((behind_point && scale == max_scale) || !append_digit(number, digit)) {
            if (!behind_point)
                return error{make_error_code(base_errc::value_out_of_range), i, 0};
            dropping = true;
            first_dropped = digit;
        } else if (behind_point) {
            ++scale;
        }
    }
    if (!has_digits)
        return invalid(i);
    const bool is_odd = (number[0] & 1u) != 0;
    if (first_dropped > 5 || (first_dropped == 5 && (more_dropped || is_odd))) {
        if (!increment(number)) {
            if (scale == 0)
                return error{make_error_code(base_errc::value_out_of_range), 0, 0};
            // 2^96 at one digit less: what is dropped there is a 6.
            number = {0x9999999a, 0x99999999, 0x19999999};
            --scale;
        }
    }
    parsed.low = std::uint64_t{number[1]} << 32 | number[0];
    parsed.high = number[2];
    parsed.scale = static_cast<std::uint8_t>(scale);
    return parsed;
}

}  // namespace nettcp
