#pragma once

#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/upgrade_name.hpp>
#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/net/socks5_proxy.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace nettcp::cli {

/// Where to ask, and how to get there.
struct probe_route {
    endpoint_address where;
    std::chrono::milliseconds patience{5000};  ///< for each connection
    std::optional<socks5_proxy> proxy = {};
};

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
    std::string peer;  ///< the network address, of the proxy if there is one
};

/// Asks one question over a connection of its own, which ends right after the answer. No
/// handshake of an upgrade is begun.
probe_answer probe(const probe_route& route, const probe_question& question);

/// The answer in a few words, for people.
std::string to_text(const probe_answer& answer);

}  // namespace nettcp::cli
