// Decides where a client's operations wait, and what is sent for them.
#include "client/client_core.hpp"

#include "service/call_store.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>

namespace nettcp {

using boost::system::error_code;
using operations::kind;
using place = operations::operation::place;

client_core::client_core(const boost::asio::any_io_executor& executor, endpoint_address address,
                         client_options options, std::weak_ptr<client_core> front)
    : client_core(std::make_shared<call_store>(executor), std::move(address), std::move(options),
                  std::move(front)) {}

client_core::client_core(const std::shared_ptr<call_store>& store, endpoint_address address,
                         client_options options, std::weak_ptr<client_core> front)
    : outgoing_calls(store),
      address_(std::move(address)),
      options_(std::move(options)),
      counters_(front.expired() ? std::make_shared<client_counters>(options_.observer)
                                : front.lock()->counters_),
      callback_choices_(std::make_shared<client_callbacks::choices>(client_callbacks::choices{
          .store = store,
          .table = options_.callbacks.table_,
          .address = address_.uri(),
          .max_calls = options_.max_concurrent_callbacks,
          .limits = {.max_held = options_.session.max_pending_output,
                     .max_in_line = options_.session.framing.max_message_size,
                     .timeout = options_.callback_timeout,
                     .include_exception_detail = options_.include_exception_detail},
          .counters = counters_})),
      front_(std::move(front)) {
    if (is_streamed() && front_.expired())
        lanes_ = std::make_unique<client_lanes>(*this);
    if (const auto above = front_.lock())
        ids_ = above->ids_;  // its operations come with their numbers
    meter_ = &counters_->calls;
    timer_.emplace(executor_, static_cast<net::lazy_timer::owner&>(*this));
    if (options_.pool != nullptr) {
        const pool_key key(options_.via ? *options_.via : address_, options_);
        pooled_ = options_.pool->connections_->find(key);
    }
}

client_core::~client_core() {
    gate_->close();
    end_callbacks(true);
    if (connector_)
        connector_->cancel();
    if (shell_)
        shell_->abort();
}

void client_core::admit(operation& op) {
    set_deadline(op, op.what == kind::open    ? options_.open_timeout
                     : op.what == kind::close ? options_.close_timeout
                                              : options_.send_timeout);
    if (shut_) {
        fail(op, describe(nettcp::stage::none));
        return;
    }
    switch (op.what) {
    case kind::open:
        if (phase_ == phase::open || lanes_ != nullptr) {  // streamed: each call opens its own
            succeed(op);
            return;
        }
        op.where = place::opening;
        opening_.push_back(op);
        start_session();
        break;
    case kind::call:
    case kind::send:
        if (ended_ && !options_.reopen && (phase_ == phase::idle || phase_ == phase::kept)) {
            fail(op, last_end_);
            return;
        }
        if (op.options.stream && !is_streamed()) {
            gather(op);
            break;
        }
        op.where = place::waiting;
        waiting_.push_back(op);
        start_waiting();
        break;
    case kind::close:
        if (lanes_ != nullptr) {
            op.where = place::closing;
            closing_.push_back(op);
            feed_lanes();
            break;
        }
        if (phase_ == phase::idle || phase_ == phase::kept) {
            succeed(op);
            return;
        }
        op.where = place::closing;
        closing_.push_back(op);
        if (phase_ == phase::open)
            end_session();
        break;
    }
    rearm();
}

void client_core::start_waiting() {
    if (lanes_ != nullptr) {
        feed_lanes();
        return;
    }
    start_session();
    pump();
}

/// Gives what waits to lanes that are free.
void client_core::feed_lanes() {
    while (!waiting_.empty() && !shut_ && !leaving_) {
        const auto lane = lanes_->free_lane();
        if (lane == nullptr)
            break;
        operation& op = waiting_.front();
        unlink(op);
        deadlines_.erase(op);
        if (initiating_ == &op)
            lane->initiating_ = &op;
        lane->adopt(op);
        lane->initiating_ = nullptr;
    }
    if (waiting_.empty() && lanes_->all_free())
        succeed_all(closing_);
    rearm();
}

void client_core::adopt(operation& op) {
    was_busy_ = true;
    deadlines_.insert(op);
    op.where = place::waiting;
    waiting_.push_back(op);
    start_waiting();
    rearm();
}

channel::duplex_session* client_core::session() noexcept {
    return shell_ ? &shell_->session() : nullptr;
}

bool client_core::has_room() noexcept {
    if (phase_ != phase::open || leaving_ || shell_->session().output_full())
        return false;
    if (!is_lane())
        return true;
    const auto front = front_.lock();
    return front != nullptr && !front->leaving_;
}

soap::outgoing_headers client_core::headers_of(const operation& op) const {
    return {.action = nbfx::dictionary_string{op.action.view()},
            .to = nbfx::dictionary_string{address_.uri()}};
}

std::uint64_t client_core::message_queued(operation& op) {
    if (op.is_stream()) {
        begin_pump(op);
    } else if (is_lane()) {
        shell_->session().end();
        phase_ = phase::closing;
        shell_->flush();
    }
    // A lane has sent its one message when the service has ended its side, as with WCF.
    return is_lane() ? ~std::uint64_t{0} : shell_->queued();
}

void client_core::flush() {
    if (phase_ == phase::open)
        shell_->flush();
}

void client_core::accept(channel::message arrived) {
    if (is_callback(arrived)) {
        serve(std::move(arrived));
        return;
    }
    const bool refused = arrived.is_fault();
    if (operation* const op = take_answered(arrived))
        succeed(*op, reply(std::move(arrived), executor_));
    await_end();
    if (refused && pump_ != nullptr)  // nobody reads what is left of the request
        abandon_call(describe(nettcp::stage::send));
}

void client_core::dropped() {
    outgoing_calls::dropped();
    if (const auto front = front_.lock())
        ++front->dropped_;
}

/// What has a MessageID wants an answer, unless it is one; what relates to nothing may be a
/// one-way message.
bool client_core::is_callback(const channel::message& arrived) const noexcept {
    const soap::headers_view& headers = arrived.headers();
    return !is_lane() && !is_awaited(arrived) && (headers.message_id || !headers.relates_to);
}

void client_core::serve(channel::message arrived) {
    if (callbacks_ == nullptr) {
        session_info info;
        info.peer = shell_->peer();
        info.via = (options_.via ? *options_.via : address_).uri();
        info.endpoint = address_.uri();
        if (const security::party* const known = shell_->session().peer())
            info.caller = std::make_shared<const security::party>(*known);
        callbacks_ = std::make_shared<client_callbacks>(
            callback_choices_, static_cast<client_callbacks::owner&>(*this), shell_,
            std::make_shared<const session_info>(std::move(info)));
    }
    const auto kept = callbacks_;  // a handler may destroy the client
    kept->arrived(std::move(arrived));
}

void client_core::end_callbacks(bool called_off) {
    if (const auto ended = std::exchange(callbacks_, nullptr))
        ended->end(called_off);
}

void client_core::break_off(const error_code& why) {
    shell_->session().fail(why);
    shell_->proceed();
}

void client_core::cancel(std::uint64_t id) {
    if (cancel_own(id)) {
        abandon_unwanted_attempt();
        rearm();
    } else if (lanes_ != nullptr) {
        lanes_->cancel(id);
    }
}

void client_core::rearm() {
    if (!timer_)
        return;
    tell_front();
    net::time_point next = std::min({attempt_deadline_, idle_deadline_, next_deadline()});
    if (callbacks_)
        next = std::min(next, callbacks_->call_deadline());
    if (shell_)
        next = std::min(next, cool_at_);
    if (next == net::never && phase_ == phase::idle)
        timer_->stop();
    else
        timer_->set(next);
}

diagnostics client_core::describe(nettcp::stage where) const {
    diagnostics known;
    known.stage = where;
    known.code = boost::asio::error::operation_aborted;
    known.endpoint = address_.uri();
    if (shell_)
        known.peer = shell_->peer();
    else if (connector_)
        known.peer = connector_->peer();
    else if (phase_ == phase::pausing) {
        known.peer = last_end_.peer;
        known.provider = last_end_.provider;
        known.peer_said = last_end_.peer_said;
    }
    return known;
}

nettcp::stage client_core::stage_of(const operation& op) const noexcept {
    switch (op.where) {
    case place::nowhere:
    case place::opening:
    case place::waiting: return phase_ == phase::open ? nettcp::stage::send : session_stage();
    case place::writing: return nettcp::stage::send;
    case place::pending:
        return op.queued_up_to > shell_->written() ? nettcp::stage::send : nettcp::stage::receive;
    case place::closing: return nettcp::stage::close;
    }
    return nettcp::stage::none;
}

/// How far the opening of a session has come, or had come when it failed.
nettcp::stage client_core::preamble_stage() const noexcept {
    if (!shell_)
        return nettcp::stage::preamble;
    const channel::duplex_session& session = shell_->session();
    const error& failure = session.failure();
    if (security_ && failure.code == framing::errc::peer_said_upgrade_invalid)
        return nettcp::stage::upgrade;
    switch (session.last_phase()) {
    case channel::phase::upgrading: return nettcp::stage::upgrade;
    case channel::phase::authenticating: return nettcp::stage::authenticate;
    case channel::phase::secured: return nettcp::stage::open;
    default: return nettcp::stage::preamble;
    }
}

nettcp::stage client_core::session_stage() const noexcept {
    switch (phase_) {
    case phase::idle:
    case phase::kept: return nettcp::stage::none;
    case phase::pausing: return last_end_.stage;
    case phase::connecting: return connector_->stage();
    case phase::preamble: return preamble_stage();
    case phase::open: return nettcp::stage::receive;
    case phase::closing:
        return is_lane() && !pending_.empty() ? nettcp::stage::receive : nettcp::stage::close;
    }
    return nettcp::stage::none;
}

}  // namespace nettcp
