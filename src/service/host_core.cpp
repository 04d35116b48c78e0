// Decides how much a host takes on at a time, and in which order it stops.

#include "service/host_core.hpp"

#include "net/executor_probe.hpp"
#include "net/keep_alive.hpp"
#include "net/session_shell.hpp"
#include "service/service_session.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>

namespace nettcp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct host_core::counted_connection {
    counted_connection(std::weak_ptr<host_core> h, std::uint64_t i) : host(std::move(h)), id(i) {}
    counted_connection(const counted_connection&) = delete;
    counted_connection& operator=(const counted_connection&) = delete;
    ~counted_connection() {
        if (const auto living = host.lock())
            living->connection_gone(id);
    }

    std::weak_ptr<host_core> host;
    std::uint64_t id;
};

host_core::host_core(asio::any_io_executor executor, host_options options)
    : executor_(net::tellable_executor(std::move(executor))),
      options_(std::move(options)),
      session_options_(options_.session),
      call_limits_{.max_calls = options_.max_concurrent_calls_per_session,
                   .max_held = options_.session.max_pending_output,
                   .max_in_line = options_.session.framing.max_message_size,
                   .timeout = options_.call_timeout,
                   .include_exception_detail = options_.include_exception_detail},
      store_(std::make_shared<call_store>(executor_)),
      runners_(std::make_shared<handler_runners>(executor_)),
      timers_(std::make_shared<net::deadline_clock>(executor_)),
      addresses_(options_.max_connections_per_address),
      counters_(std::make_shared<host_counters>(options_.observer)),
      timer_(std::in_place, executor_, static_cast<net::lazy_timer::owner&>(*this)) {
    if (session_options_.pool == nullptr) {
        session_options_.pool = std::make_shared<channel::message_pool>(session_options_.quotas,
                                                                        session_options_.headers);
    }
}

host_core::~host_core() {
    shut_down();
}

// Addresses.

error_code host_core::add_endpoint(std::string_view address,
                                   std::shared_ptr<const operation_table> table,
                                   const endpoint_options& options, std::string& said) {
    auto parsed = endpoint::parse(address);
    if (!parsed)
        return parsed.error().code;
    if (!std::holds_alternative<std::monostate>(options.security)) {
        const auto* windows = std::get_if<security::windows_service>(&options.security);
        auto made =
            windows != nullptr
                ? security::make_upgrades(*windows, said)
                : security::make_upgrades(std::get<security::tls_service>(options.security), said);
        if (!made)
            return made.error().code;
        parsed->security = std::move(*made);
    }
    parsed->options = options;
    parsed->options.security = {};  // its factory has what it needs: keep no second copy of secrets
    parsed->table = std::move(table);
    if (!vias_.insert(parsed->uri, static_cast<std::uint32_t>(endpoints_.size())))
        return net::errc::endpoint_duplicate;
    endpoints_.push_back(std::make_shared<const endpoint>(std::move(*parsed)));
    return {};
}

std::shared_ptr<const endpoint> host_core::find_endpoint(const framing::via_view& via) const {
    const auto found = vias_.find(via);
    return found ? endpoints_[*found] : nullptr;
}

listening_address host_core::listen(std::string_view ip, std::uint16_t port, error_code& code,
                                    diagnostics* why) {
    error_code provider;
    tcp::endpoint bound;
    if (stopping_) {
        code = net::errc::host_stopping;
    } else {
        const auto made = std::make_shared<listener>(executor_, *this);
        bound = made->open(ip, port, options_.listen_backlog, provider);
        code = provider ? error_code(net::errc::listen_failed) : error_code();
        if (!provider) {
            listeners_.push_back(made);
            if (state_ == host_state::starting)
                state_ = host_state::serving;
            made->accept();
        }
    }
    if (why != nullptr) {
        why->clear();
        why->code = code;
        why->provider = provider;
        if (code) {
            why->endpoint = std::string(ip.empty() ? "*" : ip) + ':' + std::to_string(port);
        }
    }
    if (code)
        return {};
    return {bound.address().to_string(), bound.port()};
}

// Connections.

bool host_core::has_room() const noexcept {
    return !stopping_ && connection_count_ < options_.max_connections &&
           pending_.size() < options_.max_pending_connections;
}

/// Resets a connection beyond what its peer's address may have.
bool host_core::admits(tcp::socket& socket, std::uint64_t id) {
    error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone || addresses_.enter(id, peer.address()))
        return true;
    counters_->connections_over_address_limit.add();
    session_info refused;
    refused.id = id;
    refused.peer = net::to_text(peer);
    diagnostics why;
    why.stage = stage::connect;
    why.code = net::errc::too_many_from_address;
    error_code ignored;
    socket.set_option(asio::socket_base::linger(true, 0),
                      ignored);  // a reset, which leaves nothing
    socket.close(ignored);
    log(session_event::kind::refused, refused, why);
    return false;
}

void host_core::accepted(tcp::socket socket) {
    const std::uint64_t id = ++last_id_;
    if (addresses_.is_on() && !admits(socket, id))
        return;
    if (options_.keep_alive) {
        if (const error_code ec = net::keep_alive(socket, *options_.keep_alive))
            accept_failed(ec);  // and goes on without
    }
    ++connection_count_;
    counters_->connections_accepted.add();
    pending_.emplace(id, net::clock::now());
    note_pending();
    auto count = std::make_shared<counted_connection>(weak_from_this(), id);
    const auto session = std::make_shared<service_session>(shared_from_this(), id,
                                                           std::move(socket), std::move(count));
    connections_.emplace(id, connection{session, session->shell()});
    session->start();
    make_room();
}

void host_core::accept_failed(const error_code& ec) {
    counters_->accepts_failed.add();
    diagnostics why;
    why.stage = stage::connect;
    why.code = ec;
    why.provider = ec;
    log(session_event::kind::accept_failed, {}, why);
}

void host_core::no_longer_pending(std::uint64_t id) {
    pending_.erase(id);
    note_pending();
    resume_accepting();
}

/// Gives up on pending connections that have had their time, as far as there are too many.
void host_core::make_room() {
    while (!stopping_ && !pending_.empty() && pending_.size() >= options_.max_pending_connections) {
        const auto [id, since] = *pending_.begin();
        const net::time_point due = net::later(since, options_.pending_grace);
        if (net::clock::now() < due) {
            timer_->set(due);
            return;
        }
        if (const auto found = connections_.find(id); found != connections_.end()) {
            const connection one = found->second;  // it may be gone before that returns
            if (one.session != nullptr)
                one.session->make_room();
            else if (const auto shell = one.shell.lock())  // refused, and does not go
                shell->abort();
        }
        pending_.erase(id);
        note_pending();
    }
}

void host_core::session_gone(std::uint64_t id) {
    if (const auto found = connections_.find(id); found != connections_.end())
        const auto ended = std::move(found->second.session);
}

void host_core::connection_gone(std::uint64_t id) {
    connections_.erase(id);
    addresses_.leave(id);
    pending_.erase(id);
    note_pending();
    --connection_count_;
    if (shut_)
        return;
    session_info gone;
    gone.id = id;
    log(session_event::kind::disconnected, gone);
    resume_accepting();
    check_stopped();
}

void host_core::resume_accepting() {
    for (const auto& one : listeners_)
        one->accept();
}

// Calls.

bool host_core::begin_call() noexcept {
    if (call_count_ >= options_.max_concurrent_calls || (!waiting_.empty() && !giving_turns_))
        return false;
    ++call_count_;
    return true;
}

void host_core::call_ended() {
    --call_count_;
    if (giving_turns_ || shut_)
        return;
    giving_turns_ = true;  // a turn may end calls: this loop goes on for them
    while (!waiting_.empty() && call_count_ < options_.max_concurrent_calls) {
        const auto session = waiting_.front().lock();
        waiting_.pop_front();
        if (session != nullptr)
            session->take_turn();
    }
    giving_turns_ = false;
    check_stopped();
}

void host_core::wait_for_turn(std::weak_ptr<call_session> session) {
    counters_->throttled.add();
    waiting_.push_back(std::move(session));
}

host_metrics host_core::metrics() const noexcept {
    host_metrics now = counters_->read();
    now.connections = connection_count_;
    return now;
}

host_health host_core::health() const noexcept {
    return {.state = state_,
            .connections = connection_count_,
            .max_connections = options_.max_connections,
            .pending_connections = pending_count_,
            .max_pending_connections = options_.max_pending_connections,
            .calls = call_count_,
            .max_concurrent_calls = options_.max_concurrent_calls};
}

// The end.

void host_core::stop(host_options::duration patience, std::unique_ptr<stop_waiter> waiter) {
    if (stopped_ || shut_) {
        waiter->complete({});
        return;
    }
    stop_waiters_.push_back(std::move(waiter));
    const net::time_point deadline = net::later(net::clock::now(), patience);
    if (!stopping_ || deadline < timer_->deadline())
        timer_->set(deadline);
    if (!stopping_) {
        stopping_ = true;
        state_ = host_state::draining;
        for (const auto& one : listeners_)
            one->close();
        listeners_.clear();
        const auto connections = connections_;
        for (const auto& [id, one] : connections) {
            if (one.session != nullptr)
                one.session->drain();
        }
    }
    check_stopped();
}

void host_core::cancel_stop() {
    if (stopping_ && !stopped_)
        abort_for(asio::error::operation_aborted);
}

void host_core::deadline_passed() {
    if (stopping_)
        abort_for(net::errc::timed_out);
    else
        make_room();
}

/// Ends the polite part of stopping.
void host_core::abort_for(error_code code) {
    const auto self = shared_from_this();
    stop_code_ = code;
    abort_connections();
    stopped(code);
}

void host_core::check_stopped() {
    if (stopping_ && !stopped_ && connection_count_ == 0 && call_count_ == 0)
        stopped(stop_code_);
}

void host_core::stopped(error_code code) {
    if (stopped_)
        return;
    stopped_ = true;
    state_ = host_state::stopped;
    runners_->close();
    if (timer_)
        timer_->stop();
    const auto waiters = std::move(stop_waiters_);
    for (const auto& waiter : waiters)
        waiter->complete(code);
    if (on_stopped)
        on_stopped();
}

void host_core::abort_connections() noexcept {
    const auto connections = std::move(connections_);
    connections_.clear();
    for (const auto& [id, one] : connections) {
        if (one.session != nullptr)
            one.session->abort(net::errc::host_stopping, !shut_);
    }
    for (const auto& [id, one] : connections) {
        if (const auto shell = one.shell.lock())
            shell->abort();
    }
}

void host_core::shut_down() noexcept {
    if (shut_)
        return;
    shut_ = true;
    stopping_ = true;
    store_->close();
    timer_.reset();
    for (const auto& one : listeners_)
        one->close();
    listeners_.clear();
    abort_connections();
    stopped(asio::error::operation_aborted);
}

void host_core::log(session_event::kind what, const session_info& session, const diagnostics& why,
                    std::string_view note) const {
    if (options_.log)
        options_.log({what, session, why, note});
}

}  // namespace nettcp
