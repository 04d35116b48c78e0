// Decides what happens to a message: which handler gets it, when, and which fault answers it
// instead. Deviates from CoreWCF where that ends sessions without need: what a fault can say does
// not cost the session.

#include "service/host_core.hpp"
#include "service/service_session.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/soap/envelope.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

#include <boost/core/demangle.hpp>

#include <algorithm>
#include <typeinfo>

namespace nettcp {

using kind = session_event::kind;
namespace names = soap::names;

namespace {

constexpr std::string_view address_none = "http://www.w3.org/2005/08/addressing/none";

/// What WCF puts into a fault when exceptions are to be shown.
void write_exception_detail(nbfx::writer& out, std::string_view type, std::string_view message) {
    const auto ns = names::ns_service_model.text;
    const auto nothing = [&](std::string_view local) {
        out.start_element(local, ns);
        out.attribute("i", names::nil, names::ns_xsi, "true");
        out.end_element();
    };
    out.start_element("ExceptionDetail", ns);
    out.declare_namespace("i", names::ns_xsi);
    nothing("HelpLink");
    nothing("InnerException");
    out.start_element("Message", ns);
    out.text(message);
    out.end_element();
    nothing("StackTrace");
    out.start_element("Type", ns);
    out.text(type);
    out.end_element();
    out.end_element();
}

soap::fault exception_fault(std::string type, std::string message) {
    soap::fault shown = soap::internal_service_fault();
    shown.reasons = {{message, "en-US"}};
    shown.detail = [type = std::move(type), message = std::move(message)](nbfx::writer& out) {
        write_exception_detail(out, type, message);
    };
    return shown;
}

}  // namespace

// Messages.

void service_session::arrived(channel::message message) {
    last_activity_ = net::clock::now();
    message_start_ = net::never;
    if (ended_)
        return;  // we have said that we listen no more
    if (held_.empty() && call_count_ < options_.max_concurrent_calls_per_session &&
        host_->begin_call()) {
        start_call(std::move(message));
        return;
    }
    held_.push_back(std::move(message));
    start_held();
}

void service_session::take_turn() {
    const auto self = shared_from_this();
    in_line_ = false;
    start_held();
    update_deadline();
}

/// Starts what waits, in order, as far as the throttles allow. While something is left, the peer
/// is not read from, so that is little.
void service_session::start_held() {
    if (std::exchange(starting_held_, true))
        return;  // a handler has ended within: the loop further out goes on
    bool waiting = false;
    while (!over_ && !held_.empty()) {
        if (call_count_ >= options_.max_concurrent_calls_per_session)
            break;  // the end of one of ours comes back here
        if (!host_->begin_call()) {
            waiting = true;
            break;
        }
        channel::message next = std::move(held_.front());
        held_.pop_front();
        start_call(std::move(next));
    }
    starting_held_ = false;
    if (over_)
        return;
    if (held_.empty()) {
        resume(throttled);
        return;
    }
    pause(throttled);
    if (waiting && !std::exchange(in_line_, true))
        host_->wait_for_turn(weak_from_this());
}

void service_session::start_call(channel::message message) {
    call_record& record = *host_->store()->take();
    const call_share share(record);
    record.store = host_->store();
    record.host = host_;
    record.session = weak_from_this();
    record.info = info_;
    record.table = endpoint_->table;
    record.message = std::move(message);
    record.body = std::exchange(begun_, nullptr);
    record.one_way = true;  // until it has turned out to want an answer
    list(record);
    record.starting = true;
    if (check_rules(record))
        run_handler(record);
    record.starting = false;
    if (record.op == nullptr || record.dropped) {
        call_dropped(record);
        host_->call_ended();
    }
}

/// Calls the handler. What it throws becomes the answer.
void service_session::run_handler(call_record& call) {
    call.references.fetch_add(1, std::memory_order_relaxed);  // the share of the `incoming_call`
    try {
        call.op->start(call_record::make_call(call));
    } catch (...) {
        answer_exception(call, std::current_exception());
    }
}

/// Whether the message is one for its handler; if not, it has been answered if it can be.
///
/// Spec: [SOAP 1.2] "SOAP Processing Model", [WS-Addressing 1.0 - SOAP Binding].
bool service_session::check_rules(call_record& call) {
    const soap::headers_view& headers = call.message.headers();
    const auto refuse = [&](const soap::fault& answer) {
        call.op = nullptr;
        answer_fault(call, answer);
        return false;
    };
    if (headers.message_id) {
        if (is_id_in_use(call)) {
            abort(channel::errc::message_id_reused, true);
            return false;
        }
        call.one_way = false;
        ++unanswered_;
    }
    if (!is_for_us(headers.to))
        return refuse(soap::destination_unreachable(headers.to.value_or(std::string_view())));
    if (headers.action.empty())
        return refuse(soap::header_required(names::action.text));
    call.op = endpoint_->table->find(headers.action);
    if (call.op == nullptr)
        return refuse(soap::action_not_supported(headers.action));
    if (call.op->options.one_way && !std::exchange(call.one_way, true))
        --unanswered_;
    if (!call.op->options.one_way && !headers.message_id) {
        call.one_way = false;  // the peer may wait: say what it forgot
        ++unanswered_;
        return refuse(soap::header_required(names::message_id.text));
    }
    if (!is_authorized(call))
        return refuse(soap::access_denied());
    if (!understands_headers(call)) {
        call.op = nullptr;
        answer_fault(call, soap::must_understand_fault(), [&](nbfx::writer& out) {
            soap::write_not_understood(out, headers.others, shell_->session().version());
        });
        return false;
    }
    return true;
}

bool service_session::is_for_us(std::optional<std::string_view> to) {
    if (!to)
        return false;
    if (*to == matched_to_)
        return true;
    if (!endpoint_->is_addressed_by(*to, local_port_))
        return false;
    matched_to_ = *to;
    return true;
}

bool service_session::is_id_in_use(const call_record& call) const noexcept {
    const auto& id = call.message.headers().message_id;
    for (const call_record* other = calls_; other != nullptr; other = other->next) {
        if (other != &call && !other->answered && other->message.headers().message_id == id)
            return true;
    }
    return false;
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

bool service_session::understands_headers(call_record& call) {
    const operation_options& options = call.op->options;
    if (options.understands_all)
        return true;
    for (const soap::other_header& header : call.message.headers().others) {
        if (!header.must_understand || !header.for_us)
            continue;
        const auto known = [&](const soap::qname& name) {
            return name.local == header.local && name.ns == header.ns;
        };
        if (std::ranges::none_of(options.understands, known))
            return false;
    }
    return true;
}

// Answers.

soap::outgoing_headers service_session::answer_headers(const call_record& call,
                                                       bool is_fault) const {
    const soap::headers_view& asked = call.message.headers();
    soap::outgoing_headers headers;
    headers.relates_to = asked.message_id;
    headers.to = names::anonymous;
    auto wanted = asked.reply_to;
    if (is_fault && asked.fault_to)
        wanted = asked.fault_to;
    if (wanted && *wanted != names::anonymous.text)
        headers.to = nbfx::xml_string(*wanted);
    return headers;
}

nbfx::writer* service_session::begin_reply(call_record& call, const reply_options& options) {
    if (over_ || call.answered || call.one_way)
        return nullptr;
    soap::outgoing_headers headers = answer_headers(call, false);
    if (headers.to->text() == address_none) {
        answered(call);
        return nullptr;
    }
    if (options.action.empty())
        headers.action = nbfx::dictionary_string{call.op->reply_action, nbfx::no_static_id};
    else
        headers.action = options.action;
    return &shell_->session().begin_message(headers, options.headers);
}

void service_session::end_reply(call_record& call) {
    const auto self = shared_from_this();
    if (over_)
        return;
    const auto written = shell_->session().end_message();
    if (written) {
        answered(call);
        return;
    }
    diagnostics why = describe(written.error().code, stage::send);
    why.set(written.error());
    log(kind::call_failed, why,
        "The reply to " + std::string(call.message.headers().action) + " cannot be written.");
    answer_fault(call, soap::internal_service_fault());
}

void service_session::abandon_reply() noexcept {
    if (!over_)
        shell_->session().abandon_message();
}

void service_session::answer_fault(call_record& call, const soap::fault& answer,
                                   const std::function<void(nbfx::writer&)>& more_headers) {
    const auto self = shared_from_this();
    if (over_ || call.answered || call.one_way)
        return;
    send_fault(call, answer, more_headers);
    answered(call);
}

void service_session::send_fault(call_record& call, const soap::fault& answer,
                                 const std::function<void(nbfx::writer&)>& more_headers) {
    soap::outgoing_headers headers = answer_headers(call, true);
    if (headers.to->text() == address_none)
        return;
    channel::duplex_session& session = shell_->session();
    headers.action = answer.action_or_default();
    soap::write_fault(session.begin_message(headers, more_headers), answer, session.version());
    if (const auto written = session.end_message(); !written) {
        // Somebody's Detail cannot be written; what comes now can.
        log(kind::call_failed, describe(written.error().code, stage::send),
            "The fault cannot be written.");
        const soap::fault plain = soap::internal_service_fault();
        headers.action = plain.action_or_default();
        soap::write_fault(session.begin_message(headers), plain, session.version());
        (void)session.end_message();
    }
}

void service_session::answer_exception(call_record& call, const std::exception_ptr& why) {
    std::string type = "exception";
    std::string message;
    try {
        std::rethrow_exception(why);
    } catch (const fault_exception& thrown) {
        answer_fault(call, thrown.fault());
        return;
    } catch (const std::exception& thrown) {
        type = boost::core::demangle(typeid(thrown).name());
        message = thrown.what();
    } catch (...) {
        message = "An exception of no standard type.";
    }
    if (over_)
        return;
    log(kind::call_failed, describe(net::errc::handler_failed, stage::receive),
        "The handler of " + std::string(call.message.headers().action) + " threw " + type + ": " +
            message);
    if (options_.include_exception_detail)
        answer_fault(call, exception_fault(std::move(type), std::move(message)));
    else
        answer_fault(call, soap::internal_service_fault());
}

void service_session::call_dropped(call_record& call) {
    const auto self = shared_from_this();
    if (call.starting) {
        call.dropped = true;  // whoever starts it sees to the rest
        return;
    }
    if (over_)
        return;
    if (!call.answered && !call.one_way) {
        log(kind::call_failed, describe(net::errc::handler_failed, stage::receive),
            "The handler of " + std::string(call.message.headers().action) + " gave no answer.");
        answer_fault(call, soap::internal_service_fault());
    }
    if (over_)
        return;
    unlist(call);
    last_activity_ = net::clock::now();
    if (!held_.empty())
        start_held();
    end_if_done();
    update_deadline();
}

void service_session::answered(call_record& call) {
    call.answered = true;
    --unanswered_;
    sent();
    end_if_done();
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
    const bool wanted = peer_ended_ || (paused_ & draining) != 0;
    if (!wanted || ended_ || over_ || !open_ || unanswered_ != 0 || !held_.empty())
        return;
    ended_ = true;
    shell_->session().end();
    sent();
    shell_->proceed();
    resume(draining);
    update_deadline();
}

void service_session::list(call_record& call) {
    call.references.fetch_add(1, std::memory_order_relaxed);
    call.listed = true;
    call.previous = nullptr;
    call.next = calls_;
    if (calls_ != nullptr)
        calls_->previous = &call;
    calls_ = &call;
    ++call_count_;
}

void service_session::unlist(call_record& call) {
    if (!std::exchange(call.listed, false))
        return;
    (call.previous != nullptr ? call.previous->next : calls_) = call.next;
    if (call.next != nullptr)
        call.next->previous = call.previous;
    call.previous = call.next = nullptr;
    --call_count_;
    call.release();
}

}  // namespace nettcp
