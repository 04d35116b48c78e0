#pragma once

#include "calls/outgoing_calls.hpp"
#include "net/lazy_timer.hpp"
#include "net/session_shell.hpp"

#include <nettcp/service/callback_channel.hpp>

#include <optional>
#include <string>

namespace nettcp {

/// One that can only fail: with `code`.
callback_channel closed_callbacks(std::shared_ptr<executor_gate> gate,
                                  boost::system::error_code code);

/// What the service calls back on one session, until that ends.
class callback_calls final : public outgoing_calls,
                             public std::enable_shared_from_this<callback_calls>,
                             private net::lazy_timer::owner {
public:
    /// The session that messages go out on.
    class owner {
    public:
        /// Messages may be sent, as far as they find room.
        virtual bool takes_callbacks() const noexcept = 0;
        /// Messages may have been queued.
        virtual void callbacks_queued() = 0;
        /// We wait for replies now, or no more.
        virtual void awaiting_changed() = 0;
        virtual diagnostics describe(const boost::system::error_code& code, stage where) const = 0;

    protected:
        ~owner() = default;
    };

    /// `session` must live until `end`; null for calls that have ended. `address` is where its
    /// client may send requests to.
    callback_calls(std::shared_ptr<executor_gate> gate, std::shared_ptr<net::session_shell> shell,
                   owner* session, std::string address, net::clock::duration send_timeout,
                   std::uint32_t max_waiting);

    /// Until `end`.
    void count(call_meter& meter) noexcept { meter_ = &meter; }
    using outgoing_calls::is_awaited;
    using outgoing_calls::pump;
    using outgoing_calls::written;
    bool awaits_replies() const noexcept { return !pending_.empty(); }
    /// Takes the reply to one of the calls.
    void accept(channel::message arrived);
    /// The session takes and brings no more.
    void end(const diagnostics& why);

private:
    void admit(operation& op) override;
    channel::duplex_session* session() noexcept override;
    bool has_room() noexcept override;
    soap::outgoing_headers headers_of(const operation& op) const override;
    std::uint64_t message_queued(operation& op) override;
    void flush() override;
    void rearm() override;
    diagnostics describe(nettcp::stage where) const override;
    nettcp::stage stage_of(const operation& op) const noexcept override;
    std::string_view service_address() const noexcept override { return address_; }
    void deadline_passed() override;
    bool must_wait(operation& op, const boost::system::error_code& code, reply& answer,
                   std::unique_ptr<diagnostics>& why) override;

    std::shared_ptr<net::session_shell> shell_;
    owner* session_;  ///< null once it has ended
    const std::string address_;
    const net::clock::duration send_timeout_;
    const std::uint32_t max_waiting_;
    diagnostics why_ended_;
    std::optional<net::lazy_timer> timer_;
    bool awaited_ = false;
};

}  // namespace nettcp
