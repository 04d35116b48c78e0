#include "service/address_limit.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>

namespace nettcp {

namespace ip = boost::asio::ip;

bool address_limit::enter(std::uint64_t connection, const ip::address& from) {
    if (!is_on())
        return true;
    network key;
    if (from.is_v4()) {
        key = ip::make_address_v6(ip::v4_mapped, from.to_v4()).to_bytes();
    } else {
        key = from.to_v6().to_bytes();
        if (!from.to_v6().is_v4_mapped())
            std::fill(key.begin() + 8, key.end(), static_cast<unsigned char>(0));
    }
    const auto found = by_network_.try_emplace(key, 0).first;
    if (found->second >= most_)
        return false;
    ++found->second;
    by_connection_.emplace(connection, found);
    return true;
}

void address_limit::leave(std::uint64_t connection) noexcept {
    const auto gone = by_connection_.find(connection);
    if (gone == by_connection_.end())
        return;
    if (--gone->second->second == 0)
        by_network_.erase(gone->second);
    by_connection_.erase(gone);
}

}  // namespace nettcp
