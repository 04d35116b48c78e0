#pragma once

#include "call_load.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace nettcp::bench {

/// Callers that share a number of calls: each makes one after the other until none is left.
class callers {
public:
    virtual ~callers() = default;
    void call(int times, std::vector<float>& waits);

protected:
    using clock = std::chrono::steady_clock;

    /// Starts one for each session on `context_`; each calls `ended` when none is left.
    virtual void start() = 0;
    bool take_one() noexcept { return left_-- > 0; }
    void waited(clock::time_point since);
    void began() noexcept { ++running_; }
    void ended();

    boost::asio::io_context context_{1};

private:
    std::vector<float>* waits_ = nullptr;
    int left_ = 0;
    int running_ = 0;
};

/// The same octets on bare sockets with Asio's coroutines.
class asio_callers final : public callers {
public:
    asio_callers(std::uint16_t port, int sessions);

private:
    void start() override;
    boost::asio::awaitable<void> caller(boost::asio::ip::tcp::socket& socket);

    std::vector<boost::asio::ip::tcp::socket> sockets_;
};

/// Clients of ours, each with a session and a coroutine; every answer is read and compared.
class nettcp_callers final : public callers {
public:
    nettcp_callers(std::uint16_t port, int sessions, const client_options& options = {});

private:
    void start() override;
    boost::asio::awaitable<void> caller(client& service);

    std::vector<client> clients_;
};

}  // namespace nettcp::bench
