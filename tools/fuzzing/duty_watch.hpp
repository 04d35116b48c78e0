#pragma once

#include "script.hpp"

#include <nettcp/framing/session.hpp>

#include <string_view>

namespace nettcp::fuzzing {

/// What an acceptor owes to a client.
struct duty {
    /// Answers that it has to have given, or else to have ended the connection.
    unsigned answers = 0;
    /// It has to end the connection, with or without a fault.
    bool ends = false;
    std::string_view why;  ///< of the last one, in words

    friend bool operator==(const duty&, const duty&) = default;
};

/// Listens to what a client sends and says what the peer owes by the rules of framing alone.
///
/// Careful, since it is there to accuse: sizes above a limit, texts that are not UTF-8 and empty
/// envelopes oblige to nothing, because peers may differ there; from then on nothing is added. An
/// upgrade's octets are not followed.
///
/// Spec: [MC-NMF] "Protocol Details".
class duty_watch {
public:
    duty_watch();
    void add(bytes_view sent);
    const duty& owed() const noexcept { return owed_; }

private:
    void take_events();
    void judge_failure();

    framing::session session_;
    duty owed_;
    bool follows_ = true;
};

/// Marks which waits of a script the peer has to end.
void mark_due(script& steps);

}  // namespace nettcp::fuzzing
