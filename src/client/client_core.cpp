// Decides the life of an operation: when it is admitted, encoded, answered, timed out or cancelled,
// and that it ends exactly once.
#include "client/client_core.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/net/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <random>

namespace nettcp {

using boost::system::error_code;
using operations::kind;
using place = operations::operation::place;

client_core::client_core(boost::asio::any_io_executor executor, endpoint_address address,
                         client_options options, std::weak_ptr<client_core> front)
    : executor_(std::move(executor)),
      probe_(executor_),
      address_(std::move(address)),
      options_(std::move(options)),
      front_(std::move(front)) {
    if (is_streamed() && front_.expired())
        lanes_ = std::make_unique<client_lanes>(*this);
    std::random_device random;
    for (std::uint8_t& octet : id_prefix_)
        octet = static_cast<std::uint8_t>(random());
    id_prefix_[6] = static_cast<std::uint8_t>((id_prefix_[6] & 0x0f) | 0x40);  // a version 4 GUID
    id_prefix_[8] = static_cast<std::uint8_t>((id_prefix_[8] & 0x3f) | 0x80);
    timer_.emplace(executor_, static_cast<net::lazy_timer::owner&>(*this));
    if (options_.pool != nullptr) {
        const pool_key key(options_.via ? *options_.via : address_, options_);
        pooled_ = options_.pool->connections_->find(key);
    }
}

client_core::~client_core() {
    if (connector_)
        connector_->cancel();
    if (shell_)
        shell_->abort();
    while (!deadlines_.empty()) {
        operation& op = deadlines_.top();
        deadlines_.erase(op);
        op.discard();
    }
}

void client_core::begin(operation& op) {
    operation* const outer = std::exchange(initiating_, &op);
    admit(op);
    initiating_ = outer;
}

void client_core::admit(operation& op) {
    const net::time_point now = net::clock::now();
    const auto usual = op.what == kind::open    ? options_.open_timeout
                       : op.what == kind::close ? options_.close_timeout
                                                : options_.send_timeout;
    op.deadline = net::later(now, op.options.timeout.value_or(usual));
    deadlines_.insert(op);
    if (shut_) {
        fail(op, describe(nettcp::stage::none));
        return;
    }
    switch (op.what) {
    case kind::open:
        if (phase_ == phase::open || lanes_ != nullptr) {  // streamed: each call opens its own
            succeed(op);
            return;
        }
        op.where = place::opening;
        opening_.push_back(op);
        start_session();
        break;
    case kind::call:
    case kind::send:
        if (ended_ && !options_.reopen && (phase_ == phase::idle || phase_ == phase::kept)) {
            fail(op, last_end_);
            return;
        }
        op.where = place::waiting;
        waiting_.push_back(op);
        start_waiting();
        break;
    case kind::close:
        if (lanes_ != nullptr) {
            op.where = place::closing;
            closing_.push_back(op);
            feed_lanes();
            break;
        }
        if (phase_ == phase::idle || phase_ == phase::kept) {
            succeed(op);
            return;
        }
        op.where = place::closing;
        closing_.push_back(op);
        if (phase_ == phase::open)
            end_session();
        break;
    }
    rearm();
}

void client_core::start_waiting() {
    if (lanes_ != nullptr) {
        feed_lanes();
        return;
    }
    start_session();
    pump();
}

/// Gives what waits to lanes that are free.
void client_core::feed_lanes() {
    while (!waiting_.empty() && !shut_ && !leaving_) {
        const auto lane = lanes_->free_lane();
        if (lane == nullptr)
            break;
        operation& op = waiting_.front();
        unlink(op);
        deadlines_.erase(op);
        if (initiating_ == &op)
            lane->initiating_ = &op;
        lane->adopt(op);
        lane->initiating_ = nullptr;
    }
    if (waiting_.empty() && lanes_->all_free())
        succeed_all(closing_);
    rearm();
}

void client_core::adopt(operation& op) {
    was_busy_ = true;
    deadlines_.insert(op);
    op.where = place::waiting;
    waiting_.push_back(op);
    start_waiting();
    rearm();
}

/// Encodes what waits, as long as there is a session and room in its output.
void client_core::pump() {
    if (encoding_ != nullptr)
        return;  // called by a body writer; the loop below goes on
    if (is_lane()) {
        const auto front = front_.lock();
        if (front == nullptr || front->leaving_)
            return;
    }
    while (phase_ == phase::open && !waiting_.empty() && !leaving_ &&
           !shell_->session().output_full()) {
        operation& op = waiting_.front();
        waiting_.erase(op);
        encode(op);
    }
    if (phase_ == phase::open)
        shell_->flush();
}

void client_core::encode(operation& op) {
    using nbfx::dictionary_string;
    soap::outgoing_headers headers{.action = dictionary_string{op.action.view()},
                                   .to = dictionary_string{address_.uri()}};
    if (op.what == kind::call) {
        headers.message_id = message_id(op.id);
        headers.has_reply_to = true;
    }
    op.where = place::nowhere;
    encoding_ = &op;
    encoding_cancelled_ = false;
    bool threw = false;
    channel::duplex_session& session = shell_->session();
    session.offer_streams(op.options.stream_reply);
    try {
        op.write_body(op.options.stream ? session.begin_stream(headers, op.options.headers)
                                        : session.begin_message(headers, op.options.headers));
    } catch (...) {
        threw = true;
    }
    encoding_ = nullptr;
    encoded(op, threw);
}

void client_core::encoded(operation& op, bool threw) {
    if (threw || encoding_cancelled_ || shut_) {
        if (shell_)
            shell_->session().abandon_message();
        diagnostics why = describe(nettcp::stage::send);
        if (threw)
            why.code = net::errc::body_failed;
        fail(op, why);
        abandon_call(why);
        return;
    }
    channel::duplex_session& session = shell_->session();
    if (const auto made = op.options.stream ? session.start_stream() : session.end_message();
        !made) {
        diagnostics why = describe(nettcp::stage::send);
        why.set(made.error());
        fail(op, why);
        abandon_call(why);
        return;
    }
    if (op.options.stream) {
        begin_pump(op);
    } else if (is_lane()) {
        session.end();
        phase_ = phase::closing;
        shell_->flush();
    }
    // The end of a stream is not known yet.
    op.queued_up_to = pump_ != nullptr ? ~std::uint64_t{0} : shell_->queued();
    if (op.what == kind::call) {
        op.where = place::pending;
        pending_.insert(op);
        return;
    }
    op.where = place::writing;
    writing_.push_back(op);
}

void client_core::accept(channel::message arrived) {
    operation* const op = take_answered(arrived);
    if (op != nullptr && understands(*op, arrived))
        succeed(*op, reply(std::move(arrived), executor_));
}

operations::operation* client_core::take_answered(const channel::message& arrived) {
    const soap::headers_view& headers = arrived.headers();
    operation* op = nullptr;
    if (headers.relates_to && headers.relates_to->guid) {
        if (const auto id = id_of(*headers.relates_to->guid))
            op = pending_.take(*id);
    }
    if (op == nullptr) {
        ++dropped_;
        if (const auto front = front_.lock())
            ++front->dropped_;
        return nullptr;
    }
    op->where = place::nowhere;
    return op;
}

/// False: a header must be understood that is not, and the operation has failed.
bool client_core::understands(operation& op, const channel::message& arrived) {
    for (const soap::other_header& other : arrived.headers().others) {
        if (other.must_understand && other.for_us && !op.options.understands_all_headers) {
            diagnostics why = describe(nettcp::stage::receive);
            why.set({soap::errc::must_understand_unknown, other.offset, 0});
            why.peer_said = printable(other.local);
            fail(op, why);
            return false;
        }
    }
    return true;
}

void client_core::cancel(std::uint64_t id) {
    operation* op = nullptr;
    for (operation* const each : deadlines_.all()) {
        if (each->id == id)
            op = each;
    }
    if (op == nullptr) {
        if (lanes_ != nullptr)
            lanes_->cancel(id);
        return;
    }
    if (op == encoding_) {
        encoding_cancelled_ = true;
        return;
    }
    diagnostics why = describe(stage_of(*op));
    const bool was_sent = op->where == place::pending || op->where == place::writing;
    unlink(*op);
    const bool outer = std::exchange(posting_, true);  // the slot's own function is running
    fail(*op, why);
    if (was_sent)
        abandon_call(why);
    posting_ = outer;
    abandon_unwanted_attempt();
    rearm();
}

void client_core::unlink(operation& op) noexcept {
    switch (op.where) {
    case place::nowhere: break;
    case place::opening: opening_.erase(op); break;
    case place::waiting: waiting_.erase(op); break;
    case place::writing: writing_.erase(op); break;
    case place::pending: pending_.take(op.id); break;
    case place::closing: closing_.erase(op); break;
    }
    op.where = place::nowhere;
}

void client_core::finish(operation& op, const error_code& code, reply&& answer,
                         std::unique_ptr<diagnostics> why) {
    deadlines_.erase(op);
    complete(op, code, std::move(answer), std::move(why));
}

/// A handler that throws must not leave us halfway: what it throws comes out of the executor as
/// it would have, but in a turn of its own.
void client_core::complete(operation& op, const error_code& code, reply&& answer,
                           std::unique_ptr<diagnostics> why) {
    try {
        op.complete(code, std::move(answer), std::move(why), may_complete_inside());
    } catch (...) {
        boost::asio::post(executor_,
                          [thrown = std::current_exception()] { std::rethrow_exception(thrown); });
    }
}

void client_core::fail(operation& op, const diagnostics& why) {
    finish(op, why.code, {}, std::make_unique<diagnostics>(why));
}

void client_core::fail_all(const diagnostics& why) {
    std::vector<operation*> doomed = deadlines_.all();
    std::erase(doomed, encoding_);
    fail_these(std::move(doomed), why);
}

void client_core::fail_pending(const diagnostics& why) {
    std::vector<operation*> doomed;
    for (operation* const op : deadlines_.all()) {
        if (op->where == place::pending)
            doomed.push_back(op);
    }
    fail_these(std::move(doomed), why);
}

/// In the order in which they came. All are taken out first: their handlers may start others,
/// and cancel or destroy what is left.
void client_core::fail_these(std::vector<operation*> doomed, const diagnostics& why) {
    std::ranges::sort(doomed, {}, [](const operation* op) { return op->id; });
    for (operation* const op : doomed) {
        unlink(*op);
        deadlines_.erase(*op);
    }
    for (operation* const op : doomed)
        complete(*op, why.code, {}, std::make_unique<diagnostics>(why));
}

/// Like `fail_these`: what is left must be out of reach of the handlers.
void client_core::succeed_all(operation_list& list) {
    operation_list mine;
    while (!list.empty()) {
        operation& op = list.front();
        unlink(op);
        deadlines_.erase(op);
        mine.push_back(op);
    }
    while (!mine.empty()) {
        operation& op = mine.front();
        mine.erase(op);
        complete(op, {}, {}, nullptr);
    }
}

void client_core::rearm() {
    if (!timer_)
        return;
    tell_front();
    net::time_point next = std::min(attempt_deadline_, idle_deadline_);
    if (!deadlines_.empty())
        next = std::min(next, deadlines_.top().deadline);
    if (next == net::never && phase_ == phase::idle)
        timer_->stop();
    else
        timer_->set(next);
}

/// What is known about a failure here and now; as it stands, of a cancelled operation.
diagnostics client_core::describe(nettcp::stage where) const {
    diagnostics known;
    known.stage = where;
    known.code = boost::asio::error::operation_aborted;
    known.endpoint = address_.uri();
    if (shell_)
        known.peer = shell_->peer();
    else if (connector_)
        known.peer = connector_->peer();
    return known;
}

nettcp::stage client_core::stage_of(const operation& op) const noexcept {
    switch (op.where) {
    case place::nowhere:
    case place::opening:
    case place::waiting: return phase_ == phase::open ? nettcp::stage::send : session_stage();
    case place::writing: return nettcp::stage::send;
    case place::pending:
        return op.queued_up_to > shell_->written() ? nettcp::stage::send : nettcp::stage::receive;
    case place::closing: return nettcp::stage::close;
    }
    return nettcp::stage::none;
}

/// How far the opening of a session has come, or had come when it failed.
nettcp::stage client_core::preamble_stage() const noexcept {
    if (!shell_)
        return nettcp::stage::preamble;
    const channel::duplex_session& session = shell_->session();
    const error& failure = session.failure();
    if (security_ && failure.code == framing::errc::peer_said_upgrade_invalid)
        return nettcp::stage::upgrade;
    switch (session.last_phase()) {
    case channel::phase::upgrading: return nettcp::stage::upgrade;
    case channel::phase::authenticating: return nettcp::stage::authenticate;
    case channel::phase::secured: return nettcp::stage::open;
    default: return nettcp::stage::preamble;
    }
}

nettcp::stage client_core::session_stage() const noexcept {
    switch (phase_) {
    case phase::idle:
    case phase::kept: return nettcp::stage::none;
    case phase::connecting: return connector_->stage();
    case phase::preamble: return preamble_stage();
    case phase::open: return nettcp::stage::receive;
    case phase::closing:
        return is_lane() && !pending_.empty() ? nettcp::stage::receive : nettcp::stage::close;
    }
    return nettcp::stage::none;
}

uuid client_core::message_id(std::uint64_t id) const noexcept {
    uuid made;
    std::ranges::copy(id_prefix_, made.begin());
    for (std::size_t i = made.size(); i-- > id_prefix_.size(); id >>= 8)
        made.data[i] = static_cast<std::uint8_t>(id);
    return made;
}

std::optional<std::uint64_t> client_core::id_of(const uuid& message_id) const noexcept {
    if (!std::equal(id_prefix_.begin(), id_prefix_.end(), message_id.begin()))
        return std::nullopt;
    std::uint64_t id = 0;
    for (std::size_t i = id_prefix_.size(); i < message_id.size(); ++i)
        id = id << 8 | message_id.data[i];
    return id;
}

}  // namespace nettcp
