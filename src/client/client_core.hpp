#pragma once

#include "client/client_lanes.hpp"
#include "client/deadline_heap.hpp"
#include "client/idle_connections.hpp"
#include "client/operation_list.hpp"
#include "client/operation_store.hpp"
#include "client/pending_calls.hpp"
#include "net/connector.hpp"
#include "net/executor_probe.hpp"
#include "net/incoming_body.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"
#include "net/stream_pump.hpp"

#include <nettcp/client/client.hpp>

#include <nettcp/security/factories.hpp>

#include <atomic>
#include <mutex>
#include <optional>

namespace nettcp {

/// The client behind `client`: operations on one side, one connection at a time on the other.
///
/// All but what is marked otherwise is called on the executor. Functions that complete an
/// operation may run the caller's code, which may call back in, or destroy the client: state is
/// put in order before, and looked at again after.
class client_core final : public std::enable_shared_from_this<client_core>,
                          private net::session_shell::owner,
                          private net::lazy_timer::owner,
                          private net::connector::owner,
                          private net::incoming_body::owner {
public:
    /// `front` is set in the lanes of a client whose transfer is streamed.
    client_core(boost::asio::any_io_executor executor, endpoint_address address,
                client_options options, std::weak_ptr<client_core> front = {});
    ~client_core();

    // From any thread.
    const boost::asio::any_io_executor& executor() const noexcept { return executor_; }
    const endpoint_address& address() const noexcept { return address_; }
    const net::executor_probe& probe() const noexcept { return probe_; }
    operation_store& store() noexcept { return store_; }
    std::uint64_t next_id() noexcept { return ++last_id_; }
    std::uint64_t dropped_messages() const noexcept { return dropped_; }
    std::optional<security::party> peer() const;
    /// No message is encoded from now on.
    void start_leaving() noexcept { leaving_ = true; }

    void begin(operations::operation& op);
    void cancel(std::uint64_t id);
    const client_options& options() const noexcept { return options_; }

    // Lanes.
    /// Takes an operation over from the front.
    void adopt(operations::operation& op);
    /// It can take one.
    bool is_free() const noexcept {
        return (phase_ == phase::idle || phase_ == phase::kept) && deadlines_.empty();
    }
    bool is_connected() const noexcept { return phase_ == phase::kept; }

    /// Completes everything with `operation_aborted` and lets go of connection and timer.
    void shut_down();

private:
    using operation = operations::operation;

    enum class phase : std::uint8_t {
        idle,        ///< no connection
        connecting,  ///< `connector_` is at work
        preamble,    ///< connected, the session is not open yet
        open,
        closing,     ///< we have sent End
        kept,        ///< a connection without session, for the next one
    };

    // Operations (client_core.cpp).
    void admit(operation& op);
    void start_waiting();
    void feed_lanes();
    void pump();
    void encode(operation& op);
    void encoded(operation& op, bool threw);
    bool begin_stream(operation& op, const soap::outgoing_headers& headers);
    void request_sent(const operation& op);
    void accept(channel::message arrived);
    void accept_stream(channel::message begun);
    operation* take_answered(const channel::message& arrived);
    bool understands(operation& op, const channel::message& arrived);
    void unlink(operation& op) noexcept;
    void finish(operation& op, const boost::system::error_code& code, reply&& answer,
                std::unique_ptr<diagnostics> why);
    void complete(operation& op, const boost::system::error_code& code, reply&& answer,
                  std::unique_ptr<diagnostics> why);
    void succeed(operation& op, reply&& answer = {}) { finish(op, {}, std::move(answer), nullptr); }
    void fail(operation& op, const diagnostics& why);
    void fail_all(const diagnostics& why);
    void fail_pending(const diagnostics& why);
    void fail_these(std::vector<operation*> doomed, const diagnostics& why);
    void succeed_all(operation_list& list);
    /// Handlers never run within the function that starts an operation, nor within a signal.
    bool may_complete_inside() const noexcept { return !posting_ && initiating_ == nullptr; }
    void rearm();
    diagnostics describe(nettcp::stage where) const;
    nettcp::stage stage_of(const operation& op) const noexcept;
    nettcp::stage session_stage() const noexcept;
    nettcp::stage preamble_stage() const noexcept;
    uuid message_id(std::uint64_t id) const noexcept;
    std::optional<std::uint64_t> id_of(const uuid& message_id) const noexcept;

    // Streams (client_streams.cpp).
    bool is_streamed() const noexcept { return options_.transfer != transfer_mode::buffered; }
    bool is_lane() const noexcept { return is_streamed() && lanes_ == nullptr; }
    void begin_pump(operation& op);
    void pump_told(const boost::system::error_code& code, std::uint64_t id);
    void wake_body();
    void abandon_call(const diagnostics& why);
    void end_streams(const boost::system::error_code& why);
    void tell_front();
    void body_waits(bool waits) override;
    void body_abandoned() override;

    // Connection (client_connection.cpp).
    void start_session();
    void connect();
    bool take_pooled();
    void adopt(boost::asio::ip::tcp::socket socket, net::time_point connected_at);
    void give_back_connection();
    bool make_security();
    void open_session();
    void note_peer();
    void judge_loss(diagnostics& why) const;
    void end_session();
    void session_closed();
    void session_failed();
    void attempt_failed(const diagnostics& why);
    bool retry_kept_connection();
    void drop_connection(bool drain) noexcept;
    void abandon_unwanted_attempt();
    void session_event(channel::event_type what) override;
    void transport_ended(const boost::system::error_code& why) override;
    void output_written() override;
    void deadline_passed() override;
    void connected(boost::asio::ip::tcp::socket socket) override;
    void connect_failed(const diagnostics& why) override;

    boost::asio::any_io_executor executor_;
    net::executor_probe probe_;
    endpoint_address address_;
    client_options options_;
    operation_store store_;
    std::array<std::uint8_t, 9> id_prefix_{};
    std::atomic<std::uint64_t> last_id_ = 0;
    std::atomic<std::uint64_t> dropped_ = 0;
    std::atomic<bool> leaving_ = false;
    mutable std::mutex peer_mutex_;
    std::optional<security::party> peer_;  // of the open session

    phase phase_ = phase::idle;
    bool reused_ = false;     // the preamble under way is on a kept connection
    bool ended_ = false;      // a session was there and is no more: see `reopen`
    bool posting_ = false;    // handlers must not run within the current function
    bool shut_ = false;
    security::shared_upgrade_factory security_;
    diagnostics last_end_;    // how the last session ended
    std::shared_ptr<idle_connections::endpoint> pooled_;  ///< null without a pool
    std::shared_ptr<net::connector> connector_;
    std::shared_ptr<net::session_shell> shell_;
    std::optional<net::lazy_timer> timer_;
    net::time_point attempt_deadline_ = net::never;
    net::time_point idle_deadline_ = net::never;
    net::time_point connected_at_;

    operation_list opening_;  // async_open
    operation_list waiting_;  // calls and messages that are not encoded yet
    operation_list writing_;  // one-way messages whose octets have not gone yet
    operation_list closing_;  // async_close
    pending_calls pending_;
    deadline_heap deadlines_;  // all operations
    operation* initiating_ = nullptr;
    operation* encoding_ = nullptr;
    bool encoding_cancelled_ = false;

    std::shared_ptr<net::stream_pump> pump_;  ///< the request's body is being sent
    std::weak_ptr<net::incoming_body> body_;  ///< the reply's, as long as somebody reads it
    bool body_begun_ = false;                 ///< ... and the session has not closed behind it
    bool was_busy_ = false;
    const std::weak_ptr<client_core> front_;
    std::unique_ptr<client_lanes> lanes_;  ///< of the front; dies before what operations live in
};

}  // namespace nettcp
