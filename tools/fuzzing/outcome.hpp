#pragma once

#include "script.hpp"

#include <string>
#include <vector>

namespace nettcp::fuzzing {

/// How a connection stood when we were done with it.
enum class ending : std::uint8_t {
    refused,  ///< there was none
    open,     ///< the peer had not ended it
    closed,   ///< by the peer, with FIN
    reset,    ///< by the peer
    left,     ///< by us, as the script says
};
std::string_view to_string(ending how) noexcept;

/// What a peer made of a script.
struct outcome {
    octets received;
    ending end = ending::open;
    /// What the peer owed and did not give in time, in words; empty when nothing.
    std::string overdue;
};

/// The records that a peer sent, in a few words each: `preamble_ack`, `fault http://…`.
std::vector<std::string> answers_of(bytes_view received);

/// An outcome in a line, for people.
std::string to_text(const outcome& what);

/// What is the same each time for the same script with a sane peer: what its first answer was,
/// every fault, and whether it failed to do what it owed. How many answers came before the end may
/// be a matter of time, and so may whether that was a FIN or a reset.
std::string class_of(const outcome& what);

/// Whether two outcomes of one script are of the same class. Where a connection was reset, what
/// the peer had said may be lost.
bool agree(const outcome& one, const outcome& other);

}  // namespace nettcp::fuzzing
