#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <boost/uuid/uuid.hpp>

#include <string>
#include <string_view>

namespace nettcp {

/// A GUID, its octets in the order of its text.
using uuid = boost::uuids::uuid;

/// A new GUID (version 4) that nobody can foresee: 122 bits from the system's source of secrets.
/// Throws `boost::uuids::entropy_error` when the system has none to give.
NETTCP_EXPORT uuid random_uuid();

/// Reads a GUID as .NET stores it: the first three groups little-endian. `octets` holds 16.
NETTCP_EXPORT uuid uuid_from_wire(const std::byte* octets) noexcept;

/// Writes the 16 octets of .NET's form to `out`; returns the position behind them.
NETTCP_EXPORT std::byte* uuid_to_wire(std::byte* out, const uuid& value) noexcept;

/// Appends `00112233-4455-6677-8899-aabbccddeeff`.
NETTCP_EXPORT void append_text(std::string& out, const uuid& value);

/// Reads the 36 characters that `append_text` writes, in either case of hex digits.
NETTCP_EXPORT result<uuid> parse_uuid(std::string_view text) noexcept;

}  // namespace nettcp
