// Decides which requests are read as streams, and how a reply whose body is a stream is sent.

#include "service/host_core.hpp"
#include "service/service_session.hpp"

#include <nettcp/channel/errc.hpp>

#include <boost/asio/error.hpp>

#include <array>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;
using kind = session_event::kind;

namespace {

/// Octets that are read and dropped at a time.
constexpr std::size_t drain_size = 4096;

}  // namespace

// Requests.

void service_session::message_begun() {
    channel::duplex_session& session = shell_->session();
    channel::message begun = session.take_message();
    const operation* const op = endpoint_->table->find(begun.headers().action);
    if (op == nullptr || !op->options.streamed)
        return;  // the whole follows
    session.stream_body();
    const auto body = std::make_shared<net::incoming_body>(
        host_->executor(), shell_,
        std::shared_ptr<net::incoming_body::owner>(shared_from_this(),
                                                   static_cast<net::incoming_body::owner*>(this)));
    body_ = body;
    body_begun_ = true;
    begun_ = body;
    arrived(std::move(begun));
}

void service_session::wake_body() {
    if (const auto body = body_.lock())
        body->wake();
    else
        drain_body();
}

/// Reads what nobody wants, so that the session can end well.
void service_session::drain_body() {
    std::array<std::byte, drain_size> dropped;
    for (;;) {
        const auto size = shell_->session().read_stream(dropped);
        if (!size || *size == 0)
            break;
    }
    shell_->proceed();
}

/// While the handler waits, the peer's time runs; else only its octets count.
void service_session::body_waits(bool waits) {
    body_waits_ = waits;
    message_start_ = waits ? net::clock::now() : net::never;
    message_octets_ = 0;
    update_deadline();
}

void service_session::body_abandoned(const net::session_shell&) {
    if (!over_ && body_begun_)
        drain_body();
}

// Replies.

void service_session::reply_stream(call_record& call,
                                   const std::function<void(nbfx::writer&)>& body,
                                   std::shared_ptr<body_source> content,
                                   const reply_options& options) {
    const auto self = shared_from_this();
    channel::duplex_session& session = shell_->session();
    if (!session.can_stream()) {
        call_session::reply_stream(call, body, std::move(content), options);
        return;
    }
    if (over_ || call.answered || call.one_way)
        return;
    const soap::outgoing_headers headers = reply_headers(call, options);
    if (is_for_nobody(headers)) {
        answered(call, call_outcome::replied);
        return;
    }
    body(session.begin_stream(headers, options.headers));
    if (const auto started = session.start_stream(); !started) {
        reply_unwritable(call, started.error());
        return;
    }
    note_end(call, call_outcome::replied);  // as far as one knows
    call.answered = true;  // and counts as unanswered until the stream has ended
    pump_ = std::make_shared<net::stream_pump>(
        host_->executor(), shell_, std::move(content),
        [this, alive = weak_from_this()](const error_code& code) {
            if (const auto kept = alive.lock())
                pump_told(code);
        });
    sent();
    pump_->go_on();
}

void service_session::pump_told(const error_code& code) {
    if (over_)
        return;
    if (code && code != asio::error::eof) {
        log(kind::call_failed, describe(code, stage::send),
            "The source of the reply's stream has failed.");
        abort(code, true);
        return;
    }
    if (code) {
        pump_.reset();
        --unanswered_;
    }
    last_activity_ = net::clock::now();
    sent();
    end_if_done();
    update_deadline();
}

void service_session::end_streams(const error_code& why) {
    if (pump_ != nullptr)
        pump_->stop();
    pump_.reset();
    begun_.reset();
    if (const auto body = body_.lock())
        body->fail(why);
    body_.reset();
    body_begun_ = false;
}

}  // namespace nettcp
