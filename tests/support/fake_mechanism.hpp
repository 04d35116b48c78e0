#pragma once

#include <nettcp/security/errc.hpp>
#include <nettcp/security/mechanism.hpp>

#include <cstdint>
#include <utility>

namespace nettcp {

/// What both sides of a fake authentication agree on, and where it goes wrong.
struct fake_agreement {
    /// Tokens of both sides together, the initiator's first; whoever sends the last one is complete
    /// with it, the other one on reading it. As in 1: Kerberos that is not mutual, 2: Kerberos,
    /// 3: NTLM, 4: NTLM by SPNEGO.
    unsigned tokens = 2;
    std::size_t token_size = 3;  ///< at least 3
    security::framing_of_octets octets = security::framing_of_octets::frames;
    /// The step that fails, counted from 1 on each side; 0: none.
    unsigned failing_step = 0;
    boost::system::error_code why = security::errc::no_ticket;
    std::uint32_t peer_code = 0x8009030d;
    /// Give plain octets in storage of its own instead of within the payload.
    bool unwraps_elsewhere = false;
    security::party who = {};
};

/// A mechanism without secrets, for tests and fuzzers: tokens are `T`, their number, and dots;
/// a frame is a mark, the octets' number in their direction, a check sum, and the octets, changed
/// so that they cannot be taken for plain ones. Everything is fixed: the same calls give the same
/// octets.
class fake_mechanism final : public security::mechanism {
public:
    fake_mechanism(security::role side, fake_agreement agreement)
        : agreement_(std::move(agreement)), side_(side) {
        agreement_.who.mechanism = "Fake";
    }

    security::step_result step(bytes_view token) noexcept override {
        using security::step_outcome;
        ++steps_;
        security::step_result result;
        if (steps_ == agreement_.failing_step) {
            result.why = {agreement_.why, 0, 7};
            result.said = "fake words";
            result.peer_code = agreement_.peer_code;
            return result;
        }
        const bool is_first = side_ == security::role::initiator && steps_ == 1;
        if (is_first != token.empty() || (!is_first && !is_token(token, ++number_))) {
            result.why = {make_error_code(security::errc::mechanism_failed)};
            result.said = "not the token expected";
            result.peer_code = 0x80090308;
            return result;
        }
        if (number_ < agreement_.tokens) {
            ++number_;
            result.token.append(std::byte{'T'});
            result.token.append(static_cast<std::byte>(number_));
            while (result.token.size() < agreement_.token_size)
                result.token.append(std::byte{'.'});
        }
        result.outcome =
            number_ == agreement_.tokens ? step_outcome::complete : step_outcome::continue_needed;
        return result;
    }

    const security::party& peer() const noexcept override { return agreement_.who; }
    security::framing_of_octets octets() const noexcept override { return agreement_.octets; }

    result<void> wrap(bytes_view plain, octet_buffer& out) noexcept override {
        if (fails_to_wrap)
            return error{make_error_code(security::errc::mechanism_failed), 0, 8};
        const std::uint8_t number = sent_++;
        const auto space = out.prepare(head_size + plain.size());
        std::uint8_t sum = number;
        for (std::size_t i = 0; i < plain.size(); ++i) {
            sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(plain[i]));
            space[head_size + i] = plain[i] ^ key(side_, number);
        }
        space[0] = side_ == security::role::initiator ? std::byte{'i'} : std::byte{'a'};
        space[1] = std::byte{'F'};
        space[2] = static_cast<std::byte>(number);
        space[3] = static_cast<std::byte>(sum);
        space[4] = std::byte{'.'};
        out.commit(head_size + plain.size());
        return {};
    }

    result<bytes_view> unwrap(std::span<std::byte> payload) noexcept override {
        using security::errc;
        const auto other = side_ == security::role::initiator ? security::role::acceptor
                                                              : security::role::initiator;
        const std::byte mark{
            static_cast<unsigned char>(other == security::role::initiator ? 'i' : 'a')};
        if (payload.size() < head_size || payload[0] != mark || payload[4] != std::byte{'.'})
            return error{make_error_code(errc::frame_invalid)};
        if (payload[1] != std::byte{'F'})
            return error{make_error_code(errc::frame_not_sealed)};
        if (payload[2] != static_cast<std::byte>(received_))
            return error{make_error_code(errc::frame_out_of_sequence), 2, received_};
        const std::uint8_t number = received_++;
        std::uint8_t sum = number;
        const auto octets = payload.subspan(head_size);
        for (std::byte& octet : octets) {
            octet ^= key(other, number);
            sum = static_cast<std::uint8_t>(sum + std::to_integer<unsigned>(octet));
        }
        if (payload[3] != static_cast<std::byte>(sum))
            return error{make_error_code(errc::frame_invalid), 3, sum};
        if (!agreement_.unwraps_elsewhere)
            return bytes_view(octets);
        own_.clear();
        own_.append(octets);
        return own_.view();
    }

    std::string_view said() const noexcept override { return "fake words"; }

    bool fails_to_wrap = false;

private:
    static constexpr std::size_t head_size = 5;

    static std::byte key(security::role side, std::uint8_t number) noexcept {
        return static_cast<std::byte>(number * 7u +
                                      (side == security::role::initiator ? 0x5a : 0xa5));
    }

    bool is_token(bytes_view token, unsigned number) const noexcept {
        return token.size() == agreement_.token_size && token[0] == std::byte{'T'} &&
               token[1] == static_cast<std::byte>(number) && number <= agreement_.tokens;
    }

    fake_agreement agreement_;
    octet_buffer own_;
    security::role side_;
    unsigned steps_ = 0;
    unsigned number_ = 0;  ///< of the token sent or taken last
    std::uint8_t sent_ = 0;
    std::uint8_t received_ = 0;
};

}  // namespace nettcp
