// Decides when a session is opened, closed, given up and opened again, and which of a client's
// operations end with it.
#include "client/client_core.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/channel/mtom_content_type.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/security/errc.hpp>

#include <boost/asio/error.hpp>

#include <random>

namespace nettcp {

using boost::system::error_code;

namespace {

/// How long a peer may take to end its side of a connection that we are done with.
constexpr auto farewell_patience = std::chrono::seconds(5);
/// A connection without octets for that long gives back what it does not need while idle.
constexpr auto idle_after = std::chrono::seconds(1);

}  // namespace

/// Reads what the options say about security, once. False: it cannot be used, and those who wait
/// for a session have been told.
bool client_core::make_security() {
    if (security_ || std::holds_alternative<std::monostate>(options_.security))
        return true;
    const std::string& host = (options_.via ? *options_.via : address_).host();
    std::string said;
    auto made = [&]() -> result<security::shared_upgrade_factory> {
        if (const auto* windows = std::get_if<security::windows_client>(&options_.security))
            return security::make_upgrades(*windows, host, said);
        return security::make_upgrades(std::get<security::tls_client>(options_.security), host,
                                       said);
    }();
    if (made) {
        security_ = std::move(*made);
        return true;
    }
    diagnostics why = describe(nettcp::stage::authenticate);
    why.set(made.error());
    why.provider_said = std::move(said);
    attempt_failed(why);
    return false;
}

/// Begins a session unless there is one, or one is on its way.
void client_core::start_session() {
    attempting_ |= phase_ == phase::idle || phase_ == phase::kept;
    if ((phase_ == phase::idle || phase_ == phase::kept) && !make_security())
        return;
    if (phase_ == phase::idle) {
        attempt_deadline_ = net::later(net::clock::now(), options_.open_timeout);
        connect();
    } else if (phase_ == phase::kept) {
        attempt_deadline_ = net::later(net::clock::now(), options_.open_timeout);
        idle_deadline_ = net::never;
        reused_ = true;
        open_session();
    }
}

void client_core::connect() {
    phase_ = phase::connecting;
    if (take_pooled())
        return;
    reused_ = false;
    const endpoint_address& where = options_.via ? *options_.via : address_;
    connector_ =
        std::make_shared<net::connector>(executor_, static_cast<net::connector::owner&>(*this));
    connector_->start({where.host(), where.port(), options_.keep_alive, options_.proxy});
}

bool client_core::take_pooled() {
    auto idle = pooled_ ? options_.pool->connections_->take(*pooled_, executor_) : std::nullopt;
    if (!idle)
        return false;
    reused_ = true;
    adopt(std::move(idle->socket), idle->connected_at);
    return true;
}

void client_core::connected(boost::asio::ip::tcp::socket socket) {
    connector_.reset();
    adopt(std::move(socket), net::clock::now());
}

void client_core::adopt(boost::asio::ip::tcp::socket socket, net::time_point connected_at) {
    channel::session_options session = options_.session;
    if (session.content_type.empty() && (options_.encoding == framing::encoding::mtom ||
                                         options_.encoding == framing::encoding::mtom_soap11))
        session.content_type = channel::mtom_content_type(
            options_.encoding == framing::encoding::mtom_soap11 ? soap::soap_version::soap11
                                                                : soap::soap_version::soap12,
            channel::unforeseeable_boundary());
    shell_ = std::make_shared<net::session_shell>(std::move(socket), channel::role::initiator,
                                                  session, options_.tap);
    shell_->count({counters_, &counters_->octets});
    connected_at_ = connected_at;
    shell_->start(*this);
    open_session();
}

void client_core::connect_failed(const diagnostics& why) {
    const auto self = shared_from_this();
    diagnostics known = why;
    known.endpoint = address_.uri();
    const bool may_help =
        known.blame() == cause::environment || known.code == net::errc::proxy_refused;
    if (!may_help || !try_later(known))
        attempt_failed(known);
    rearm();
}

void client_core::open_session() {
    phase_ = phase::preamble;
    const endpoint_address& via = options_.via ? *options_.via : address_;
    if (const auto begun = shell_->session().open(
            via.uri(),
            is_streamed() ? channel::without_session(options_.encoding) : options_.encoding,
            options_.addressing, security_,
            is_streamed() ? framing::mode::singleton_unsized : framing::mode::duplex);
        !begun) {
        diagnostics why = describe(nettcp::stage::preamble);
        why.set(begun.error());
        drop_connection(false);
        attempt_failed(why);
        return;
    }
    shell_->flush();
}

void client_core::end_session() {
    pump();
    if (phase_ != phase::open)
        return;  // a body writer has destroyed the client
    phase_ = phase::closing;
    shell_->session().end();
    shell_->flush();
}

void client_core::session_event(channel::event_type what) {
    const auto self = shared_from_this();
    stir();
    switch (what) {
    case channel::event_type::opened:
        phase_ = phase::open;
        attempting_ = false;
        counted_ = true;
        counters_->session_begun();
        reused_ = false;
        ended_ = false;
        attempts_ = 0;
        attempt_deadline_ = net::never;
        note_peer();
        pump();
        succeed_all(opening_);
        if (phase_ == phase::open && !closing_.empty())
            end_session();
        break;
    case channel::event_type::message_begun: accept_stream(shell_->session().take_message()); break;
    case channel::event_type::body_arrived: wake_body(); break;
    case channel::event_type::message_arrived: accept(shell_->session().take_message()); break;
    case channel::event_type::peer_ended: {
        const bool ours_is_sent = phase_ == phase::closing;
        phase_ = phase::closing;
        diagnostics why = describe(nettcp::stage::receive);
        why.code = channel::errc::peer_closed;
        if (pump_ != nullptr) {  // it wants no more of the request, which cannot end within
            abandon_call(why);
            break;
        }
        if (!ours_is_sent) {
            shell_->session().end();
            shell_->flush();
        }
        fail_pending(why);
        break;
    }
    case channel::event_type::closed: session_closed(); break;
    case channel::event_type::failed: session_failed(); break;
    case channel::event_type::none:
    case channel::event_type::step_wanted:
    case channel::event_type::preamble_addressed: break;
    }
    rearm();
}

/// Both sides have ended: the connection is good for another session.
void client_core::session_closed() {
    note_peer();
    note_session(true);
    end_callbacks(false);
    body_begun_ = false;
    attempt_deadline_ = net::never;
    const net::time_point now = net::clock::now();
    ended_ = true;
    last_end_ = describe(nettcp::stage::open);
    last_end_.code = channel::errc::session_closed;
    const bool keep = !pooled_ && options_.idle_timeout > client_options::duration::zero() &&
                      now - connected_at_ < options_.lease_timeout;
    if (keep) {
        phase_ = phase::kept;
        idle_deadline_ = net::later(now, options_.idle_timeout);
    } else {
        give_back_connection();
        phase_ = phase::idle;
    }
    if (!keep || is_lane())
        succeed_all(writing_);  // what is left of them has been written
    succeed_all(closing_);
    if (!options_.reopen && opening_.empty())
        fail_all(last_end_);
    if (!waiting_.empty() || !opening_.empty())
        start_session();
}

/// To the pool, or closes it.
void client_core::give_back_connection() {
    auto socket = pooled_ ? shell_->release() : std::nullopt;
    if (socket)
        options_.pool->connections_->put(pooled_, {std::move(*socket), connected_at_});
    else
        shell_->finish(farewell_patience);
    shell_.reset();
}

void client_core::session_failed() {
    diagnostics why = describe(session_stage());
    channel::duplex_session& session = shell_->session();
    why.set(session.failure());
    why.peer_said = session.peer_fault();
    if (!session.said().empty())
        (why.blame() == cause::refused ? why.peer_said : why.provider_said) = session.said();
    const bool was_judged = why.code.category() == security::category();
    if (why.peer_said.empty() && !was_judged && retry_kept_connection())
        return;
    judge_loss(why);
    const bool may_help =
        phase_ == phase::preamble && (why.code == framing::errc::peer_said_server_too_busy ||
                                      why.code == framing::errc::peer_said_endpoint_unavailable);
    drop_connection(session.drain_after_failure());
    if (!may_help || !try_later(why))
        attempt_failed(why);
}

/// Says of a connection that was lost before the session opened what that probably means.
void client_core::judge_loss(diagnostics& why) const {
    const bool is_reset = why.code == net::errc::connection_reset;
    const bool is_end =
        why.code == net::errc::connection_closed || why.code == framing::errc::premature_end;
    if (phase_ != phase::preamble || !(is_reset || is_end))
        return;
    switch (why.stage) {
    case nettcp::stage::preamble: why.code = net::errc::preamble_refused; break;
    case nettcp::stage::upgrade: why.code = framing::errc::upgrade_refused; break;
    case nettcp::stage::authenticate:
        why.code = std::holds_alternative<security::tls_client>(options_.security)
                       ? security::errc::tls_cut_short
                       : security::errc::handshake_cut_short;
        break;
    default: break;
    }
}

/// The session is no more.
void client_core::note_session(bool well) {
    if (std::exchange(counted_, false))
        counters_->session_over(well);
}

client_metrics client_core::metrics() const noexcept {
    client_metrics now;
    counters_->read_into(now);
    now.opens_failed = counters_->opens_failed.get();
    now.messages_dropped = dropped_messages();
    return now;
}

void client_core::note_peer() {
    if (!security_)
        return;
    const security::party* known = shell_ ? shell_->session().peer() : nullptr;
    const std::lock_guard lock(peer_mutex_);
    if (known != nullptr)
        peer_ = *known;
    else
        peer_.reset();
    if (const auto front = front_.lock(); front && known != nullptr) {
        const std::lock_guard front_lock(front->peer_mutex_);
        front->peer_ = *known;
    }
}

std::optional<security::party> client_core::peer() const {
    const std::lock_guard lock(peer_mutex_);
    return peer_;
}

void client_core::transport_ended(const error_code& ec) {
    const auto self = shared_from_this();
    if (phase_ == phase::kept) {
        drop_connection(true);
        phase_ = phase::idle;
    } else if (!retry_kept_connection()) {
        diagnostics why = describe(session_stage());
        why.code = ec;
        if (ec == boost::asio::error::eof) {
            why.code = net::errc::connection_closed;
        } else if (ec == boost::asio::error::connection_reset ||
                   ec == boost::asio::error::broken_pipe) {
            why.code = net::errc::connection_reset;
            why.provider = ec;
        }
        judge_loss(why);
        drop_connection(false);
        attempt_failed(why);
    }
    rearm();
}

/// A peer may drop a kept connection just when we use it again. Nothing but the preamble has
/// been sent by then, so trying once more on a new one is safe.
bool client_core::retry_kept_connection() {
    if (phase_ != phase::preamble || !reused_)
        return false;
    drop_connection(false);
    connect();
    return true;
}

/// Waits a while before the next attempt, if the options want one more.
bool client_core::try_later(const diagnostics& why) {
    if (!options_.reconnect || attempts_ + 1 >= options_.reconnect->max_attempts)
        return false;
    const auto longest = options_.reconnect->longest_pause;
    auto pause = std::min(options_.reconnect->first_pause, longest);
    for (std::uint32_t i = 0; i < attempts_ && pause < longest; ++i)
        pause = pause > longest / 2 ? longest : pause * 2;
    const auto part = std::random_device()() % 1024u;
    pause = pause / 2 + pause / 2 / 1024 * part;
    ++attempts_;
    connector_.reset();
    phase_ = phase::pausing;
    last_end_ = why;
    attempt_deadline_ = net::later(net::clock::now(), pause);
    return true;
}

/// The session, or the attempt to get one, is over, and with it all that waits for it.
void client_core::attempt_failed(const diagnostics& why) {
    connector_.reset();
    phase_ = phase::idle;
    if (std::exchange(attempting_, false))
        counters_->opens_failed.add();
    attempts_ = 0;
    attempt_deadline_ = net::never;
    ended_ = true;
    last_end_ = why;
    end_streams(why.code);
    fail_all(why);
    rearm();
}

void client_core::drop_connection(bool drain) noexcept {
    idle_deadline_ = net::never;
    if (!shell_)
        return;
    note_session(false);
    end_callbacks(true);
    if (drain)
        shell_->finish(farewell_patience);
    else
        shell_->abort();
    shell_.reset();
    if (pump_ != nullptr)
        pump_->stop();
    pump_.reset();
    note_peer();
}

void client_core::abandon_unwanted_attempt() {
    const bool trying =
        phase_ == phase::connecting || phase_ == phase::preamble || phase_ == phase::pausing;
    if (!trying || !opening_.empty() || !waiting_.empty() || !closing_.empty())
        return;
    if (connector_)
        connector_->cancel();
    connector_.reset();
    drop_connection(false);
    attempt_deadline_ = net::never;
    attempting_ = false;
    attempts_ = 0;
    phase_ = phase::idle;
}

void client_core::output_written() {
    const auto self = shared_from_this();
    stir();
    written(shell_->written());
    pump();
    if (const auto callbacks = callbacks_)
        callbacks->output_written();
    if (pump_ != nullptr) {
        pump_->go_on();
        await_end();
    }
    rearm();
}

void client_core::stir() {
    stirred_ = true;
    if (cool_at_ == net::never)
        cool_at_ = net::later(net::clock::now(), idle_after);
}

/// Looked at once in a while instead of with each message, so that busy sessions pay nothing.
void client_core::cool(net::time_point now) {
    const bool is_idle = !std::exchange(stirred_, false);
    cool_at_ = is_idle ? net::never : net::later(now, idle_after);
    if (is_idle && shell_ && phase_ == phase::open && pump_ == nullptr)
        shell_->release_memory();
}

void client_core::deadline_passed() {
    const auto self = shared_from_this();
    const net::time_point now = net::clock::now();
    if (now >= cool_at_)
        cool(now);
    while (!deadlines_.empty() && deadlines_.top().deadline <= now) {
        operation& op = deadlines_.top();
        diagnostics why = describe(stage_of(op));
        why.code = net::errc::timed_out;
        if (op.what == operations::kind::close) {  // as WCF: a close that takes too long aborts
            if (connector_)
                connector_->cancel();
            if (lanes_ != nullptr) {
                lanes_->shut_down();
                lanes_ = std::make_unique<client_lanes>(*this);
            }
            drop_connection(false);
            attempt_failed(why);
            continue;
        }
        const bool was_sent =
            op.where == operation::place::pending || op.where == operation::place::writing;
        unlink(op);
        fail(op, why);
        if (was_sent)
            abandon_call(why);
    }
    if (const auto callbacks = callbacks_)
        callbacks->expire_calls(now);
    if (attempt_deadline_ <= now && phase_ == phase::pausing) {
        attempt_deadline_ = net::later(now, options_.open_timeout);
        connect();
    } else if (attempt_deadline_ <= now) {
        const bool may_help = phase_ == phase::connecting;
        diagnostics why = describe(session_stage());
        why.code = net::errc::timed_out;
        if (connector_)
            connector_->cancel();
        drop_connection(false);
        if (!may_help || !try_later(why))
            attempt_failed(why);
    }
    if (phase_ == phase::kept && idle_deadline_ <= now) {
        drop_connection(true);
        phase_ = phase::idle;
    }
    abandon_unwanted_attempt();
    rearm();
}

void client_core::shut_down() {
    if (shut_.exchange(true))
        return;
    leaving_ = true;
    if (lanes_ != nullptr)
        lanes_->shut_down();
    const bool quiet = pump_ == nullptr && !body_begun_ && pending_.empty() && waiting_.empty() &&
                       writing_.empty();
    const diagnostics why = describe(session_stage());
    if (connector_)
        connector_->cancel();
    connector_.reset();
    note_session(quiet);
    end_callbacks(true);
    if (shell_ && quiet && phase_ == phase::open)
        shell_->session().end();
    if (shell_)
        shell_->leave(quiet);
    end_streams(why.code, true);
    shell_.reset();
    phase_ = phase::idle;
    timer_.reset();
    const bool outer = std::exchange(posting_, true);
    fail_all(why);
    posting_ = outer;
    gate_->close();
}

}  // namespace nettcp
