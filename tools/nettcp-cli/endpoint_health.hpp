#pragma once

#include "script_player.hpp"

#include <cstdint>
#include <string>

namespace nettcp::cli {

/// Keeps connections to so many a second.
class pace {
public:
    explicit pace(unsigned per_second) noexcept;
    /// Waits for the next one's turn.
    void wait();
    std::uint64_t count() const noexcept { return count_; }

private:
    std::chrono::steady_clock::duration gap_;
    std::chrono::steady_clock::time_point next_{};
    std::uint64_t count_ = 0;
};

/// What a conversation that used to go well tells of an endpoint.
enum class health : std::uint8_t {
    good,
    gone,     ///< nobody accepts connections
    silent,   ///< connections are accepted, or reset, and nothing is answered
    changed,  ///< something else is answered
};

/// Asks an endpoint how it is.
class health_check {
public:
    health_check(const play_route& route, pace& turns, fuzzing::script probe);

    /// Learns what the endpoint answers when it is well. False: it is not there, or does not
    /// open a session; `said()` has what came.
    bool learn();
    /// A conversation is tried again a few times before it is said to fail.
    health ask();
    /// Until it is well; false when it is not within `patience`.
    bool await(std::chrono::milliseconds patience);
    /// The last outcome that was not good, in words.
    const std::string& said() const noexcept { return said_; }
    /// How often a conversation failed and went well the next time.
    std::uint64_t hiccups() const noexcept { return hiccups_; }

private:
    health ask_once();

    const play_route& route_;
    pace& turns_;
    fuzzing::script probe_;
    std::string wanted_;
    std::string said_;
    std::uint64_t hiccups_ = 0;
};

}  // namespace nettcp::cli
