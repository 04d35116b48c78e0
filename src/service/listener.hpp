#pragma once

#include "net/lazy_timer.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <memory>

namespace nettcp {

class host_core;

/// Accepts connections on one address, as long as its host has room for them.
///
/// Its outstanding operations share it. For the host's executor only.
class listener final : public std::enable_shared_from_this<listener>,
                       private net::lazy_timer::owner {
public:
    /// `host` must live until `close()`.
    listener(const boost::asio::any_io_executor& executor, host_core& host);

    /// Binds and listens.
    boost::asio::ip::tcp::endpoint open(std::string_view ip, std::uint16_t port,
                                        std::uint32_t backlog, boost::system::error_code& code);
    /// Accepts, unless it does already or the host has no room.
    void accept();
    void close() noexcept;

private:
    void accepted(const boost::system::error_code& ec, boost::asio::ip::tcp::socket socket);
    void deadline_passed() override;

    boost::asio::ip::tcp::acceptor acceptor_;
    net::lazy_timer retry_;
    host_core* host_;
    bool outstanding_ = false;
    bool backing_off_ = false;
};

}  // namespace nettcp
