// Decides, from the outside, what protects the octets behind a Negotiate handshake: NTLM's last
// message says it in clear; Kerberos says it in each frame.

#include "inspect/negotiate_watch.hpp"

#include "inspect/security_token.hpp"

#include <nettcp/inspect/preamble_sign.hpp>
#include <nettcp/security/handshake_error.hpp>
#include <nettcp/security/handshake_message.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

namespace nettcp::inspect {

namespace {

using security::handshake_message;

constexpr std::size_t header_size = 5;
constexpr std::size_t signature_size = 16;
constexpr std::uint32_t ntlm_sign = 0x10;
constexpr std::uint32_t ntlm_seal = 0x20;

std::size_t u8(bytes_view octets, std::size_t at) noexcept {
    return std::to_integer<std::size_t>(octets[at]);
}

std::string error_words(bytes_view payload) {
    if (payload.size() < 8)
        return "without a code";
    // Big endian with nothing in its upper half once, little endian since.
    const bool is_old = (u8(payload, 0) | u8(payload, 1) | u8(payload, 2) | u8(payload, 3)) == 0;
    std::uint32_t code = 0;
    for (std::size_t i = 0; i < 4; ++i)
        code = code << 8 | static_cast<std::uint32_t>(u8(payload, is_old ? 4 + i : 3 - i));
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string words = "0x";
    for (int shift = 28; shift >= 0; shift -= 4)
        words += digits[code >> shift & 15];
    const auto name = security::windows_name(static_cast<security::handshake_error>(code));
    return words.append(name.empty() ? "" : " ").append(name);
}

}  // namespace

negotiate_watch::part negotiate_watch::next(direction from) {
    const bytes_view octets = held(from);
    if (octets.empty())
        return {};
    if (!is_over_)
        return next_message(from, octets);
    if (is_failed_)
        return {kind::not_frames, octets.size(), {}, {}, 0};
    if (is_ntlm_ && (ntlm_flags_ & (ntlm_sign | ntlm_seal)) == 0)
        return {kind::raw, octets.size(), {}, octets, 0};
    return next_frame(from, octets);
}

negotiate_watch::part negotiate_watch::next_message(direction from, bytes_view octets) {
    const auto type = static_cast<handshake_message>(octets[0]);
    if (!is_defined(type))
        return {kind::not_frames, octets.size(), {}, {}, 0};
    if (octets.size() < header_size)
        return {};
    const std::size_t size = u8(octets, 3) << 8 | u8(octets, 4);
    if (octets.size() < header_size + size)
        return {};
    part found{kind::message, header_size + size, std::string(to_string(type)), {}, 0};
    const bytes_view payload = octets.subspan(header_size, size);
    if (type == handshake_message::error)
        found.words.append(" ").append(error_words(payload));
    else
        learn(from, payload, found.words);
    // The server's done message ends the handshake in both directions; nothing follows an error.
    is_failed_ = type == handshake_message::error;
    is_over_ =
        is_failed_ || (type == handshake_message::done && from == direction::server_to_client);
    return found;
}

void negotiate_watch::learn(direction from, bytes_view payload, std::string& words) {
    if (payload.empty())
        return;
    const token_meaning meaning = meaning_of_token(payload);
    words += ": " + meaning.words;
    // Its last message counts, which is the client's.
    if (meaning.ntlm_flags && from == direction::client_to_server) {
        is_ntlm_ = true;
        ntlm_flags_ = *meaning.ntlm_flags;
    }
}

negotiate_watch::part negotiate_watch::next_frame(direction from, bytes_view octets) {
    if (octets.size() < 4)
        return {};
    std::size_t size = 0;
    for (std::size_t i = 4; i-- > 0;)
        size = size << 8 | u8(octets, i);
    if (from == direction::client_to_server && size > security::max_frame_size &&
        find_preamble(octets) != preamble_sign::no)
        return {kind::preamble, 0, {}, {}, 0};
    if (size <= 4 || size > security::max_frame_size)
        return {kind::not_frames, octets.size(), {}, {}, 0};
    if (octets.size() < 4 + size)
        return {};
    part found{kind::frame, 4 + size, "sealed", {}, 0};
    const bytes_view payload = octets.subspan(4, size);
    if (is_ntlm_ && (ntlm_flags_ & ntlm_seal) == 0 && size >= signature_size) {
        found.words = "signed";
        found.head = 4 + signature_size;
        found.plain = payload.subspan(signature_size);
    } else if (!is_ntlm_ && size >= signature_size && u8(payload, 0) == 5 && u8(payload, 1) == 4 &&
               (u8(payload, 2) & 2) == 0) {
        // RFC 4121: plain octets and a check sum, rotated to the right.
        const std::size_t check_size = u8(payload, 4) << 8 | u8(payload, 5);
        const std::size_t turned_by = u8(payload, 6) << 8 | u8(payload, 7);
        const bytes_view rest = payload.subspan(signature_size);
        if (check_size <= rest.size() && !rest.empty()) {
            const std::size_t turn = turned_by % rest.size();
            turned_.clear();
            turned_.append(rest.subspan(turn));
            turned_.append(rest.first(turn));
            found.words = "signed";
            found.head = 4 + signature_size;
            found.plain = turned_.view().first(rest.size() - check_size);
        }
    }
    return found;
}

}  // namespace nettcp::inspect
