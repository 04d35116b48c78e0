// Decides which coroutine serves a call, and how long such a coroutine is kept.

#include "service/handler_runners.hpp"

#include "service/call_record.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <optional>
#include <utility>

namespace nettcp {

namespace asio = boost::asio;

struct handler_runners::runner {
    using resumption = asio::async_result<asio::use_awaitable_t<>, void()>::handler_type;

    void assign(const coroutine& h, incoming_call c) {
        handler = &h;
        call_record::of(c).cancelled = &cancelled;
        call.emplace(std::move(c));
    }

    asio::cancellation_signal cancelled;
    const coroutine* handler = nullptr;
    std::optional<incoming_call> call;  ///< to be served next; none: the runner is to end
    std::optional<resumption> resume;   ///< while it rests
    runner* below = nullptr;            ///< rests as well, and longer
};

namespace {

/// Keeps the record, and with it the handler, while the handler runs: the call itself may have
/// been moved away and destroyed. The runner is not to be cancelled for it any more then.
class served_call {
public:
    explicit served_call(incoming_call& call) noexcept : record_(call_record::of(call)) {}
    served_call(const served_call&) = delete;
    served_call& operator=(const served_call&) = delete;
    ~served_call() { record_->cancelled = nullptr; }

private:
    call_share record_;
};

}  // namespace

handler_runners::handler_runners(asio::any_io_executor executor) : executor_(std::move(executor)) {}

handler_runners::~handler_runners() = default;

void handler_runners::start(const coroutine& handler, incoming_call call) {
    if (resting_ != nullptr) {
        resting_->assign(handler, std::move(call));
        wake_last();
        return;
    }
    const auto made = std::make_shared<runner>();
    made->assign(handler, std::move(call));
    // The signal must outlive what Asio puts around the runner: the completion shares it.
    asio::co_spawn(
        executor_, run(shared_from_this(), made),
        asio::bind_cancellation_slot(made->cancelled.slot(), [made](const std::exception_ptr&) {}));
}

void handler_runners::close() noexcept {
    const auto self = shared_from_this();
    closed_ = true;
    while (resting_ != nullptr)
        wake_last();
}

void handler_runners::wake_last() noexcept {
    runner& woken = *std::exchange(resting_, resting_->below);
    --resting_count_;
    auto resume = std::move(*woken.resume);
    woken.resume.reset();
    resume();
}

asio::awaitable<void> handler_runners::run(std::shared_ptr<handler_runners> all,
                                           std::shared_ptr<runner> self) {
    while (self->call) {
        {
            incoming_call call = *std::exchange(self->call, std::nullopt);
            const served_call kept(call);
            try {
                co_await (*self->handler)(call);
            } catch (...) {
                if (call)  // else whoever took it answers
                    call.failed(std::current_exception());
            }
        }
        // The next call starts as if nobody had been cancelled, nor had chosen what cancels.
        co_await asio::this_coro::throw_if_cancelled(true);
        co_await asio::this_coro::reset_cancellation_state();
        if (all->closed_ || all->resting_count_ == max_resting)
            co_return;
        co_await all->rest(*self);
    }
}

asio::awaitable<void> handler_runners::rest(runner& self) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void()>(
        [this, &self](runner::resumption resume) {
            self.resume.emplace(std::move(resume));
            self.below = std::exchange(resting_, &self);
            ++resting_count_;
        },
        asio::use_awaitable);
}

}  // namespace nettcp
