#pragma once

#include <nettcp/client/client.hpp>

#include <boost/asio/io_context.hpp>

#include <functional>
#include <vector>

namespace load {

/// Many clients of one host, all in one context that the caller's thread runs.
class crowd {
public:
    crowd(std::size_t size, const std::string& uri, const nettcp::client_options& options);

    std::size_t size() const noexcept { return clients_.size(); }
    nettcp::client& operator[](std::size_t i) { return clients_[i]; }
    boost::asio::io_context& context() noexcept { return context_; }

    /// Does something for each client, so many at a time. `what` calls `done` when it is over.
    /// Returns how many seconds all took; throws when they take more than five minutes.
    using action = std::function<void(std::size_t client, std::function<void()> done)>;
    double each(std::size_t at_a_time, const action& what);
    /// Each calls urn:echo and must be answered.
    double echo(std::size_t at_a_time);
    double close(std::size_t at_a_time);

private:
    boost::asio::io_context context_{1};
    std::vector<nettcp::client> clients_;
};

/// What went wrong with an operation of a client ends the run.
void must_succeed(const boost::system::error_code& code, const char* what, std::size_t client);

}  // namespace load
