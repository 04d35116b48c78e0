#pragma once

#include <nettcp/base/bytes.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace nettcp::fuzzing {

using octets = std::vector<std::byte>;

enum class step_type : std::uint8_t {
    send,        ///< `content`, with one write
    pause,       ///< for `time`, listening
    await,       ///< until the peer has said more, has ended the connection, or time is up
    half_close,  ///< we send no more: FIN
    reset,       ///< the end, with RST
};

/// One thing that a client does on its connection.
struct step {
    step_type type = step_type::send;
    octets content = {};
    std::chrono::milliseconds time{0};
    /// await: octets that the peer has to have sent on this connection; 0: any more than before.
    std::size_t at_least = 0;
    /// await: the peer owes something (`duty_watch`), so it is worth waiting for long.
    bool due = false;

    friend bool operator==(const step&, const step&) = default;
};

/// What a client does on one connection, from its first octet to its last. Nothing in it depends
/// on the peer, so that it can be done again.
using script = std::vector<step>;

/// All that the script sends.
octets octets_of(const script& steps);

/// The first `count` octets and how many there are, in hexadecimal, for people.
std::string hex_of(bytes_view content, std::size_t count);

}  // namespace nettcp::fuzzing
