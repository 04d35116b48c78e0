#pragma once

#include "echo_hosts.hpp"

#include <nettcp/client/client.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <vector>

namespace nettcp::bench {

/// Hosts of ours: one that sends octets back, one whose operations take and give streams.
void serve_bulk_nettcp(const host_process::say_port& say, service_security security);
void serve_streams_nettcp(const host_process::say_port& say);

/// Calls with so many octets each way. Both sides read them into a vector, as programs do.
class bulk_nettcp_client {
public:
    bulk_nettcp_client(std::uint16_t port, std::size_t payload, client_security security);
    void echo(int times);

private:
    boost::asio::awaitable<void> echoes(int times);

    boost::asio::io_context context_{1};
    client client_;
    std::vector<std::byte> payload_;
};

/// Streamed calls.
class stream_nettcp_client {
public:
    explicit stream_nettcp_client(std::uint16_t port);
    void send(int mebibytes);
    void receive(int mebibytes);

private:
    boost::asio::awaitable<void> sending(std::uint64_t size);
    boost::asio::awaitable<void> receiving(std::uint64_t size);

    boost::asio::io_context context_{1};
    client client_;
};

}  // namespace nettcp::bench
