// Invariants of a listener to a Negotiate upgrade, whatever both sides send: what it holds stays
// bounded, every token has words, no finding is of octets that have not come, and as long as
// nothing is damaged, octet by octet gives the findings that all at once gives (behind damage, and
// behind a request for another upgrade within this one, it looks where a reception begins). The
// input is turns: an octet that chooses side and size, then so many octets.
//
// Reaches src/inspect/negotiate_watch.cpp src/inspect/security_token.cpp

#include "inspect/security_token.hpp"

#include <nettcp/inspect/conversation.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

constexpr char preamble_octets[] = "\x00\x01\x00\x01\x02\x02\x0dnet.tcp://h/s\x03\x08\x09\x15"
                                   "application/negotiate";
constexpr std::string_view preamble{preamble_octets, sizeof preamble_octets - 1};

std::string listen(bytes_view input, std::size_t stroke) {
    std::string account;
    std::array<std::uint64_t, 2> given{};
    conversation what(1, [&](finding f) {
        // The listener cannot know more than it was told.
        const auto side = static_cast<std::size_t>(f.direction);
        require(side < 2 && f.offset <= given[side] && f.size <= given[side] - f.offset);
        account += std::to_string(static_cast<int>(f.type)) + " " +
                   std::to_string(static_cast<int>(f.direction)) + " " + f.value + " " +
                   std::to_string(f.offset) + " " + std::to_string(f.size) + " " + f.xml + " " +
                   f.message + "\n";
    });
    const auto tell = [&](direction from, bytes_view octets) {
        given[static_cast<std::size_t>(from)] += octets.size();
        what.add(from, octets);
    };
    tell(direction::client_to_server, as_bytes(preamble));
    tell(direction::server_to_client, as_bytes("\x0a"));
    while (!input.empty()) {
        // A turn: one octet of direction and size, then that many octets.
        const auto choice = std::to_integer<std::size_t>(input[0]);
        input = input.subspan(1);
        const std::size_t size = std::min(input.size(), choice >> 1);
        bytes_view turn = input.first(size);
        input = input.subspan(size);
        const auto from =
            (choice & 1) != 0 ? direction::server_to_client : direction::client_to_server;
        while (!turn.empty()) {
            const bytes_view piece = turn.first(std::min(turn.size(), stroke));
            tell(from, piece);
            turn = turn.subspan(piece.size());
            require(what.held_octets() < (1u << 20));
        }
    }
    what.finish();
    return account;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size > 8192)
        return 0;
    const bytes_view input{reinterpret_cast<const std::byte*>(octets), size};
    require(!meaning_of_token(input).words.empty());
    const std::string whole = listen(input, SIZE_MAX);
    const std::string pieces = listen(input, 1);
    const auto has = [](const std::string& account, finding_type type, std::size_t from = 0) {
        return account.find("\n" + std::to_string(static_cast<int>(type)) + " ", from) !=
               account.npos;
    };
    const auto is_damaged = [&](const std::string& account) {
        return has(account, finding_type::error);
    };
    const std::size_t own_request = whole.find("application/negotiate");
    if (has(whole, finding_type::upgrade_request, own_request) ||
        has(pieces, finding_type::upgrade_request, own_request))
        return 0;
    require(is_damaged(whole) == is_damaged(pieces));
    require(is_damaged(whole) || whole == pieces);
    return 0;
}
