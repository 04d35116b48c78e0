#pragma once

#include <nettcp/client/client.hpp>
#include <nettcp/client/connection_pool.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace nettcp::bench {

/// The body of an echo of "hello", and whether that came back; the program ends if not.
void write_hello(nbfx::writer& out);
void check_hello(reply& answer);

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

/// A new client of ours for each call, as .NET's code makes a channel for each: it opens a session,
/// calls, and closes. With a pool on connections that are there, else on new ones.
class session_client {
public:
    session_client(std::uint16_t port, std::shared_ptr<connection_pool> pool);

    void open_call_close(int times);

private:
    void next();

    boost::asio::io_context context_{1};
    const endpoint_address address_;
    client_options options_;
    std::optional<client> client_;
    int left_ = 0;
};

}  // namespace nettcp::bench
