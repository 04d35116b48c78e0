#pragma once

#include "net/deadline_heap.hpp"
#include "net/lazy_timer.hpp"

#include <cstddef>
#include <memory>
#include <utility>

namespace nettcp::net {

/// Many deadlines on one timer of the system's, for what there are very many of. Lives in a
/// `shared_ptr`. Use it from its executor only.
class deadline_clock final : public std::enable_shared_from_this<deadline_clock>,
                             private lazy_timer::owner {
public:
    class alarm;

    explicit deadline_clock(const boost::asio::any_io_executor& executor)
        : timer_(executor, static_cast<lazy_timer::owner&>(*this)) {}
    deadline_clock(const deadline_clock&) = delete;
    deadline_clock& operator=(const deadline_clock&) = delete;
    ~deadline_clock() = default;

private:
    struct entry {
        time_point deadline = never;  ///< when the clock looks at it; `never`: not at all
        std::size_t deadline_index = 0;
    };

    void look_at(alarm& which, time_point when);
    void forget(alarm& which) noexcept;
    void deadline_passed() override;

    deadline_heap<alarm> alarms_;
    lazy_timer timer_;
};

/// One deadline, as a `lazy_timer` has it: moving it to a later moment costs nothing.
class deadline_clock::alarm : private deadline_clock::entry {
public:
    alarm(std::shared_ptr<deadline_clock> whose, lazy_timer::owner& told)
        : clock_(std::move(whose)), told_(told) {}
    alarm(const alarm&) = delete;
    alarm& operator=(const alarm&) = delete;
    ~alarm() { stop(); }

    /// Rings at `when`, instead of at any moment set before.
    void set(time_point when) {
        due_ = when;
        if (when < deadline)
            clock_->look_at(*this, when);
    }
    /// No deadline.
    void stop() noexcept {
        due_ = never;
        clock_->forget(*this);
    }

private:
    friend class deadline_clock;
    friend class deadline_heap<alarm>;

    const std::shared_ptr<deadline_clock> clock_;
    lazy_timer::owner& told_;
    time_point due_ = never;
};

}  // namespace nettcp::net
