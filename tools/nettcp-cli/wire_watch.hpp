#pragma once

#include <nettcp/inspect/conversation.hpp>
#include <nettcp/net/octet_tap.hpp>

#include <memory>
#include <string>

namespace nettcp::cli {

/// What becomes of the octets of a connection as they pass.
struct watch_choices {
    bool show = false;   ///< print records and envelopes on standard error
    bool json = false;   ///< as JSON
    std::string record;  ///< write a transcript to this file; empty: none
};

/// Watches one connection of a client. Taps may be called until `finish`.
class wire_watch {
public:
    /// Throws `std::runtime_error` when the file cannot be created.
    explicit wire_watch(const watch_choices& choices, const std::string& title);
    wire_watch(const wire_watch&) = delete;
    wire_watch& operator=(const wire_watch&) = delete;
    ~wire_watch();

    /// For `client_options::tap`; empty when there is nothing to watch for.
    octet_tap tap();

    /// The connection is over. False when the transcript could not be written.
    bool finish();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace nettcp::cli
