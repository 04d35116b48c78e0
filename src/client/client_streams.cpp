// Decides what a lane, which carries one call of a streamed transfer at a time, does with bodies
// that are streams, and when its connection cannot be used again.
#include "client/client_core.hpp"

#include "net/body_gatherer.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

namespace nettcp {

using boost::system::error_code;

/// Where bodies cannot be streams: reads the source first.
void client_core::gather(operation& op) {
    const auto reader = std::make_shared<net::body_gatherer>(
        executor_, op.options.stream, options_.session.max_pending_output,
        [weak = weak_from_this(), id = op.id](const error_code& code,
                                              std::vector<std::byte>&& octets) {
            if (const auto self = weak.lock())
                self->gathered(id, code, std::move(octets));
        });
    op.gathering = reader;
    reader->start();
}

void client_core::gathered(std::uint64_t id, const error_code& code,
                           std::vector<std::byte>&& octets) {
    operation* const op = find(id);
    if (op == nullptr)
        return;
    const auto reader = std::move(op->gathering);  // this runs within it
    if (code) {
        diagnostics why = describe(nettcp::stage::send);
        why.code = code;
        if (code == channel::errc::source_too_large)
            why.limit = clamp_u32(options_.session.max_pending_output);
        fail(*op, why);
    } else {
        op->gathered = std::make_unique<std::vector<std::byte>>(std::move(octets));
        op->where = operation::place::waiting;
        waiting_.push_back(*op);
        start_waiting();
    }
    rearm();
}

void client_core::begin_pump(operation& op) {
    pump_ = std::make_shared<net::stream_pump>(
        executor_, shell_, op.options.stream,
        [weak = weak_from_this(), id = op.id](const error_code& code) {
            if (const auto self = weak.lock())
                self->pump_told(code, id);
        });
    pump_->go_on();
}

void client_core::pump_told(const error_code& code, std::uint64_t id) {
    if (pump_ == nullptr || !shell_)
        return;
    if (!code) {
        shell_->flush();
        return;
    }
    pump_.reset();
    if (code == boost::asio::error::eof) {
        phase_ = phase::closing;
        shell_->session().end();
        shell_->flush();
        shell_->proceed();
        await_end();
        rearm();
        return;
    }
    diagnostics why = describe(nettcp::stage::send);
    why.code = code;
    if (operation* const sender = find(id); sender != nullptr) {
        unlink(*sender);
        fail(*sender, why);
    }
    abandon_call(why);
    rearm();
}

/// The headers of a reply have come, whose body somebody wants as a stream.
void client_core::accept_stream(channel::message begun) {
    operation* const op = take_answered(begun);
    if (op == nullptr) {
        abandon_call(describe(nettcp::stage::receive));
        return;
    }
    shell_->session().stream_body();
    const auto body = std::make_shared<net::incoming_body>(
        executor_, shell_,
        std::shared_ptr<net::incoming_body::owner>(shared_from_this(),
                                                   static_cast<net::incoming_body::owner*>(this)));
    body_ = body;
    body_begun_ = true;
    succeed(*op, reply(std::move(begun), body_reader(executor_, body)));
}

void client_core::wake_body() {
    if (const auto body = body_.lock())
        body->wake();
    else
        body_abandoned(*shell_);
}

/// The reader waits: the peer has as long for more as for a reply.
void client_core::body_waits(bool waits) {
    if (!shell_ || phase_ == phase::kept)
        return;
    attempt_deadline_ = waits ? net::later(net::clock::now(), options_.send_timeout) : net::never;
    if (shell_->session().stream_ended())
        await_end();
    rearm();
}

/// The call has been answered, and nobody waits for what is still to come, but no other call can
/// have this connection: the service's End has so long, and so has each part of a request whose
/// answer came early.
void client_core::await_end() {
    const bool body_ended = !body_begun_ || (shell_ && shell_->session().stream_ended());
    if (!is_lane() || !body_ended || !deadlines_.empty())
        return;
    if (pump_ != nullptr)
        attempt_deadline_ = net::later(net::clock::now(), options_.send_timeout);
    else if (phase_ == phase::closing)
        attempt_deadline_ = net::later(net::clock::now(), options_.close_timeout);
}

void client_core::body_abandoned(const net::session_shell& shell) {
    if (!body_begun_ || shell_.get() != &shell)
        return;
    abandon_call(describe(nettcp::stage::receive));
    rearm();
}

/// Nobody waits any more for what this connection still has to carry: it goes.
void client_core::abandon_call(const diagnostics& why) {
    if (!is_lane() || phase_ == phase::idle || phase_ == phase::kept)
        return;
    drop_connection(false);
    attempt_failed(why);
}

/// `for_good`: the executor may end, too.
void client_core::end_streams(const error_code& why, bool for_good) {
    body_begun_ = false;
    if (pump_ != nullptr)
        pump_->stop();
    pump_.reset();
    if (const auto body = body_.lock())
        for_good ? body->cut_off(why) : body->fail(why);
    if (!for_good)
        body_.reset();
}

/// Lets the front know, in a turn of its own, that this lane can take another call.
void client_core::tell_front() {
    if (!was_busy_ || !is_free() || shut_)
        return;
    was_busy_ = false;
    boost::asio::post(executor_, [weak = front_] {
        if (const auto front = weak.lock(); front && front->lanes_)
            front->feed_lanes();
    });
}

}  // namespace nettcp
