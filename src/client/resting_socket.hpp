#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <optional>

namespace nettcp {

/// A connection that no reactor knows of: it costs a few system calls less to lay down and take up
/// again, and meanwhile nothing tells what the peer does.
class resting_socket {
public:
    /// Nothing when the connection is broken. `closer` is where it is closed if nobody takes it up.
    static std::optional<resting_socket> from(boost::asio::ip::tcp::socket socket,
                                              const boost::asio::any_io_executor& closer);
    resting_socket(resting_socket&& other) noexcept;
    resting_socket& operator=(resting_socket&& other) noexcept;
    ~resting_socket();

    /// Takes it up on an executor; nothing when that has no room for it.
    std::optional<boost::asio::ip::tcp::socket> wake(const boost::asio::any_io_executor& home);

private:
    using descriptor = boost::asio::ip::tcp::socket::native_handle_type;

    resting_socket(boost::asio::any_io_executor closer, boost::asio::ip::tcp protocol,
                   descriptor held)
        : closer_(std::move(closer)), protocol_(protocol), held_(held) {}

    boost::asio::any_io_executor closer_;
    boost::asio::ip::tcp protocol_;
    std::optional<descriptor> held_;
};

/// Whether the peer has neither ended the connection nor said what nobody asked for.
bool is_quiet(boost::asio::ip::tcp::socket& socket);

}  // namespace nettcp
