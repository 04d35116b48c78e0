#pragma once

#include <nettcp/net/socks5_handshake.hpp>

#include <nettcp/net/diagnostics.hpp>

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <functional>
#include <memory>

namespace nettcp::net {

/// Has a proxy connect: a negotiation over a socket that is connected to it.
///
/// Lives in a `shared_ptr`, which its outstanding operations share. Keeps no deadline: its owner
/// cancels it. Use it from the socket's executor only.
class socks5_tunnel : public std::enable_shared_from_this<socks5_tunnel> {
public:
    /// Told once: the socket, or why there is none; not when it was cancelled. Only `code`,
    /// `provider` and `peer_said` are set.
    using told = std::function<void(const diagnostics& why, boost::asio::ip::tcp::socket socket)>;

    socks5_tunnel(boost::asio::ip::tcp::socket socket, const socks5_proxy& proxy,
                  std::string_view host, std::uint16_t port, told done);

    void start() { go_on(); }
    void cancel() noexcept;

private:
    void go_on();
    void read();
    void end(const boost::system::error_code& code, const boost::system::error_code& provider = {});

    boost::asio::ip::tcp::socket socket_;
    socks5_handshake handshake_;
    told done_;
    std::array<std::byte, 257> room_{};
};

}  // namespace nettcp::net
