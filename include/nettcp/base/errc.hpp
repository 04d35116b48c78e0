// Generated from proto/base/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp {

/// The rules that module base checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class base_errc : int {
    /// The octets end inside a value (peer).
    truncated = 1,
    /// A size does not fit in 31 bits (peer).
    size_overflow = 2,
    /// Text is not valid UTF-8 (peer).
    utf8_invalid = 3,
    /// A number from the peer exceeds a limit (peer).
    limit_exceeded = 4,
    /// An argument is outside its documented range (local).
    invalid_argument = 5,
    /// The object cannot do this in its present state (local).
    invalid_state = 6,
    /// A text is not a value of its type (peer).
    text_invalid = 7,
    /// A value does not fit its type (peer).
    value_out_of_range = 8,
};

/// The error category of `base_errc`; its name is `nettcp.base`.
NETTCP_EXPORT const rule_category& base_category() noexcept;

/// The code of a broken rule; makes `base_errc` convert to `error_code`.
inline boost::system::error_code make_error_code(base_errc rule) noexcept {
    return {static_cast<int>(rule), base_category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(base_errc rule) noexcept {
    return base_category().hint(static_cast<int>(rule));
}

}  // namespace nettcp

template <>
struct boost::system::is_error_code_enum<nettcp::base_errc> : std::true_type {};
