#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>

namespace nettcp::net {

using clock = std::chrono::steady_clock;
using time_point = clock::time_point;

/// The moment that never comes.
inline constexpr time_point never = time_point::max();

/// `from + length`, or `never` when that lies beyond what the clock can say.
inline time_point later(time_point from, clock::duration length) noexcept {
    return length >= never - from ? never : from + length;
}

/// One timer for many deadlines: moving the deadline to a later moment costs nothing.
///
/// The system's timer is left where it was; when it rings too early it is set again. Use it from
/// its executor only. Destroying it silences it.
class lazy_timer {
public:
    /// Told when the deadline has passed. The deadline is `never` by then.
    class owner {
    public:
        virtual void deadline_passed() = 0;

    protected:
        ~owner() = default;
    };

    lazy_timer(const boost::asio::any_io_executor& executor, owner& told);
    lazy_timer(const lazy_timer&) = delete;
    lazy_timer& operator=(const lazy_timer&) = delete;
    ~lazy_timer();

    /// Rings at `when`, instead of at any moment set before.
    void set(time_point when);
    time_point deadline() const noexcept;
    /// No deadline, and nothing outstanding on the executor either.
    void stop();

private:
    struct state;
    std::shared_ptr<state> state_;
};

}  // namespace nettcp::net
