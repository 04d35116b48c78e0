// Decides on which thread an answer is written: the session's, wherever the call is.

#include <nettcp/service/incoming_call.hpp>

#include "net/incoming_body.hpp"
#include "service/call_session.hpp"
#include "service/callback_calls.hpp"

#include <nettcp/service/service_of.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/channel/errc.hpp>

namespace nettcp {

namespace {

/// A call is destroyed: its session answers for it if nobody has, and others may begin.
void drop(call_record& record) {
    const auto host = record.host.lock();
    record.leave_instance();
    if (const auto session = record.session.lock())
        session->call_dropped(record);
    if (host == nullptr || record.starting)
        return;
    // A one-way message has done all that was asked of it.
    const auto how = record.one_way ? call_outcome::replied : call_outcome::cancelled;
    host->meter().ended(record.observed, how, [&] { return record.describe(); });
    host->call_ended();
}

}  // namespace

call_info call_record::describe() const noexcept {
    const auto& id = message.headers().message_id;
    return {.action = message.headers().action,
            .endpoint = info->endpoint,
            .peer = info->peer,
            .message_id = id && id->guid ? *id->guid : uuid(),
            .activity = activity,
            .connection = info->id,
            .incoming = true,
            .one_way = one_way};
}

void call_record::leave_instance() {
    place.reset();
    if (turn != nullptr)
        turn->end();
}

void* typed::instance_of(incoming_call& call) noexcept {
    return call_record::of(call).instance.get();
}

fault_exception::fault_exception(soap::fault answer)
    : fault_(std::make_shared<const soap::fault>(std::move(answer))) {}

fault_exception::~fault_exception() = default;

const char* fault_exception::what() const noexcept {
    return fault_->reasons.empty() ? "SOAP fault" : fault_->reasons.front().text.c_str();
}

incoming_call& incoming_call::operator=(incoming_call&& other) noexcept {
    const incoming_call old(std::move(*this));
    record_ = std::exchange(other.record_, nullptr);
    return *this;
}

incoming_call::~incoming_call() {
    if (record_ == nullptr)
        return;
    const auto store = record_->store;
    if (store->runs_here())
        drop(*record_);
    else
        store->post([share = call_share(*record_)] { drop(*share); });
    record_->release();
}

void incoming_call::end_body() {
    if (body().ok()) {
        if (const auto ended = message().read_end(); !ended)
            throw fault_exception(soap::deserialization_failed(ended.error().code.message()));
        return;
    }
    throw fault_exception(soap::deserialization_failed(body().failure().code.message()));
}

const soap::headers_view& incoming_call::headers() const noexcept {
    return record_->message.headers();
}

channel::message& incoming_call::message() noexcept {
    return record_->message;
}

bool incoming_call::is_one_way() const noexcept {
    return record_->one_way;
}

const session_info& incoming_call::session() const noexcept {
    return *record_->info;
}

boost::asio::any_io_executor incoming_call::get_executor() const {
    return record_->store->executor();
}

bool incoming_call::is_on_executor() const noexcept {
    return record_->store->runs_here();
}

void incoming_call::post_reply(std::function<void(nbfx::writer&)> body,
                               const reply_options& options) {
    record_->store->post([share = call_share(*record_), write = std::move(body),
                          action = std::string(options.action), headers = options.headers] {
        try {
            reply_writer out(*share, {action, headers});
            if (out.writer != nullptr) {
                write(*out.writer);
                out.finish();
            }
        } catch (...) {
            if (const auto session = share->session.lock())
                session->answer_exception(*share, std::current_exception());
        }
    });
}

callback_channel incoming_call::callback() const {
    if (const auto session = record_->session.lock())
        return session->callback(*record_);
    return closed_callbacks(record_->store, channel::errc::session_closed);
}

callback_channel incoming_call::callback(const callback_channel& other) const {
    const auto& turn = record_->turn;
    const bool ours =
        turn != nullptr && other.calls_ != nullptr && &other.calls_->gate() == turn->store().get();
    return callback_channel(other.calls_, ours ? turn : nullptr);
}

body_reader incoming_call::stream() {
    if (record_->body != nullptr)
        return {get_executor(), std::exchange(record_->body, nullptr)};
    return {get_executor(), net::whole_body(record_->message, get_executor())};
}

void incoming_call::reply_stream(std::function<void(nbfx::writer&)> body,
                                 std::shared_ptr<body_source> content,
                                 const reply_options& options) {
    if (!is_on_executor()) {
        record_->store->post([share = call_share(*record_), body = std::move(body),
                              content = std::move(content), action = std::string(options.action),
                              headers = options.headers] {
            const auto session = share->session.lock();
            if (session == nullptr)
                return;
            try {
                session->reply_stream(*share, body, content, {action, headers});
            } catch (...) {
                session->answer_exception(*share, std::current_exception());
            }
        });
        return;
    }
    if (const auto session = record_->session.lock())
        session->reply_stream(*record_, body, std::move(content), options);
}

void incoming_call::fault(soap::fault answer) {
    if (!is_on_executor()) {
        record_->store->post([share = call_share(*record_), kept = std::move(answer)] {
            if (const auto session = share->session.lock())
                session->answer_fault(*share, kept);
        });
        return;
    }
    if (const auto session = record_->session.lock())
        session->answer_fault(*record_, answer);
}

void incoming_call::deserialization_failed(const error& why) {
    fault(soap::deserialization_failed(why.code.message()));
}

void incoming_call::failed(const std::exception_ptr& why) {
    if (!is_on_executor()) {
        record_->store->post([share = call_share(*record_), why] {
            if (const auto session = share->session.lock())
                session->answer_exception(*share, why);
        });
        return;
    }
    if (const auto session = record_->session.lock())
        session->answer_exception(*record_, why);
}

incoming_call::reply_writer::reply_writer(call_record& call, const reply_options& options)
    : record(call) {
    if (const auto session = record.session.lock())
        writer = session->begin_reply(record, options);
}

incoming_call::reply_writer::~reply_writer() {
    if (writer == nullptr || finished)
        return;
    if (const auto session = record.session.lock())
        session->abandon_reply();
}

void incoming_call::reply_writer::finish() {
    finished = true;
    if (const auto session = record.session.lock())
        session->end_reply(record);
}

}  // namespace nettcp
