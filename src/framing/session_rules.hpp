#pragma once

#include <nettcp/framing/session_state.hpp>

#include "framing/session_rules.inc"

#include <array>
#include <optional>

namespace nettcp::framing {

namespace rules {

inline constexpr std::size_t modes = 5;  ///< mode 0 stands for one that is not known yet
inline constexpr std::size_t states = 16;
inline constexpr std::size_t records = 13;
inline constexpr std::size_t events = records + 3;
inline constexpr std::uint8_t none = 0xff;

/// Events as small numbers: records keep their type octet, the others follow.
constexpr std::size_t number(session_event what) noexcept {
    const auto value = static_cast<std::size_t>(what);
    return value < 0x80 ? value : records + (value - 0x80);
}

constexpr std::size_t place(std::size_t mode, state from, role sender,
                            session_event what) noexcept {
    return ((mode * states + static_cast<std::size_t>(from)) * 2 +
            static_cast<std::size_t>(sender)) *
               events +
           number(what);
}

/// The generated rows, laid out so that a step is one look-up.
inline constexpr auto index = [] {
    std::array<std::uint8_t, modes * states * 2 * events> to{};
    to.fill(none);
    for (const session_rule& row : session_rules) {
        for (std::size_t mode = 0; mode < modes; ++mode) {
            if ((row.modes >> mode & 1) != 0)
                to[place(mode, row.from, row.sender, row.event)] =
                    static_cast<std::uint8_t>(row.to);
        }
    }
    return to;
}();

}  // namespace rules

/// Where `what`, from `sender`, leads in `mode` (its number; 0: not known yet); nothing when no
/// row of proto/framing/session.table allows it. The only judge of order.
constexpr std::optional<state> step(std::uint8_t mode, state from, role sender,
                                    session_event what) noexcept {
    const std::uint8_t to = rules::index[rules::place(mode, from, sender, what)];
    if (to == rules::none)
        return std::nullopt;
    return static_cast<state>(to);
}

}  // namespace nettcp::framing
