// The receiving half of a session: octets to events. Order is decided by `step` alone; the code
// here checks the values that records carry, and picks the name of the rule that was broken.

#include <nettcp/framing/session.hpp>

#include "framing/session_rules.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/framing/via.hpp>

#include <algorithm>

namespace nettcp::framing {

namespace {

/// Octets held back at most while the next step is not the peer's: one preamble fits.
constexpr std::size_t held_size = 4096;

/// The fault with which an acceptor answers a broken rule; nothing: it resets the connection.
std::optional<fault_code> answer_to(const boost::system::error_code& code) noexcept {
    if (code.category() != category())
        return std::nullopt;
    switch (static_cast<errc>(code.value())) {
    case errc::version_unsupported: return fault_code::unsupported_version;
    case errc::mode_unknown: return fault_code::unsupported_mode;
    case errc::via_too_long: return fault_code::via_too_long;
    case errc::content_type_too_long: return fault_code::content_type_too_long;
    case errc::upgrade_name_too_long:
    case errc::too_many_upgrades: return fault_code::upgrade_invalid;
    case errc::envelope_too_large: return fault_code::max_message_size_exceeded;
    default: return std::nullopt;
    }
}

}  // namespace

session::session(role side, const framing_limits& limits) noexcept
    : decoder_(limits), side_(side) {}

// Octets.

std::span<std::byte> session::input_space() {
    if (!wants_input())
        return {};
    const auto space = input_.space(input_.empty() ? 0 : decoder_.missing());
    if (!holds_input())
        return space;
    return space.first(std::min(space.size(), held_size - input_.size()));
}

void session::received(std::size_t size) noexcept {
    input_.received(size);
    if (failed()) {
        drained_ += size;
        input_.clear();
    }
}

bool session::wants_input() const noexcept {
    if (eof_ || ending_ == ending::close || ending_ == ending::abort)
        return false;
    if (ending_ == ending::drain)
        return drained_ < drain_size;
    return !holds_input() || input_.size() < held_size;
}

bytes_view session::output() noexcept {
    return must_abort() ? bytes_view{} : output_.lend();
}

void session::output_sent(std::size_t size) {
    output_.sent(size);
}

void session::release_memory() {
    if (input_.empty())
        input_.release();
    output_.release();
    if (side_ == role::acceptor && state_ == framing::state::open) {
        std::string().swap(preamble_.via);  // an assignment may keep the storage
        std::string().swap(preamble_.content_type);
    }
}

bool session::finished() const noexcept {
    if (must_abort() || output_.size() != 0)
        return false;
    if (must_drain())
        return eof_ || drained_ >= drain_size;
    if (ending_ == ending::close)
        return true;
    if (closed_untold_ || !input_.empty())
        return false;
    if (state_ == framing::state::start)
        return eof_;
    // Nothing can follow where the table has no row for it.
    return state_ == framing::state::closed &&
           (eof_ || !may(role::initiator, session_event::version));
}

// What the table says.

bool session::may(role sender, session_event what) const noexcept {
    return step(mode_number_, state_, sender, what).has_value();
}

bool session::advance(role sender, session_event what) noexcept {
    const auto next = step(mode_number_, state_, sender, what);
    if (next)
        state_ = *next;
    return next.has_value();
}

role session::peer() const noexcept {
    return side_ == role::initiator ? role::acceptor : role::initiator;
}

/// Whether the next step is a command of our owner's; what the peer has sent stays unread.
bool session::waits_for_owner() const noexcept {
    return state_ == framing::state::securing ||
           (side_ == role::acceptor &&
            (state_ == framing::state::upgrading || state_ == framing::state::ended_preamble));
}

/// Whether unread octets, if there are any, cannot be taken before our side has acted: those for
/// the owner, or a preamble that the initiator sends before we have ended the session before.
bool session::holds_input() const noexcept {
    if (waits_for_owner())
        return true;
    return side_ == role::acceptor && peer_ended_ && state_ != framing::state::closed &&
           upgrades_ == 0 && !input_.empty() &&
           input_.view()[0] == static_cast<std::byte>(record_type::version);
}

// Events.

event session::next_event() {
    for (;;) {
        if (failed())
            return {};
        if (closed_untold_)
            return tell_closed();
        if (holds_input())
            return {};
        const bytes_view unread = input_.view();
        if (unread.empty())
            return eof_ ? take_eof() : event{};
        if (decoder_.between_records() && !check_order(std::to_integer<std::uint8_t>(unread[0])))
            return {};
        const auto part = decoder_.next(unread);
        if (!part) {
            if (part.error().code == base_errc::truncated)
                return eof_ ? take_eof() : event{};
            return broken(part.error());
        }
        input_.consume(part->size);
        const event happened = take(*part);
        if (happened.type != event_type::none)
            return happened;
    }
}

/// Whether a record of this type may come now; fails the session if not.
bool session::check_order(std::uint8_t type) {
    const auto broken_rule = [&](errc rule) {
        broken({make_error_code(rule), decoder_.offset(), type});
        return false;
    };
    if (!is_defined(static_cast<record_type>(type))) {
        const bool awaits_answer =
            state_ == framing::state::upgrading || state_ == framing::state::ended_preamble;
        const bool is_http = awaits_answer && (type == 'H' || type == 'h');
        return broken_rule(is_http ? errc::peer_is_http : errc::record_unknown);
    }
    if (may(peer(), static_cast<session_event>(type)))
        return true;
    const auto kind = static_cast<record_type>(type);
    const bool is_envelope =
        kind == record_type::sized_envelope || kind == record_type::unsized_envelope;
    if (is_envelope && peer_ended_ && state_ != framing::state::closed)
        return broken_rule(errc::message_after_end);
    if (kind == record_type::unsized_envelope && side_ == role::initiator &&
        state_ == framing::state::open && mode_number_ == 1)
        return broken_rule(errc::reply_unexpected);
    return broken_rule(errc::record_not_allowed);
}

event session::take(const stream_part& part) {
    switch (part.type) {
    case part_type::whole_record: return take_record(part);
    case part_type::chunk: return {event_type::chunk, part.payload, {}};
    case part_type::envelope_end:
        whole_envelope_ = true;
        return {event_type::envelope_ended, {}, {}};
    case part_type::octets:
        if (!advance(peer(), session_event::octets))
            return broken({make_error_code(errc::record_not_allowed), part.offset});
        return {event_type::chunk, part.payload, {}};
    }
    return {};
}

event session::take_record(const stream_part& part) {
    const auto kind = type_of(part.record);
    const auto what = static_cast<session_event>(kind);
    switch (kind) {
    case record_type::sized_envelope:
        if (part.payload.empty())
            return broken({make_error_code(errc::envelope_empty), part.offset});
        advance(peer(), what);
        whole_envelope_ = true;
        return {event_type::envelope, part.payload, {}};
    case record_type::unsized_envelope: advance(peer(), what); return {};
    case record_type::end: return ended_by_peer();
    case record_type::fault: return take_fault(std::get<fault_record>(part.record), part);
    case record_type::upgrade_response:
        advance(peer(), what);
        return {event_type::upgrade_accepted, {}, {}};
    case record_type::preamble_ack:
        advance(peer(), what);
        return {event_type::preamble_acked, {}, {}};
    case record_type::preamble_end:
        advance(peer(), what);
        return {event_type::preamble_ended, {}, {}};
    case record_type::upgrade_request:
        if (upgrades_ >= decoder_.limits().max_upgrades)
            return broken({make_error_code(errc::too_many_upgrades), part.offset, upgrades_ + 1,
                           decoder_.limits().max_upgrades});
        advance(peer(), what);
        return {
            event_type::upgrade_requested, {}, std::get<upgrade_request_record>(part.record).name};
    default: return take_preamble_record(part);
    }
}

event session::take_preamble_record(const stream_part& part) {
    const auto kind = type_of(part.record);
    if (kind == record_type::version) {
        const auto& version = std::get<version_record>(part.record);
        advance(peer(), session_event::version);  // judged in the mode of the session before
        begin_preamble();
        if (version.major != 1)
            return broken(
                {make_error_code(errc::version_unsupported), part.offset + 1, version.major});
        return {};
    }
    if (kind == record_type::mode) {
        const mode value = std::get<mode_record>(part.record).value;
        const auto number = static_cast<std::uint8_t>(value);
        if (!is_defined(value))
            return broken({make_error_code(errc::mode_unknown), part.offset + 1, number});
        advance(peer(), session_event::mode);
        mode_number_ = number;
        preamble_.mode = value;
        return {};
    }
    if (kind == record_type::via) {
        const std::string_view uri = std::get<via_record>(part.record).uri;
        if (const auto via = split_via(uri, decoder_.limits().max_via_size); !via)
            return broken({via.error().code, part.offset + part.size - uri.size() + via.error().at,
                           via.error().got, via.error().limit});
        advance(peer(), session_event::via);
        preamble_.via = uri;
        return {};
    }
    return take_encoding(part);
}

event session::take_encoding(const stream_part& part) {
    if (const auto* known = std::get_if<known_encoding_record>(&part.record)) {
        preamble_.encoding = encoding_from_octet(known->octet);
        preamble_.content_type = preamble_.encoding ? std::string(content_type(*preamble_.encoding))
                                                    : "unknown" + std::to_string(known->octet);
    } else {
        const std::string_view text =
            std::get<extensible_encoding_record>(part.record).content_type;
        if (const std::size_t bad = find_invalid_utf8(text); bad != text.size())
            return broken(
                {make_error_code(errc::text_invalid), part.offset + part.size - text.size() + bad});
        preamble_.encoding = encoding_from_content_type(text);
        preamble_.content_type = text;
    }
    advance(peer(), static_cast<session_event>(type_of(part.record)));
    return {event_type::addressed, {}, {}};
}

event session::take_fault(const fault_record& fault, const stream_part& part) {
    advance(peer(), session_event::fault);
    peer_fault_ = fault.uri;
    const auto known = fault_code_from_uri(fault.uri);
    const errc rule = known ? errc_of(*known) : errc::peer_said_unknown_fault;
    lose({make_error_code(rule), part.offset, 0}, ending::close);
    return {event_type::faulted_by_peer, {}, peer_fault_};
}

event session::ended_by_peer() {
    advance(peer(), session_event::end);
    peer_ended_ = true;
    closed_untold_ = state_ == framing::state::closed;
    return {event_type::peer_ended, {}, {}};
}

event session::tell_closed() {
    closed_untold_ = false;
    if (!leave_upgrade())
        return {};
    return {event_type::closed, {}, {}};
}

/// Forgets the upgrade of a session that is over. False: octets were left inside it, which must
/// not be taken for raw ones, and the session has failed.
bool session::leave_upgrade() {
    if (upgrades_ != 0 && !input_.empty()) {
        broken({make_error_code(errc::record_not_allowed), decoder_.offset(),
                std::to_integer<std::uint32_t>(input_.view()[0])});
        return false;
    }
    upgrades_ = 0;
    return true;
}

/// The peer's octets are over: an end where one may be, else a broken session.
event session::take_eof() {
    const bool inside_record = !input_.empty();
    if (!inside_record && (state_ == framing::state::start || state_ == framing::state::closed))
        return {};
    if (!inside_record && advance(peer(), session_event::end_of_stream)) {
        peer_ended_ = true;
        closed_untold_ = true;
        return {event_type::envelope_ended, {}, {}};
    }
    if (!inside_record && decoder_.between_records()) {
        if (peer_ended_)
            return {};
        // As WCF does: between envelopes, once there was one, it counts as an end record.
        if (whole_envelope_ && preamble_.mode == mode::duplex && may(peer(), session_event::end))
            return ended_by_peer();
    }
    const bool refused = state_ == framing::state::upgrading && side_ == role::initiator;
    return broken({make_error_code(refused ? errc::upgrade_refused : errc::premature_end),
                   decoder_.offset() + input_.size()});
}

/// Forgets all that belongs to the session before.
void session::begin_preamble() {
    preamble_.via.clear();
    preamble_.content_type.clear();
    preamble_.encoding.reset();
    mode_number_ = 0;
    peer_ended_ = false;
    whole_envelope_ = false;
}

// Failure.

/// Fails the session for a rule that the peer broke; an acceptor answers with a fault if the
/// table lets it. Returns no event.
event session::broken(const error& why) {
    answer(why, answer_to(why.code));
    return {};
}

void session::answer(const error& why, std::optional<fault_code> fault) {
    // A fault inside our own envelope would be read as part of it. (In chunks there is no row.)
    if (!fault || side_ == role::initiator || output_.in_envelope() ||
        !advance(side_, session_event::fault)) {
        lose(why, ending::abort);
        return;
    }
    lose(why, ending::drain);
    encode_record(output_.back(), fault_record{uri(*fault)});
}

void session::lose(const error& why, ending how) noexcept {
    failure_ = why;
    ending_ = how;
    closed_untold_ = false;
    input_.clear();
    output_.drop_unlent();
}

}  // namespace nettcp::framing
