// The sending half of a session: commands to octets.

#include <nettcp/framing/session.hpp>

#include "framing/session_rules.hpp"

#include <nettcp/base/multi_byte_int31.hpp>

#include <utility>

namespace nettcp::framing {

namespace {

/// What `failure()` says after we answered with a fault.
errc reason_of(fault_code code) noexcept {
    switch (code) {
    case fault_code::content_type_invalid: return errc::content_type_unsupported;
    case fault_code::content_type_too_long: return errc::content_type_too_long;
    case fault_code::endpoint_not_found: return errc::via_unmatched;
    case fault_code::max_message_size_exceeded: return errc::envelope_too_large;
    case fault_code::unsupported_mode: return errc::mode_unsupported;
    case fault_code::unsupported_version: return errc::version_unsupported;
    case fault_code::upgrade_invalid: return errc::upgrade_invalid;
    case fault_code::via_too_long: return errc::via_too_long;
    default: return errc::session_refused;
    }
}

}  // namespace

/// Takes the step `what` as `only`, the one role that has this command.
result<void> session::command(role only, session_event what) {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (side_ != only || chunks_open_ || output_.in_envelope() || !advance(side_, what))
        return error{make_error_code(errc::record_not_ours), 0, static_cast<std::uint32_t>(what)};
    return {};
}

// The preamble.

result<void> session::start(const framing::preamble& ours) {
    if (!is_defined(ours.mode) || ours.via.empty() || (!ours.encoding && ours.content_type.empty()))
        return error{make_error_code(base_errc::invalid_argument), 0, 0};
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (side_ != role::initiator || !may(side_, session_event::version))
        return error{make_error_code(errc::record_not_ours), 0, 0};
    if (!leave_upgrade())
        return failure_;
    closed_untold_ = false;
    framing::preamble next = ours;  // which may be that of the session before
    advance(side_, session_event::version);
    begin_preamble();
    preamble_ = std::move(next);
    if (preamble_.encoding)
        preamble_.content_type = content_type(*preamble_.encoding);
    advance(side_, session_event::mode);
    mode_number_ = static_cast<std::uint8_t>(preamble_.mode);
    advance(side_, session_event::via);

    octet_buffer& out = output_.back();
    encode_record(out, version_record{});
    encode_record(out, mode_record{preamble_.mode});
    encode_record(out, via_record{preamble_.via});
    const auto octet = preamble_.encoding ? known_octet(*preamble_.encoding) : std::nullopt;
    if (octet) {
        advance(side_, session_event::known_encoding);
        encode_record(out, known_encoding_record{*octet});
    } else {
        advance(side_, session_event::extensible_encoding);
        encode_record(out, extensible_encoding_record{preamble_.content_type});
    }
    return {};
}

result<void> session::request_upgrade(std::string_view name) {
    auto taken = command(role::initiator, session_event::upgrade_request);
    if (taken)
        encode_record(output_.back(), upgrade_request_record{name});
    return taken;
}

result<void> session::end_preamble() {
    auto taken = command(role::initiator, session_event::preamble_end);
    if (taken)
        encode_record(output_.back(), preamble_end_record{});
    return taken;
}

result<void> session::accept_upgrade() {
    auto taken = command(role::acceptor, session_event::upgrade_response);
    if (!taken)
        return taken;
    if (!input_.empty()) {
        broken({make_error_code(errc::octets_before_upgrade_answer), decoder_.offset(),
                std::to_integer<std::uint32_t>(input_.view()[0])});
        return failure_;
    }
    encode_record(output_.back(), upgrade_response_record{});
    return taken;
}

result<void> session::ack_preamble() {
    auto taken = command(role::acceptor, session_event::preamble_ack);
    if (taken)
        encode_record(output_.back(), preamble_ack_record{});
    return taken;
}

result<void> session::send_fault(fault_code code) {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (side_ != role::acceptor || output_.in_envelope() || !may(side_, session_event::fault))
        return error{make_error_code(errc::record_not_ours), 0,
                     static_cast<std::uint32_t>(session_event::fault)};
    answer({make_error_code(reason_of(code)), decoder_.offset(), 0}, code);
    return {};
}

void session::fail(boost::system::error_code why, std::uint32_t got) noexcept {
    if (!failed())
        lose({why, decoder_.offset(), got}, ending::abort);
}

// The upgrade.

bytes_view session::surplus() const noexcept {
    return state_ == framing::state::securing ? input_.view() : bytes_view{};
}

void session::take_surplus(std::size_t size) noexcept {
    if (state_ == framing::state::securing)
        input_.consume(size);
}

result<void> session::upgrade_completed() {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (state_ != framing::state::securing)
        return error{make_error_code(errc::record_not_ours), 0,
                     static_cast<std::uint32_t>(session_event::upgrade_complete)};
    if (!input_.empty()) {
        broken({make_error_code(errc::octets_before_upgrade_answer), decoder_.offset(),
                std::to_integer<std::uint32_t>(input_.view()[0])});
        return failure_;
    }
    advance(role::initiator, session_event::upgrade_complete);
    ++upgrades_;
    return {};
}

// Envelopes.

session_event session::envelope_event() const noexcept {
    switch (preamble_.mode) {
    case mode::singleton_unsized: return session_event::unsized_envelope;
    case mode::singleton_sized: return session_event::octets;
    default: return session_event::sized_envelope;
    }
}

result<octet_buffer*> session::begin_envelope(std::size_t front_room) {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (chunks_open_ || output_.in_envelope() || !may(side_, envelope_event()))
        return error{make_error_code(errc::record_not_ours), 0,
                     static_cast<std::uint32_t>(envelope_event())};
    return &output_.begin_envelope(front_room);
}

result<std::span<std::byte>> session::end_envelope(std::size_t front) {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (!output_.in_envelope() || !may(side_, envelope_event()))
        return error{make_error_code(errc::record_not_ours), 0, 0};
    const std::size_t size = front + output_.payload_size();
    if (size == 0 || size > max_multi_byte_int31) {
        output_.abandon_envelope();
        return error{make_error_code(size == 0 ? errc::envelope_empty : errc::envelope_too_large),
                     0, 0};
    }
    const auto what = envelope_event();
    advance(side_, what);
    if (what == session_event::octets)
        return output_.end_envelope(front);
    if (what == session_event::unsized_envelope)
        output_.back().append(std::byte{0});  // the empty chunk that ends it
    const auto number = static_cast<std::uint32_t>(size);
    const std::size_t head = 1 + multi_byte_int31_size(number);
    const auto room = output_.end_envelope(head + front);
    room[0] = static_cast<std::byte>(what);
    write_multi_byte_int31(room.data() + 1, number);
    return room.subspan(head);
}

void session::abandon_envelope() noexcept {
    if (output_.in_envelope())
        output_.abandon_envelope();
}

result<void> session::write_chunk(bytes_view octets) {
    const auto what = envelope_event();
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (octets.size() > max_multi_byte_int31)
        return error{make_error_code(errc::envelope_too_large), 0, 0};
    const bool in_pieces = what != session_event::sized_envelope && !output_.in_envelope();
    if (!in_pieces || (!chunks_open_ && !may(side_, what)))
        return error{make_error_code(errc::record_not_ours), 0, static_cast<std::uint32_t>(what)};
    if (octets.empty())
        return {};
    octet_buffer& out = output_.back();
    if (!chunks_open_) {
        advance(side_, what);
        if (what == session_event::unsized_envelope) {
            chunks_open_ = true;
            encode_record(out, unsized_envelope_record{});
        }
    }
    if (chunks_open_) {
        const auto number = static_cast<std::uint32_t>(octets.size());
        out.prepare(5 + octets.size());
        std::byte size[5];
        out.append(bytes_view(size, write_multi_byte_int31(size, number)));
    }
    out.append(octets);
    return {};
}

result<void> session::end_chunks() {
    if (failed())
        return error{make_error_code(errc::session_over), 0, 0};
    if (!chunks_open_)
        return error{make_error_code(errc::record_not_ours), 0, 0};
    output_.back().append(std::byte{0});
    chunks_open_ = false;
    return {};
}

result<void> session::end() {
    const bool by_stream = preamble_.mode == mode::singleton_sized && mode_number_ != 0;
    auto taken = command(side_, by_stream ? session_event::end_of_stream : session_event::end);
    if (!taken)
        return taken;
    if (!by_stream)
        encode_record(output_.back(), end_record{});
    closed_untold_ = state_ == framing::state::closed;
    return taken;
}

}  // namespace nettcp::framing
