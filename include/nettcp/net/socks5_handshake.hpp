#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/net/socks5_proxy.hpp>

#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nettcp::net {

/// The client's side of SOCKS5's negotiation, without I/O.
///
/// Send `output()`, then read exactly `wanted()` octets and give them to `received`, until
/// `done()`. By asking for exact numbers it never reads what belongs to the connection behind the
/// proxy. No answer makes it want more than 257 octets.
///
/// Spec: RFC 1928, RFC 1929.
class NETTCP_EXPORT socks5_handshake {
public:
    /// Asks for a connection to `host`, which may be a name or an address. A name, user or password
    /// that the protocol cannot hold fails with `errc::proxy_invalid`.
    socks5_handshake(const socks5_proxy& proxy, std::string_view host, std::uint16_t port);
    socks5_handshake(const socks5_handshake&) = delete;
    socks5_handshake& operator=(const socks5_handshake&) = delete;
    ~socks5_handshake();

    /// What to send now; empty when there is nothing. Lives until `received`.
    bytes_view output() const noexcept { return out_; }
    /// How many octets to read next; 0 when it is done or has failed.
    std::size_t wanted() const noexcept { return wanted_; }
    /// Takes exactly `wanted()` octets.
    void received(bytes_view octets);

    /// The connection is there.
    bool done() const noexcept { return wanted_ == 0 && !failure_; }
    /// Why there is none: `net::errc::proxy_…`.
    const boost::system::error_code& failure() const noexcept { return failure_; }
    /// What the proxy's answer means, in words; empty if it gave none.
    std::string_view said() const noexcept { return said_; }

private:
    enum class step : std::uint8_t { method, authentication, reply, bound_size, bound };

    void put(std::initializer_list<unsigned> octets);
    void put(std::string_view text);
    void want(step next, std::size_t size) noexcept;
    void fail(boost::system::error_code why, std::string_view said = {}) noexcept;
    void wipe() noexcept;
    void method_chosen(unsigned version, unsigned method);
    void authenticate();
    void request();

    socks5_proxy proxy_;
    std::string host_;
    std::uint16_t port_;
    std::vector<std::byte> out_;
    step step_ = step::method;
    std::size_t wanted_ = 0;
    unsigned address_type_ = 0;
    boost::system::error_code failure_;
    std::string_view said_;
};

}  // namespace nettcp::net
