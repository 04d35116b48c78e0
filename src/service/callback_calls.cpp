// Decides what a callback looks like on the wire, and how long it may take.

#include "service/callback_calls.hpp"

#include "service/call_turn.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/soap/names.hpp>

#include <boost/asio/error.hpp>

namespace nettcp {

using boost::system::error_code;
using operations::kind;
using place = operations::operation::place;

callback_channel closed_callbacks(std::shared_ptr<executor_gate> gate, error_code code) {
    diagnostics why;
    why.stage = stage::send;
    why.code = code;
    const auto made = std::make_shared<callback_calls>(std::move(gate), nullptr, nullptr,
                                                       std::string(), net::clock::duration(), 0);
    made->end(why);
    return callback_channel(made);
}

callback_calls::callback_calls(std::shared_ptr<executor_gate> gate,
                               std::shared_ptr<net::session_shell> shell, owner* session,
                               std::string address, net::clock::duration send_timeout,
                               std::uint32_t max_waiting)
    : outgoing_calls(std::move(gate)),
      shell_(std::move(shell)),
      session_(session),
      address_(std::move(address)),
      send_timeout_(send_timeout),
      max_waiting_(max_waiting) {}

void callback_calls::admit(operation& op) {
    set_deadline(op, send_timeout_);
    if (session_ == nullptr || !session_->takes_callbacks()) {
        diagnostics why = describe(stage::send);
        if (why.code != channel::errc::callbacks_unsupported)
            why.code = channel::errc::session_closed;
        fail(op, why);
        return;
    }
    if (waiting_.size() >= max_waiting_) {
        diagnostics why = describe(stage::send);
        why.set({make_error_code(channel::errc::callbacks_exceeded), 0, 0, max_waiting_});
        fail(op, why);
        return;
    }
    if (op.turn != nullptr)
        op.turn->step_out();
    op.where = place::waiting;
    waiting_.push_back(op);
    pump();
    rearm();
}

/// The instance of the handler that waits for this may be in use by now.
bool callback_calls::must_wait(operation& op, const error_code& code, reply& answer,
                               std::unique_ptr<diagnostics>& why) {
    const auto turn = std::move(op.turn);
    return turn != nullptr && !turn->come_back(shared_from_this(), op, code, answer, why);
}

channel::duplex_session* callback_calls::session() noexcept {
    return session_ != nullptr ? &shell_->session() : nullptr;
}

bool callback_calls::has_room() noexcept {
    return session_ != nullptr && session_->takes_callbacks() && !shell_->session().output_full();
}

/// As CoreWCF: ReplyTo is the service's own address, written out.
soap::outgoing_headers callback_calls::headers_of(const operation& op) const {
    soap::outgoing_headers headers{.action = nbfx::dictionary_string{op.action.view()},
                                   .to = soap::names::anonymous};
    if (op.what == kind::call)
        headers.reply_to = address_;
    return headers;
}

std::uint64_t callback_calls::message_queued(operation&) {
    return shell_->queued();
}

void callback_calls::flush() {
    if (session_ != nullptr)
        session_->callbacks_queued();
}

void callback_calls::rearm() {
    if (session_ == nullptr)
        return;
    const net::time_point next = next_deadline();
    if (next != net::never && !timer_)
        timer_.emplace(executor_, static_cast<net::lazy_timer::owner&>(*this));
    if (timer_)
        timer_->set(next);
    if (awaited_ == awaits_replies())
        return;
    awaited_ = awaits_replies();
    session_->awaiting_changed();
}

diagnostics callback_calls::describe(nettcp::stage where) const {
    if (session_ == nullptr)
        return why_ended_;
    return session_->describe(boost::asio::error::operation_aborted, where);
}

nettcp::stage callback_calls::stage_of(const operation& op) const noexcept {
    const bool sent = op.where == place::pending && op.queued_up_to <= shell_->written();
    return sent ? stage::receive : stage::send;
}

void callback_calls::accept(channel::message arrived) {
    const auto self = shared_from_this();
    if (operation* const op = take_answered(arrived))
        succeed(*op, reply(std::move(arrived), executor_));
    rearm();
}

void callback_calls::deadline_passed() {
    const auto self = shared_from_this();
    const net::time_point now = net::clock::now();
    while (next_deadline() <= now) {
        operation& op = deadlines_.top();
        diagnostics why = describe(stage_of(op));
        why.code = net::errc::timed_out;
        unlink(op);
        fail(op, why);
    }
    rearm();
}

void callback_calls::end(const diagnostics& why) {
    const auto self = shared_from_this();
    if (shut_.exchange(true))
        return;
    why_ended_ = why;
    session_ = nullptr;
    timer_.reset();
    fail_all(why);
    meter_ = nullptr;
    shell_.reset();
}

}  // namespace nettcp
