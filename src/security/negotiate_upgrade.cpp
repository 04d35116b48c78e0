// The handshake of [MS-NNS]: which message may come when, what goes into a mechanism's step, and
// what its result makes us send. The acceptor's done message ends the handshake in both directions,
// so the initiator sends nothing after it, not even an error.

#include "security/negotiate_upgrade.hpp"

#include <nettcp/security/errc.hpp>

#include <algorithm>
#include <utility>

namespace nettcp::security {

namespace {

constexpr std::size_t header_size = 5;
constexpr std::size_t error_size = 8;
/// Octets held at most while the handshake lasts, beyond the limit on tokens.
constexpr std::size_t held_beyond = input_buffer::largest_space;

std::size_t payload_size(bytes_view header) noexcept {
    return std::to_integer<std::size_t>(header[3]) << 8 | std::to_integer<std::size_t>(header[4]);
}

/// The code in an error message: big endian with nothing in its upper half from .NET Framework and
/// .NET up to 6, little endian since. 0: there is none.
std::uint32_t error_code(bytes_view payload) noexcept {
    if (payload.size() < error_size)
        return 0;
    const auto octet = [&](std::size_t at) { return std::to_integer<std::uint32_t>(payload[at]); };
    if ((octet(0) | octet(1) | octet(2) | octet(3)) == 0)
        return octet(4) << 24 | octet(5) << 16 | octet(6) << 8 | octet(7);
    return octet(3) << 24 | octet(2) << 16 | octet(1) << 8 | octet(0);
}

std::string words_of(std::uint32_t code) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "0x";
    for (int shift = 28; shift >= 0; shift -= 4)
        text += digits[code >> shift & 15];
    const std::string_view name = windows_name(static_cast<handshake_error>(code));
    if (!name.empty())
        text.append(" ").append(name);
    return text;
}

}  // namespace

std::unique_ptr<upgrade> make_negotiate_upgrade(role side, std::shared_ptr<mechanism> by,
                                                const negotiate_limits& limits) {
    return std::make_unique<negotiate_upgrade>(side, std::move(by), limits);
}

negotiate_upgrade::negotiate_upgrade(role side, std::shared_ptr<mechanism> by,
                                     const negotiate_limits& limits)
    : mechanism_(std::move(by)),
      limits_(limits),
      side_(side),
      state_(side == role::initiator ? state::step : state::messages) {}

// Octets.

std::span<std::byte> negotiate_upgrade::input_space() {
    if (failed())
        return {};
    return input_.space(missing());
}

void negotiate_upgrade::received(std::size_t size) {
    input_.received(size);
    if (failed())
        input_.clear();
    else if (state_ != state::open && input_.size() > limits_.max_tokens_size + held_beyond)
        fail(errc::surplus_octets, consumed_ + limits_.max_tokens_size + held_beyond);
}

void negotiate_upgrade::consume(std::size_t size) noexcept {
    input_.consume(size);
    consumed_ += size;
}

/// What the message or frame in progress lacks, so that the buffer can grow for it.
std::size_t negotiate_upgrade::missing() const noexcept {
    const bytes_view held = surplus();
    std::size_t whole = 0;
    if (state_ == state::messages && held.size() >= header_size) {
        whole = header_size + payload_size(held);
    } else if (state_ == state::open && !is_raw_ && held.size() >= 4) {
        std::size_t size = 0;
        for (std::size_t i = 4; i-- > 0;)
            size = size << 8 | std::to_integer<std::size_t>(held[i]);
        whole = 4 + std::min(size, max_frame_size);  // a larger one fails when it is read
    }
    return whole > held.size() ? whole - held.size() : 0;
}

bytes_view negotiate_upgrade::surplus() const noexcept {
    return input_.view().subspan(plain_size_ + trailer_size_);
}

void negotiate_upgrade::release_memory() {
    input_.release();
    output_.release();
}

const party& negotiate_upgrade::peer() const noexcept {
    static const party nobody;
    return state_ == state::open && !failed() ? mechanism_->peer() : nobody;
}

void negotiate_upgrade::fail(boost::system::error_code code, std::uint64_t at, std::uint32_t got) {
    failure_ = {code, at, got};
    state_ = state::told;
    input_.clear();
    plain_size_ = trailer_size_ = 0;
    lent_plain_ = {};
}

// The handshake.

upgrade_event negotiate_upgrade::next_event() {
    if (state_ == state::messages)
        take_messages();
    if (state_ == state::step) {
        // Told again until it is taken.
        return upgrade_event::step_wanted;
    }
    if (state_ != state::told)
        return upgrade_event::none;
    state_ = failed() ? state::failed : state::open;
    return failed() ? upgrade_event::failed : upgrade_event::established;
}

/// Takes one message, if it is whole.
void negotiate_upgrade::take_messages() {
    const bytes_view held = input_.view();
    if (!judge_header(held))
        return;
    const auto type = static_cast<handshake_message>(held.empty() ? std::byte{} : held[0]);
    const std::size_t size = held.size() < header_size ? 0 : payload_size(held);
    // Of an error no more is waited for than is read.
    const std::size_t wanted = type == handshake_message::error ? std::min(size, error_size) : size;
    if (held.size() < header_size + wanted) {
        if (is_eof_)
            fail(errc::handshake_cut_short, consumed_ + held.size());
        return;
    }
    const bytes_view payload = held.subspan(header_size, wanted);
    if (type == handshake_message::error)
        return take_error(payload);

    ++messages_;
    tokens_size_ += static_cast<std::uint32_t>(size);
    is_peer_done_ = type == handshake_message::done;
    if (is_complete_) {  // the initiator's, with nothing left to learn from a token
        consume(header_size + size);
        return establish();
    }
    if (payload.empty()) {
        queue_error(static_cast<std::uint32_t>(handshake_error::invalid_token));
        return fail(errc::handshake_out_of_order, consumed_, static_cast<std::uint32_t>(type));
    }
    token_.append(payload);
    consume(header_size + size);
    state_ = state::step;
}

/// Whether what is there of a header, if anything, may come now.
bool negotiate_upgrade::judge_header(bytes_view held) {
    constexpr auto invalid = static_cast<std::uint32_t>(handshake_error::invalid_token);
    if (held.empty())
        return true;
    const auto type = static_cast<handshake_message>(held[0]);
    const auto got = std::to_integer<std::uint32_t>(held[0]);
    errc broken{};
    if (!is_defined(type))
        broken = errc::handshake_message_unknown;
    else if (type == handshake_message::error)
        return true;
    else if (is_complete_ && type != handshake_message::done)
        broken = errc::handshake_out_of_order;
    else if (messages_ == limits_.max_messages)
        broken = errc::too_many_handshake_messages;
    else if (held.size() < header_size ||
             payload_size(held) <= limits_.max_tokens_size - tokens_size_)
        return true;
    else {
        queue_error(invalid);
        fail(errc::handshake_message_too_large, consumed_ + 3,
             static_cast<std::uint32_t>(payload_size(held)));
        return false;
    }
    queue_error(invalid);
    fail(broken, consumed_, broken == errc::too_many_handshake_messages ? messages_ + 1 : got);
    return false;
}

void negotiate_upgrade::take_error(bytes_view payload) {
    const std::uint32_t code = error_code(payload);
    said_ = code == 0 ? std::string() : words_of(code);
    fail(errc_of(static_cast<handshake_error>(code)), consumed_, code);
}

std::unique_ptr<mechanism_step> negotiate_upgrade::take_step() {
    if (state_ != state::step)
        return nullptr;
    state_ = state::stepping;
    auto step = std::make_unique<mechanism_step>();
    step->mechanism = mechanism_;
    step->token = std::exchange(token_, octet_buffer());
    return step;
}

void negotiate_upgrade::stepped(std::unique_ptr<mechanism_step> step) {
    if (state_ != state::stepping)  // failed meanwhile
        return;
    take_result(step->result);
}

void negotiate_upgrade::take_result(step_result& result) {
    constexpr auto internal = static_cast<std::uint32_t>(handshake_error::internal_error);
    if (result.outcome == step_outcome::failed) {
        said_ = std::move(result.said);
        queue_error(result.peer_code == 0 ? internal : result.peer_code);
        return fail(result.why.code, consumed_, result.why.got);
    }
    const bool is_complete = result.outcome == step_outcome::complete;
    const bytes_view token = result.token.view();
    if (token.size() > 0xffff || (!is_complete && token.empty())) {
        queue_error(internal);
        return fail(errc::mechanism_failed, consumed_);
    }
    // A peer that is done takes no more tokens.
    if (is_peer_done_ && (!is_complete || (side_ == role::initiator && !token.empty()))) {
        queue_error(static_cast<std::uint32_t>(handshake_error::invalid_token));
        return fail(errc::handshake_out_of_order, consumed_,
                    static_cast<std::uint32_t>(handshake_message::done));
    }
    is_complete_ = is_complete;
    if (side_ == role::acceptor || !token.empty())
        queue_message(is_complete ? handshake_message::done : handshake_message::in_progress,
                      token);
    if (is_complete && (side_ == role::acceptor || is_peer_done_))
        return establish();
    state_ = state::messages;
}

void negotiate_upgrade::establish() {
    is_raw_ = mechanism_->octets() == framing_of_octets::raw;
    state_ = state::told;
}

void negotiate_upgrade::queue_message(handshake_message type, bytes_view payload) {
    const auto size = payload.size();
    const std::byte header[header_size] = {static_cast<std::byte>(type), std::byte{1}, std::byte{0},
                                           static_cast<std::byte>(size >> 8),
                                           static_cast<std::byte>(size)};
    octet_buffer& out = output_.back();
    out.prepare(header_size + size);
    out.append(header);
    out.append(payload);
}

/// Tells the peer why, in the order of octets that .NET has now; nobody can know which one the peer
/// reads. Nothing once the peer takes what comes for protected octets.
void negotiate_upgrade::queue_error(std::uint32_t code) {
    if (side_ == role::initiator && is_peer_done_)
        return;
    const std::byte extension{static_cast<unsigned char>((code & 0x8000'0000u) != 0 ? 0xff : 0)};
    std::byte payload[error_size];
    for (std::size_t i = 0; i < error_size; ++i)
        payload[i] = i < 4 ? static_cast<std::byte>(code >> 8 * i) : extension;
    queue_message(handshake_message::error, payload);
}

}  // namespace nettcp::security
