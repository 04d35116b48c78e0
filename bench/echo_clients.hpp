#pragma once

#include <nettcp/client/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>

namespace nettcp::bench {

/// Blocking sockets: the limit.
class raw_client {
public:
    explicit raw_client(std::uint16_t port);
    void call(int times);

private:
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::socket socket_{context_};
    std::array<std::byte, 8192> buffer_{};
};

/// The same octets with Asio's coroutines.
class asio_client {
public:
    explicit asio_client(std::uint16_t port);
    void call(int times);

private:
    boost::asio::awaitable<void> calls(int times);

    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::socket socket_{context_};
    std::array<std::byte, 8192> buffer_{};
};

/// A client of ours; every answer is read and compared.
class nettcp_client {
public:
    explicit nettcp_client(std::uint16_t port, client_options options = {});

    void call_in_coroutines(int times, int in_flight);
    void call_with_callbacks(int times, int in_flight);

private:
    boost::asio::awaitable<void> caller();
    void start_call();
    void ended();
    void run();

    boost::asio::io_context context_{1};
    client client_;
    int left_ = 0;  ///< calls to start
    int running_ = 0;
};

}  // namespace nettcp::bench
