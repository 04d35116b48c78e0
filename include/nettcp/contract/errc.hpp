// Generated from proto/contract/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::contract {

/// The rules that module contract checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// A member that must be there is missing (peer).
    member_required = 1,
    /// Null where the contract allows no null (peer).
    value_null = 2,
    /// The text is no enumerator of the enumeration (peer).
    enumerator_unknown = 3,
    /// The value is of a type that the contract does not know (peer).
    type_unknown = 4,
    /// The value does not say of which type it is (peer).
    type_missing = 5,
    /// A reference to an object that has not come (peer).
    reference_undefined = 6,
    /// Two objects have the same reference id (peer).
    reference_duplicate = 7,
    /// A reference to an object of another type (peer).
    reference_type = 8,
    /// The value has more objects than the limit (peer).
    items_exceeded = 9,
    /// The value would take more memory than the limit (peer).
    memory_exceeded = 10,
    /// Objects are nested deeper than the limit (peer).
    nesting_exceeded = 11,
    /// The body is not the element of the operation (peer).
    wrapper_unexpected = 12,
    /// A header that must be there is missing (peer).
    header_missing = 13,
    /// The object's type is not among the known types of its contract (local).
    type_undeclared = 14,
    /// The value is no enumerator of the enumeration (local).
    enumerator_undeclared = 15,
    /// Objects are nested deeper than the limit, or in a circle (local).
    graph_too_deep = 16,
};

/// The error category of `errc`; its name is `nettcp.contract`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::contract

template <>
struct boost::system::is_error_code_enum<nettcp::contract::errc> : std::true_type {};
