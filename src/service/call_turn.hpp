#pragma once

#include "calls/outgoing_calls.hpp"
#include "service/call_store.hpp"
#include "service/instance_line.hpp"

#include <memory>
#include <vector>

namespace nettcp {

/// The place of a call in a reentrant instance: left while the call waits for its client, and taken
/// again before it goes on. For the session's executor only.
class call_turn : public std::enable_shared_from_this<call_turn> {
public:
    call_turn(line_place place, std::shared_ptr<call_store> store)
        : line_(place.line()), place_(std::move(place)), store_(std::move(store)) {}
    call_turn(const call_turn&) = delete;
    call_turn& operator=(const call_turn&) = delete;
    ~call_turn();

    /// The client is being called: others may use the instance.
    void step_out() noexcept { place_.reset(); }
    /// An operation has ended that was begun outside. True: its handler may run now. Else it is
    /// taken, and completed when the instance is free.
    bool come_back(std::shared_ptr<outgoing_calls> calls, operations::operation& op,
                   const boost::system::error_code& code, reply& answer,
                   std::unique_ptr<diagnostics>& why);
    /// The call is over: it has no business with the instance any more.
    void end();
    const std::shared_ptr<call_store>& store() const noexcept { return store_; }

private:
    struct ending {
        std::shared_ptr<outgoing_calls> calls;  ///< whose memory `op` is
        operations::operation_ptr op;
        boost::system::error_code code;
        reply answer;
        std::unique_ptr<diagnostics> why;
    };

    void wait();
    void granted(line_place place);
    void complete_endings();

    const std::shared_ptr<instance_line> line_;
    line_place place_;
    const std::shared_ptr<call_store> store_;
    std::vector<ending> endings_;  ///< in the order in which they came
    bool waits_ = false;
    bool over_ = false;
};

}  // namespace nettcp
