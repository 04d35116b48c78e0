#pragma once

#include <nettcp/client/client_options.hpp>

#include <string>

namespace nettcp {

/// What makes connections interchangeable.
struct pool_key {
    std::string host;
    std::uint16_t port;
    std::string group;
    client_security security;
    std::optional<tcp_keep_alive> keep_alive;
    std::optional<socks5_proxy> proxy;

    pool_key(const endpoint_address& where, const client_options& options)
        : host(where.host()),
          port(where.port()),
          group(options.pool_group),
          security(options.security),
          keep_alive(options.keep_alive),
          proxy(options.proxy) {}
};

bool operator==(const pool_key& left, const pool_key& right);

}  // namespace nettcp
