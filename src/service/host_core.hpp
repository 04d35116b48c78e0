#pragma once

#include "calls/uuid_sequence.hpp"
#include "net/deadline_clock.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"
#include "service/address_limit.hpp"
#include "service/call_session.hpp"
#include "service/endpoint.hpp"
#include "service/handler_runners.hpp"
#include "service/host_counters.hpp"
#include "service/listener.hpp"

#include <nettcp/framing/via.hpp>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <vector>

namespace nettcp {

class service_session;

/// What a service host is made of: endpoints, listeners, connections, and the throttles that they
/// share. For its executor only, but for what says otherwise.
class host_core final : public std::enable_shared_from_this<host_core>,
                        public call_host,
                        private net::lazy_timer::owner {
public:
    using stop_waiter = service_host::stop_waiter;

    host_core(boost::asio::any_io_executor executor, host_options options);
    host_core(const host_core&) = delete;
    host_core& operator=(const host_core&) = delete;
    ~host_core();

    // Any thread.
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
    const host_options& options() const noexcept { return options_; }
    const std::shared_ptr<call_store>& store() const noexcept { return store_; }
    std::size_t connection_count() const noexcept { return connection_count_; }
    std::size_t call_count() const noexcept { return call_count_; }
    host_metrics metrics() const noexcept;
    host_health health() const noexcept;

    /// Told once, when the host has stopped.
    std::function<void()> on_stopped;

    // Addresses.
    /// `said` takes the words of a library that finds fault with the options.
    boost::system::error_code add_endpoint(std::string_view address,
                                           std::shared_ptr<const operation_table> table,
                                           const endpoint_options& options, std::string& said);
    std::shared_ptr<const endpoint> find_endpoint(const framing::via_view& via) const;
    listening_address listen(std::string_view ip, std::uint16_t port,
                             boost::system::error_code& code, diagnostics* why);

    // Connections.
    bool has_room() const noexcept;
    void accepted(boost::asio::ip::tcp::socket socket);
    void accept_failed(const boost::system::error_code& ec);
    /// The session on a connection has opened for the first time.
    void no_longer_pending(std::uint64_t id);
    void session_gone(std::uint64_t id);
    void connection_gone(std::uint64_t id);
    const std::shared_ptr<handler_runners>& runners() const noexcept override { return runners_; }
    uuid next_session_id() noexcept { return session_ids_.at(++last_session_); }
    const std::shared_ptr<host_counters>& counters() const noexcept { return counters_; }
    /// Of the sessions' deadlines.
    const std::shared_ptr<net::deadline_clock>& timers() const noexcept { return timers_; }
    const channel::session_options& session_options() const noexcept { return session_options_; }

    // Calls.
    const call_limits& call_limits_of_sessions() const noexcept { return call_limits_; }
    /// Of what the sessions keep for callbacks, which handlers ask for on any thread.
    std::mutex& callbacks_guard() noexcept { return callbacks_guard_; }
    /// Counts a call, if there may be one more now.
    bool begin_call() noexcept override;
    void call_ended() override;
    call_meter& meter() noexcept override { return counters_->calls; }
    /// `session` has a message and waits for its turn.
    void wait_for_turn(std::weak_ptr<call_session> session);

    // The end.
    bool is_stopping() const noexcept { return stopping_; }
    void stop(host_options::duration patience, std::unique_ptr<stop_waiter> waiter);
    void cancel_stop();
    /// Aborts everything at once; nothing reaches the host afterwards.
    void shut_down() noexcept;

    void log(session_event::kind what, const session_info& session, const diagnostics& why = {},
             std::string_view note = {}) const;

private:
    /// Lives as long as a connection is open, even when its session is gone.
    struct counted_connection;

    struct connection {
        std::shared_ptr<service_session> session;  ///< until that is gone
        std::weak_ptr<net::session_shell> shell;
    };

    bool admits(boost::asio::ip::tcp::socket& socket, std::uint64_t id);
    void note_pending() noexcept { pending_count_ = pending_.size(); }
    void resume_accepting();
    void make_room();
    void abort_connections() noexcept;
    void check_stopped();
    void abort_for(boost::system::error_code code);
    void stopped(boost::system::error_code code);
    void deadline_passed() override;

    boost::asio::any_io_executor executor_;
    const host_options options_;
    channel::session_options session_options_;
    const call_limits call_limits_;
    std::mutex callbacks_guard_;
    std::shared_ptr<call_store> store_;
    std::shared_ptr<handler_runners> runners_;
    std::shared_ptr<net::deadline_clock> timers_;

    framing::via_table vias_;
    std::vector<std::shared_ptr<const endpoint>> endpoints_;
    std::vector<std::shared_ptr<listener>> listeners_;

    std::unordered_map<std::uint64_t, connection> connections_;
    address_limit addresses_;
    std::deque<std::weak_ptr<call_session>> waiting_;
    std::atomic<std::size_t> connection_count_{0};
    std::atomic<std::size_t> call_count_{0};
    std::atomic<std::size_t> pending_count_{0};
    std::atomic<host_state> state_{host_state::starting};
    const std::shared_ptr<host_counters> counters_;
    /// When connections came that have had no session yet, in that order: refused ones, too.
    std::map<std::uint64_t, net::time_point> pending_;
    std::uint64_t last_id_ = 0;
    uuid_sequence session_ids_;
    std::uint64_t last_session_ = 0;

    /// Of the next pending connection to make room; of the end when stopping. None once shut down.
    std::optional<net::lazy_timer> timer_;
    boost::system::error_code stop_code_;
    std::vector<std::unique_ptr<stop_waiter>> stop_waiters_;
    bool giving_turns_ = false;
    bool stopping_ = false;
    bool stopped_ = false;
    bool shut_ = false;
};

}  // namespace nettcp
