#pragma once

#include "echo_hosts.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <utility>

namespace nettcp::bench {

/// Answers one connection until the peer has gone. `secure(socket, is_server)` makes of a socket
/// what has `write(size)`, and `read(size)` that is false when the peer has gone; both block.
template <class Secure>
void serve_blocking(const host_process::say_port& say, echo_sizes sizes, Secure secure) {
    using boost::asio::ip::tcp;
    boost::asio::io_context context(1);
    tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    say(acceptor.local_endpoint().port());
    tcp::socket accepted = acceptor.accept();
    accepted.set_option(tcp::no_delay(true));
    auto peer = secure(std::move(accepted), true);
    while (peer.read(sizes.request))
        peer.write(sizes.reply);
}

/// The other side of it.
template <class Secure>
class blocking_client {
public:
    blocking_client(std::uint16_t port, echo_sizes sizes, Secure secure)
        : sizes_(sizes), peer_(secure(connected(context_, port), false)) {}

    void call(int times) {
        while (times-- > 0) {
            peer_.write(sizes_.request);
            expect(peer_.read(sizes_.reply), "no answer");
        }
    }

private:
    using socket = boost::asio::ip::tcp::socket;

    static socket connected(boost::asio::io_context& context, std::uint16_t port) {
        socket made(context);
        made.connect({boost::asio::ip::address_v4::loopback(), port});
        made.set_option(boost::asio::ip::tcp::no_delay(true));
        return made;
    }

    echo_sizes sizes_;
    boost::asio::io_context context_{1};
    decltype(std::declval<Secure&>()(std::declval<socket>(), false)) peer_;
};

}  // namespace nettcp::bench
