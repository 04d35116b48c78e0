#pragma once

#include "script.hpp"

#include <nettcp/inspect/transcript.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nettcp::fuzzing {

/// What happened on a connection, beside octets.
enum class wire_event : std::uint8_t { said, client_fin, client_reset, server_fin, server_reset };

/// One line of the record of a connection.
struct wire_entry {
    double seconds = 0;
    wire_event what = wire_event::said;
    inspect::direction from = inspect::direction::client_to_server;
    octets content = {};
};

/// The lines as a transcript, which `nettcp decode` shows.
std::string transcript_of(const std::vector<wire_entry>& entries);

/// How to send a transcript again.
struct replay_choices {
    /// Leave out the pauses between two writes.
    bool hurry = false;
    /// No pause is longer.
    std::chrono::milliseconds max_pause{5000};
};

/// What a transcript says, and what was wrong with it.
struct replay_scripts {
    std::map<std::uint32_t, script> connections;  ///< by their numbers
    std::size_t damaged_line = 0;  ///< the first line that is neither octets nor a remark; 0: none
    bool has_upgrades = false;  ///< there are lines from inside one, which cannot be sent
};

/// Makes scripts of a transcript: writes as they were, ends (`# C>S FIN`, `# C>S RST`), pauses
/// between two lines of the client, and waits for as many octets as the service had sent.
replay_scripts scripts_of(std::string_view transcript, const replay_choices& choices = {});

}  // namespace nettcp::fuzzing
