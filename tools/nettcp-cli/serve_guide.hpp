#pragma once

#include <nettcp/service/service_host.hpp>

#include <string>
#include <vector>

namespace nettcp::cli {

/// A mode of the interop service, and what its endpoints are bound to.
struct bound_mode {
    std::string name;
    endpoint_options binding;
};

/// What scripts wait for; `address` is `net.tcp://IP:PORT`.
std::string ready_line(const std::string& address, const std::string& modes);

/// What is hosted at an address, what callers need, and a call to begin with, for people.
std::string guide_to_modes(const std::string& address, const std::vector<bound_mode>& modes);
std::string guide_to_endpoint(const std::string& address, const std::string& path,
                              const endpoint_options& binding);

}  // namespace nettcp::cli
