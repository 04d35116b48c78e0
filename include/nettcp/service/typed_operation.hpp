#pragma once

#include <nettcp/contract/operation.hpp>
#include <nettcp/service/service.hpp>

#include <tuple>

namespace nettcp {
namespace typed {

/// Reads a request into `values`; throws the fault DeserializationFailed, which names the path.
NETTCP_EXPORT void read_request(incoming_call& call, const contract::operation_shape& operation,
                                void* const* values);
/// Answers without values, unless no answer is wanted.
NETTCP_EXPORT void reply(incoming_call& call, const contract::operation_shape& operation);
/// Answers with the stream among the values; `options` as of `incoming_call::reply_stream`.
NETTCP_EXPORT void reply_stream(incoming_call& call, const contract::operation_shape& operation,
                                void* const* values, const reply_options& options);
/// What a service must know about an operation beside what its caller says.
NETTCP_EXPORT operation_options options_for(const contract::operation_shape& operation,
                                            bool is_stream, operation_options options);
/// The typed fault of an operation.
NETTCP_EXPORT soap::fault make_fault(const contract::operation_shape& operation,
                                     const contract::type& detail,
                                     std::shared_ptr<const void> value, std::string reason,
                                     soap::qname code);

template <class T>
struct awaited {
    static constexpr bool later = false;
    using type = T;
};
template <class T>
struct awaited<boost::asio::awaitable<T>> {
    static constexpr bool later = true;
    using type = T;
};

/// Calls a handler with the arguments, behind the call itself if it takes that.
template <class Handler, class Values>
decltype(auto) invoke(Handler& handler, incoming_call& call, Values& values) {
    return std::apply(
        [&]<class... T>(T&... each) -> decltype(auto) {
            if constexpr (std::invocable<Handler&, incoming_call&, T&&...>) {
                return handler(call, std::move(each)...);
            } else {
                static_assert(std::invocable<Handler&, T&&...>,
                              "the handler takes the operation's parameters, in its order");
                return handler(std::move(each)...);
            }
        },
        values);
}

/// Answers with what a handler has returned.
template <class Operation, class Result>
void answer(incoming_call& call, const Operation& operation, Result&& result) {
    using packing = contract::outcome<typename Operation::reply_values>;
    static_assert(std::is_convertible_v<Result, typename Operation::result_type>,
                  "the handler returns what the operation does; a tuple with out parameters");
    // By value: on another thread than the session's it is written later.
    auto values = packing::pack(std::forward<Result>(result));
    reply_options options;
    if constexpr (Operation::reply_is_message)
        options.headers = [&operation, values](nbfx::writer& out) {
            contract::write_headers(out, operation.shape().reply,
                                    contract::addresses(values).data());
        };
    if constexpr (Operation::reply_is_stream)
        return reply_stream(call, operation.shape(), contract::addresses(values).data(), options);
    call.reply(
        [&operation, v = std::move(values)](nbfx::writer& out) {
            contract::write_reply(out, operation.shape(), contract::addresses(v).data());
        },
        options);
}

/// A handler that has answered when it returns, as `service` takes it.
template <class Operation, class Handler>
auto plain(const Operation& operation, Handler handler) {
    return [&operation, h = std::move(handler)](incoming_call& call) mutable {
        typename Operation::request_values values;
        read_request(call, operation.shape(), contract::addresses(values).data());
        using returned = decltype(invoke(h, call, values));
        if constexpr (std::is_void_v<returned>) {
            invoke(h, call, values);
            reply(call, operation.shape());
        } else {
            answer(call, operation, invoke(h, call, values));
        }
    };
}

}  // namespace typed

/// Serves a typed operation: `serve(operations, add, [](int a, int b) { return a + b; })`.
///
/// The handler takes the operation's parameters, behind an `incoming_call&` if it likes, and
/// returns what the operation gives back: nothing, its value, or with out parameters a tuple; or
/// an `awaitable` of that. A stream is taken as a `body_reader` and given as one or as a source.
/// `operation` must outlive the service: it is a constant.
template <class Operation, class Handler>
service& serve(service& target, const Operation& operation, Handler handler,
               operation_options options = {}) {
    using values_type = typename Operation::request_values;
    using returned = decltype(typed::invoke(handler, std::declval<incoming_call&>(),
                                            std::declval<values_type&>()));
    using awaited = typed::awaited<returned>;
    const contract::operation_shape shape = operation.shape();
    options = typed::options_for(shape, Operation::request_is_stream, std::move(options));
    if constexpr (awaited::later) {
        return target.on(
            shape.action,
            [&operation,
             h = std::move(handler)](incoming_call& call) mutable -> boost::asio::awaitable<void> {
                values_type values;
                typed::read_request(call, operation.shape(), contract::addresses(values).data());
                if constexpr (std::is_void_v<typename awaited::type>) {
                    co_await typed::invoke(h, call, values);
                    typed::reply(call, operation.shape());
                } else {
                    typed::answer(call, operation, co_await typed::invoke(h, call, values));
                }
            },
            std::move(options));
    } else {
        return target.on(shape.action, typed::plain(operation, std::move(handler)),
                         std::move(options));
    }
}

/// The same with the handler run on an executor of the user's, where it may block.
template <class Operation, class Handler>
service& serve_on(boost::asio::any_io_executor executor, service& target,
                  const Operation& operation, Handler handler, operation_options options = {}) {
    const contract::operation_shape shape = operation.shape();
    options = typed::options_for(shape, Operation::request_is_stream, std::move(options));
    return target.on_executor(std::move(executor), shape.action,
                              typed::plain(operation, std::move(handler)), std::move(options));
}

/// What a handler throws to answer with a typed fault that the operation declares.
template <class Operation, class Detail>
fault_exception typed_fault(const Operation& operation, Detail detail, std::string reason,
                            soap::qname code = {}) {
    static_assert(Operation::template has_fault<Detail>,
                  "the operation does not declare this type of fault");
    return fault_exception(typed::make_fault(operation.shape(), contract::descriptor<Detail>::value,
                                             std::make_shared<const Detail>(std::move(detail)),
                                             std::move(reason), std::move(code)));
}

}  // namespace nettcp
