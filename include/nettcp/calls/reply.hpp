#pragma once

#include <nettcp/channel/message.hpp>
#include <nettcp/net/body_reader.hpp>

namespace nettcp {

/// The answer to a call: a body, or a SOAP fault as a value. Owns its octets; move-only.
///
/// Whoever calls decides what a fault means: it is an answer, not an error of the operation.
class reply {
public:
    /// Holds nothing, as after a failed call.
    reply() noexcept = default;
    explicit reply(channel::message answer, boost::asio::any_io_executor executor = {}) noexcept
        : message_(std::move(answer)), executor_(std::move(executor)) {}
    /// One whose body is still to come; the message has the headers.
    reply(channel::message answer, body_reader body) noexcept
        : message_(std::move(answer)), executor_(body.get_executor()), stream_(std::move(body)) {}

    explicit operator bool() const noexcept { return static_cast<bool>(message_); }

    /// Whether the service answered with a fault.
    bool is_fault() const noexcept { return message_.is_fault(); }
    /// The fault, all but its Detail, which `fault_detail()` reads afterwards. Fails when it does
    /// not have the form of SOAP 1.2.
    result<soap::fault> fault() { return message_.read_fault(); }
    /// The reader on the fault's Detail start tag after `fault()`, or null if it has none.
    nbfx::reader* fault_detail() noexcept { return message_.fault_detail(); }

    /// The reader on the first node inside the body; one pass. Lives as long as the reply.
    nbfx::reader& body() noexcept { return message_.body(); }
    /// The headers; views that live as long as the reply.
    const soap::headers_view& headers() const noexcept { return message_.headers(); }
    /// The whole envelope; without its body when that is a stream.
    channel::message& message() noexcept { return message_; }

    /// Reads the content of the body's first element, octets, as a stream: while they arrive if
    /// `call_options::stream_reply` was set, else from the whole message. One pass; taken once.
    NETTCP_EXPORT body_reader stream();

private:
    channel::message message_;
    boost::asio::any_io_executor executor_;
    body_reader stream_;
};

}  // namespace nettcp
