// Generated from proto/soap/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::soap {

/// The rules that module soap checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// The document is not a SOAP envelope (peer).
    not_an_envelope = 1,
    /// The envelope is of another SOAP version (peer).
    version_mismatch = 2,
    /// The envelope has children other than one header and one body (peer).
    envelope_malformed = 3,
    /// The header does not stand first in the envelope (peer).
    header_misplaced = 4,
    /// An addressing header appears twice (peer).
    header_duplicate = 5,
    /// A required addressing header is missing (peer).
    header_missing = 6,
    /// A header does not have the form its specification asks for (peer).
    header_malformed = 7,
    /// The message has more headers than the limit (peer).
    headers_exceeded = 8,
    /// The headers have more octets than the limit (peer).
    headers_too_large = 9,
    /// MustUnderstand is not a truth value (peer).
    must_understand_invalid = 10,
    /// A header that must be understood is not known here (peer).
    must_understand_unknown = 11,
    /// The envelope has no body (peer).
    body_missing = 12,
    /// The envelope has two bodies (peer).
    body_duplicate = 13,
    /// An address is not an absolute URI (peer).
    address_invalid = 14,
    /// An address is longer than the limit (peer).
    address_too_long = 15,
    /// A message id is empty or too long (peer).
    message_id_invalid = 16,
    /// A fault does not have the form SOAP asks for (peer).
    fault_malformed = 17,
    /// A fault is larger than the limit (peer).
    fault_too_large = 18,
    /// The service answered with a fault (refused).
    fault_received = 19,
    /// The service has no operation for this action (refused).
    action_not_supported = 20,
    /// The service does not accept the address in To (refused).
    destination_unreachable = 21,
    /// The service does not let this caller do that (refused).
    access_denied = 22,
    /// The service failed inside (refused).
    internal_service_fault = 23,
    /// The service could not read the body (refused).
    deserialization_failed = 24,
    /// The service ended the session (refused).
    session_terminated = 25,
    /// A message needs an action (local).
    action_empty = 26,
};

/// The error category of `errc`; its name is `nettcp.soap`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::soap

template <>
struct boost::system::is_error_code_enum<nettcp::soap::errc> : std::true_type {};
