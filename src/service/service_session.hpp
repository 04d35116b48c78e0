#pragma once

#include "net/incoming_body.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"
#include "net/stream_pump.hpp"
#include "service/call_record.hpp"
#include "service/endpoint.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/service/host_options.hpp>

#include <array>
#include <deque>
#include <memory>

namespace nettcp {

class host_core;

/// One connection of a host and the sessions it carries: matches its preambles and messages, starts
/// handlers, sends answers, and keeps the deadlines. For the host's executor only.
class service_session final : public std::enable_shared_from_this<service_session>,
                              private net::session_shell::owner,
                              private net::incoming_body::owner,
                              private net::lazy_timer::owner {
public:
    service_session(const std::shared_ptr<host_core>& host, std::uint64_t id,
                    boost::asio::ip::tcp::socket socket, std::shared_ptr<void> connection);
    service_session(const service_session&) = delete;
    service_session& operator=(const service_session&) = delete;
    ~service_session();

    void start();
    const std::shared_ptr<net::session_shell>& shell() const noexcept { return shell_; }

    /// Lets calls in progress end, then ends the session and closes the connection.
    void drain();
    /// Resets the connection and cancels calls; the session is gone then.
    void abort(const boost::system::error_code& why, bool told);
    /// It has had time enough while others wait to be accepted.
    void make_room() { expire(channel::errc::initialization_expired); }
    /// A call may begin that had to wait.
    void take_turn();

    // For calls. A reply that is not wanted gives null. Writing goes on until one of the last two.
    nbfx::writer* begin_reply(call_record& call, const reply_options& options);
    void end_reply(call_record& call);
    void abandon_reply() noexcept;
    void reply_stream(call_record& call, const std::function<void(nbfx::writer&)>& body,
                      std::shared_ptr<body_source> content, const reply_options& options);
    void answer_fault(call_record& call, const soap::fault& answer,
                      const std::function<void(nbfx::writer&)>& more_headers = {});
    void answer_exception(call_record& call, const std::exception_ptr& why);
    /// The call is being destroyed.
    void call_dropped(call_record& call);

private:
    struct first_octets;
    enum pause_reason : unsigned { throttled = 1, output_full = 2, draining = 4 };

    // What the shell tells.
    void session_event(channel::event_type what) override;
    void transport_ended(const boost::system::error_code& why) override;
    void output_written() override;
    void octets_read(std::size_t size) override;
    void preamble_addressed();
    void opened();
    void closed();
    void failed();

    // Messages.
    void arrived(channel::message message);
    void start_held();
    void start_call(channel::message message);
    bool check_rules(call_record& call);
    bool is_for_us(std::optional<std::string_view> to);
    bool is_id_in_use(const call_record& call) const noexcept;
    bool understands_headers(call_record& call);
    bool is_authorized(const call_record& call);
    void run_handler(call_record& call);

    // Streams (service_streams.cpp).
    void message_begun();
    void wake_body();
    void drain_body();
    void body_waits(bool waits) override;
    void body_abandoned() override;
    void reply_whole(call_record& call, std::function<void(nbfx::writer&)> body,
                     std::shared_ptr<body_source> content, const reply_options& options);
    void source_gathered(call_record& call, const boost::system::error_code& code,
                         bytes_view octets, const std::function<void(nbfx::writer&)>& body,
                         const reply_options& options);
    void pump_told(const boost::system::error_code& code);
    void end_streams(const boost::system::error_code& why);

    // Answers.
    soap::outgoing_headers answer_headers(const call_record& call, bool is_fault) const;
    void send_fault(call_record& call, const soap::fault& answer,
                    const std::function<void(nbfx::writer&)>& more_headers);
    void answered(call_record& call);
    void sent();
    void end_if_done();

    // The connection.
    void pause(pause_reason why);
    void resume(pause_reason why);
    void list(call_record& call);
    void unlist(call_record& call);
    void close_when_written();
    /// Leaves the connection to its fate, or resets it when it has not been left.
    void gone();
    stage current_stage() const noexcept;
    net::time_point message_deadline() const noexcept;
    net::time_point receive_deadline() const noexcept;
    void update_deadline();
    void deadline_passed() override;
    void expire(const boost::system::error_code& why);
    void log(nettcp::session_event::kind what, const diagnostics& why = {},
             std::string_view note = {}) const;
    diagnostics describe(const boost::system::error_code& code, stage where) const;

    std::shared_ptr<host_core> host_;
    const host_options& options_;
    std::shared_ptr<net::session_shell> shell_;
    std::shared_ptr<first_octets> first_octets_;
    std::shared_ptr<const session_info> info_;
    std::shared_ptr<const endpoint> endpoint_;
    std::uint16_t local_port_ = 0;
    std::string matched_to_;  ///< a To that has been found to be the endpoint's

    std::shared_ptr<body_source> begun_;  ///< the body of the message on its way to a call
    std::weak_ptr<net::incoming_body> body_;  ///< as long as somebody reads it
    std::shared_ptr<net::stream_pump> pump_;  ///< a reply's body is being sent

    std::deque<channel::message> held_;  ///< wait for their turn
    call_record* calls_ = nullptr;  ///< those not yet destroyed
    std::uint32_t call_count_ = 0;
    std::uint32_t unanswered_ = 0;

    net::lazy_timer timer_;
    net::time_point initialization_deadline_ = net::never;
    net::time_point idle_deadline_ = net::never;
    net::time_point message_start_ = net::never;
    net::time_point last_activity_{};
    net::time_point send_deadline_ = net::never;
    std::uint64_t send_goal_ = 0;  ///< octets that must be written by then
    std::uint64_t message_octets_ = 0;

    unsigned paused_ = 0;
    bool pending_ = true;  ///< no session has opened yet
    bool open_ = false;
    bool peer_ended_ = false;
    bool ended_ = false;
    bool starting_held_ = false;
    bool in_line_ = false;  ///< waits for its turn among the host's sessions
    bool closing_ = false;  ///< the connection, when all is written
    bool no_more_octets_ = false;  ///< the peer has shut down its direction
    bool over_ = false;
    bool body_begun_ = false;  ///< of a message whose body is a stream
};

}  // namespace nettcp
