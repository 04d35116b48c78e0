#pragma once

#include <fuzzing/outcome.hpp>
#include <fuzzing/script_transcript.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <optional>
#include <string>

namespace nettcp::cli {

/// Where scripts are played, and how long each wait may be.
struct play_route {
    boost::asio::ip::tcp::endpoint peer;
    /// For connecting, for what the peer owes, and for the end of the connection.
    std::chrono::milliseconds deadline{5000};
};

/// One script on one connection.
struct played {
    fuzzing::outcome what;
    std::vector<fuzzing::wire_entry> entries;  ///< all that passed, in order
};

/// Plays a script. Behind its last step the peer gets `deadline` for what it owes, then FIN, and as
/// long again to end the connection.
played play(const play_route& route, const fuzzing::script& steps);

/// A session that is opened and then left alone, beside the connections that are tried.
class bystander {
public:
    explicit bystander(const play_route& route);
    ~bystander();
    bystander(const bystander&) = delete;
    bystander& operator=(const bystander&) = delete;

    /// Opens a session with this preamble unless one is open. Whether it stands.
    bool open(const fuzzing::script& preamble);
    /// Whether the peer has ended it since.
    bool is_lost();

private:
    struct state;
    const play_route& route_;
    std::unique_ptr<state> state_;
};

}  // namespace nettcp::cli
