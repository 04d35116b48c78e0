#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

namespace nettcp::inspect {

/// Whether octets begin as a preamble does.
enum class preamble_sign : std::uint8_t {
    no,
    maybe,  ///< so far; there are fewer than `preamble_sign_size`
    yes,
};

/// Octets that tell a preamble: `00 01 00 01 MODE 02`.
inline constexpr std::size_t preamble_sign_size = 6;

/// Looks for a client's first octets: version 1.0, one of the four modes, the type of a via.
///
/// Spec: [MC-NMF] "Preamble Message".
NETTCP_EXPORT preamble_sign find_preamble(bytes_view octets) noexcept;

}  // namespace nettcp::inspect
