// Decides what happens to a message: which handler gets it, and which fault answers it instead.
// Deviates from CoreWCF where that ends sessions without need: what a fault can say does not cost
// the session.

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

void call_session::start_call(held_message message, line_place place) {
    call_record& record = make_record(std::move(message));
    const call_share share(record);
    const auto counts = record.host.lock();
    if (place && record.table->instances->options.concurrency == concurrency_mode::reentrant)
        record.turn = std::make_shared<call_turn>(std::move(place), store_);
    else
        record.place = std::move(place);
    note_begin(record);
    record.starting = true;
    if (check_rules(record))
        run_handler(record);
    record.starting = false;
    if (record.op == nullptr || record.dropped) {
        record.leave_instance();
        call_dropped(record);
        const bool served = record.op != nullptr && record.one_way;
        note_end(record, served ? call_outcome::replied : call_outcome::failed);
        counts->call_ended();
    }
}

call_record& call_session::make_record(held_message message) {
    call_record& record = *store_->take();
    record.store = store_;
    record.host = host();
    record.session = weak_from_this();
    record.info = info_;
    record.table = table();
    record.message = std::move(message.message);
    record.body = std::exchange(begun_, nullptr);
    record.observed.since = message.since;
    record.one_way = true;  // until it has turned out to want an answer
    list(record, message.deadline);
    return record;
}

/// Calls the handler. What it throws becomes the answer.
void call_session::run_handler(call_record& call) {
    call.references.fetch_add(1, std::memory_order_relaxed);  // the share of the `incoming_call`
    incoming_call made = call_record::make_call(call);
    try {
        if (call.table->instances != nullptr)
            find_instance(call);
        call.op->start(std::move(made));
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

// Observers.

void call_session::note_begin(call_record& call) {
    if (meter_.observer() != nullptr && call.body == nullptr) {
        for (const soap::other_header& each : call.message.headers().others) {
            if (each.local != names::activity_id.text || each.ns != names::ns_diagnostics.text)
                continue;
            nbfx::reader& header = call.message.header(each);
            const uuid read = header.read_element_uuid();
            if (header.ok())
                call.activity = read;
            call.message.reopen_body();
        }
    }
    meter_.began(call.observed, [&] {
        call_info info = call.describe();
        info.one_way = !call.message.headers().message_id;
        return info;
    });
}

void call_session::note_end(call_record& call, call_outcome how) {
    meter_.ended(call.observed, how, [&] { return call.describe(); });
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
        answered(call, call_outcome::replied);
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
        answered(call, call_outcome::replied);
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
    answered(call, call_outcome::faulted);
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
        if (call.one_way)
            note_end(call, call_outcome::faulted);
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
    if (call.one_way)
        note_end(call, call_outcome::faulted);
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

void call_session::answered(call_record& call, call_outcome how) {
    call.answered = true;
    note_end(call, how);
    --unanswered_;
    answer_given();
}

void call_session::let_go(bool called_off) {
    gathering_.reset();
    held_.clear();
    held_octets_ = 0;
    instance_.reset();
    while (calls_ != nullptr) {
        const call_share call(*calls_);
        unlist(*call);
        if (called_off || !call->one_way)
            note_end(*call, call_outcome::cancelled);
        if (called_off && call->cancelled != nullptr)
            call->cancelled->emit(boost::asio::cancellation_type::terminal);
    }
}

void call_session::list(call_record& call, net::time_point deadline) {
    call.references.fetch_add(1, std::memory_order_relaxed);
    call.listed = true;
    call.deadline = deadline;
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
