// Decides which thread a client's work runs on, and how a client goes while work is under way.
#include <nettcp/client/client.hpp>

#include "client/client_core.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/io_context.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

/// Shuts a client down on its executor. If the executor never runs it, the client still goes:
/// with its last reference, which this may be.
class farewell {
public:
    explicit farewell(std::shared_ptr<client_core> core) noexcept : core_(std::move(core)) {}
    void operator()() { std::exchange(core_, nullptr)->shut_down(); }

private:
    std::shared_ptr<client_core> core_;
};

}  // namespace

/// A context and the thread that runs it. The thread shares it, since a handler may destroy the
/// client on that very thread.
struct client::own_thread {
    asio::io_context context{1};
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::thread thread;

    static std::shared_ptr<own_thread> start() {
        auto made = std::make_shared<own_thread>();
        made->thread = std::thread([made] {
            made->context.run();
            // The client is gone. What its last handlers have left behind and can run now, runs;
            // work of the caller that waits for something else goes with the context.
            made->context.restart();
            made->context.poll();
        });
        return made;
    }

    static void end(const std::shared_ptr<own_thread>& mine) {
        asio::post(mine->context, [mine] { mine->context.stop(); });
        if (mine->thread.get_id() == std::this_thread::get_id())
            mine->thread.detach();
        else
            mine->thread.join();
    }
};

client::client(endpoint_address address, client_options options) : thread_(own_thread::start()) {
    core_ = std::make_shared<client_core>(thread_->context.get_executor(), std::move(address),
                                          std::move(options));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): by value, as Asio's own objects take theirs
client::client(asio::any_io_executor executor, endpoint_address address, client_options options)
    : core_(std::make_shared<client_core>(std::move(executor), std::move(address),
                                          std::move(options))) {}

client::client(client&&) noexcept = default;

client& client::operator=(client&& other) noexcept {
    if (this != &other) {
        leave();
        core_ = std::move(other.core_);
        thread_ = std::move(other.thread_);
    }
    return *this;
}

client::~client() {
    leave();
}

void client::leave() noexcept {
    if (!core_)
        return;
    core_->start_leaving();
    if (core_->gate().runs_here())
        core_->shut_down();
    else
        asio::post(core_->executor(), farewell(core_));
    core_.reset();
    if (thread_)
        own_thread::end(thread_);
    thread_.reset();
}

const asio::any_io_executor& client::get_executor() const noexcept {
    return core_->executor();
}
const endpoint_address& client::address() const noexcept {
    return core_->address();
}
std::shared_ptr<outgoing_calls> client::calls() const noexcept {
    return core_;
}
std::optional<security::party> client::peer() const {
    return core_->peer();
}
std::uint64_t client::dropped_messages() const noexcept {
    return core_->dropped_messages();
}

client_metrics client::metrics() const noexcept {
    return core_->metrics();
}

call_options client::with_diagnostics_in(call_options options, operations::blocking_wait& wait) {
    options.diagnostics = &wait.known;
    return options;
}

void client::throw_if(const error_code& code, const diagnostics& why) {
    if (code)
        throw failure(why);
}

void client::open(const call_options& options) {
    error_code code;
    diagnostics why;
    open(code, &why, options);
    throw_if(code, why);
}

void client::close(const call_options& options) {
    error_code code;
    diagnostics why;
    close(code, &why, options);
    throw_if(code, why);
}

void client::open(error_code& code, diagnostics* why, const call_options& options) {
    operations::blocking_wait wait;
    if (wait.may_wait(*core_)) {
        async_open(with_diagnostics_in(options, wait),
                   [&wait](const error_code& ended) { wait.finish(ended, {}); });
        wait.wait();
    }
    wait.take(code, why);
}

void client::close(error_code& code, diagnostics* why, const call_options& options) {
    operations::blocking_wait wait;
    if (wait.may_wait(*core_)) {
        async_close(with_diagnostics_in(options, wait),
                    [&wait](const error_code& ended) { wait.finish(ended, {}); });
        wait.wait();
    }
    wait.take(code, why);
}

namespace operations {

struct blocking_wait::gate {
    std::mutex mutex;
    std::condition_variable finished;
    bool done = false;
};

blocking_wait::blocking_wait() : gate_(std::make_unique<gate>()) {}
blocking_wait::~blocking_wait() = default;

bool blocking_wait::may_wait(const client_core& core) {
    if (!core.gate().would_deadlock())
        return true;
    known.code = code_ = net::errc::would_deadlock;
    known.endpoint = core.address().uri();
    return false;
}

void blocking_wait::finish(const error_code& code, reply&& answer) {
    const std::lock_guard lock(gate_->mutex);
    code_ = code;
    answer_ = std::move(answer);
    gate_->done = true;
    gate_->finished.notify_one();  // under the lock: the waiter destroys the gate when it has it
}

void blocking_wait::wait() {
    std::unique_lock lock(gate_->mutex);
    gate_->finished.wait(lock, [this] { return gate_->done; });
}

reply blocking_wait::take(error_code& code, diagnostics* why) {
    code = code_;
    if (why != nullptr)
        *why = std::move(known);
    return std::move(answer_);
}

}  // namespace operations
}  // namespace nettcp
