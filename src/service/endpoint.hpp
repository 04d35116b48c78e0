#pragma once

#include "service/operation_table.hpp"

#include <nettcp/base/result.hpp>
#include <nettcp/security/factories.hpp>
#include <nettcp/service/service_host.hpp>

#include <memory>
#include <optional>
#include <string>

namespace nettcp {

/// An address that a host serves, and what it does there.
struct endpoint {
    /// Takes an address as users give it: a path or a `net.tcp` URI.
    static result<endpoint> parse(std::string_view address);

    /// Whether the To of a message is this endpoint's address: scheme, port and path, in any
    /// letter case. `local_port` stands for the port when the endpoint has none of its own.
    bool is_addressed_by(std::string_view to, std::uint16_t local_port) const;

    std::string address;  ///< as the user gave it
    std::string uri;
    std::optional<std::uint16_t> port;
    endpoint_options options;
    std::shared_ptr<const operation_table> table;
    security::shared_upgrade_factory security;  ///< null: none
};

}  // namespace nettcp
