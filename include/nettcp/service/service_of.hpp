#pragma once

#include <nettcp/service/instance_mode.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

namespace nettcp {
namespace typed {

/// The instance that serves a call, of a service that has instances.
NETTCP_EXPORT void* instance_of(incoming_call& call) noexcept;

/// A method, as a handler: called on the instance that serves the call.
template <class T, class Method>
struct method_of {
    template <class... Values>
        requires std::invocable<Method&, T&, incoming_call&, Values...> ||
                 std::invocable<Method&, T&, Values...>
    decltype(auto) operator()(incoming_call& call, Values&&... values) {
        T& self = *static_cast<T*>(instance_of(call));
        if constexpr (std::invocable<Method&, T&, incoming_call&, Values...>)
            return std::invoke(method, self, call, std::forward<Values>(values)...);
        else
            return std::invoke(method, self, std::forward<Values>(values)...);
    }

    Method method;
};

}  // namespace typed

/// A service whose operations are methods of a class `T`:
///
///     service_of<cart> carts({.instance = instance_mode::per_session});
///     carts.serve(add_item, &cart::add).serve(total, &cart::total);
///     host.add_endpoint("/cart", carts);
///
/// Instances are made and used as `instance_options` say, and destroyed when their last call and
/// their session are over. When making one throws, the call that needed it is answered with
/// InternalServiceFault, and the next one tries again. All operations of the service take turns,
/// such as are added by `on`, too.
///
/// A value; copies, and endpoints, share a single instance and its line. Waiting calls are bounded:
/// a session is read on until it has the size of one message waiting (`session.max_message_size`).
template <class T>
class service_of : public service {
public:
    /// Makes instances by `T`'s default constructor; a single one here and now.
    explicit service_of(instance_options options = {})
        requires std::default_initializable<T>
        : service(options, [] { return std::make_shared<T>(); }) {}

    /// Makes them by `factory()`, which returns a `unique_ptr` or `shared_ptr`; a single one here
    /// and now.
    template <class Factory>
        requires std::is_convertible_v<std::invoke_result_t<Factory&>, std::shared_ptr<T>>
    service_of(instance_options options, Factory factory)
        : service(options, [make = std::move(factory)]() mutable -> std::shared_ptr<void> {
              return std::shared_ptr<T>(make());
          }) {}

    /// Serves all calls by this one instance.
    explicit service_of(std::shared_ptr<T> single,
                        concurrency_mode concurrency = concurrency_mode::single)
        : service({.instance = instance_mode::single, .concurrency = concurrency},
                  [instance = std::move(single)]() -> std::shared_ptr<void> { return instance; }) {}

    /// Serves a typed operation by a method, or by anything that is called with a `T&` in front.
    ///
    /// It takes the operation's parameters, behind an `incoming_call&` if it likes, and returns
    /// what the operation gives back, or an `awaitable` of that. See `nettcp::serve`.
    template <class Operation, class Method>
    service_of& serve(const Operation& operation, Method method, operation_options options = {}) {
        nettcp::serve(*this, operation, typed::method_of<T, Method>{std::move(method)},
                      std::move(options));
        return *this;
    }
    /// The same with the method run on an executor of the user's, where it may block.
    template <class Operation, class Method>
    service_of& serve_on(boost::asio::any_io_executor executor, const Operation& operation,
                         Method method, operation_options options = {}) {
        nettcp::serve_on(std::move(executor), *this, operation,
                         typed::method_of<T, Method>{std::move(method)}, std::move(options));
        return *this;
    }
};

}  // namespace nettcp
