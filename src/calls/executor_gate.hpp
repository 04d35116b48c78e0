#pragma once

#include "net/executor_probe.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <optional>

namespace nettcp {

/// The way to an executor for those who may outlive it. Serves all threads. Once closed, nothing
/// reaches the executor any more.
class executor_gate {
public:
    explicit executor_gate(const boost::asio::any_io_executor& executor)
        : executor_(executor), probe_(executor) {}
    executor_gate(const executor_gate&) = delete;
    executor_gate& operator=(const executor_gate&) = delete;

    /// The calling thread runs the executor, and the gate is open.
    bool runs_here() const {
        const std::lock_guard lock(guard_);
        return probe_ && probe_->runs_here();
    }
    /// Waiting here for what the executor must do could be for ever.
    bool would_deadlock() const {
        const std::lock_guard lock(guard_);
        return probe_ && probe_->would_deadlock();
    }
    /// None once closed.
    boost::asio::any_io_executor executor() const {
        const std::lock_guard lock(guard_);
        return executor_ ? *executor_ : boost::asio::any_io_executor();
    }
    /// Runs `f` on the executor. False, and `f` as it was, once closed.
    template <class F>
    bool post(F&& f) {
        const std::lock_guard lock(guard_);
        if (executor_)
            boost::asio::post(*executor_, std::forward<F>(f));
        return executor_.has_value();
    }
    void close() noexcept {
        const std::lock_guard lock(guard_);
        executor_.reset();
        probe_.reset();
    }

private:
    mutable std::mutex guard_;
    std::optional<boost::asio::any_io_executor> executor_;
    std::optional<net::executor_probe> probe_;
};

}  // namespace nettcp
