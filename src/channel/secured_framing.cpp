// Decides where the line between clear and protected octets runs, in both directions.

#include "channel/secured_framing.hpp"

#include <nettcp/framing/errc.hpp>

#include <algorithm>
#include <utility>

namespace nettcp::channel {

namespace {

/// Octets protected at a time: whole frames of [MS-NNS], and little enough to stay in the cache.
constexpr std::size_t seal_size = 4 * (63u << 10);

/// Whether this is the first octet of a TLS record: what a peer's TLS has to say after a session.
bool is_tls_record(std::byte first) noexcept {
    return first >= std::byte{0x15} && first <= std::byte{0x17};
}

}  // namespace

// Octets.

std::span<std::byte> secured_framing::input_space() {
    lent_by_engine_ = layer_ != layer::clear && !records_.failed();
    const auto space = lent_by_engine_ ? engine_->input_space() : records_.input_space();
    lent_ = space.data();
    return space;
}

void secured_framing::received(std::size_t size) {
    if (lent_by_engine_) {
        engine_->received(size);
        return;
    }
    if (may_be_leftover_ && size != 0) {
        may_be_leftover_ = false;
        if (is_tls_record(*lent_)) {
            records_.received(0);
            records_.received_eof();
            return;
        }
    }
    records_.received(size);
}

void secured_framing::received_eof() {
    eof_ = true;
    if (layer_ == layer::clear || records_.failed())
        records_.received_eof();
    else
        engine_->received_eof();
}

bool secured_framing::wants_input() const noexcept {
    if (layer_ == layer::clear || records_.failed())
        return records_.wants_input();
    if (eof_ || stepping_)
        return false;
    // Behind the peer's end record there is nothing for the engine to read.
    return layer_ == layer::handshake || !records_.peer_has_ended();
}

bool secured_framing::mid_record() const noexcept {
    if (layer_ == layer::handshake || records_.mid_record())
        return true;
    return layer_ == layer::inside && !records_.peer_has_ended() && !engine_->surplus().empty();
}

bytes_view secured_framing::secured_output() {
    if (records_.must_abort() && !engine_failure_)
        return {};
    if (leaving_ != nullptr) {
        if (const bytes_view out = leaving_->output(); !out.empty())
            return out;
        leaving_.reset();
        leaving_sealed_ = 0;
        if (engine_ == nullptr)
            return records_.output();
    }
    if (clear_left_ != 0) {
        const bytes_view out = records_.output();
        return out.first(std::min(out.size(), clear_left_));
    }
    const bytes_view out = engine_->output();
    return out.empty() && seal() ? engine_->output() : out;
}

void secured_framing::output_sent(std::size_t size) {
    if (leaving_ != nullptr) {
        leaving_->output_sent(size);
        leaving_sealed_ = std::min(leaving_sealed_, leaving_->output_size());
    } else if (engine_ == nullptr || clear_left_ != 0) {
        records_.output_sent(size);
        clear_left_ -= std::min(clear_left_, size);
    } else {
        engine_->output_sent(size);
        sealed_ = std::min(sealed_, engine_->output_size());
    }
}

std::size_t secured_framing::output_size() const noexcept {
    if (is_plain())
        return records_.output_size();
    return records_.output_size() + leaving_sealed_ +
           (layer_ == layer::handshake ? engine_->output_size() : sealed_);
}

/// Protects a part of what is queued. False: there is nothing.
bool secured_framing::seal() {
    if (layer_ != layer::inside || engine_failure_ != nullptr)
        return false;
    const bytes_view queued = records_.output();
    const bytes_view plain = queued.first(std::min(queued.size(), seal_size));
    if (plain.empty())
        return false;
    if (const auto done = engine_->write(plain); !done) {
        lose(done.error());
        return false;
    }
    records_.output_sent(plain.size());
    sealed_ += plain.size();
    return true;
}

void secured_framing::release_memory() {
    records_.release_memory();
    if (engine_ != nullptr)
        engine_->release_memory();
}

// Events.

framing::event secured_framing::next_event() {
    for (;;) {
        if (layer_ == layer::handshake && !handshake_done())
            return {};
        const framing::event seen = records_.next_event();
        switch (seen.type) {
        case framing::event_type::none:
            if (layer_ != layer::inside || records_.failed() || !pull())
                return seen;
            break;
        case framing::event_type::upgrade_requested: answer_request(seen.text); break;
        case framing::event_type::upgrade_accepted: begin_handshake(); break;
        case framing::event_type::preamble_ended:
            if (security_ == nullptr || layer_ == layer::inside)
                return seen;
            records_.fail(make_error_code(framing::errc::upgrade_required));
            break;
        case framing::event_type::envelope:
        case framing::event_type::chunk:
        case framing::event_type::envelope_ended:
            if (security_ == nullptr || layer_ == layer::inside) [[likely]]
                return seen;
            // Mode singleton-sized has no end of a preamble to find this at.
            records_.fail(make_error_code(framing::errc::upgrade_required));
            break;
        case framing::event_type::closed:
            leave();
            return records_.failed() ? framing::event{} : seen;
        default: return seen;
        }
    }
}

bool secured_framing::must_drain() const noexcept {
    // The engine may have a last word: an alert, or an error code.
    return records_.must_drain() || (engine_failure_ != nullptr && engine_->output_size() != 0);
}

bool secured_framing::finished() const noexcept {
    if (engine_failure_ != nullptr)
        return engine_->output_size() == 0;
    if (leaving_ != nullptr && leaving_->output_size() != 0)
        return false;
    return (engine_ == nullptr || engine_->output_size() == 0) && records_.finished();
}

// The upgrade.

result<void> secured_framing::start(const framing::preamble& ours,
                                    security::shared_upgrade_factory security) {
    if (const auto started = records_.start(ours); !started)
        return started;
    security_ = std::move(security);
    return security_ != nullptr ? records_.request_upgrade(security_->name())
                                : records_.end_preamble();
}

void secured_framing::answer_request(std::string_view name) {
    if (security_ == nullptr || layer_ == layer::inside || name != security_->name()) {
        (void)records_.send_fault(framing::fault_code::upgrade_invalid);
        return;
    }
    if (records_.accept_upgrade())
        begin_handshake();
}

void secured_framing::begin_handshake() {
    engine_ = security_->make();
    layer_ = layer::handshake;
    clear_left_ = records_.output_size();
    sealed_ = 0;
    stepping_ = false;
    may_be_leftover_ = false;
    take_leftover(records_.surplus());
    records_.take_surplus(records_.surplus().size());
    if (eof_)
        engine_->received_eof();
}

/// Gives the engine octets that came behind the answer to our request.
void secured_framing::take_leftover(bytes_view octets) {
    while (!octets.empty()) {
        const auto space = engine_->input_space();
        const std::size_t size = std::min(space.size(), octets.size());
        if (size == 0)
            return;
        std::ranges::copy(octets.first(size), space.begin());
        engine_->received(size);
        octets = octets.subspan(size);
    }
}

/// Goes on with the handshake. False: it is not over.
bool secured_framing::handshake_done() {
    if (stepping_ || records_.failed())
        return false;
    switch (engine_->next_event()) {
    case security::upgrade_event::none: return false;
    case security::upgrade_event::step_wanted:
        step_ = engine_->take_step();
        stepping_ = true;
        return false;
    case security::upgrade_event::failed: lose(engine_->failure()); return false;
    case security::upgrade_event::established: break;
    }
    if (!records_.upgrade_completed())
        return false;
    layer_ = layer::inside;
    sealed_ = engine_->output_size();
    if (records_.side() == framing::role::initiator)
        (void)records_.end_preamble();
    return true;
}

void secured_framing::stepped(std::unique_ptr<security::mechanism_step> done) {
    if (!std::exchange(stepping_, false) || engine_ == nullptr)
        return;
    engine_->stepped(std::move(done));
}

/// Moves plain octets from the engine to the records. False: there are none now.
bool secured_framing::pull() {
    if (records_.peer_has_ended() || !records_.wants_input())
        return false;
    const auto got = engine_->read(records_.input_space());
    if (!got) {
        lose(got.error());
        return false;
    }
    records_.received(*got);
    if (*got != 0)
        return true;
    if (engine_->ended()) {
        records_.received_eof();
        return true;
    }
    // Nobody has vouched for this end: unlike in clear it never stands for an end record.
    if (eof_)
        records_.fail(make_error_code(framing::errc::premature_end));
    return false;
}

/// Both sides have ended: back to clear octets.
void secured_framing::leave() {
    security_.reset();
    if (layer_ == layer::clear)
        return;
    while (seal()) {
    }
    if (records_.failed())
        return;
    if (clear_left_ != 0 || leaving_ != nullptr) {
        // The peer cannot have come so far without having read what we have not sent yet.
        records_.fail(make_error_code(framing::errc::octets_before_upgrade_answer));
        return;
    }
    layer_ = layer::clear;
    may_be_leftover_ = true;
    bytes_view left = engine_->surplus();
    while (!left.empty()) {
        const auto space = input_space();
        const std::size_t size = std::min(space.size(), left.size());
        if (size == 0)
            break;
        std::ranges::copy(left.first(size), space.begin());
        received(size);
        left = left.subspan(size);
    }
    if (eof_)
        records_.received_eof();
    if (engine_->output_size() != 0) {
        leaving_ = std::move(engine_);
        leaving_sealed_ = sealed_;
    }
    engine_.reset();
    sealed_ = 0;
}

void secured_framing::lose(const error& why) {
    engine_failure_ = std::make_unique<error>(why);
    records_.fail(why.code, why.got);
}

}  // namespace nettcp::channel
