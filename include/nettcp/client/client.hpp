#pragma once

#include <nettcp/calls/operation.hpp>
#include <nettcp/client/client_metrics.hpp>
#include <nettcp/client/client_options.hpp>
#include <nettcp/net/failure.hpp>
#include <nettcp/security/party.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string_view>

namespace nettcp {

class client_core;

namespace operations {

/// Where a blocking call waits for its handler.
class NETTCP_EXPORT blocking_wait {
public:
    blocking_wait();
    blocking_wait(const blocking_wait&) = delete;
    blocking_wait& operator=(const blocking_wait&) = delete;
    ~blocking_wait();

    /// Whether the calling thread may wait for this client; if not, the failure is set.
    bool may_wait(const client_core& core);
    void finish(const boost::system::error_code& code, reply&& answer);
    /// Returns when `finish` was called on another thread.
    void wait();
    /// Gives the outcome to the caller; `why` may be null.
    reply take(boost::system::error_code& code, diagnostics* why);

    diagnostics known;

private:
    struct gate;
    std::unique_ptr<gate> gate_;
    boost::system::error_code code_;
    reply answer_;
};

}  // namespace operations

/// A client of one WCF service over net.tcp, with one session at a time.
///
/// Calls share the session: any number may be under way, replies come in any order. The session
/// opens with the first call (or `async_open`), and again after it has failed or was closed;
/// what was under way then fails with that failure. Nothing is sent twice.
///
/// Asynchronous operations take any completion token, may be started from any thread, and end
/// exactly once: by success, failure, deadline, cancellation (all types of the handler's
/// cancellation slot mean the same here), or, with `operation_aborted`, when the client is
/// destroyed. A call that ends early does not harm the session: if its request was queued by
/// then, the late reply is dropped, else nothing is sent.
///
/// While a session is open or a connection is kept, the client has work on its executor, so that
/// `io_context::run()` does not return before the client is closed and its `idle_timeout` over, or
/// the client is destroyed.
///
/// Move-only. Constructing, moving and destroying belong to one thread at a time; the destructor
/// of a client with its own thread waits for handlers that are running.
class NETTCP_EXPORT client {
public:
    /// Runs on a thread of its own, which handlers without an executor of their own use too.
    explicit client(endpoint_address address, client_options options = {});
    /// Runs on `executor`, which must be sequential: a strand, or a context that one thread runs.
    client(boost::asio::any_io_executor executor, endpoint_address address,
           client_options options = {});
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;
    ~client();

    const boost::asio::any_io_executor& get_executor() const noexcept;
    const endpoint_address& address() const noexcept;
    /// Who the service has proved to be, and how the open session is protected; nothing without
    /// a session or without transport security. Any thread.
    std::optional<security::party> peer() const;
    /// Messages from the peer that answered no call of ours: late replies, mostly. Any thread.
    std::uint64_t dropped_messages() const noexcept;
    /// What the client has done so far, and what is under way now. Any thread; cheap.
    client_metrics metrics() const noexcept;

    /// Opens the session now. Succeeds at once when it is open. `void(error_code)`.
    template <operations::token_only Token = default_token>
    auto async_open(Token&& token = Token()) {
        return async_open(call_options(), std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_open(const call_options& options, Token&& token = Token()) {
        return start<void(boost::system::error_code)>(
            operations::kind::open, {}, operations::no_body(), options, std::forward<Token>(token));
    }

    /// Sends a request and waits for its reply. `void(error_code, reply)`.
    ///
    /// `action` is copied; `body` is moved or copied, and lives until the operation has ended.
    /// A SOAP fault is a reply, not an error.
    template <body_writer Body, operations::token_only Token = default_token>
    auto async_call(std::string_view action, Body&& body, Token&& token = Token()) {
        return async_call(action, std::forward<Body>(body), call_options(),
                          std::forward<Token>(token));
    }
    template <body_writer Body, class Token = default_token>
    auto async_call(std::string_view action, Body&& body, const call_options& options,
                    Token&& token = Token()) {
        return start<void(boost::system::error_code, reply)>(operations::kind::call, action,
                                                             std::forward<Body>(body), options,
                                                             std::forward<Token>(token));
    }

    /// Sends a one-way message; ends when its octets have gone to the socket, which says nothing
    /// about their arrival. `void(error_code)`.
    template <body_writer Body, operations::token_only Token = default_token>
    auto async_send(std::string_view action, Body&& body, Token&& token = Token()) {
        return async_send(action, std::forward<Body>(body), call_options(),
                          std::forward<Token>(token));
    }
    template <body_writer Body, class Token = default_token>
    auto async_send(std::string_view action, Body&& body, const call_options& options,
                    Token&& token = Token()) {
        return start<void(boost::system::error_code)>(operations::kind::send, action,
                                                      std::forward<Body>(body), options,
                                                      std::forward<Token>(token));
    }

    /// Sends what waits, then End, and waits for the peer's End; calls under way may still be
    /// answered until that comes. Succeeds at once without a session. `void(error_code)`.
    template <operations::token_only Token = default_token>
    auto async_close(Token&& token = Token()) {
        return async_close(call_options(), std::forward<Token>(token));
    }
    template <class Token = default_token>
    auto async_close(const call_options& options, Token&& token = Token()) {
        return start<void(boost::system::error_code)>(operations::kind::close, {},
                                                      operations::no_body(), options,
                                                      std::forward<Token>(token));
    }

    /// The same, blocking. The calling thread must be none that runs the client's executor:
    /// there they fail at once with `net::errc::would_deadlock`. A client on an executor of the
    /// caller's needs another thread that runs it meanwhile. These throw `nettcp::failure`.
    void open(const call_options& options = {});
    template <body_writer Body>
    reply call(std::string_view action, Body&& body, const call_options& options = {}) {
        boost::system::error_code code;
        diagnostics why;
        reply answer = call(action, body, code, &why, options);
        throw_if(code, why);
        return answer;
    }
    template <body_writer Body>
    void send(std::string_view action, Body&& body, const call_options& options = {}) {
        boost::system::error_code code;
        diagnostics why;
        send(action, body, code, &why, options);
        throw_if(code, why);
    }
    void close(const call_options& options = {});

    /// The same, blocking, without exceptions: `code` tells, and `why` (may be null) tells more.
    void open(boost::system::error_code& code, diagnostics* why = nullptr,
              const call_options& options = {});
    template <body_writer Body>
    reply call(std::string_view action, Body&& body, boost::system::error_code& code,
               diagnostics* why = nullptr, const call_options& options = {}) {
        operations::blocking_wait wait;
        if (wait.may_wait(*core_)) {
            async_call(
                action, [&body](nbfx::writer& out) { body(out); },
                with_diagnostics_in(options, wait),
                [&wait](const boost::system::error_code& ended, reply answer) {
                    wait.finish(ended, std::move(answer));
                });
            wait.wait();
        }
        return wait.take(code, why);
    }
    template <body_writer Body>
    void send(std::string_view action, Body&& body, boost::system::error_code& code,
              diagnostics* why = nullptr, const call_options& options = {}) {
        operations::blocking_wait wait;
        if (wait.may_wait(*core_)) {
            async_send(
                action, [&body](nbfx::writer& out) { body(out); },
                with_diagnostics_in(options, wait),
                [&wait](const boost::system::error_code& ended) { wait.finish(ended, {}); });
            wait.wait();
        }
        wait.take(code, why);
    }
    void close(boost::system::error_code& code, diagnostics* why = nullptr,
               const call_options& options = {});

private:
    struct own_thread;

    template <class Signature, class Body, class Token>
    auto start(operations::kind kind, std::string_view action, Body&& body,
               const call_options& options, Token&& token) {
        return operations::initiate<Signature>(calls(), kind, action, std::forward<Body>(body),
                                               options, std::forward<Token>(token));
    }

    std::shared_ptr<outgoing_calls> calls() const noexcept;
    static call_options with_diagnostics_in(call_options options, operations::blocking_wait& wait);
    static void throw_if(const boost::system::error_code& code, const diagnostics& why);
    void leave() noexcept;

    std::shared_ptr<client_core> core_;
    std::shared_ptr<own_thread> thread_;
};

}  // namespace nettcp
