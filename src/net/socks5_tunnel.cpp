#include "net/socks5_tunnel.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace nettcp::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

socks5_tunnel::socks5_tunnel(tcp::socket socket, const socks5_proxy& proxy, std::string_view host,
                             std::uint16_t port, told done)
    : socket_(std::move(socket)), handshake_(proxy, host, port), done_(std::move(done)) {}

void socks5_tunnel::go_on() {
    if (handshake_.wanted() == 0) {
        end(handshake_.failure());
        return;
    }
    if (handshake_.output().empty()) {
        read();
        return;
    }
    const bytes_view out = handshake_.output();
    asio::async_write(socket_, asio::buffer(out.data(), out.size()),
                      [self = shared_from_this()](const error_code& ec, std::size_t) {
                          if (ec)
                              self->end(errc::proxy_connect_failed, ec);
                          else
                              self->read();
                      });
}

void socks5_tunnel::read() {
    asio::async_read(
        socket_, asio::buffer(room_.data(), handshake_.wanted()),
        [self = shared_from_this()](const error_code& ec, std::size_t size) {
            if (ec) {
                const bool hung_up = ec == asio::error::eof || ec == asio::error::connection_reset;
                self->end(hung_up ? errc::proxy_protocol : errc::proxy_connect_failed, ec);
                return;
            }
            self->handshake_.received(bytes_view(self->room_).first(size));
            self->go_on();
        });
}

void socks5_tunnel::end(const error_code& code, const error_code& provider) {
    if (!done_)
        return;
    diagnostics why;
    why.code = code;
    why.provider = provider;
    why.peer_said = handshake_.said();
    std::exchange(done_, nullptr)(why, std::move(socket_));
}

void socks5_tunnel::cancel() noexcept {
    done_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
}

}  // namespace nettcp::net
