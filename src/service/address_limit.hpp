#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstdint>
#include <map>

namespace nettcp {

/// Counts connections by the address of their peer. An address of IPv6 counts as its network of 64
/// bits, since a peer has all addresses of that; one of IPv4 counts the same in IPv6's clothes.
class address_limit {
public:
    /// 0: no limit, and nothing is counted.
    explicit address_limit(std::uint32_t most) noexcept : most_(most) {}

    bool is_on() const noexcept { return most_ != 0; }
    /// Counts the connection, if there may be one more.
    bool enter(std::uint64_t connection, const boost::asio::ip::address& from);
    /// Nothing, for a connection that was not counted.
    void leave(std::uint64_t connection) noexcept;

private:
    using network = std::array<unsigned char, 16>;
    using counts = std::map<network, std::uint32_t>;

    const std::uint32_t most_;
    counts by_network_;
    std::map<std::uint64_t, counts::iterator> by_connection_;
};

}  // namespace nettcp
