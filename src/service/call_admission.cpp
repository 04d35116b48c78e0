// Decides when a call may begin: throttles, the instance that it is for, deadlines, and whether the
// peer is read from meanwhile.

#include "service/call_session.hpp"

#include "service/granted_on.hpp"

#include <nettcp/net/errc.hpp>
#include <nettcp/soap/fault.hpp>

#include <algorithm>
#include <stdexcept>

namespace nettcp {

namespace {

/// What a message that is held takes of the limit beside its octets.
constexpr std::size_t held_overhead = 1024;

std::size_t held_size(const channel::message& message) noexcept {
    return message.document().size() + held_overhead;
}

}  // namespace

void call_session::take(channel::message message) {
    held_message arrived{std::move(message), net::never};
    if (limits_.timeout != net::clock::duration::max() || meter_.observer() != nullptr) {
        arrived.since = net::clock::now();
        arrived.deadline = net::later(arrived.since, limits_.timeout);
    }
    if (held_.empty()) {
        line_place place;
        if (admit(place) == admission::begins) {
            start_call(std::move(arrived), std::move(place));
            return;
        }
    }
    held_octets_ += held_size(arrived.message);
    held_.push_back(std::move(arrived));
    start_held();
}

/// A place in line comes before a turn of the host's: whoever waits for the former keeps none of
/// the latter from others.
call_session::admission call_session::admit(line_place& place) {
    if (call_count_ >= limits_.max_calls || is_paused(output_full))
        return admission::end_of_call;  // comes back here, and so does room
    const instance_rules* const rules = table()->instances.get();
    if (rules != nullptr && rules->takes_turns()) {
        session_instance& mine = instance();
        place = mine.granted ? std::move(mine.granted) : mine.line->try_enter();
        if (!place)
            return admission::place_in_line;
    }
    return host()->begin_call() ? admission::begins : admission::turn_of_host;
}

void call_session::take_turn() {
    const auto self = shared_from_this();
    waits_for_host_ = false;
    start_held();
}

call_session::held_message call_session::take_held() {
    held_message next = std::move(held_.front());
    held_.pop_front();
    held_octets_ -= held_size(next.message);
    return next;
}

/// Starts what waits, in order, as far as the throttles allow. While something is left, the peer
/// is not read from as a rule, so that is little.
void call_session::start_held() {
    if (std::exchange(starting_held_, true))
        return;  // a handler has ended within: the loop further out goes on
    admission next = admission::begins;
    while (!over_ && !held_.empty()) {
        line_place place;
        next = admit(place);
        if (next != admission::begins)
            break;
        start_call(take_held(), std::move(place));
    }
    starting_held_ = false;
    if (over_)
        return;
    paused_ &= ~static_cast<unsigned>(throttled | in_line);
    if (held_.empty()) {
        update_reading();
        return;
    }
    pause(next == admission::place_in_line ? in_line : throttled);
    if (next == admission::place_in_line)
        wait_in_line();
    else if (next == admission::turn_of_host && !std::exchange(waits_for_host_, true))
        wait_for_turn();
}

// Instances.

session_instance& call_session::instance() {
    if (instance_ == nullptr) {
        const instance_rules& rules = *table()->instances;
        instance_ = std::make_unique<session_instance>();
        instance_->line = rules.line;
        if (instance_->line == nullptr && rules.takes_turns())
            instance_->line = std::make_shared<instance_line>();
    }
    return *instance_;
}

/// Throws what the user's constructor or factory throws.
void call_session::find_instance(call_record& call) {
    const instance_rules& rules = *call.table->instances;
    const auto make = [&] {
        auto made = rules.make();
        if (made == nullptr)
            throw std::logic_error("the factory has made no instance");
        return made;
    };
    switch (rules.options.instance) {
    case instance_mode::single: call.instance = rules.single; return;
    case instance_mode::per_call: call.instance = make(); return;
    case instance_mode::per_session:
        if (instance().object == nullptr)
            instance_->object = make();
        call.instance = instance_->object;
        return;
    }
}

void call_session::wait_in_line() {
    if (std::exchange(instance_->waits, true))
        return;
    waits_in_line();
    instance_->line->wait(granted_on(store_, [session = weak_from_this()](line_place place) {
        if (const auto living = session.lock())
            living->granted(std::move(place));
    }));
}

/// The instance is ours for one call. If none wants it any more, the next in line gets it.
void call_session::granted(line_place place) {
    const auto self = shared_from_this();
    if (over_ || instance_ == nullptr || instance_->line != place.line())
        return;
    instance_->waits = false;
    instance_->granted = std::move(place);
    start_held();
    if (instance_ != nullptr)
        instance_->granted.reset();
}

// Reading.

void call_session::pause(pause_reason why) {
    paused_ |= why;
    update_reading();
}

void call_session::resume(pause_reason why) {
    paused_ &= ~static_cast<unsigned>(why);
    update_reading();
}

void call_session::update_reading() {
    if (over_)
        return;
    const bool reads = paused_ == 0 || (paused_ == in_line && held_octets_ < limits_.max_in_line) ||
                       (reads_ahead() && held_octets_ < limits_.max_held);
    if (std::exchange(reads_, reads) == reads)
        return;
    shell_->keep_reading(reads);
    reading_changed(reads);
}

// Time.

net::time_point call_session::call_deadline() const noexcept {
    const net::time_point waiting = held_.empty() ? net::never : held_.front().deadline;
    for (const call_record* call = oldest_; call != nullptr; call = call->previous) {
        if (!call->expired)
            return std::min(call->deadline, waiting);
    }
    return waiting;
}

/// Answers for calls that have taken too long, and cancels them. They still count until their
/// handlers have let go of them.
void call_session::expire_calls(net::time_point now) {
    const auto self = shared_from_this();
    while (!over_ && call_deadline() <= now) {
        call_record* late = oldest_;
        while (late != nullptr && late->expired)
            late = late->previous;
        if (late == nullptr || late->deadline > now) {
            refuse_late(take_held());
            continue;
        }
        const call_share kept(*late);
        late->expired = true;
        note_end(*late, call_outcome::timed_out);
        call_failed(describe(net::errc::timed_out, stage::receive),
                    "The handler of " + std::string(late->message.headers().action) +
                        " takes too long.");
        answer_fault(*late, soap::internal_service_fault());
        if (late->cancelled != nullptr)
            late->cancelled->emit(boost::asio::cancellation_type::terminal);
    }
    if (!over_)
        start_held();
}

/// Answers for a call that has waited too long to begin.
void call_session::refuse_late(held_message message) {
    call_record& record = make_record(std::move(message));
    const call_share share(record);
    note_begin(record);
    if (!check_rules(record)) {
        call_dropped(record);
        return;
    }
    note_end(record, call_outcome::timed_out);
    call_failed(describe(net::errc::timed_out, stage::receive),
                "The call of " + std::string(record.message.headers().action) +
                    " has waited too long for its turn.");
    answer_fault(record, soap::internal_service_fault());
    call_dropped(record);
}

}  // namespace nettcp
