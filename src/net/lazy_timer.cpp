#include "net/lazy_timer.hpp"

#include <boost/asio/steady_timer.hpp>

namespace nettcp::net {

struct lazy_timer::state : std::enable_shared_from_this<lazy_timer::state> {
    state(const boost::asio::any_io_executor& executor, owner& o) : timer(executor), told(&o) {}

    void arm() {
        armed = deadline;
        const std::uint64_t mine = ++generation;
        timer.expires_at(armed);  // an older wait ends as aborted, or finds itself outdated
        timer.async_wait([self = shared_from_this(), mine](const boost::system::error_code&) {
            if (self->generation == mine)
                self->rang();
        });
    }

    void rang() {
        armed = never;
        if (told == nullptr || deadline == never)
            return;
        if (clock::now() < deadline) {
            arm();
            return;
        }
        deadline = never;
        told->deadline_passed();
    }

    boost::asio::steady_timer timer;
    owner* told;
    time_point deadline = never;
    time_point armed = never;  // when the outstanding wait rings; `never`: none
    std::uint64_t generation = 0;
};

lazy_timer::lazy_timer(const boost::asio::any_io_executor& executor, owner& told)
    : state_(std::make_shared<state>(executor, told)) {}

lazy_timer::~lazy_timer() {
    stop();
    state_->told = nullptr;
}

void lazy_timer::set(time_point when) {
    state_->deadline = when;
    if (when < state_->armed)
        state_->arm();
}

time_point lazy_timer::deadline() const noexcept {
    return state_->deadline;
}

void lazy_timer::stop() {
    state_->deadline = never;
    state_->armed = never;
    ++state_->generation;
    state_->timer.cancel();
}

}  // namespace nettcp::net
