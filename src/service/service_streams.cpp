// Decides which requests are read as streams, and how a reply whose body is a stream is sent.

#include "service/host_core.hpp"
#include "service/service_session.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/soap/fault.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <array>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;
using kind = session_event::kind;

namespace {

/// Octets that are read and dropped at a time.
constexpr std::size_t drain_size = 4096;

/// Reads a source to its end.
class gatherer : public std::enable_shared_from_this<gatherer> {
public:
    using taker = std::function<void(const error_code&, std::vector<std::byte>&&)>;

    gatherer(asio::any_io_executor executor, std::shared_ptr<body_source> from, std::size_t limit,
             taker done)
        : executor_(std::move(executor)),
          from_(std::move(from)),
          limit_(limit),
          done_(std::move(done)) {}

    void go_on() {
        octets_.resize(size_ + room_size);
        from_->read(std::span(octets_).subspan(size_),
                    [self = shared_from_this()](const error_code& code, std::size_t size) {
                        asio::post(self->executor_,
                                   [self, code, size] { self->arrived(code, size); });
                    });
    }

private:
    static constexpr std::size_t room_size = 16384;

    void arrived(const error_code& code, std::size_t size) {
        size_ += size;
        if (!code && size_ <= limit_) {
            go_on();
            return;
        }
        octets_.resize(size_);
        const bool ended = code == asio::error::eof;
        done_(ended  ? error_code()
              : code ? code
                     : error_code(asio::error::message_size),
              std::move(octets_));
    }

    asio::any_io_executor executor_;
    std::shared_ptr<body_source> from_;
    std::vector<std::byte> octets_;
    std::size_t size_ = 0;
    std::size_t limit_;
    taker done_;
};

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
    message_start_ = waits ? net::clock::now() : net::never;
    message_octets_ = 0;
    update_deadline();
}

void service_session::body_abandoned() {
    if (!over_ && body_begun_)
        drain_body();
}

// Replies.

void service_session::reply_stream(call_record& call,
                                   const std::function<void(nbfx::writer&)>& body,
                                   std::shared_ptr<body_source> content,
                                   const reply_options& options) {
    const auto self = shared_from_this();
    if (over_ || call.answered || call.one_way)
        return;
    channel::duplex_session& session = shell_->session();
    if (!session.can_stream()) {
        reply_whole(call, body, std::move(content), options);
        return;
    }
    soap::outgoing_headers headers = answer_headers(call, false);
    if (options.action.empty())
        headers.action = nbfx::dictionary_string{call.op->reply_action, nbfx::no_static_id};
    else
        headers.action = options.action;
    body(session.begin_stream(headers, options.headers));
    if (const auto started = session.start_stream(); !started) {
        diagnostics why = describe(started.error().code, stage::send);
        why.set(started.error());
        log(kind::call_failed, why,
            "The reply to " + std::string(call.message.headers().action) + " cannot be written.");
        answer_fault(call, soap::internal_service_fault());
        return;
    }
    call.answered = true;  // and counts as unanswered until the stream has ended
    pump_ = std::make_shared<net::stream_pump>(host_->executor(), shell_, std::move(content),
                                               [weak = weak_from_this()](const error_code& code) {
                                                   if (const auto alive = weak.lock())
                                                       alive->pump_told(code);
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

/// The peer takes one message only.
void service_session::reply_whole(call_record& call, std::function<void(nbfx::writer&)> body,
                                  std::shared_ptr<body_source> content,
                                  const reply_options& options) {
    call.answered = true;  // the answer is on its way
    auto done =
        [share = call_share(call), body = std::move(body), action = std::string(options.action),
         headers = options.headers](const error_code& code, std::vector<std::byte>&& octets) {
            if (const auto session = share->session.lock())
                session->source_gathered(*share, code, octets, body, {action, headers});
        };
    std::make_shared<gatherer>(host_->executor(), std::move(content),
                               options_.session.max_pending_output, std::move(done))
        ->go_on();
}

void service_session::source_gathered(call_record& call, const error_code& code, bytes_view octets,
                                      const std::function<void(nbfx::writer&)>& body,
                                      const reply_options& options) {
    if (over_)
        return;
    call.answered = false;
    if (code) {
        answer_exception(call, std::make_exception_ptr(boost::system::system_error(code)));
        return;
    }
    nbfx::writer* const out = begin_reply(call, options);
    if (out == nullptr)
        return;
    body(*out);
    out->bytes(octets);
    while (out->ok() && out->depth() > 2)
        out->end_element();
    end_reply(call);
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
