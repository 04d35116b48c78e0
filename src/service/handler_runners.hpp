#pragma once

#include <nettcp/service/incoming_call.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace nettcp {

/// Coroutines that serve calls with handlers which are coroutines, one call after the other. What
/// surrounds a handler is made once and kept, so that a call costs the frame of its handler only,
/// which Asio's own cache serves as a rule.
///
/// Handlers that wait do not hold up others: there are as many runners as calls in progress. For
/// the host's executor only.
class handler_runners final : public std::enable_shared_from_this<handler_runners> {
public:
    using coroutine = std::function<boost::asio::awaitable<void>(incoming_call&)>;

    explicit handler_runners(boost::asio::any_io_executor executor);
    handler_runners(const handler_runners&) = delete;
    handler_runners& operator=(const handler_runners&) = delete;
    ~handler_runners();

    /// Calls the handler, here and now. `handler` is the one of the call's operation, whose table
    /// the call's record keeps. What it throws becomes the call's answer.
    void start(const coroutine& handler, incoming_call call);
    /// Ends the runners that rest, which would keep the executor busy for ever; those that still
    /// serve end behind their calls.
    void close() noexcept;

private:
    struct runner;

    static boost::asio::awaitable<void> run(std::shared_ptr<handler_runners> all,
                                            std::shared_ptr<runner> self);
    boost::asio::awaitable<void> rest(runner& self);
    void wake_last() noexcept;

    /// Beyond this many at rest, runners end.
    static constexpr std::size_t max_resting = 64;

    boost::asio::any_io_executor executor_;
    runner* resting_ = nullptr;  ///< the last to finish is the first to start, while it is warm
    std::size_t resting_count_ = 0;
    bool closed_ = false;
};

}  // namespace nettcp
