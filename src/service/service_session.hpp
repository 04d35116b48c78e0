#pragma once

#include "net/incoming_body.hpp"
#include "net/deadline_clock.hpp"
#include "net/session_shell.hpp"
#include "net/stream_pump.hpp"
#include "service/call_session.hpp"
#include "service/callback_calls.hpp"
#include "service/endpoint.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/service/host_options.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace nettcp {

class host_core;

/// One connection of a host and the sessions it carries: matches its preambles and messages, and
/// keeps the deadlines. For the host's executor only.
class service_session final : public call_session,
                              private net::session_shell::owner,
                              private net::incoming_body::owner,
                              private callback_calls::owner,
                              private net::lazy_timer::owner {
public:
    service_session(const std::shared_ptr<host_core>& host, std::uint64_t id,
                    boost::asio::ip::tcp::socket socket, std::shared_ptr<void> connection);
    service_session(const service_session&) = delete;
    service_session& operator=(const service_session&) = delete;
    ~service_session() override;

    void start();
    const std::shared_ptr<net::session_shell>& shell() const noexcept { return shell_; }

    /// Lets calls in progress end, then ends the session and closes the connection.
    void drain();
    /// Resets the connection and cancels calls; the session is gone then.
    void abort(const boost::system::error_code& why, bool told);
    /// It has had time enough while others wait to be accepted.
    void make_room() { expire(channel::errc::initialization_expired); }
    void reply_stream(call_record& call, const std::function<void(nbfx::writer&)>& body,
                      std::shared_ptr<body_source> content, const reply_options& options) override;
    callback_channel callback(const call_record& call) override;

private:
    struct first_octets;

    // What the shell tells.
    void session_event(channel::event_type what) override;
    void transport_ended(const boost::system::error_code& why) override;
    void output_written() override;
    void octets_read(std::size_t size) override;
    void preamble_addressed();
    void opened();
    void closed();
    void failed();
    void not_opened(const boost::system::error_code& why);
    void note_session(bool well);

    // Messages (service_messages.cpp).
    void arrived(channel::message message);
    bool is_reply(const channel::message& message);
    std::shared_ptr<call_host> host() override;
    const std::shared_ptr<const operation_table>& table() const override {
        return endpoint_->table;
    }
    bool is_for_us(std::optional<std::string_view> to) override;
    bool is_authorized(const call_record& call) override;
    nbfx::xml_string answer_address(const soap::headers_view& asked, bool is_fault) const override;
    void wait_for_turn() override;
    void waits_in_line() override;
    bool reads_ahead() const noexcept override;
    void reading_changed(bool reads) override;
    void answer_given() override;
    void call_over() override;
    void call_failed(const diagnostics& why, std::string_view note) override;
    void break_off(const boost::system::error_code& why) override { abort(why, true); }
    void sent();
    void end_if_done();

    // Callbacks (service_messages.cpp).
    bool takes_callbacks() const noexcept override { return open_ && !ended_ && !over_; }
    void callbacks_queued() override;
    void awaiting_changed() override { update_reading(); }
    void begin_callbacks();
    void end_callbacks(const boost::system::error_code& why);

    // Streams (service_streams.cpp).
    void message_begun();
    void wake_body();
    void drain_body();
    void body_waits(bool waits) override;
    void body_abandoned(const net::session_shell& shell) override;
    void pump_told(const boost::system::error_code& code);
    void end_streams(const boost::system::error_code& why);

    // The connection.
    void close_when_written();
    /// Leaves the connection to its fate, or resets it when it has not been left.
    void gone(const boost::system::error_code& why);
    stage current_stage() const noexcept;
    net::time_point message_deadline() const noexcept;
    net::time_point receive_deadline() const noexcept;
    void update_deadline();
    void stir();
    void cool(net::time_point now);
    void deadline_passed() override;
    void expire(const boost::system::error_code& why);
    void log(nettcp::session_event::kind what, const diagnostics& why = {},
             std::string_view note = {}) const;
    diagnostics describe(const boost::system::error_code& code, stage where) const override;

    std::shared_ptr<host_core> host_;
    const host_options& options_;
    std::shared_ptr<first_octets> first_octets_;
    std::shared_ptr<const endpoint> endpoint_;

    std::weak_ptr<net::incoming_body> body_;  ///< as long as somebody reads it
    std::shared_ptr<net::stream_pump> pump_;  ///< a reply's body is being sent

    // Guarded by the host's `callbacks_guard`: handlers ask for callbacks on any thread.
    std::string matched_to_;  ///< a To that has been found to be the endpoint's
    std::shared_ptr<callback_calls> callbacks_owner_;
    uuid callbacks_session_{};  ///< the session in progress, until one side ends
    boost::system::error_code no_callbacks_;
    std::atomic<callback_calls*> callbacks_ = nullptr;  ///< ends on the executor only

    net::deadline_clock::alarm timer_;
    net::time_point initialization_deadline_ = net::never;
    net::time_point idle_deadline_ = net::never;
    net::time_point message_start_ = net::never;
    net::time_point cool_at_ = net::never;  ///< when to see whether it has gone idle
    net::time_point last_activity_{};
    net::time_point send_deadline_ = net::never;
    std::uint64_t send_goal_ = 0;  ///< octets that must be written by then
    std::uint64_t message_octets_ = 0;

    std::uint16_t local_port_ = 0;
    bool stirred_ = false;  ///< octets have gone or come since that was decided
    bool wakes_ = false;  ///< it was idle until a moment ago
    bool counted_ = false;  ///< as a session that is there
    bool pending_ = true;  ///< no session has opened yet
    bool open_ = false;
    bool peer_ended_ = false;
    bool ended_ = false;
    bool closing_ = false;  ///< the connection, when all is written
    bool no_more_octets_ = false;  ///< the peer has shut down its direction
    bool body_begun_ = false;  ///< of a message whose body is a stream
    bool body_waits_ = false;  ///< its reader waits for octets
};

}  // namespace nettcp
