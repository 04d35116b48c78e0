#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nettcp {

/// The port of net.tcp addresses that name none.
inline constexpr std::uint16_t default_port = 808;

/// Where a service listens, as people type it: `net.tcp://host[:port]/path`.
///
/// Kept in the spelling that .NET's `Uri.AbsoluteUri` has, because that is what WCF puts into Via
/// and To and compares with: scheme and host in lower case, `:808` dropped, an empty path as `/`,
/// dot segments resolved, and everything that a URI cannot hold percent-encoded.
///
/// Stricter than what is accepted from peers: no user name, no fragment, ASCII host names only.
class NETTCP_EXPORT endpoint_address {
public:
    /// Parses `text`; a failure is `net::errc::address_invalid` with the offset of the trouble.
    static result<endpoint_address> parse(std::string_view text);

    /// The same, but throws `nettcp::failure`. Implicit, so that a literal serves as an address.
    endpoint_address(std::string_view text);  // NOLINT implicit
    endpoint_address(const char* text);  // NOLINT implicit
    endpoint_address(const std::string& text);  // NOLINT implicit

    /// The whole address in normal form; what Via and To carry.
    const std::string& uri() const noexcept { return uri_; }
    /// The host to look up: a name, or an IP address without brackets.
    const std::string& host() const noexcept { return host_; }
    std::uint16_t port() const noexcept { return port_; }
    /// The path, from its `/` on, without the query.
    std::string_view path() const noexcept;

    friend bool operator==(const endpoint_address&, const endpoint_address&) = default;

private:
    endpoint_address() = default;

    std::string uri_;
    std::string host_;
    std::uint16_t port_ = default_port;
    std::size_t path_at_ = 0;
    std::size_t path_size_ = 0;
};

}  // namespace nettcp
