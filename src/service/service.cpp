// Decides how each kind of handler takes a call over.

#include <nettcp/service/service.hpp>

#include "service/call_session.hpp"
#include "service/handler_runners.hpp"
#include "service/operation_table.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

#include <boost/asio/post.hpp>

namespace nettcp {

namespace asio = boost::asio;

namespace {

void serve_plain(const std::function<void(incoming_call&)>& handler, incoming_call call) {
    try {
        handler(call);
    } catch (...) {
        call.failed(std::current_exception());
    }
}

}  // namespace

service::service() : table_(std::make_shared<operation_table>()) {}
service::service(instance_options options, std::function<std::shared_ptr<void>()> make)
    : service() {
    const auto rules = std::make_shared<instance_rules>();
    rules->options = options;
    rules->make = std::move(make);
    if (options.instance == instance_mode::single) {
        rules->single = rules->make();
        rules->line = std::make_shared<instance_line>();
    }
    table_->instances = rules;
}
service::service(const service& other) : table_(std::make_shared<operation_table>(*other.table_)) {}
service::service(service&&) noexcept = default;
service& service::operator=(const service& other) {
    if (this != &other)
        table_ = std::make_shared<operation_table>(*other.table_);
    return *this;
}
service& service::operator=(service&&) noexcept = default;
service::~service() = default;

service& service::add(std::string_view action, std::function<void(incoming_call)> handler,
                      operation_options options) {
    operation added{std::string(action), options.reply_action, std::move(options),
                    std::move(handler)};
    if (added.reply_action.empty())
        added.reply_action = added.action + "Response";
    if (!table_->operations.try_emplace(std::string(action), std::move(added)).second) {
        diagnostics why;
        why.code = net::errc::action_duplicate;
        why.endpoint = action;
        throw failure(why);
    }
    return *this;
}

service& service::add_coroutine(std::string_view action, handler_runners::coroutine handler,
                                operation_options options) {
    // The call's record keeps the table, and with it `handler`, until the coroutine has ended.
    return add(
        action,
        [handler = std::move(handler)](incoming_call call) {
            const auto host = call_record::of(call).host.lock();
            host->runners()->start(handler, std::move(call));
        },
        std::move(options));
}

service& service::add_plain(asio::any_io_executor executor, std::string_view action,
                            std::function<void(incoming_call&)> handler,
                            operation_options options) {
    if (!executor) {
        return add(
            action,
            [handler = std::move(handler)](incoming_call call) {
                serve_plain(handler, std::move(call));
            },
            std::move(options));
    }
    return add(
        action,
        [executor = std::move(executor), handler = std::move(handler)](incoming_call call) {
            asio::post(executor, [&handler, call = std::move(call)]() mutable {
                serve_plain(handler, std::move(call));
            });
        },
        std::move(options));
}

}  // namespace nettcp
