#include "net/incoming_body.hpp"

#include <nettcp/channel/errc.hpp>

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace nettcp::net {

namespace asio = boost::asio;
using boost::system::error_code;

incoming_body::~incoming_body() {
    if (shell_ == nullptr)
        return;
    // The shell is used on the executor only, and let go there.
    asio::post(executor_, [told = owner_, shell = std::move(shell_)] {
        if (const auto listener = told.lock(); listener && shell->is_open())
            listener->body_abandoned();
    });
}

void incoming_body::read(std::span<std::byte> room, read_handler done) {
    auto kept = std::make_shared<read_handler>(std::move(done));
    asio::dispatch(executor_, [self = shared_from_this(), room, kept = std::move(kept)] {
        self->begin(room, kept);
    });
}

void incoming_body::begin(std::span<std::byte> room, const std::shared_ptr<read_handler>& done) {
    if (waiting_) {
        tell(done, asio::error::in_progress, 0);
        return;
    }
    room_ = room;
    waiting_ = done;
    if (shell_ == nullptr)
        complete(outcome_, 0);
    else
        attempt();
    if (const auto listener = owner_.lock(); listener && waiting_)
        listener->body_waits(true);
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

void incoming_body::complete(const error_code& code, std::size_t size) {
    if (const auto listener = owner_.lock())
        listener->body_waits(false);
    tell(std::exchange(waiting_, nullptr), code, size);
}

/// Calls a handler in a turn of its own, on its own executor if it has one.
void incoming_body::tell(const std::shared_ptr<read_handler>& done, const error_code& code,
                         std::size_t size) {
    asio::post(executor_, [done, code, size, otherwise = executor_] {
        const auto theirs = asio::get_associated_executor(*done, otherwise);
        asio::dispatch(theirs, [done, code, size] { std::move (*done)(code, size); });
    });
}

std::shared_ptr<body_source> whole_body(channel::message& message) {
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
    if (why) {
        struct broken final : body_source {
            void read(std::span<std::byte>, read_handler done) override {
                std::move(done)(code, 0);
            }
            error_code code;
        };
        auto made = std::make_shared<broken>();
        made->code = why;
        return made;
    }
    return make_body_source(std::move(octets));
}

}  // namespace nettcp::net
