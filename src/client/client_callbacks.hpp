#pragma once

#include "client/client_counters.hpp"
#include "service/call_session.hpp"
#include "service/handler_runners.hpp"

#include <string>

namespace nettcp {

/// The requests of the service on one of a client's sessions.
class client_callbacks final : public call_session, public call_host {
public:
    /// The client.
    class owner {
    public:
        /// Something may have been queued for the service, or a call has ended.
        virtual void callback_went_on() = 0;
        /// A one-way message came that has no handler.
        virtual void callback_unserved() = 0;
        /// The service has broken a rule.
        virtual void break_off(const boost::system::error_code& why) = 0;

    protected:
        ~owner() = default;
    };

    /// What the callbacks of all sessions of a client are served with.
    struct choices {
        std::shared_ptr<call_store> store;
        std::shared_ptr<const operation_table> table;
        std::string address;  ///< of the service, where answers go
        std::uint32_t max_calls = 0;
        call_limits limits;
        std::shared_ptr<client_counters> counters;
    };

    /// `told` must live until `end`.
    client_callbacks(std::shared_ptr<const choices> chosen, owner& told,
                     std::shared_ptr<net::session_shell> shell,
                     std::shared_ptr<const session_info> info);

    using call_session::call_deadline;
    using call_session::expire_calls;
    void arrived(channel::message message) { take(std::move(message)); }
    /// Octets have gone.
    void output_written();
    /// The session is over; `called_off`: nobody wants what still runs.
    void end(bool called_off);

    callback_channel callback(const call_record& call) override;

private:
    const std::shared_ptr<handler_runners>& runners() const noexcept override { return runners_; }
    bool begin_call() noexcept override;
    void call_ended() override;
    call_meter& meter() noexcept override { return chosen_->counters->callbacks; }
    std::shared_ptr<call_host> host() override;
    const std::shared_ptr<const operation_table>& table() const override { return chosen_->table; }
    bool is_for_us(std::optional<std::string_view>) override { return true; }
    bool is_authorized(const call_record&) override { return true; }
    nbfx::xml_string answer_address(const soap::headers_view& asked, bool is_fault) const override;
    void nobody_serves() override { told_->callback_unserved(); }
    bool reads_ahead() const noexcept override { return true; }
    void reading_changed(bool) override {}
    void answer_given() override;
    void call_over() override;
    void call_failed(const diagnostics&, std::string_view) override {}
    diagnostics describe(const boost::system::error_code& code, stage where) const override;
    void break_off(const boost::system::error_code& why) override { told_->break_off(why); }

    const std::shared_ptr<const choices> chosen_;
    owner* told_;
    std::shared_ptr<handler_runners> runners_;
    std::uint32_t begun_calls_ = 0;
};

}  // namespace nettcp
