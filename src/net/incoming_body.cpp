#include "net/incoming_body.hpp"

#include <nettcp/channel/errc.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/system_executor.hpp>

#include <algorithm>
#include <deque>

namespace nettcp::net {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

using read_handler = body_source::read_handler;

/// Calls a handler in a turn of its own, on its own executor if it has one.
void tell(const asio::any_io_executor& executor, const std::shared_ptr<body_read>& done,
          const error_code& code, std::size_t size) {
    asio::post(executor, [done, code, size] {
        asio::dispatch(done->theirs, [done, code, size] {
            if (auto slot = asio::get_associated_cancellation_slot(done->handler);
                slot.is_connected())
                slot.clear();
            std::move(done->handler)(code, size);
        });
    });
}

struct told_read {
    std::unique_ptr<read_handler> done;
    error_code code;
    std::size_t size;
};

/// Those to be told by the loop that runs on this thread, further out; null: none does.
thread_local std::deque<told_read>* telling = nullptr;

/// Calls a handler on its own executor, or here if it has none, where no executor of ours can be
/// relied on. Within another such handler only once that has returned: who reads in small pieces
/// would else go deeper with each.
void tell_here(read_handler&& done, const error_code& code, std::size_t size) {
    told_read known{std::make_unique<read_handler>(std::move(done)), code, size};
    if (telling != nullptr) {
        telling->push_back(std::move(known));
        return;
    }
    std::deque<told_read> waiting;
    struct loop {
        explicit loop(std::deque<told_read>& all) { telling = &all; }
        ~loop() { telling = nullptr; }
    } const running(waiting);
    waiting.push_back(std::move(known));
    while (!waiting.empty()) {
        const auto next = std::make_shared<told_read>(std::move(waiting.front()));
        waiting.pop_front();
        asio::dispatch(asio::get_associated_executor(*next->done, asio::system_executor()),
                       [next] { std::move (*next->done)(next->code, next->size); });
    }
}

/// Octets at hand, or what is wrong with them.
class whole_source final : public body_source {
public:
    whole_source(asio::any_io_executor executor, std::vector<std::byte> octets, error_code why)
        : executor_(std::move(executor)), octets_(std::move(octets)), why_(why) {}

    void read(std::span<std::byte> room, read_handler done) override {
        const std::size_t size = std::min(room.size(), octets_.size() - at_);
        std::copy_n(octets_.begin() + static_cast<std::ptrdiff_t>(at_), size, room.begin());
        at_ += size;
        error_code code = why_;
        if (!code && size == 0 && !room.empty())
            code = asio::error::eof;
        tell_here(std::move(done), code, size);
    }
    asio::any_io_executor get_executor() const override { return executor_; }

private:
    asio::any_io_executor executor_;
    std::vector<std::byte> octets_;
    std::size_t at_ = 0;
    error_code why_;
};

}  // namespace

body_read::body_read(body_source::read_handler&& done, const asio::any_io_executor& otherwise)
    : handler(std::move(done)),
      theirs(asio::prefer(asio::get_associated_executor(handler, otherwise),
                          asio::execution::outstanding_work.tracked)) {}

incoming_body::~incoming_body() {
    if (shell_ == nullptr)
        return;
    // The shell is used on the executor only, and let go there.
    asio::post(executor_, [told = owner_, shell = std::move(shell_)] {
        if (const auto listener = told.lock(); listener && shell->is_open())
            listener->body_abandoned(*shell);
    });
}

void incoming_body::read(std::span<std::byte> room, read_handler done) {
    if (cut_off_) {
        tell_here(std::move(done), outcome_, 0);
        return;
    }
    auto kept = std::make_shared<body_read>(std::move(done), executor_);
    if (auto slot = asio::get_associated_cancellation_slot(kept->handler); slot.is_connected()) {
        slot.assign(
            [weak = weak_from_this(), read = std::weak_ptr(kept)](asio::cancellation_type type) {
                const auto self = weak.lock();
                const auto cancelled = read.lock();
                if (self && cancelled && type != asio::cancellation_type::none)
                    asio::post(self->executor_, [self, cancelled] { self->cancel(cancelled); });
            });
    }
    asio::dispatch(executor_, [self = shared_from_this(), room, kept = std::move(kept)] {
        self->begin(room, kept);
    });
}

void incoming_body::begin(std::span<std::byte> room, const std::shared_ptr<body_read>& done) {
    if (waiting_ || room.empty() || shell_ == nullptr) {
        // Its session may carry other messages by now, and is not told.
        tell(executor_, done,
             waiting_       ? error_code(asio::error::in_progress)
             : room.empty() ? error_code()
                            : outcome_,
             0);
        return;
    }
    room_ = room;
    waiting_ = done;
    attempt();
    if (const auto listener = owner_.lock(); listener && waiting_)
        listener->body_waits(true);
}

/// Nothing has been taken for a read that still waits: the next one has it.
void incoming_body::cancel(const std::shared_ptr<body_read>& done) {
    if (waiting_ == done)
        complete(asio::error::operation_aborted, 0);
}

void incoming_body::wake() {
    if (waiting_)
        attempt();
}

void incoming_body::attempt() {
    channel::duplex_session& session = shell_->session();
    const bool was_full = session.stream_full();
    const auto size = session.read_stream(room_);
    if (!size) {
        shell_->proceed();  // tells the session's owner
        fail(size.error().code);
        return;
    }
    if (was_full && !session.stream_full())
        shell_->proceed();
    const bool ended = session.stream_ended();
    if (ended) {
        outcome_ = asio::error::eof;
        shell_.reset();
    }
    if (*size != 0)
        complete({}, *size);
    else if (ended)
        complete(outcome_, 0);
}

void incoming_body::fail(const error_code& why) {
    if (shell_ == nullptr)
        return;
    shell_.reset();
    outcome_ = why;
    if (waiting_)
        complete(outcome_, 0);
}

void incoming_body::cut_off(const error_code& why) {
    fail(why);
    cut_off_ = true;
}

void incoming_body::complete(const error_code& code, std::size_t size) {
    if (const auto listener = owner_.lock())
        listener->body_waits(false);
    tell(executor_, std::exchange(waiting_, nullptr), code, size);
}

std::shared_ptr<body_source> whole_body(channel::message& message, asio::any_io_executor executor) {
    nbfx::reader& in = message.body();
    std::vector<std::byte> octets;
    error_code why;
    while (in.current() == nbfx::node::element)
        in.next();
    for (; in.current() == nbfx::node::text && !why; in.next()) {
        if (const auto taken = in.value().append_octets(octets); !taken)
            why = taken.error().code;
    }
    if (!why && in.current() != nbfx::node::end_element)
        why = in.ok() ? error_code(channel::errc::stream_malformed) : in.failure().code;
    return std::make_shared<whole_source>(std::move(executor), std::move(octets), why);
}

}  // namespace nettcp::net
