// Decides when a handler that has called its client goes on.

#include "service/call_turn.hpp"

#include "service/granted_on.hpp"

namespace nettcp {

call_turn::~call_turn() = default;

bool call_turn::come_back(std::shared_ptr<outgoing_calls> calls, operations::operation& op,
                          const boost::system::error_code& code, reply& answer,
                          std::unique_ptr<diagnostics>& why) {
    const bool reachable = static_cast<bool>(store_->executor());
    if (over_ || !reachable || (place_ && endings_.empty()))
        return true;
    endings_.push_back({std::move(calls), operations::operation_ptr(&op), code, std::move(answer),
                        std::move(why)});
    wait();
    return false;
}

void call_turn::end() {
    over_ = true;
    place_.reset();
    if (!endings_.empty())
        store_->post([self = shared_from_this()] { self->complete_endings(); });
}

void call_turn::wait() {
    if (waits_ || place_)
        return;
    waits_ = true;
    line_->wait_to_return(granted_on(store_, [self = shared_from_this()](line_place place) {
        self->granted(std::move(place));
    }));
}

void call_turn::granted(line_place place) {
    waits_ = false;
    if (!over_)
        place_ = std::move(place);
    complete_endings();
}

/// Each handler may leave the instance again, to call its client.
void call_turn::complete_endings() {
    const auto self = shared_from_this();
    while (!endings_.empty() && (place_ || over_)) {
        ending next = std::move(endings_.front());
        endings_.erase(endings_.begin());
        try {
            next.op.release()->complete(next.code, std::move(next.answer), std::move(next.why),
                                        true);
        } catch (...) {
            store_->post([thrown = std::current_exception()] { std::rethrow_exception(thrown); });
        }
    }
    if (!endings_.empty())
        wait();
}

}  // namespace nettcp
