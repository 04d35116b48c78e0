#pragma once

#include "net/executor_probe.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <mutex>
#include <optional>

namespace nettcp {

struct call_record;

/// What calls need of their host wherever they are, and after it is gone: the way to its executor,
/// and the storage they came from.
///
/// Serves all threads. Once closed, nothing reaches the executor any more.
class call_store {
public:
    explicit call_store(const boost::asio::any_io_executor& executor)
        : executor_(executor), probe_(executor) {}
    call_store(const call_store&) = delete;
    call_store& operator=(const call_store&) = delete;
    ~call_store();

    /// Warm after the first calls: then it does not allocate.
    call_record* take();
    void give_back(call_record* record) noexcept;

    /// The calling thread runs the host's executor, and the host lives.
    bool runs_here() const;
    boost::asio::any_io_executor executor() const;
    /// Runs `f` on the host's executor, if the host lives.
    template <class F>
    void post(F&& f) {
        const std::lock_guard lock(guard_);
        if (executor_)
            boost::asio::post(*executor_, std::forward<F>(f));
    }
    void close() noexcept;

private:
    static constexpr std::size_t max_kept = 256;

    mutable std::mutex guard_;
    std::optional<boost::asio::any_io_executor> executor_;
    std::optional<net::executor_probe> probe_;
    call_record* kept_ = nullptr;
    std::size_t kept_count_ = 0;
};

}  // namespace nettcp
