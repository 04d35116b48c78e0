#pragma once

#include <nettcp/client/client_options.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nettcp::interop {

/// Who calls, and how far the host is trusted.
struct caller_choices {
    std::string authorities;
    std::string certificate;
    std::string key;
    std::string user;
    std::string password;
    std::string domain;
    std::string package = "negotiate";
    std::string spn;
    bool no_verify = false;
};

/// The security of a mode: tls, tls-cert, win-none, win-sign, win-enc; nothing for other modes.
/// Throws `std::runtime_error` for choices that make no sense.
std::optional<nettcp::client_security> security_of(std::string_view mode,
                                                   const caller_choices& chosen);

/// What is wrong with a host's answer to WhoAmI in that mode; empty when nothing is.
std::string judge_who_am_i(const nettcp::client_security& security, std::string_view answer);

}  // namespace nettcp::interop
