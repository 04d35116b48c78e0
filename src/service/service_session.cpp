// Decides which endpoint a connection belongs to, how it is refused or ended, and when its peer has
// had time enough.

#include "service/service_session.hpp"

#include "service/host_core.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/via.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/security/errc.hpp>

#include <boost/asio/error.hpp>

#include <algorithm>

namespace nettcp {

namespace asio = boost::asio;
using boost::system::error_code;
using kind = session_event::kind;

namespace {

/// Octets of a message that earn its sender another second.
constexpr std::uint64_t octets_per_second = 1024;
/// A busy connection without octets for that long gives back what it does not need while idle; one
/// that has just become busy, which may have been for a single call, sooner.
constexpr std::chrono::seconds idle_after{1};
constexpr std::chrono::milliseconds idle_after_waking{100};

channel::modes modes_of(transfer_mode transfer) noexcept {
    switch (transfer) {
    case transfer_mode::buffered: return channel::modes::duplex;
    case transfer_mode::any: return channel::modes::either;
    default: return channel::modes::singleton_unsized;
    }
}

refusal refusal_of(const error_code& why, stage where, bool stopping) {
    using framing::errc;
    if (stopping)
        return refusal::stopping;
    if (why == errc::via_unmatched)
        return refusal::endpoint_not_found;
    for (const errc each :
         {errc::mode_unknown, errc::mode_unsupported, errc::version_unsupported,
          errc::content_type_unsupported, errc::upgrade_invalid, errc::upgrade_required}) {
        if (why == each)
            return refusal::unsupported;
    }
    if (why == channel::errc::initialization_expired)
        return refusal::too_slow;
    if (where == stage::authenticate || why.category() == security::category())
        return refusal::authentication;
    if (why == net::errc::connection_reset || why == errc::premature_end)
        return refusal::lost;
    return refusal::broken_rules;
}

/// What a peer that does not speak our protocol seems to speak, for the log.
std::string guess_protocol(std::string_view first) {
    for (const std::string_view method : {"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "CONNECT ",
                                          "PRI ", "DELETE ", "PATCH ", "TRACE "}) {
        if (first.starts_with(method))
            return "The peer speaks HTTP: \"" + printable(first.substr(0, first.find('\r'))) +
                   "\".";
    }
    if (first.starts_with("\x16\x03"))
        return "The peer begins with a TLS handshake; net.tcp asks for an upgrade first.";
    if (first.starts_with("SSH-"))
        return "The peer speaks SSH.";
    return "The peer begins with \"" + printable(first.substr(0, 32)) + "\".";
}

/// What the two sides want to speak, for the log.
std::string said_encodings(std::string_view asked, const channel::encoding_set& taken) {
    std::string words = "It asks for \"" + printable(asked) + "\"; the endpoint takes";
    std::string_view between = " ";
    for (std::uint8_t value = 0; is_defined(framing::encoding{value}); ++value) {
        if (!taken.contains(framing::encoding{value}))
            continue;
        words.append(between).append(to_string(framing::encoding{value}));
        between = ", ";
    }
    return words + ".";
}

}  // namespace

/// The beginning of what a peer sends, kept for the log until a session opens.
struct service_session::first_octets {
    void add(bytes_view octets) noexcept {
        const std::size_t more = std::min(octets.size(), text.size() - size);
        std::copy_n(as_text(octets).begin(), more, text.begin() + size);
        size += more;
    }
    std::string_view view() const noexcept { return {text.data(), size}; }

    std::array<char, 128> text;
    std::size_t size = 0;
};

service_session::service_session(const std::shared_ptr<host_core>& host, std::uint64_t id,
                                 asio::ip::tcp::socket socket, std::shared_ptr<void> connection)
    : call_session(host->store(), host->call_limits_of_sessions(), host->meter()),
      host_(host),
      options_(host->options()),
      timer_(host->timers(), static_cast<net::lazy_timer::owner&>(*this)) {
    session_info info;
    info.id = id;
    error_code ignored;
    const auto local = socket.local_endpoint(ignored);
    if (!ignored) {
        info.local = net::to_text(local);
        local_port_ = local.port();
    }
    const auto remote = socket.remote_endpoint(ignored);
    if (!ignored)
        info.peer = net::to_text(remote);
    info_ = std::make_shared<const session_info>(std::move(info));

    octet_tap tap = options_.tap ? options_.tap(*info_) : octet_tap();
    if (options_.log) {
        first_octets_ = std::make_shared<first_octets>();
        tap = [first = first_octets_, others = std::move(tap)](direction where, bytes_view octets) {
            if (where == direction::received)
                first->add(octets);
            if (others)
                others(where, octets);
        };
    }
    shell_ = std::make_shared<net::session_shell>(std::move(socket), channel::role::acceptor,
                                                  host->session_options(), std::move(tap));
    shell_->hold(std::move(connection));
    shell_->count({host->counters(), &host->counters()->octets});
}

service_session::~service_session() = default;

void service_session::start() {
    initialization_deadline_ =
        net::later(net::clock::now(), options_.channel_initialization_timeout);
    log(kind::accepted);
    shell_->start(*this);
    update_deadline();
}

// What the shell tells.

void service_session::session_event(channel::event_type what) {
    const auto self = shared_from_this();
    switch (what) {
    case channel::event_type::preamble_addressed: preamble_addressed(); break;
    case channel::event_type::opened: opened(); break;
    case channel::event_type::message_begun: message_begun(); break;
    case channel::event_type::body_arrived: wake_body(); break;
    case channel::event_type::message_arrived: arrived(shell_->session().take_message()); break;
    case channel::event_type::peer_ended:
        peer_ended_ = true;
        end_callbacks(channel::errc::peer_closed);
        end_if_done();
        break;
    case channel::event_type::closed: closed(); break;
    case channel::event_type::failed: failed(); break;
    case channel::event_type::none:
    case channel::event_type::step_wanted: break;
    }
}

void service_session::preamble_addressed() {
    channel::duplex_session& session = shell_->session();
    session_info info = *info_;
    info.via = printable(session.preamble().via);
    info.endpoint.clear();
    info.caller.reset();
    info.session = host_->next_session_id();
    const auto via =
        framing::split_via(session.preamble().via, options_.session.framing.max_via_size);
    endpoint_ = via ? host_->find_endpoint(*via) : nullptr;
    if (endpoint_ != nullptr)
        info.endpoint = endpoint_->address;
    info_ = std::make_shared<const session_info>(std::move(info));
    if (endpoint_ == nullptr)
        session.refuse(framing::fault_code::endpoint_not_found);
    else if (host_->is_stopping())
        session.refuse(framing::fault_code::endpoint_unavailable);
    else
        session.accept_preamble(endpoint_->options.encodings, endpoint_->security,
                                modes_of(endpoint_->options.transfer));
}

void service_session::opened() {
    open_ = true;
    peer_ended_ = false;
    ended_ = false;
    matched_to_.clear();
    shell_->session().offer_streams(endpoint_->options.transfer != transfer_mode::buffered);
    if (const security::party* caller = shell_->session().peer()) {
        session_info info = *info_;
        info.caller = std::make_shared<const security::party>(*caller);
        info_ = std::make_shared<const session_info>(std::move(info));
    }
    initialization_deadline_ = net::never;
    idle_deadline_ = net::never;
    last_activity_ = net::clock::now();
    if (first_octets_ != nullptr)
        first_octets_->size = first_octets_->text.size();  // it has said what it speaks
    if (std::exchange(pending_, false))
        host_->no_longer_pending(info_->id);
    begin_callbacks();
    counted_ = true;
    host_->counters()->session_begun();
    log(kind::opened);
}

/// Both sides have ended: the connection may carry another session.
void service_session::closed() {
    open_ = false;
    body_begun_ = body_waits_ = false;
    end_callbacks(channel::errc::session_closed);
    end_instance();
    note_session(true);
    log(kind::closed);
    if (info_->caller) {  // the next session proves anew who calls
        session_info info = *info_;
        info.caller.reset();
        info_ = std::make_shared<const session_info>(std::move(info));
    }
    idle_deadline_ = net::later(net::clock::now(), options_.idle_timeout);
    if (host_->is_stopping() || no_more_octets_)
        close_when_written();
    update_deadline();
}

void service_session::failed() {
    const channel::duplex_session& session = shell_->session();
    diagnostics why = describe(session.failure().code, current_stage());
    why.set(session.failure());
    (why.blame() == cause::refused ? why.peer_said : why.provider_said) = session.said();
    const bool may_be_refused = session.drain_after_failure();
    std::string note;
    if (pending_ && why.at == 0 && first_octets_ != nullptr && first_octets_->size != 0 &&
        info_->via.empty())
        note = guess_protocol(first_octets_->view());
    else if (why.code == framing::errc::content_type_unsupported && endpoint_ != nullptr)
        note = said_encodings(session.preamble().content_type, endpoint_->options.encodings);
    not_opened(why.code);
    log(may_be_refused ? kind::refused : kind::failed, why, note);
    if (may_be_refused)
        shell_->finish(options_.channel_initialization_timeout);
    else
        shell_->abort();
    gone(why.code);
}

void service_session::transport_ended(const error_code& why) {
    const auto self = shared_from_this();
    if (over_)
        return;
    const bool ended_well = why == asio::error::eof;
    if (ended_well && open_) {
        no_more_octets_ = true;  // it still listens: answers are on their way
        return;
    }
    const channel::phase phase = shell_->session().current_phase();
    if (phase != channel::phase::idle)
        not_opened(net::errc::connection_reset);
    const bool in_handshake =
        phase == channel::phase::authenticating || phase == channel::phase::secured;
    if (!ended_well && (open_ || in_handshake)) {
        diagnostics known =
            describe(why == asio::error::connection_reset || why == asio::error::broken_pipe
                         ? error_code(net::errc::connection_reset)
                         : why,
                     current_stage());
        known.provider = why;
        log(kind::failed, known);
    }
    if (ended_well)
        shell_->finish(options_.close_timeout);
    else
        shell_->abort();
    gone(ended_well ? error_code(channel::errc::session_closed)
                    : error_code(net::errc::connection_reset));
}

void service_session::output_written() {
    const auto self = shared_from_this();
    stir();
    const std::size_t left = shell_->session().output_size();
    if (left <= options_.session.max_pending_output / 2 && is_paused(output_full)) {
        resume(output_full);
        start_held();
    }
    if (closing_ && left == 0) {
        shell_->leave(true);
        gone(channel::errc::session_closed);
        return;
    }
    if (left == 0)
        send_deadline_ = net::never;
    else if (shell_->written() >= send_goal_)
        sent();
    if (pump_ != nullptr)
        pump_->go_on();
    if (callback_calls* const callbacks = callbacks_) {
        const auto kept = callbacks->shared_from_this();  // a handler may end the session
        callbacks->written(shell_->written());
        callbacks->pump();
    }
    update_deadline();
}

void service_session::octets_read(std::size_t size) {
    const channel::duplex_session& session = shell_->session();
    const bool in_part = session.mid_record() && is_reading() && !session.stream_full();
    const bool between = !open_ && shell_->session().current_phase() == channel::phase::idle;
    if (!open_ && initialization_deadline_ == net::never && (in_part || !between)) {
        // A further preamble has begun.
        idle_deadline_ = net::never;
        initialization_deadline_ =
            net::later(net::clock::now(), options_.channel_initialization_timeout);
    }
    if (open_ && body_waits_) {
        message_start_ = net::clock::now();  // wherever in its records the peer is
        message_octets_ = 0;
    } else if (!in_part || !open_) {
        message_start_ = net::never;
    } else if (message_start_ == net::never || body_begun_) {
        message_start_ = net::clock::now();
        message_octets_ = 0;
    } else {
        message_octets_ += size;
    }
    stir();
    update_deadline();
}

// The connection.

void service_session::drain() {
    const auto self = shared_from_this();
    if (over_)
        return;
    if (!open_) {
        // Between sessions, or before the first: nothing is lost.
        shell_->leave(shell_->session().current_phase() == channel::phase::idle);
        gone(channel::errc::session_closed);
        return;
    }
    if (shell_->session().mode() == framing::mode::singleton_unsized) {
        // The one message of this session may still be coming in, as a stream for instance.
        if (call_count_ == 0 && unanswered_ == 0 && !body_begun_ && !ended_) {
            shell_->leave(false);
            gone(channel::errc::session_closed);
        }
        return;
    }
    pause(draining);
    end_if_done();
}

void service_session::close_when_written() {
    closing_ = true;
    if (shell_->session().output_size() == 0) {
        shell_->leave(true);
        gone(channel::errc::session_closed);
    }
}

void service_session::abort(const error_code& why, bool told) {
    const auto self = shared_from_this();
    if (over_)
        return;
    if (told)
        log(kind::failed, describe(why, open_ ? stage::close : stage::preamble));
    shell_->abort();
    gone(why);
}

void service_session::gone(const error_code& why) {
    const auto self = shared_from_this();
    over_ = true;
    open_ = false;
    note_session(why == channel::errc::session_closed);
    timer_.stop();
    shell_->detach();
    end_streams(why);
    end_callbacks(why);
    // After a session that both sides have ended nobody waits for what still runs, but nobody has
    // called it off either: a one-way message and a goodbye right behind it are usual.
    let_go(!ended_ || !peer_ended_);
    host_->session_gone(info_->id);
}

// Counters.

void service_session::note_session(bool well) {
    if (std::exchange(counted_, false))
        host_->counters()->session_over(well);
}

/// Counts a connection that has come to no session, if that is what it is.
void service_session::not_opened(const error_code& why) {
    if (!open_ && !counted_)
        host_->counters()->refused(refusal_of(why, current_stage(), host_->is_stopping()));
}

// Time.

/// When the message that has come in part must be there.
net::time_point service_session::message_deadline() const noexcept {
    if (message_start_ == net::never)
        return net::never;
    const std::chrono::seconds earned(message_octets_ / octets_per_second);
    return net::later(net::later(message_start_, options_.message_timeout), earned);
}

/// When another message must have come, while nobody is busy with one.
net::time_point service_session::receive_deadline() const noexcept {
    if (!open_ || call_count_ != 0 || !held_.empty() || !is_reading())
        return net::never;
    return net::later(last_activity_, options_.receive_timeout);
}

void service_session::update_deadline() {
    if (!over_)
        timer_.set(std::min({initialization_deadline_, idle_deadline_, send_deadline_, cool_at_,
                             message_deadline(), receive_deadline(), call_deadline()}));
}

void service_session::stir() {
    stirred_ = true;
    if (cool_at_ != net::never)
        return;
    cool_at_ = net::later(net::clock::now(), idle_after_waking);
    wakes_ = true;
}

/// Looked at once in a while instead of with each message, so that busy sessions pay nothing.
void service_session::cool(net::time_point now) {
    const bool is_idle = !std::exchange(stirred_, false);
    const bool wakes = std::exchange(wakes_, false);
    cool_at_ = is_idle
                   ? net::never
                   : net::later(now, wakes ? net::clock::duration(idle_after_waking) : idle_after);
    if (!is_idle || !open_)
        return;
    shell_->release_memory();
    if (call_count_ == 0 && held_.empty()) {
        const std::lock_guard lock(host_->callbacks_guard());
        std::string().swap(matched_to_);  // an assignment may keep the storage
    }
}

void service_session::deadline_passed() {
    const auto self = shared_from_this();
    if (over_)
        return;
    const net::time_point now = net::clock::now();
    if (now >= cool_at_)
        cool(now);
    if (now >= idle_deadline_) {
        shell_->leave(true);
        gone(channel::errc::session_closed);
    } else if (now >= initialization_deadline_) {
        expire(channel::errc::initialization_expired);
    } else if (now >= send_deadline_) {
        expire(channel::errc::send_expired);
    } else if (now >= std::min(message_deadline(), receive_deadline())) {
        expire(channel::errc::receive_expired);
    } else {
        expire_calls(now);
        update_deadline();
    }
}

void service_session::expire(const error_code& why) {
    const auto self = shared_from_this();
    not_opened(why);
    log(kind::failed, describe(why, current_stage()));
    shell_->abort();
    gone(why);
}

/// How far the session has come, or had come when it failed.
stage service_session::current_stage() const noexcept {
    if (open_)
        return stage::receive;
    switch (shell_->session().last_phase()) {
    case channel::phase::upgrading: return stage::upgrade;
    case channel::phase::authenticating: return stage::authenticate;
    case channel::phase::secured: return stage::open;
    default: return stage::preamble;
    }
}

void service_session::log(kind what, const diagnostics& why, std::string_view note) const {
    host_->log(what, *info_, why, note);
}

diagnostics service_session::describe(const error_code& code, stage where) const {
    diagnostics known;
    known.stage = where;
    known.code = code;
    known.endpoint = info_->endpoint.empty() ? info_->peer : info_->endpoint;
    known.peer = info_->peer;
    return known;
}

}  // namespace nettcp
