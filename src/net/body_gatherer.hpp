#pragma once

#include <nettcp/net/body_source.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <vector>

namespace nettcp::net {

/// Reads a source to its end, where a message must be sent as a whole. Destroying it ends that.
/// For one executor, on which it tells.
class body_gatherer final : public std::enable_shared_from_this<body_gatherer> {
public:
    /// Called once, in a turn of its own, with all octets, or with what went wrong:
    /// `channel::errc::source_too_large` when there are more than the limit.
    using teller = std::function<void(const boost::system::error_code&, std::vector<std::byte>&&)>;

    body_gatherer(boost::asio::any_io_executor executor, std::shared_ptr<body_source> from,
                  std::size_t limit, teller told);

    void start() { go_on(); }

private:
    void go_on();
    void arrived(const boost::system::error_code& code, std::size_t size);

    boost::asio::any_io_executor executor_;
    std::shared_ptr<body_source> from_;
    std::shared_ptr<std::vector<std::byte>> room_;  ///< shared with the read under way
    std::vector<std::byte> octets_;
    std::size_t limit_;
    teller told_;
};

}  // namespace nettcp::net
