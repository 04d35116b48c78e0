#pragma once

#include <nettcp/base/export.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <type_traits>

namespace nettcp {

/// Whose fault an error is: four branches for callers, while the exact code is for logs.
///
/// Compares with any `boost::system::error_code`: `if (ec == cause::peer)`. Codes of the
/// operating system, the resolver and other libraries count as `environment`, except
/// cancellation, which is `local`.
enum class cause {
    /// The other side broke a rule.
    peer = 1,
    /// Our side, or the code that calls it, broke a rule.
    local,
    /// Something around both sides: network, machine, load.
    environment,
    /// The other side understood and said no.
    refused,
};

/// The category of `cause`; its name is `nettcp.cause`.
NETTCP_EXPORT const boost::system::error_category& cause_category() noexcept;

/// Makes `cause` convert to `error_condition`, so that it compares with error codes.
inline boost::system::error_condition make_error_condition(cause whose) noexcept {
    return {static_cast<int>(whose), cause_category()};
}

}  // namespace nettcp

template <>
struct boost::system::is_error_condition_enum<nettcp::cause> : std::true_type {};
