#pragma once

#include <cstdint>

namespace nettcp {

/// How messages cross a connection (WCF: TransferMode). Both sides must have chosen alike: WCF
/// knows only whether either direction is streamed.
///
/// Streamed transfers carry one request and its reply at a time on a connection, in pieces, so that
/// a body can be a stream of any length. The three of them look the same on the wire, and all let
/// both bodies be streams.
enum class transfer_mode : std::uint8_t {
    buffered,
    streamed,
    streamed_request,
    streamed_response,
    any,  ///< services only: whatever the peer chooses, as CoreWCF does
};

}  // namespace nettcp
