// Decides how a client answers its service: as a host would its client, but for where answers go.
#include "client/client_callbacks.hpp"

#include "service/callback_calls.hpp"

#include <nettcp/channel/errc.hpp>

namespace nettcp {

client_callbacks::client_callbacks(std::shared_ptr<const choices> chosen, owner& told,
                                   std::shared_ptr<net::session_shell> shell,
                                   std::shared_ptr<const session_info> info)
    : call_session(chosen->store, chosen->limits, chosen->counters->callbacks),
      chosen_(std::move(chosen)),
      told_(&told),
      runners_(std::make_shared<handler_runners>(chosen_->store->executor())) {
    shell_ = std::move(shell);
    info_ = std::move(info);
}

void client_callbacks::output_written() {
    if (is_paused(output_full) && shell_->session().output_size() <= limits_.max_held / 2) {
        resume(output_full);
        start_held();
    }
}

void client_callbacks::end(bool called_off) {
    const auto self = shared_from_this();
    over_ = true;
    runners_->close();
    let_go(called_off);
    if (!called_off && !is_reading())
        shell_->keep_reading(true);  // the connection may carry another session
    told_ = nullptr;
    shell_.reset();
}

callback_channel client_callbacks::callback(const call_record&) {
    return closed_callbacks(store_, channel::errc::session_closed);
}

bool client_callbacks::begin_call() noexcept {
    if (begun_calls_ >= chosen_->max_calls)
        return false;
    ++begun_calls_;
    return true;
}

void client_callbacks::call_ended() {
    --begun_calls_;
    if (!over_)
        take_turn();
}

std::shared_ptr<call_host> client_callbacks::host() {
    return {shared_from_this(), static_cast<call_host*>(this)};
}

/// As WCF's clients: the service's address, wherever ReplyTo points.
nbfx::xml_string client_callbacks::answer_address(const soap::headers_view&, bool) const {
    return nbfx::dictionary_string{chosen_->address};
}

void client_callbacks::answer_given() {
    if (shell_->session().output_full())
        pause(output_full);
    shell_->flush();
    told_->callback_went_on();
}

void client_callbacks::call_over() {
    told_->callback_went_on();
}

diagnostics client_callbacks::describe(const boost::system::error_code& code, stage where) const {
    diagnostics known;
    known.stage = where;
    known.code = code;
    known.endpoint = chosen_->address;
    return known;
}

}  // namespace nettcp
