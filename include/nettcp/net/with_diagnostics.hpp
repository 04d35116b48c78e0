#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/net/diagnostics.hpp>

#include <boost/asio/associator.hpp>
#include <boost/asio/async_result.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace nettcp {

/// A completion token that turns `error_code` into an exception that carries diagnostics.
template <class Token>
struct with_diagnostics_t {
    Token token;
};

/// Adapts a token: where it would throw `system_error`, it now throws `nettcp::failure`.
///
/// `co_await c.async_call(action, body, with_diagnostics(use_awaitable))`. The default token of
/// the operations is `with_diagnostics(use_awaitable)`, so that a plain `co_await` explains itself.
template <class Token>
with_diagnostics_t<std::decay_t<Token>> with_diagnostics(Token&& token) {
    return {std::forward<Token>(token)};
}

namespace net {

/// While it lives, `make_exception` on this thread finds these diagnostics: a handler that is
/// called with an error can thus learn more than the code, without an allocation per operation.
class NETTCP_EXPORT diagnostics_in_flight {
public:
    /// `known` must outlive the object.
    explicit diagnostics_in_flight(const diagnostics& known) noexcept;
    diagnostics_in_flight(const diagnostics_in_flight&) = delete;
    diagnostics_in_flight& operator=(const diagnostics_in_flight&) = delete;
    ~diagnostics_in_flight();

private:
    const diagnostics* outer_;
};

/// A `failure` for `code`, with the diagnostics in flight if they are about it; null for success.
NETTCP_EXPORT std::exception_ptr make_exception(const boost::system::error_code& code);

/// The handler that `with_diagnostics` puts in front of another.
template <class Handler>
struct throwing_handler {
    Handler inner;

    template <class... Values>
    void operator()(const boost::system::error_code& code, Values&&... values) {
        std::move(inner)(make_exception(code), std::forward<Values>(values)...);
    }
};

/// The initiation that `with_diagnostics` puts in front of another.
template <class Initiation>
struct throwing_initiation {
    Initiation inner;

    template <class Handler, class... Args>
    void operator()(Handler&& handler, Args&&... args) {
        std::move(inner)(throwing_handler<std::decay_t<Handler>>{std::forward<Handler>(handler)},
                         std::forward<Args>(args)...);
    }
};

}  // namespace net
}  // namespace nettcp

/// Executor, allocator and cancellation slot of the inner handler hold for the adapted one.
template <template <class, class> class Associator, class Handler, class Default>
struct boost::asio::associator<Associator, nettcp::net::throwing_handler<Handler>, Default>
    : Associator<Handler, Default> {
    static typename Associator<Handler, Default>::type
    get(const nettcp::net::throwing_handler<Handler>& handler,
        const Default& otherwise = Default()) noexcept {
        return Associator<Handler, Default>::get(handler.inner, otherwise);
    }
};

template <class Token, class... Values>
struct boost::asio::async_result<nettcp::with_diagnostics_t<Token>,
                                 void(boost::system::error_code, Values...)> {
    template <class Initiation, class RawToken, class... Args>
    static auto initiate(Initiation&& initiation, RawToken&& token, Args&&... args) {
        Token inner = std::forward<RawToken>(token).token;
        return boost::asio::async_initiate<Token, void(std::exception_ptr, Values...)>(
            nettcp::net::throwing_initiation<std::decay_t<Initiation>>{
                std::forward<Initiation>(initiation)},
            inner, std::forward<Args>(args)...);
    }
};
