#pragma once

#include <nettcp/service/incoming_call.hpp>
#include <nettcp/service/instance_mode.hpp>

#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp {

/// Choices of one operation.
struct operation_options {
    /// The peer wants no answer, not even a fault.
    bool one_way = false;
    /// The wsa:Action of replies; empty: the operation's with `Response` behind it, as in WCF.
    std::string reply_action = {};
    /// Headers that the handler understands. A mandatory header that is not among them is
    /// answered with the fault MustUnderstand, and the handler not called.
    std::vector<soap::qname> understands = {};
    /// The handler looks at all mandatory headers itself.
    bool understands_all = false;
    /// The request's body is a stream: in streamed transfers the handler is called when the headers
    /// are there, and reads it with `incoming_call::stream()` while it arrives.
    bool streamed = false;
};

/// A coroutine that serves calls: runs on the session's executor, where calls of one session and
/// of others go on while it waits. Cancelled (terminal) when the session ends before it.
template <class T>
concept coroutine_handler = requires(T& handler, incoming_call& call) {
    { handler(call) } -> std::same_as<boost::asio::awaitable<void>>;
};

/// A function that takes a call over and answers it whenever it likes.
template <class T>
concept completion_handler = !coroutine_handler<T> && std::invocable<T&, incoming_call>;

/// A function that has answered when it returns.
template <class T>
concept plain_handler =
    !coroutine_handler<T> && !completion_handler<T> && std::invocable<T&, incoming_call&>;

struct operation_table;

/// What an endpoint does, or a client for its service: a handler for each action. A value; copies
/// are independent.
///
/// Handlers are copied and must be copyable; several calls of one may be in progress at a time.
/// What a handler throws becomes the call's answer (`incoming_call::failed`).
class NETTCP_EXPORT service {
public:
    service();
    service(const service&);
    service(service&&) noexcept;
    service& operator=(const service&);
    service& operator=(service&&) noexcept;
    ~service();

    /// Serves an action, compared exactly; `*` is whatever has no handler of its own. Throws
    /// `nettcp::failure` with `net::errc::action_duplicate` when it has one already.
    template <coroutine_handler Handler>
    service& on(std::string_view action, Handler handler, operation_options options = {}) {
        return add_coroutine(action, std::move(handler), std::move(options));
    }
    template <completion_handler Handler>
    service& on(std::string_view action, Handler handler, operation_options options = {}) {
        return add(action, std::move(handler), std::move(options));
    }
    /// Runs on the session's executor: it must be quick, since all sessions wait for it.
    template <plain_handler Handler>
    service& on(std::string_view action, Handler handler, operation_options options = {}) {
        return add_plain({}, action, std::move(handler), std::move(options));
    }
    /// The same, run on an executor of the user's, a thread pool for instance: it may block. When
    /// it returns, the answer goes back to the session by itself.
    template <plain_handler Handler>
    service& on_executor(boost::asio::any_io_executor executor, std::string_view action,
                         Handler handler, operation_options options = {}) {
        return add_plain(std::move(executor), action, std::move(handler), std::move(options));
    }

protected:
    /// A service whose handlers belong to instances that `make` makes; see `service_of`.
    service(instance_options options, std::function<std::shared_ptr<void>()> make);

private:
    friend class service_host;
    friend class client_core;

    service& add(std::string_view action, std::function<void(incoming_call)> handler,
                 operation_options options);
    service& add_coroutine(std::string_view action,
                           std::function<boost::asio::awaitable<void>(incoming_call&)> handler,
                           operation_options options);
    service& add_plain(boost::asio::any_io_executor executor, std::string_view action,
                       std::function<void(incoming_call&)> handler, operation_options options);

    std::shared_ptr<operation_table> table_;
};

}  // namespace nettcp
