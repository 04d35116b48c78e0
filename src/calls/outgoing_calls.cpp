// Decides the life of an operation once it is admitted: when it is encoded, answered or cancelled,
// and that it ends exactly once.
#include "calls/outgoing_calls.hpp"

#include "net/lazy_timer.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/soap/errc.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/system_executor.hpp>

#include <algorithm>

namespace nettcp {

using boost::system::error_code;
using operations::kind;
using place = operations::operation::place;

outgoing_calls::outgoing_calls(std::shared_ptr<executor_gate> gate)
    : gate_(std::move(gate)), executor_(gate_->executor()) {}

outgoing_calls::~outgoing_calls() {
    while (!deadlines_.empty()) {
        operation& op = deadlines_.top();
        deadlines_.erase(op);
        op.discard();
    }
}

call_info outgoing_calls::info_of(const operation& op) const noexcept {
    return {.action = op.action.view(),
            .endpoint = service_address(),
            .message_id = op.what == kind::call ? ids_.at(op.id) : uuid(),
            .one_way = op.what == kind::send};
}

void outgoing_calls::note_end(operation& op, const error_code& code, const reply& answer) {
    if (meter_ == nullptr || !op.observed.open)
        return;
    call_outcome how = answer && answer.is_fault() ? call_outcome::faulted : call_outcome::replied;
    if (code == boost::asio::error::operation_aborted)
        how = call_outcome::cancelled;
    else if (code == net::errc::timed_out)
        how = call_outcome::timed_out;
    else if (code)
        how = call_outcome::failed;
    meter_->ended(op.observed, how, [&] { return info_of(op); });
}

void outgoing_calls::begin(operation& op) {
    if (meter_ != nullptr && (op.what == kind::call || op.what == kind::send))
        meter_->began(op.observed, [&] { return info_of(op); });
    operation* const outer = std::exchange(initiating_, &op);
    admit(op);
    initiating_ = outer;
}

void outgoing_calls::set_deadline(operation& op, std::chrono::steady_clock::duration usual) {
    op.deadline = net::later(net::clock::now(), op.options.timeout.value_or(usual));
    deadlines_.insert(op);
}

void outgoing_calls::pump() {
    if (encoding_ != nullptr)
        return;  // called by a body writer; the loop below goes on
    while (!waiting_.empty() && has_room()) {
        operation& op = waiting_.front();
        waiting_.erase(op);
        encode(op);
    }
    flush();
}

namespace {

/// Content and ends of the elements that a body writer has begun.
void finish_body(nbfx::writer& out, bytes_view content) {
    constexpr std::uint32_t body_depth = 2;
    out.bytes(content);
    while (out.ok() && out.depth() > body_depth)
        out.end_element();
}

}  // namespace

void outgoing_calls::encode(operation& op) {
    soap::outgoing_headers headers = headers_of(op);
    if (op.what == kind::call) {
        headers.message_id = ids_.at(op.id);
        headers.has_reply_to = true;
    }
    op.where = place::nowhere;
    encoding_ = &op;
    encoding_cancelled_ = false;
    bool threw = false;
    channel::duplex_session& out = *session();
    out.offer_streams(op.options.stream_reply);
    try {
        nbfx::writer& body = op.is_stream() ? out.begin_stream(headers, op.options.headers)
                                            : out.begin_message(headers, op.options.headers);
        op.write_body(body);
        if (op.gathered)
            finish_body(body, *op.gathered);
    } catch (...) {
        threw = true;
    }
    encoding_ = nullptr;
    encoded(op, threw);
}

void outgoing_calls::encoded(operation& op, bool threw) {
    diagnostics why;
    if (threw || encoding_cancelled_ || shut_) {
        if (channel::duplex_session* const out = session())
            out->abandon_message();
        why = describe(nettcp::stage::send);
        if (threw)
            why.code = net::errc::body_failed;
    } else if (const auto made =
                   op.is_stream() ? session()->start_stream() : session()->end_message();
               !made) {
        why = describe(nettcp::stage::send);
        why.set(made.error());
    }
    if (why.code) {
        fail(op, why);
        given_up(why);
        return;
    }
    op.queued_up_to = message_queued(op);
    if (op.what == kind::call) {
        op.where = place::pending;
        pending_.insert(op);
        return;
    }
    op.where = place::writing;
    writing_.push_back(op);
}

void outgoing_calls::written(std::uint64_t up_to) {
    while (!writing_.empty() && writing_.front().queued_up_to <= up_to) {
        operation& op = writing_.front();
        unlink(op);
        succeed(op);
    }
}

bool outgoing_calls::is_awaited(const channel::message& arrived) const noexcept {
    const auto& relates_to = arrived.headers().relates_to;
    if (!relates_to || !relates_to->guid)
        return false;
    const auto id = ids_.number_of(*relates_to->guid);
    return id && pending_.contains(*id);
}

operations::operation* outgoing_calls::take_answered(const channel::message& arrived) {
    const soap::headers_view& headers = arrived.headers();
    operation* op = nullptr;
    if (headers.relates_to && headers.relates_to->guid) {
        if (const auto id = ids_.number_of(*headers.relates_to->guid))
            op = pending_.take(*id);
    }
    if (op == nullptr) {
        dropped();
        return nullptr;
    }
    op->where = place::nowhere;
    return understands(*op, arrived) ? op : nullptr;
}

/// False: a header must be understood that is not, and the operation has failed.
bool outgoing_calls::understands(operation& op, const channel::message& arrived) {
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

operations::operation* outgoing_calls::find(std::uint64_t id) const noexcept {
    for (operation* const each : deadlines_.all()) {
        if (each->id == id)
            return each;
    }
    return nullptr;
}

/// Whether there was one of that id.
bool outgoing_calls::cancel_own(std::uint64_t id) {
    operation* const op = find(id);
    if (op == nullptr)
        return false;
    if (op == encoding_) {
        encoding_cancelled_ = true;
        return true;
    }
    const diagnostics why = describe(stage_of(*op));
    const bool was_sent = op->where == place::pending || op->where == place::writing;
    unlink(*op);
    const bool outer = std::exchange(posting_, true);  // the slot's own function is running
    fail(*op, why);
    if (was_sent)
        given_up(why);
    posting_ = outer;
    rearm();
    return true;
}

void outgoing_calls::unlink(operation& op) noexcept {
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

void outgoing_calls::finish(operation& op, const error_code& code, reply&& answer,
                            std::unique_ptr<diagnostics> why) {
    deadlines_.erase(op);
    complete(op, code, std::move(answer), std::move(why));
}

/// A handler that throws must not leave us halfway: what it throws comes out of the executor as
/// it would have, but in a turn of its own.
void outgoing_calls::complete(operation& op, const error_code& code, reply&& answer,
                              std::unique_ptr<diagnostics> why) {
    note_end(op, code, answer);
    if (op.turn != nullptr && must_wait(op, code, answer, why))
        return;
    try {
        op.complete(code, std::move(answer), std::move(why), may_complete_inside());
    } catch (...) {
        boost::asio::post(executor_,
                          [thrown = std::current_exception()] { std::rethrow_exception(thrown); });
    }
}

void outgoing_calls::fail(operation& op, const diagnostics& why) {
    finish(op, why.code, {}, std::make_unique<diagnostics>(why));
}

void outgoing_calls::fail_all(const diagnostics& why) {
    std::vector<operation*> doomed = deadlines_.all();
    std::erase(doomed, encoding_);
    fail_these(std::move(doomed), why);
}

void outgoing_calls::fail_pending(const diagnostics& why) {
    std::vector<operation*> doomed;
    for (operation* const op : deadlines_.all()) {
        if (op->where == place::pending)
            doomed.push_back(op);
    }
    fail_these(std::move(doomed), why);
}

/// In the order in which they came. All are taken out first: their handlers may start others,
/// and cancel or destroy what is left.
void outgoing_calls::fail_these(std::vector<operation*> doomed, const diagnostics& why) {
    std::ranges::sort(doomed, {}, [](const operation* op) { return op->id; });
    for (operation* const op : doomed) {
        unlink(*op);
        deadlines_.erase(*op);
    }
    for (operation* const op : doomed)
        complete(*op, why.code, {}, std::make_unique<diagnostics>(why));
}

/// Like `fail_these`: what is left must be out of reach of the handlers.
void outgoing_calls::succeed_all(operation_list& list) {
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

net::time_point outgoing_calls::next_deadline() const noexcept {
    return deadlines_.empty() ? net::never : deadlines_.top().deadline;
}

namespace operations {

void* allocate(outgoing_calls& calls, std::size_t size) {
    return calls.store().allocate(size);
}

void deallocate(outgoing_calls& calls, void* memory, std::size_t size) noexcept {
    calls.store().deallocate(memory, size);
}

std::uint64_t next_id(outgoing_calls& calls) noexcept {
    return calls.next_id();
}

boost::asio::any_io_executor executor_of(const outgoing_calls& calls) {
    auto known = calls.gate().executor();
    return known ? known : boost::asio::any_io_executor(boost::asio::system_executor());
}

bool is_open(const outgoing_calls& calls) noexcept {
    return !calls.is_shut();
}

namespace {

/// Begins an operation on the executor. The calls come first, so that an operation which is never
/// run goes before them.
struct beginning {
    std::shared_ptr<outgoing_calls> calls;
    operation_ptr op;

    void operator()() { calls->begin(*op.release()); }
};

}  // namespace

void start(const std::shared_ptr<outgoing_calls>& calls, operation_ptr op) {
    if (calls->gate().runs_here()) {
        calls->begin(*op.release());
        return;
    }
    beginning later{calls, std::move(op)};
    if (calls->gate().post(std::move(later)))
        return;
    auto why = std::make_unique<diagnostics>();
    const error_code code = why->code = channel::errc::session_closed;
    // NOLINTNEXTLINE(bugprone-use-after-move): what is not posted is as it was
    later.op.release()->complete(code, {}, std::move(why), false);
}

void cancel(const std::weak_ptr<outgoing_calls>& weak, std::uint64_t id) {
    const auto calls = weak.lock();
    if (!calls)
        return;
    if (calls->gate().runs_here())
        calls->cancel(id);
    else
        calls->gate().post([calls, id] { calls->cancel(id); });
}

}  // namespace operations
}  // namespace nettcp
