#pragma once

#include <nettcp/calls/operation.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace nettcp {

/// The way back to the client of a session: calls and one-way messages for its callbacks.
///
/// A handler gets it from `incoming_call::callback()`, and may keep and copy it: it keeps neither
/// session nor host. What is under way when the session ends fails with what ended it, or
/// `channel::errc::peer_closed` when that was the client's End; later operations fail with
/// `channel::errc::session_closed`.
///
/// Messages that are started on one thread are sent in that order, and before a reply that is
/// given afterwards. Operations take any completion token, may be started from any thread, and end
/// exactly once: by success, failure, deadline (`host_options::send_timeout` unless the call's
/// options say otherwise) or cancellation, as those of a `client` do. They wait while the client
/// does not read, `host_options::max_waiting_callbacks` of them: whoever sends much should wait for
/// the end of one operation before the next.
class NETTCP_EXPORT callback_channel {
public:
    /// Holds nothing; only assignment, comparison and destruction are allowed.
    callback_channel() noexcept = default;
    explicit callback_channel(std::shared_ptr<outgoing_calls> calls,
                              std::shared_ptr<call_turn> turn = nullptr) noexcept
        : calls_(std::move(calls)), turn_(std::move(turn)) {}

    explicit operator bool() const noexcept { return calls_ != nullptr; }
    /// Whether the session can still take messages. Any thread.
    bool is_open() const noexcept { return calls_ != nullptr && operations::is_open(*calls_); }
    /// That of the session.
    boost::asio::any_io_executor get_executor() const { return operations::executor_of(*calls_); }
    /// Whether both are ways to the same session.
    friend bool operator==(const callback_channel& a, const callback_channel& b) noexcept {
        return a.calls_ == b.calls_;
    }

    /// Sends a request and waits for its reply. `void(error_code, reply)`. See
    /// `client::async_call`.
    template <body_writer Body, operations::token_only Token = default_token>
    auto async_call(std::string_view action, Body&& body, Token&& token = Token()) const {
        return async_call(action, std::forward<Body>(body), call_options(),
                          std::forward<Token>(token));
    }
    template <body_writer Body, class Token = default_token>
    auto async_call(std::string_view action, Body&& body, const call_options& options,
                    Token&& token = Token()) const {
        return operations::initiate<void(boost::system::error_code, reply)>(
            calls_, operations::kind::call, action, std::forward<Body>(body), options,
            std::forward<Token>(token), turn_);
    }

    /// Sends a one-way message; ends when its octets have gone to the socket.
    /// `void(error_code)`.
    template <body_writer Body, operations::token_only Token = default_token>
    auto async_send(std::string_view action, Body&& body, Token&& token = Token()) const {
        return async_send(action, std::forward<Body>(body), call_options(),
                          std::forward<Token>(token));
    }
    template <body_writer Body, class Token = default_token>
    auto async_send(std::string_view action, Body&& body, const call_options& options,
                    Token&& token = Token()) const {
        return operations::initiate<void(boost::system::error_code)>(
            calls_, operations::kind::send, action, std::forward<Body>(body), options,
            std::forward<Token>(token));
    }

private:
    friend class incoming_call;

    std::shared_ptr<outgoing_calls> calls_;
    std::shared_ptr<call_turn> turn_;  ///< of the call that it was taken from, if that has one
};

}  // namespace nettcp
