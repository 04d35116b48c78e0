#pragma once

#include <nettcp/base/bytes.hpp>

#include <functional>

namespace nettcp {

/// Which way octets went, seen from us.
enum class direction : std::uint8_t { sent, received };

/// Sees every octet of a connection as it passes: for recording and for showing conversations.
///
/// Called on the executor of the connection; the view is good until it returns. Must not throw.
using octet_tap = std::function<void(direction, bytes_view)>;

}  // namespace nettcp
