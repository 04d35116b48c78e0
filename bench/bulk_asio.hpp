#pragma once

#include "echo_hosts.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace nettcp::bench {

constexpr std::size_t mebibyte = 1u << 20;
/// What octets take on the wire in an echo of ours.
constexpr echo_sizes on_wire(std::size_t payload) {
    return {payload + 80, payload + 72};
}

/// A host on bare sockets with Asio's coroutines. A connection's first octet says what for.
enum class bulk_asio_work : unsigned char { echo, take, give };
void serve_bulk_asio(const host_process::say_port& say);

/// Its client.
class bulk_asio_client {
public:
    /// `payload`: of echoes.
    bulk_asio_client(std::uint16_t port, bulk_asio_work work, std::size_t payload = 0);

    /// Sends as many octets as the payload takes, waits for as many, again and again.
    void echo(int times);
    /// Sends so many MiB and waits for a word; or asks for so many and receives them.
    void send(int mebibytes);
    void receive(int mebibytes);

private:
    void run(boost::asio::awaitable<void> work);
    boost::asio::awaitable<void> echoes(int times);
    boost::asio::awaitable<void> sending(int mebibytes);
    boost::asio::awaitable<void> receiving(int mebibytes);

    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::socket socket_{context_};
    std::size_t payload_;
    std::vector<std::byte> buffer_;
};

}  // namespace nettcp::bench
