#pragma once

#include "calls/outgoing_calls.hpp"
#include "client/client_callbacks.hpp"
#include "client/client_lanes.hpp"
#include "client/idle_connections.hpp"
#include "net/connector.hpp"
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
/// All but what is marked otherwise is called on the executor.
class client_core final : public outgoing_calls,
                          public std::enable_shared_from_this<client_core>,
                          private net::session_shell::owner,
                          private net::lazy_timer::owner,
                          private net::connector::owner,
                          private net::incoming_body::owner,
                          private client_callbacks::owner {
public:
    /// `front` is set in the lanes of a client whose transfer is streamed.
    client_core(const boost::asio::any_io_executor& executor, endpoint_address address,
                client_options options, std::weak_ptr<client_core> front = {});
    ~client_core() override;

    // From any thread.
    const endpoint_address& address() const noexcept { return address_; }
    std::optional<security::party> peer() const;
    client_metrics metrics() const noexcept;
    /// No message is encoded from now on.
    void start_leaving() noexcept { leaving_ = true; }

    void cancel(std::uint64_t id) override;
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
    client_core(const std::shared_ptr<call_store>& store, endpoint_address address,
                client_options options, std::weak_ptr<client_core> front);

    enum class phase : std::uint8_t {
        idle,        ///< no connection
        pausing,     ///< an attempt has failed, the next one comes
        connecting,  ///< `connector_` is at work
        preamble,    ///< connected, the session is not open yet
        open,
        closing,     ///< we have sent End
        kept,        ///< a connection without session, for the next one
    };

    // Operations (client_core.cpp).
    void admit(operation& op) override;
    void start_waiting();
    void feed_lanes();
    channel::duplex_session* session() noexcept override;
    bool has_room() noexcept override;
    soap::outgoing_headers headers_of(const operation& op) const override;
    std::uint64_t message_queued(operation& op) override;
    void given_up(const diagnostics& why) override { abandon_call(why); }
    void dropped() override;
    void flush() override;
    void rearm() override;
    diagnostics describe(nettcp::stage where) const override;
    nettcp::stage stage_of(const operation& op) const noexcept override;
    std::string_view service_address() const noexcept override { return address_.uri(); }
    void accept(channel::message arrived);
    void accept_stream(channel::message begun);
    nettcp::stage session_stage() const noexcept;
    nettcp::stage preamble_stage() const noexcept;

    // Streams (client_streams.cpp).
    bool is_streamed() const noexcept { return options_.transfer != transfer_mode::buffered; }
    bool is_lane() const noexcept { return is_streamed() && lanes_ == nullptr; }
    void gather(operation& op);
    void gathered(std::uint64_t id, const boost::system::error_code& code,
                  std::vector<std::byte>&& octets);
    void begin_pump(operation& op);
    void pump_told(const boost::system::error_code& code, std::uint64_t id);
    void await_end();
    void wake_body();
    void abandon_call(const diagnostics& why);
    void end_streams(const boost::system::error_code& why, bool for_good = false);
    void tell_front();
    void body_waits(bool waits) override;
    void body_abandoned(const net::session_shell& shell) override;

    // Callbacks (client_core.cpp).
    bool is_callback(const channel::message& arrived) const noexcept;
    void serve(channel::message arrived);
    void end_callbacks(bool called_off);
    void callback_went_on() override { rearm(); }
    void callback_unserved() override { dropped(); }
    void break_off(const boost::system::error_code& why) override;

    // Connection (client_connection.cpp).
    void start_session();
    void connect();
    bool take_pooled();
    void adopt(boost::asio::ip::tcp::socket socket, net::time_point connected_at);
    void give_back_connection();
    bool make_security();
    void open_session();
    void note_peer();
    void note_session(bool well);
    void judge_loss(diagnostics& why) const;
    void end_session();
    void session_closed();
    void session_failed();
    void attempt_failed(const diagnostics& why);
    bool retry_kept_connection();
    bool try_later(const diagnostics& why);
    void drop_connection(bool drain) noexcept;
    void abandon_unwanted_attempt();
    void stir();
    void cool(net::time_point now);
    void session_event(channel::event_type what) override;
    void transport_ended(const boost::system::error_code& why) override;
    void output_written() override;
    void deadline_passed() override;
    void connected(boost::asio::ip::tcp::socket socket) override;
    void connect_failed(const diagnostics& why) override;

    endpoint_address address_;
    client_options options_;
    std::atomic<bool> leaving_ = false;
    mutable std::mutex peer_mutex_;
    std::optional<security::party> peer_;  // of the open session

    phase phase_ = phase::idle;
    const std::shared_ptr<client_counters> counters_;  // of the front, in lanes
    bool attempting_ = false;  // to get a session
    bool counted_ = false;     // as a session that is there
    bool reused_ = false;     // the preamble under way is on a kept connection
    bool ended_ = false;      // a session was there and is no more: see `reopen`
    security::shared_upgrade_factory security_;
    diagnostics last_end_;    // how the last session ended
    std::shared_ptr<idle_connections::endpoint> pooled_;  ///< null without a pool
    std::shared_ptr<net::connector> connector_;
    std::shared_ptr<net::session_shell> shell_;
    std::optional<net::lazy_timer> timer_;
    net::time_point attempt_deadline_ = net::never;
    std::uint32_t attempts_ = 0;  // in a row that have failed
    net::time_point idle_deadline_ = net::never;
    net::time_point connected_at_;
    net::time_point cool_at_ = net::never;  ///< when to see whether the session has gone idle
    bool stirred_ = false;  ///< octets have gone or come since that was decided

    std::shared_ptr<const client_callbacks::choices> callback_choices_;
    std::shared_ptr<client_callbacks> callbacks_;  ///< of the session, from the first one on

    std::shared_ptr<net::stream_pump> pump_;  ///< the request's body is being sent
    std::weak_ptr<net::incoming_body> body_;  ///< the reply's, as long as somebody reads it
    bool body_begun_ = false;                 ///< ... and the session has not closed behind it
    bool was_busy_ = false;
    const std::weak_ptr<client_core> front_;
    std::unique_ptr<client_lanes> lanes_;  ///< of the front; dies before what operations live in
};

}  // namespace nettcp
