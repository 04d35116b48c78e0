// Decides on which thread a host's members run: on its own one if it has one that runs, else here.

#include <nettcp/service/service_host.hpp>

#include "service/host_core.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>

#include <future>
#include <thread>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

std::uint32_t per_processor(std::uint32_t count) noexcept {
    return count * std::max(1u, std::thread::hardware_concurrency());
}

[[noreturn]] void throw_failure(error_code code, std::string_view what,
                                std::string_view said = {}) {
    diagnostics why;
    why.code = code;
    why.endpoint = what;
    why.provider_said = said;
    throw failure(why);
}

}  // namespace

host_options::host_options()
    : max_connections(per_processor(100)),
      max_pending_connections(per_processor(12)),
      max_concurrent_calls(per_processor(16)) {}

/// The host's own context, and the thread that runs it. The thread shares it, since a handler may
/// destroy the host on that very thread.
struct service_host::runtime {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread;
    std::atomic<bool> running{false};
    bool started = false;

    bool is_elsewhere() { return running && !context.get_executor().running_in_this_thread(); }

    /// Runs `f` on the thread of the host, and waits for it.
    template <class F>
    void run_there(F&& f) {
        if (!is_elsewhere()) {
            f();
            return;
        }
        std::promise<void> done;
        auto outcome = done.get_future();
        asio::post(context, [&] {
            f();
            done.set_value();
        });
        while (outcome.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
            if (!running)
                break;  // the host has stopped meanwhile: its thread does nothing more
        }
        if (outcome.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
            f();
    }

    void run() {
        running = true;
        context.run();
        running = false;
    }
};

service_host::service_host(asio::any_io_executor executor, host_options options)
    : core_(std::make_shared<host_core>(std::move(executor), std::move(options))) {}

service_host::service_host(host_options options) : runtime_(std::make_shared<runtime>()) {
    core_ = std::make_shared<host_core>(runtime_->context.get_executor(), std::move(options));
    // What has been posted before, such as the completion of the stop, still runs.
    core_->on_stopped = [own = runtime_.get()] {
        asio::post(own->context, [own] { own->context.stop(); });
    };
}

service_host::service_host(service_host&&) noexcept = default;

service_host& service_host::operator=(service_host&& other) noexcept {
    leave();
    core_ = std::move(other.core_);
    runtime_ = std::move(other.runtime_);
    return *this;
}

service_host::~service_host() {
    leave();
}

void service_host::leave() noexcept {
    if (core_ == nullptr)
        return;
    if (runtime_ != nullptr && runtime_->context.get_executor().running_in_this_thread()) {
        if (runtime_->thread.joinable())
            runtime_->thread.detach();
        runtime_->context.stop();  // who runs it shares it, and returns behind the handler
    } else if (runtime_ != nullptr && runtime_->thread.joinable()) {
        asio::post(runtime_->context, [core = core_, own = runtime_.get()] {
            core->on_stopped = {};
            core->shut_down();
            own->context.stop();
        });
        runtime_->thread.join();
    }
    core_->on_stopped = {};
    core_->shut_down();
    core_.reset();
    runtime_.reset();
}

asio::any_io_executor service_host::get_executor() const {
    return core_->executor();
}

void service_host::add_endpoint(std::string_view address, service operations,
                                endpoint_options options) {
    error_code code;
    std::string said;
    const auto add = [&] { code = core_->add_endpoint(address, operations.table_, options, said); };
    if (runtime_ != nullptr)
        runtime_->run_there(add);
    else
        add();
    if (code)
        throw_failure(code, address, said);
}

listening_address service_host::listen(std::string_view ip, std::uint16_t port) {
    error_code code;
    diagnostics why;
    auto bound = listen(ip, port, code, &why);
    if (code)
        throw failure(why);
    return bound;
}

listening_address service_host::listen(std::string_view ip, std::uint16_t port, error_code& code,
                                       diagnostics* why) {
    listening_address bound;
    const auto begin = [&] { bound = core_->listen(ip, port, code, why); };
    if (runtime_ != nullptr)
        runtime_->run_there(begin);
    else
        begin();
    return bound;
}

void service_host::start() {
    if (runtime_ == nullptr)
        throw_failure(net::errc::runtime_missing, {});
    if (std::exchange(runtime_->started, true))
        throw_failure(net::errc::already_started, {});
    runtime_->running = true;
    runtime_->thread = std::thread([own = runtime_] { own->run(); });
}

void service_host::run() {
    if (runtime_ == nullptr)
        throw_failure(net::errc::runtime_missing, {});
    if (std::exchange(runtime_->started, true))
        throw_failure(net::errc::already_started, {});
    const auto own = runtime_;
    own->run();
}

error_code service_host::stop(host_options::duration patience) {
    if (runtime_ == nullptr)
        return net::errc::runtime_missing;
    if (runtime_->context.get_executor().running_in_this_thread())
        return net::errc::would_deadlock;
    if (!runtime_->running) {
        const bool was_stopped = runtime_->context.stopped();
        core_->shut_down();
        if (runtime_->thread.joinable())
            runtime_->thread.join();
        return was_stopped || !runtime_->started ? error_code()
                                                 : error_code(asio::error::operation_aborted);
    }
    struct promised final : stop_waiter {
        void complete(error_code code) override { outcome.set_value(code); }
        std::promise<error_code> outcome;
    };
    auto waiter = std::make_unique<promised>();
    auto outcome = waiter->outcome.get_future();
    begin_stop(core_, patience, std::move(waiter));
    error_code code;
    while (outcome.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready) {
        if (!runtime_->running)
            break;  // somebody else has stopped it
    }
    if (outcome.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
        code = outcome.get();
    if (runtime_->thread.joinable())
        runtime_->thread.join();
    return code;
}

std::size_t service_host::connections() const noexcept {
    return core_->connection_count();
}
std::size_t service_host::calls() const noexcept {
    return core_->call_count();
}

host_metrics service_host::metrics() const noexcept {
    return core_->metrics();
}
host_health service_host::health() const noexcept {
    host_health now = core_->health();
    if (now.state == host_state::serving && runtime_ != nullptr && !runtime_->running)
        now.state = host_state::starting;  // nobody runs it yet
    return now;
}

void service_host::begin_stop(const std::shared_ptr<host_core>& core,
                              host_options::duration patience,
                              std::unique_ptr<stop_waiter> waiter) {
    const auto store = core->store();
    if (store->runs_here()) {
        core->stop(patience, std::move(waiter));
        return;
    }
    // Destroying it unused would leave a handler waiting for ever: then it has been stopped.
    struct handed_over {
        explicit handed_over(std::unique_ptr<stop_waiter> w) : waiter(std::move(w)) {}
        handed_over(handed_over&&) noexcept = default;
        ~handed_over() {
            if (waiter)
                waiter->complete(asio::error::operation_aborted);
        }
        std::unique_ptr<stop_waiter> waiter;
    };
    store->post([core, patience, kept = handed_over(std::move(waiter))]() mutable {
        core->stop(patience, std::move(kept.waiter));
    });
}

void service_host::cancel_stop(const std::weak_ptr<host_core>& core) {
    if (const auto living = core.lock())
        living->store()->post([living] { living->cancel_stop(); });
}

asio::any_io_executor service_host::executor_of(const host_core& core) {
    return core.executor();
}

}  // namespace nettcp
