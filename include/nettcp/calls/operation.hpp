#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/calls/call_observer.hpp>
#include <nettcp/calls/call_options.hpp>
#include <nettcp/calls/reply.hpp>
#include <nettcp/net/with_diagnostics.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp {

class call_turn;
class outgoing_calls;

/// The token that the operations use when none is given: `co_await` throws `nettcp::failure`.
using default_token = with_diagnostics_t<boost::asio::use_awaitable_t<>>;

/// What writes the body of a message: a callable that takes the writer, standing inside s:Body.
/// It is called once, on the executor of the side that sends, when the message's turn has come.
template <class T>
concept body_writer = std::invocable<T&, nbfx::writer&>;

/// How operations travel from the caller's templates to compiled code and back. Not for direct
/// use.
namespace operations {

template <class T>
concept token_only = !std::convertible_to<T, call_options> &&
                     !std::same_as<std::remove_cvref_t<T>, boost::system::error_code>;

enum class kind : std::uint8_t { open, call, send, close };

/// A text that is copied along with its operation; the usual action needs no storage of its own.
class action_text {
public:
    action_text() noexcept = default;
    explicit action_text(std::string_view text) : size_(text.size()) {
        if (size_ > sizeof short_)
            long_ = text;
        else if (size_ != 0)
            std::memcpy(short_, text.data(), size_);
    }
    std::string_view view() const noexcept {
        return size_ > sizeof short_ ? std::string_view(long_) : std::string_view(short_, size_);
    }

private:
    std::size_t size_ = 0;
    char short_[120];
    std::string long_;
};

/// What the caller asked for, with everything that depends on the caller's types hidden.
///
/// Owned by raw pointer: `complete` or `discard` ends its life.
class NETTCP_EXPORT operation {
public:
    operation(kind k, std::uint64_t number, action_text&& text, call_options&& chosen)
        : what(k), id(number), action(std::move(text)), options(std::move(chosen)) {}
    operation(const operation&) = delete;
    operation& operator=(const operation&) = delete;

    virtual void write_body(nbfx::writer& out) = 0;
    /// Calls the handler on its executor: within this function if that is possible and `inside`
    /// allows it. `why` is null on success.
    virtual void complete(const boost::system::error_code& code, reply&& answer,
                          std::unique_ptr<diagnostics> why, bool inside) = 0;
    /// Destroys the operation without calling its handler.
    virtual void discard() noexcept = 0;

    enum class place : std::uint8_t { nowhere, opening, waiting, writing, pending, closing };

    const kind what;
    place where = place::nowhere;
    const std::uint64_t id;  ///< unique among those of one side; a call's MessageID is made of it
    const action_text action;
    const call_options options;

    std::chrono::steady_clock::time_point deadline;
    std::size_t deadline_index = 0;
    std::uint64_t queued_up_to = 0;  ///< octets of the connection up to this message's end
    operation* previous = nullptr;
    operation* next = nullptr;
    observed_call observed;

    /// Of the handler that waits for it, in an instance that others may use meanwhile; or null.
    std::shared_ptr<call_turn> turn;
    std::shared_ptr<void> gathering;  ///< reads the source of the body, as long as it is there
    /// What it has given, where the message must be sent as a whole.
    std::unique_ptr<std::vector<std::byte>> gathered;
    bool is_stream() const noexcept { return options.stream && !gathered; }

protected:
    ~operation() = default;
};

struct discarder {
    void operator()(operation* op) const noexcept { op->discard(); }
};
using operation_ptr = std::unique_ptr<operation, discarder>;

/// Memory for operations: from a store of that side's, warm after the first few.
NETTCP_EXPORT void* allocate(outgoing_calls& core, std::size_t size);
NETTCP_EXPORT void deallocate(outgoing_calls& core, void* memory, std::size_t size) noexcept;
NETTCP_EXPORT std::uint64_t next_id(outgoing_calls& core) noexcept;
/// That side's executor, or one that runs anyway once that is gone.
NETTCP_EXPORT boost::asio::any_io_executor executor_of(const outgoing_calls& core);
/// Whether operations can be begun on it.
NETTCP_EXPORT bool is_open(const outgoing_calls& core) noexcept;
/// Hands an operation over, on that side's executor or from any other thread.
NETTCP_EXPORT void start(const std::shared_ptr<outgoing_calls>& core, operation_ptr op);
/// Cancels an operation if it is still there; from any thread.
NETTCP_EXPORT void cancel(const std::weak_ptr<outgoing_calls>& core, std::uint64_t id);

/// What `complete` sends to the handler's executor: the handler and all that it is called with.
template <class Handler, bool WithReply>
struct completion {
    Handler handler;
    boost::system::error_code code;
    reply answer;
    std::unique_ptr<diagnostics> why;
    diagnostics* wanted;

    using allocator_type = boost::asio::associated_allocator_t<Handler>;
    allocator_type get_allocator() const noexcept {
        return boost::asio::get_associated_allocator(handler);
    }

    void operator()() {
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
            slot.clear();
        if (wanted != nullptr) {
            if (why)
                *wanted = *why;
            else
                wanted->clear();
        }
        if (why) {
            const net::diagnostics_in_flight known(*why);
            call();
            return;
        }
        call();
    }

private:
    void call() {
        if constexpr (WithReply)
            std::move(handler)(code, std::move(answer));
        else
            std::move(handler)(code);
    }
};

/// The body of operations that send none.
struct no_body {
    void operator()(nbfx::writer&) const noexcept {}
};

template <class Handler, class Body, bool WithReply>
class typed_operation final : public operation {
    using executor = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
    using handler_allocator = boost::asio::associated_allocator_t<Handler>;
    static constexpr bool own_allocator = !std::is_same_v<handler_allocator, std::allocator<void>>;
    using allocator =
        typename std::allocator_traits<handler_allocator>::template rebind_alloc<typed_operation>;
    static_assert(alignof(Handler) <= alignof(std::max_align_t) &&
                      alignof(Body) <= alignof(std::max_align_t),
                  "handlers and bodies need no more than the usual alignment");

public:
    typed_operation(outgoing_calls& core, Handler&& handler, Body&& body, kind k,
                    std::uint64_t number, action_text&& text, call_options&& chosen)
        : operation(k, number, std::move(text), std::move(chosen)),
          core_(core),
          handler_(std::move(handler)),
          body_(std::move(body)),
          work_(boost::asio::get_associated_executor(handler_, executor_of(core))) {}

    static operation_ptr make(outgoing_calls& core, Handler&& handler, Body&& body, kind k,
                              std::uint64_t number, action_text&& text, call_options&& chosen) {
        void* memory = nullptr;
        if constexpr (own_allocator) {
            allocator source(boost::asio::get_associated_allocator(handler));
            memory = std::allocator_traits<allocator>::allocate(source, 1);
        } else {
            memory = allocate(core, sizeof(typed_operation));
        }
        return operation_ptr(new (memory)
                                 typed_operation(core, std::move(handler), std::move(body), k,
                                                 number, std::move(text), std::move(chosen)));
    }

    void write_body(nbfx::writer& out) override { body_(out); }

    void complete(const boost::system::error_code& code, reply&& answer,
                  std::unique_ptr<diagnostics> why, bool inside) override {
        completion<Handler, WithReply> done{std::move(handler_), code, std::move(answer),
                                            std::move(why), options.diagnostics};
        const auto work = std::move(work_);
        destroy(done.handler);  // before the handler runs, so that it can use the memory again
        if (inside)
            boost::asio::dispatch(work.get_executor(), std::move(done));
        else
            boost::asio::post(work.get_executor(), std::move(done));
    }

    void discard() noexcept override {
        const Handler handler = std::move(handler_);
        destroy(handler);
    }

private:
    void destroy(const Handler& handler) noexcept {
        outgoing_calls& core = core_;
        this->~typed_operation();
        if constexpr (own_allocator) {
            allocator source(boost::asio::get_associated_allocator(handler));
            std::allocator_traits<allocator>::deallocate(source, this, 1);
        } else {
            deallocate(core, this, sizeof(typed_operation));
        }
    }

    outgoing_calls& core_;
    Handler handler_;
    Body body_;
    boost::asio::executor_work_guard<executor> work_;
};

/// What an asynchronous operation does when its token has become a handler.
template <bool WithReply>
struct initiation {
    std::shared_ptr<outgoing_calls> core;
    std::shared_ptr<call_turn> turn = nullptr;

    using executor_type = boost::asio::any_io_executor;
    executor_type get_executor() const { return executor_of(*core); }

    template <class Handler, class Body>
    void operator()(Handler&& handler, kind k, action_text text, Body body, call_options options) {
        const std::uint64_t id = next_id(*core);
        if (auto slot = boost::asio::get_associated_cancellation_slot(handler);
            slot.is_connected()) {
            slot.assign([weak = std::weak_ptr(core), id](boost::asio::cancellation_type type) {
                if (type != boost::asio::cancellation_type::none)
                    cancel(weak, id);
            });
        }
        using made = typed_operation<std::decay_t<Handler>, Body, WithReply>;
        operation_ptr op = made::make(*core, std::decay_t<Handler>(std::forward<Handler>(handler)),
                                      std::move(body), k, id, std::move(text), std::move(options));
        op->turn = turn;
        start(core, std::move(op));
    }
};

/// Starts an operation with any completion token.
template <class Signature, class Body, class Token>
auto initiate(std::shared_ptr<outgoing_calls> core, kind what, std::string_view action, Body&& body,
              const call_options& options, Token&& token,
              std::shared_ptr<call_turn> turn = nullptr) {
    constexpr bool with_reply = std::is_same_v<Signature, void(boost::system::error_code, reply)>;
    return boost::asio::async_initiate<Token, Signature>(
        initiation<with_reply>{std::move(core), std::move(turn)}, token, what, action_text(action),
        std::decay_t<Body>(std::forward<Body>(body)), options);
}

}  // namespace operations
}  // namespace nettcp
