#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/channel/message.hpp>
#include <nettcp/net/body_reader.hpp>
#include <nettcp/service/callback_channel.hpp>
#include <nettcp/service/fault_exception.hpp>
#include <nettcp/service/session_event.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <concepts>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nettcp {

struct call_record;

/// Choices of one reply.
struct reply_options {
    /// The wsa:Action, if not that of the operation. A literal, or copied before the reply is
    /// written on another thread.
    std::string_view action = {};
    /// Writes further headers; may be empty.
    std::function<void(nbfx::writer&)> headers = {};
};

/// A request that waits for its answer: the message, and the way back.
///
/// Owns the message; move-only, and may move to another thread, used by one at a time. Answer it
/// once with `reply`, `fault` or one of their kind: of more answers the first counts, and answers
/// to one-way messages, or after the session or the host is gone, are dropped. A call destroyed
/// without an answer answers InternalServiceFault. Answers may come in any order.
class NETTCP_EXPORT incoming_call {
public:
    /// Holds nothing, as after moving from it; only assignment and destruction are allowed.
    incoming_call() noexcept = default;
    incoming_call(incoming_call&& other) noexcept
        : record_(std::exchange(other.record_, nullptr)) {}
    incoming_call& operator=(incoming_call&& other) noexcept;
    ~incoming_call();

    explicit operator bool() const noexcept { return record_ != nullptr; }

    /// The reader on the first node inside the body; one pass.
    nbfx::reader& body() noexcept { return message().body(); }
    /// The end of reading a body: throws the fault DeserializationFailed when the reader has
    /// failed or something is wrong behind what was read. Elements behind it are skipped.
    void end_body();
    const soap::headers_view& headers() const noexcept;
    std::string_view action() const noexcept { return headers().action; }
    /// The whole envelope. Lives as long as the call, as do all views of it.
    channel::message& message() noexcept;
    /// No answer is wanted: the operation is one-way.
    bool is_one_way() const noexcept;
    const session_info& session() const noexcept;
    /// The way back to the caller, now and as long as the session lives. In a handler of a
    /// client's callbacks, and over streamed transfers, there is none: what is started on it fails.
    callback_channel callback() const;
    /// A channel of another call, for use within this one: in a reentrant instance others may enter
    /// while this call waits for it, too.
    callback_channel callback(const callback_channel& other) const;
    /// The executor of the session, which coroutine handlers run on.
    boost::asio::any_io_executor get_executor() const;

    /// Answers with a body, written by `body(nbfx::writer&)`.
    ///
    /// On the session's executor `body` is called before this returns; when it throws, nothing is
    /// sent and the call waits for its answer as before. On other threads `body` is moved or
    /// copied, and called later on the session's executor: it may refer to this call, which is
    /// kept until then, but to nothing else that ends meanwhile. A body that cannot be written
    /// becomes InternalServiceFault. `body` must do nothing but write.
    template <std::invocable<nbfx::writer&> Body>
    void reply(Body&& body, const reply_options& options = {}) {
        if (!is_on_executor()) {
            auto kept = std::make_shared<std::decay_t<Body>>(std::forward<Body>(body));
            post_reply([kept](nbfx::writer& out) { (*kept)(out); }, options);
            return;
        }
        reply_writer out(*record_, options);
        if (out.writer != nullptr) {
            body(*out.writer);
            out.finish();
        }
    }
    /// Reads the content of the body's first element, octets, as a stream: while they arrive when
    /// the operation is `streamed` and the transfer too, else from the whole message. One pass;
    /// taken once. What is not read of it is dropped.
    body_reader stream();
    /// Answers with a body whose content is a stream: `body(nbfx::writer&)` writes the start tags
    /// of the elements around it, no ends, and the octets follow as the peer takes them. Where the
    /// transfer is not streamed, all are read first and sent as one message.
    ///
    /// A source that fails costs the connection once the reply has begun. `body` is copied.
    void reply_stream(std::function<void(nbfx::writer&)> body, std::shared_ptr<body_source> content,
                      const reply_options& options = {});

    /// Answers with a fault.
    void fault(soap::fault answer);
    /// Answers DeserializationFailed: the body is not what the operation takes.
    void deserialization_failed(const error& why);
    /// Answers as if the handler had thrown this: a `fault_exception` with its fault, anything
    /// else with InternalServiceFault, and a line in the log.
    void failed(const std::exception_ptr& why);

private:
    friend struct call_record;

    /// A reply being written; abandoned unless finished.
    struct NETTCP_EXPORT reply_writer {
        reply_writer(call_record& call, const reply_options& options);
        reply_writer(const reply_writer&) = delete;
        reply_writer& operator=(const reply_writer&) = delete;
        ~reply_writer();
        void finish();

        nbfx::writer* writer = nullptr;  ///< null: no reply is wanted
        call_record& record;
        bool finished = false;
    };

    explicit incoming_call(call_record& record) noexcept : record_(&record) {}
    bool is_on_executor() const noexcept;
    void post_reply(std::function<void(nbfx::writer&)> body, const reply_options& options);

    call_record* record_ = nullptr;
};

}  // namespace nettcp
