// Decides which messages are for which endpoint, who may send them, when both sides have said all,
// and how the service's own messages get back to the caller.

#include "service/host_core.hpp"
#include "service/service_session.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

namespace nettcp {

using boost::system::error_code;
using kind = session_event::kind;
namespace names = soap::names;

// Requests.

void service_session::arrived(channel::message message) {
    last_activity_ = net::clock::now();
    message_start_ = net::never;
    if (is_reply(message)) {
        callbacks_.load()->accept(std::move(message));
        return;
    }
    if (ended_)
        return;  // we have said that we listen no more
    take(std::move(message));
    if (limits_.timeout != net::clock::duration::max())
        update_deadline();
}

std::shared_ptr<call_host> service_session::host() {
    return host_;
}

bool service_session::is_for_us(std::optional<std::string_view> to) {
    if (!to)
        return false;
    if (*to == matched_to_)
        return true;
    if (!endpoint_->is_addressed_by(*to, local_port_))
        return false;
    const std::lock_guard lock(host_->callbacks_guard());  // callbacks say it, too
    matched_to_ = *to;
    return true;
}

bool service_session::is_authorized(const call_record& call) {
    const auto& asked = endpoint_->options.authorize;
    if (!asked)
        return true;
    const std::string_view action = call.message.headers().action;
    std::string thrown;
    try {
        if (asked(*info_, action))
            return true;
    } catch (const std::exception& problem) {
        thrown = problem.what();
    } catch (...) {
        thrown = "an exception of no standard type";
    }
    const std::string who = info_->caller && !info_->caller->name.empty()
                                ? '"' + printable(info_->caller->name) + '"'
                                : std::string("somebody unknown");
    log(kind::call_failed, describe(soap::errc::access_denied, stage::receive),
        "To " + who + ", who asked for " + printable(action) + '.' +
            (thrown.empty() ? std::string() : " The authorization threw: " + thrown));
    return false;
}

void service_session::waits_in_line() {
    host_->counters()->waited_in_line.add();
}

void service_session::wait_for_turn() {
    host_->wait_for_turn(weak_from_this());
}

void service_session::reading_changed(bool reads) {
    if (reads)
        last_activity_ = net::clock::now();
    else
        message_start_ = net::never;
    update_deadline();
}

// Answers.

nbfx::xml_string service_session::answer_address(const soap::headers_view& asked,
                                                 bool is_fault) const {
    const auto& wanted = is_fault && asked.fault_to ? asked.fault_to : asked.reply_to;
    if (wanted && *wanted != names::anonymous.text)
        return *wanted;
    return names::anonymous;
}

void service_session::answer_given() {
    sent();
    end_if_done();
}

void service_session::call_over() {
    last_activity_ = net::clock::now();
    end_if_done();
    update_deadline();
}

void service_session::call_failed(const diagnostics& why, std::string_view note) {
    log(kind::call_failed, why, note);
}

/// Something was queued: it must be gone in time, and if it is much, the peer is to read first.
void service_session::sent() {
    const channel::duplex_session& session = shell_->session();
    if (shell_->written() >= send_goal_ && session.output_size() != 0) {
        send_goal_ = shell_->queued();
        send_deadline_ = net::later(net::clock::now(), options_.send_timeout);
    }
    if (session.output_full())
        pause(output_full);
    shell_->flush();
}

/// Ends our side when nobody needs it any more: the peer has ended its own, or the host stops.
void service_session::end_if_done() {
    const bool wanted = peer_ended_ || is_paused(draining);
    if (!wanted || ended_ || over_ || !open_ || unanswered_ != 0 || !held_.empty())
        return;
    ended_ = true;
    shell_->session().end();
    sent();
    shell_->proceed();
    resume(draining);
    update_deadline();
}

// Callbacks.

void service_session::begin_callbacks() {
    const std::lock_guard lock(host_->callbacks_guard());
    callbacks_session_ = info_->session;
    no_callbacks_ = shell_->session().mode() == framing::mode::duplex
                        ? error_code()
                        : error_code(channel::errc::callbacks_unsupported);
}

void service_session::callbacks_queued() {
    sent();
    update_deadline();
}

callback_channel service_session::callback(const call_record& call) {
    const std::lock_guard lock(host_->callbacks_guard());
    if (callbacks_session_ != call.info->session)
        return closed_callbacks(store_, channel::errc::session_closed);
    if (no_callbacks_)
        return closed_callbacks(store_, no_callbacks_);
    if (callbacks_owner_ == nullptr) {
        callbacks_owner_ = std::make_shared<callback_calls>(
            store_, shell_, static_cast<callback_calls::owner*>(this), matched_to_,
            options_.send_timeout, options_.max_waiting_callbacks);
        callbacks_owner_->count(host_->counters()->callbacks);
        callbacks_ = callbacks_owner_.get();
    }
    return callback_channel(callbacks_owner_, call.turn);
}

/// Whether it answers a callback, now or too late: then it is no request.
bool service_session::is_reply(const channel::message& message) {
    callback_calls* const callbacks = callbacks_;
    const soap::headers_view& headers = message.headers();
    return callbacks != nullptr && headers.relates_to &&
           (callbacks->is_awaited(message) || !headers.message_id);
}

bool service_session::reads_ahead() const noexcept {
    const callback_calls* const callbacks = callbacks_;
    return callbacks != nullptr && callbacks->awaits_replies();
}

void service_session::end_callbacks(const error_code& why) {
    std::shared_ptr<callback_calls> ended;
    {
        const std::lock_guard lock(host_->callbacks_guard());
        ended = std::exchange(callbacks_owner_, nullptr);
        callbacks_ = nullptr;
        callbacks_session_ = {};
    }
    if (ended != nullptr)
        ended->end(describe(why, stage::receive));
}

}  // namespace nettcp
