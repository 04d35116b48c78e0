#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <memory>

namespace load {

/// Where and how a connection is lost.
struct cut {
    enum direction : std::uint8_t { to_host, to_client };
    /// `ended`: as a process that dies ends it; `reset`: as a machine that has restarted does.
    enum manner : std::uint8_t { ended, reset };

    direction where = to_host;
    std::size_t behind = ~std::size_t{0};  ///< so many octets that pass there
    manner how = ended;
};

/// Stands between a client and a host, one connection after the other, and cuts the first of a
/// case. All in one context.
class cut_relay {
public:
    cut_relay(boost::asio::io_context& context, std::uint16_t host_port);
    cut_relay(const cut_relay&) = delete;
    cut_relay& operator=(const cut_relay&) = delete;
    ~cut_relay();

    std::uint16_t port() const;
    /// For the next connection; those behind it live.
    void prepare(const cut& planned);
    /// Octets that have passed on that connection.
    std::size_t passed(cut::direction where) const;
    /// Connections since then.
    std::size_t connections() const;

private:
    struct state;
    struct link;
    std::shared_ptr<state> state_;
};

}  // namespace load
