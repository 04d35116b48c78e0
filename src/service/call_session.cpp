// Decides what happens to a message: which handler gets it, when, and which fault answers it
// instead. Deviates from CoreWCF where that ends sessions without need: what a fault can say does
// not cost the session.

#include "service/call_session.hpp"

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

call_session::~call_session() = default;

// Messages.

namespace {

/// What a message that is held takes of the limit beside its octets.
constexpr std::size_t held_overhead = 1024;

std::size_t held_size(const channel::message& message) noexcept {
    return message.document().size() + held_overhead;
}

}  // namespace

void call_session::take(channel::message message) {
    if (held_.empty() && !is_paused(output_full) && call_count_ < limits_.max_calls &&
        host()->begin_call()) {
        start_call(std::move(message));
        return;
    }
    held_octets_ += held_size(message);
    held_.push_back(std::move(message));
    start_held();
}

void call_session::take_turn() {
    const auto self = shared_from_this();
    in_line_ = false;
    start_held();
}

/// Starts what waits, in order, as far as the throttles allow. While something is left, the peer
/// is not read from as a rule, so that is little.
void call_session::start_held() {
    if (std::exchange(starting_held_, true))
        return;  // a handler has ended within: the loop further out goes on
    bool waiting = false;
    while (!over_ && !held_.empty()) {
        if (call_count_ >= limits_.max_calls || is_paused(output_full))
            break;  // the end of one of ours comes back here, and so does room
        if (!host()->begin_call()) {
            waiting = true;
            break;
        }
        channel::message next = std::move(held_.front());
        held_.pop_front();
        held_octets_ -= held_size(next);
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
        wait_for_turn();
}

void call_session::start_call(channel::message message) {
    call_record& record = *store_->take();
    const call_share share(record);
    const auto counts = host();
    record.store = store_;
    record.host = counts;
    record.session = weak_from_this();
    record.info = info_;
    record.table = table();
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
        counts->call_ended();
    }
}

/// Calls the handler. What it throws becomes the answer.
void call_session::run_handler(call_record& call) {
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
bool call_session::check_rules(call_record& call) {
    const soap::headers_view& headers = call.message.headers();
    const auto refuse = [&](const soap::fault& answer) {
        call.op = nullptr;
        answer_fault(call, answer);
        return false;
    };
    if (headers.message_id) {
        if (is_id_in_use(call)) {
            break_off(channel::errc::message_id_reused);
            return false;
        }
        call.one_way = false;
        ++unanswered_;
    }
    if (!is_for_us(headers.to))
        return refuse(soap::destination_unreachable(headers.to.value_or(std::string_view())));
    if (headers.action.empty())
        return refuse(soap::header_required(names::action.text));
    call.op = call.table->find(headers.action);
    if (call.op == nullptr && call.one_way)
        nobody_serves();
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

bool call_session::is_id_in_use(const call_record& call) const noexcept {
    const auto& id = call.message.headers().message_id;
    for (const call_record* other = calls_; other != nullptr; other = other->next) {
        if (other != &call && !other->answered && other->message.headers().message_id == id)
            return true;
    }
    return false;
}

bool call_session::understands_headers(call_record& call) {
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

soap::outgoing_headers call_session::answer_headers(const call_record& call, bool is_fault) const {
    const soap::headers_view& asked = call.message.headers();
    soap::outgoing_headers headers;
    headers.relates_to = asked.message_id;
    headers.to = answer_address(asked, is_fault);
    // WCF says so in sessions only, where other messages may be for somebody else.
    if (headers.to->text() == names::anonymous.text &&
        shell_->session().mode() == framing::mode::singleton_unsized)
        headers.to.reset();
    return headers;
}

soap::outgoing_headers call_session::reply_headers(const call_record& call,
                                                   const reply_options& options) const {
    soap::outgoing_headers headers = answer_headers(call, false);
    if (options.action.empty())
        headers.action = nbfx::dictionary_string{call.op->reply_action, nbfx::no_static_id};
    else
        headers.action = options.action;
    return headers;
}

bool call_session::is_for_nobody(const soap::outgoing_headers& answer) noexcept {
    return answer.to && answer.to->text() == address_none;
}

nbfx::writer* call_session::begin_reply(call_record& call, const reply_options& options) {
    if (over_ || call.answered || call.one_way)
        return nullptr;
    const soap::outgoing_headers headers = reply_headers(call, options);
    if (is_for_nobody(headers)) {
        answered(call);
        return nullptr;
    }
    return &shell_->session().begin_message(headers, options.headers);
}

void call_session::end_reply(call_record& call) {
    const auto self = shared_from_this();
    if (over_)
        return;
    const auto written = shell_->session().end_message();
    if (written) {
        answered(call);
        return;
    }
    reply_unwritable(call, written.error());
}

void call_session::reply_unwritable(call_record& call, const error& what) {
    diagnostics why = describe(what.code, stage::send);
    why.set(what);
    call_failed(why, "The reply to " + std::string(call.message.headers().action) +
                         " cannot be written.");
    answer_fault(call, soap::internal_service_fault());
}

void call_session::abandon_reply() noexcept {
    if (!over_)
        shell_->session().abandon_message();
}

void call_session::answer_fault(call_record& call, const soap::fault& answer,
                                const std::function<void(nbfx::writer&)>& more_headers) {
    const auto self = shared_from_this();
    if (over_ || call.answered || call.one_way)
        return;
    send_fault(call, answer, more_headers);
    answered(call);
}

void call_session::send_fault(call_record& call, const soap::fault& answer,
                              const std::function<void(nbfx::writer&)>& more_headers) {
    soap::outgoing_headers headers = answer_headers(call, true);
    if (is_for_nobody(headers))
        return;
    channel::duplex_session& session = shell_->session();
    headers.action = answer.action_or_default();
    soap::write_fault(session.begin_message(headers, more_headers), answer, session.version());
    if (const auto written = session.end_message(); !written) {
        // Somebody's Detail cannot be written; what comes now can.
        call_failed(describe(written.error().code, stage::send), "The fault cannot be written.");
        const soap::fault plain = soap::internal_service_fault();
        headers.action = plain.action_or_default();
        soap::write_fault(session.begin_message(headers), plain, session.version());
        (void)session.end_message();
    }
}

void call_session::answer_exception(call_record& call, const std::exception_ptr& why) {
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
    call_failed(describe(net::errc::handler_failed, stage::receive),
                "The handler of " + std::string(call.message.headers().action) + " threw " + type +
                    ": " + message);
    if (limits_.include_exception_detail)
        answer_fault(call, exception_fault(std::move(type), std::move(message)));
    else
        answer_fault(call, soap::internal_service_fault());
}

void call_session::call_dropped(call_record& call) {
    const auto self = shared_from_this();
    if (call.starting) {
        call.dropped = true;  // whoever starts it sees to the rest
        return;
    }
    if (over_)
        return;
    if (!call.answered && !call.one_way) {
        call_failed(describe(net::errc::handler_failed, stage::receive),
                    "The handler of " + std::string(call.message.headers().action) +
                        " gave no answer.");
        answer_fault(call, soap::internal_service_fault());
    }
    if (over_)
        return;
    unlist(call);
    if (!held_.empty())
        start_held();
    if (!over_)
        call_over();
}

void call_session::answered(call_record& call) {
    call.answered = true;
    --unanswered_;
    answer_given();
}

// Reading.

void call_session::pause(pause_reason why) {
    paused_ |= why;
    update_reading();
}

void call_session::resume(pause_reason why) {
    paused_ &= ~static_cast<unsigned>(why);
    update_reading();
}

void call_session::update_reading() {
    if (over_)
        return;
    const bool reads = paused_ == 0 || (reads_ahead() && held_octets_ < limits_.max_held);
    if (std::exchange(reads_, reads) == reads)
        return;
    shell_->keep_reading(reads);
    reading_changed(reads);
}

// Time.

net::time_point call_session::call_deadline() const noexcept {
    for (const call_record* call = oldest_; call != nullptr; call = call->previous) {
        if (!call->expired)
            return call->deadline;
    }
    return net::never;
}

/// Answers for calls that have taken too long, and cancels them. They still count until their
/// handlers have let go of them.
void call_session::expire_calls(net::time_point now) {
    const auto self = shared_from_this();
    while (!over_ && call_deadline() <= now) {
        call_record* late = oldest_;
        while (late->expired)
            late = late->previous;
        const call_share kept(*late);
        late->expired = true;
        call_failed(describe(net::errc::timed_out, stage::receive),
                    "The handler of " + std::string(late->message.headers().action) +
                        " takes too long.");
        answer_fault(*late, soap::internal_service_fault());
        if (late->cancelled != nullptr)
            late->cancelled->emit(boost::asio::cancellation_type::terminal);
    }
}

void call_session::let_go(bool called_off) {
    gathering_.clear();
    held_.clear();
    held_octets_ = 0;
    while (calls_ != nullptr) {
        const call_share call(*calls_);
        unlist(*call);
        if (called_off && call->cancelled != nullptr)
            call->cancelled->emit(boost::asio::cancellation_type::terminal);
    }
}

void call_session::list(call_record& call) {
    call.references.fetch_add(1, std::memory_order_relaxed);
    call.listed = true;
    call.deadline = limits_.timeout == net::clock::duration::max()
                        ? net::never
                        : net::later(net::clock::now(), limits_.timeout);
    call.previous = nullptr;
    call.next = calls_;
    (calls_ != nullptr ? calls_->previous : oldest_) = &call;
    calls_ = &call;
    ++call_count_;
}

void call_session::unlist(call_record& call) {
    if (!std::exchange(call.listed, false))
        return;
    (call.previous != nullptr ? call.previous->next : calls_) = call.next;
    (call.next != nullptr ? call.next->previous : oldest_) = call.previous;
    call.previous = call.next = nullptr;
    --call_count_;
    call.release();
}

}  // namespace nettcp
