#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/security/secret.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp {

/// A proxy that connects for us (SOCKS version 5, RFC 1928), without authentication or with a user
/// name and a password (RFC 1929), which go over the wire in clear.
///
/// The proxy looks up the name of the service; only its own name is looked up here.
struct NETTCP_EXPORT socks5_proxy {
    std::string host;
    std::uint16_t port = 1080;
    std::string user = {};  ///< empty: no authentication is offered
    security::secret password = {};

    /// Reads `socks5://[user:password@]host[:port]`, where user and password may be
    /// percent-encoded; `socks5h` means the same. Fails with `net::errc::proxy_invalid`.
    static result<socks5_proxy> parse(std::string_view uri);
};

}  // namespace nettcp
