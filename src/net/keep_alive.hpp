#pragma once

#include <nettcp/net/tcp_keep_alive.hpp>

#include <boost/asio/ip/tcp.hpp>

namespace nettcp::net {

/// Turns keep-alive on with these values; the system's error when it does not take them.
boost::system::error_code keep_alive(boost::asio::ip::tcp::socket& socket,
                                     const tcp_keep_alive& how);

}  // namespace nettcp::net
