// Decides how a connection leaves one executor and comes to another.
#include "client/resting_socket.hpp"

#include <boost/asio/buffer.hpp>

#include <cstddef>
#include <utility>

namespace nettcp {

using boost::asio::ip::tcp;
using boost::system::error_code;

std::optional<resting_socket> resting_socket::from(tcp::socket socket,
                                                   const boost::asio::any_io_executor& closer) {
    error_code ec;
    const auto local = socket.local_endpoint(ec);
    if (ec)
        return std::nullopt;
    const descriptor held = socket.release(ec);
    if (ec)
        return std::nullopt;
    return resting_socket(closer, local.protocol(), held);
}

resting_socket::resting_socket(resting_socket&& other) noexcept
    : closer_(std::move(other.closer_)),
      protocol_(other.protocol_),
      held_(std::exchange(other.held_, std::nullopt)) {}

resting_socket& resting_socket::operator=(resting_socket&& other) noexcept {
    std::swap(closer_, other.closer_);
    std::swap(protocol_, other.protocol_);
    std::swap(held_, other.held_);
    return *this;
}

resting_socket::~resting_socket() {
    if (held_)
        (void)wake(closer_);  // a socket that nobody wants closes
}

std::optional<tcp::socket> resting_socket::wake(const boost::asio::any_io_executor& home) {
    if (!held_)
        return std::nullopt;
    error_code ec;
    std::optional<tcp::socket> out(std::in_place, home);
    out->assign(protocol_, *held_, ec);
    if (ec)
        return std::nullopt;
    held_.reset();
    return out;
}

bool is_quiet(tcp::socket& socket) {
    error_code ec;
    socket.non_blocking(true, ec);
    std::byte one{};
    if (!ec)
        socket.receive(boost::asio::buffer(&one, 1), tcp::socket::message_peek, ec);
    return ec == boost::asio::error::would_block || ec == boost::asio::error::try_again;
}

}  // namespace nettcp
