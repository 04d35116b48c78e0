#pragma once

#include <nettcp/client/client_options.hpp>
#include <nettcp/net/endpoint_address.hpp>

#include <chrono>
#include <span>
#include <string_view>

namespace nettcp::interop {

/// Where the cases of the echo group go, and how patient they are.
struct target {
    nettcp::endpoint_address address;
    nettcp::client_options options;
    /// After each session that is closed, for hosts that need a moment.
    std::chrono::milliseconds pause{0};
};

/// One case; `run` throws when the host does not do what it should.
struct echo_case {
    std::string_view name;
    void (*run)(const target&);
};

/// The echo group, in the order of the interop contract. Each case opens sessions of its own.
std::span<const echo_case> echo_cases() noexcept;

}  // namespace nettcp::interop
