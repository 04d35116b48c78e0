#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp {

/// .NET's decimal: a 96-bit integer, a sign, and a power of ten from 0 to 28 that divides it.
///
/// Exact, and keeps trailing zeros: 1.10 and 1.1 are equal numbers but different values here.
struct decimal {
    std::uint64_t low = 0;   ///< the lower 64 bits of the integer
    std::uint32_t high = 0;  ///< its upper 32 bits
    std::uint8_t scale = 0;  ///< digits behind the point, at most 28
    bool negative = false;

    friend bool operator==(const decimal&, const decimal&) = default;
};

/// Appends the canonical text, such as `-1.50`.
NETTCP_EXPORT void append_text(std::string& out, const decimal& value);

/// Reads xs:decimal text (no exponent, no surrounding white space). Digits beyond the 28th
/// behind the point are rounded to even as .NET does. Fails with `base_errc::text_invalid`, and
/// with `value_out_of_range` for a number of more than 96 bits.
NETTCP_EXPORT result<decimal> parse_decimal(std::string_view text) noexcept;

}  // namespace nettcp
