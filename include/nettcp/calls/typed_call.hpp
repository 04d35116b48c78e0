#pragma once

#include <nettcp/calls/operation.hpp>
#include <nettcp/calls/typed_reply.hpp>

#include <boost/asio/associator.hpp>

namespace nettcp {
namespace typed {

/// Has the stream among the values sent.
NETTCP_EXPORT void set_stream(call_options& options, const contract::operation_shape& operation,
                              void* const* values);

/// What a request asks of its call, beside its body: headers of a message contract, and streams.
template <class Operation>
call_options options_for(const contract::request<Operation>& request, call_options options) {
    options.stream_reply |= Operation::reply_is_stream;
    if constexpr (Operation::request_is_stream) {
        auto values = request.values;
        set_stream(options, request.operation->shape(), contract::addresses(values).data());
    }
    if constexpr (Operation::request_is_message)
        options.headers = [request, more = std::move(options.headers)](nbfx::writer& out) {
            contract::write_headers(out, request.operation->shape().request,
                                    contract::addresses(request.values).data());
            if (more)
                more(out);
        };
    return options;
}

/// Puts reading the reply in front of the caller's handler.
template <class Handler, class Operation>
struct reading_handler {
    Handler inner;
    const Operation* operation;
    diagnostics* wanted;

    void operator()(boost::system::error_code code, reply answer) {
        typed_reply<Operation> read;
        if (code)
            return std::move(inner)(code, std::move(read));
        const diagnostics why = read.read(*operation, std::move(answer));
        if (!why.code)
            return std::move(inner)(code, std::move(read));
        if (wanted != nullptr)
            *wanted = why;
        const net::diagnostics_in_flight known(why);
        std::move(inner)(why.code, typed_reply<Operation>());
    }
};

/// What operations are called on. A copy of it where that is one of the same: the caller's may be
/// gone before a deferred operation starts.
template <class Caller>
class calling_side {
public:
    explicit calling_side(const Caller& side) noexcept : side_(side) {}
    Caller& get() noexcept { return side_; }
    const Caller& get() const noexcept { return side_; }

private:
    Caller side_;
};
template <class Caller>
    requires(!std::copy_constructible<Caller>)
class calling_side<Caller> {
public:
    explicit calling_side(Caller& side) noexcept : side_(&side) {}
    Caller& get() const noexcept { return *side_; }

private:
    Caller* side_;
};

template <class Caller, class Operation>
struct call_initiation {
    calling_side<Caller> side;
    const Operation* operation;

    using executor_type = boost::asio::any_io_executor;
    executor_type get_executor() const noexcept { return side.get().get_executor(); }

    template <class Handler>
    void operator()(Handler&& handler, contract::request<Operation> request, call_options options) {
        diagnostics* const wanted = options.diagnostics;
        options = options_for(request, std::move(options));
        side.get().async_call(operation->shape().action, std::move(request), options,
                              reading_handler<std::decay_t<Handler>, Operation>{
                                  std::forward<Handler>(handler), operation, wanted});
    }
};

}  // namespace typed

/// What a typed operation is called on: a `client`, or the `callback_channel` to one.
template <class T>
concept caller = requires(const std::remove_reference_t<T>& side) {
    { side.get_executor() } -> std::convertible_to<boost::asio::any_io_executor>;
};

/// Calls a typed operation: `co_await async_call(service, add(7, 5))`.
/// `void(error_code, typed_reply<Operation>)`.
///
/// A SOAP fault is a reply, not an error. A reply that is not what the contract says is an error
/// of module contract or nbfx, and the diagnostics name the value by its path.
template <caller Caller, class Operation, class Token = default_token>
auto async_call(Caller&& service, contract::request<Operation> request,
                const call_options& options = {}, Token&& token = Token()) {
    using side = std::remove_cvref_t<Caller>;
    const Operation* const operation = request.operation;
    return boost::asio::async_initiate<Token,
                                       void(boost::system::error_code, typed_reply<Operation>)>(
        typed::call_initiation<side, Operation>{typed::calling_side<side>(service), operation},
        token, std::move(request), options);
}
template <caller Caller, class Operation, operations::token_only Token>
auto async_call(Caller&& service, contract::request<Operation> request, Token&& token) {
    return async_call(service, std::move(request), call_options(), std::forward<Token>(token));
}

/// Sends a typed one-way message. `void(error_code)`.
template <caller Caller, class Operation, class Token = default_token>
auto async_send(Caller&& service, contract::request<Operation> request,
                const call_options& options = {}, Token&& token = Token()) {
    const auto action = request.operation->shape().action;
    const call_options all = typed::options_for(request, options);
    return service.async_send(action, std::move(request), all, std::forward<Token>(token));
}
template <caller Caller, class Operation, operations::token_only Token>
auto async_send(Caller&& service, contract::request<Operation> request, Token&& token) {
    return async_send(service, std::move(request), call_options(), std::forward<Token>(token));
}

}  // namespace nettcp

/// Executor, allocator and cancellation slot of the caller's handler hold for the reading one.
template <template <class, class> class Associator, class Handler, class Operation, class Default>
struct boost::asio::associator<Associator, nettcp::typed::reading_handler<Handler, Operation>,
                               Default> : Associator<Handler, Default> {
    static typename Associator<Handler, Default>::type
    get(const nettcp::typed::reading_handler<Handler, Operation>& handler,
        const Default& otherwise = Default()) noexcept {
        return Associator<Handler, Default>::get(handler.inner, otherwise);
    }
};
