#pragma once

#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/upgrade_name.hpp>
#include <nettcp/net/endpoint_address.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace nettcp::cli {

/// One preamble to try on an endpoint.
struct probe_question {
    framing::mode mode = framing::mode::duplex;
    framing::encoding encoding = framing::encoding::binary_session;
    std::optional<framing::upgrade> upgrade;
};

/// What came of it.
struct probe_answer {
    enum class kind : std::uint8_t {
        accepted,     ///< the preamble, or the upgrade request, was answered with yes
        faulted,      ///< refused with a framing fault, whose URI is `said`
        closed,       ///< the connection was closed
        reset,        ///< the connection was reset
        silent,       ///< nothing came in time
        other,        ///< what came is not net.tcp; `said` tells
        unreachable,  ///< there was no connection; `said` tells
    };

    kind what = kind::other;
    std::string said;
    std::string peer;  ///< the network address
};

/// Asks one question over a connection of its own, which ends right after the answer. No
/// handshake of an upgrade is begun.
probe_answer probe(const endpoint_address& where, const probe_question& question,
                   std::chrono::milliseconds patience);

/// The answer in a few words, for people.
std::string to_text(const probe_answer& answer);

}  // namespace nettcp::cli
