#include "bulk_asio.hpp"

#include "measure.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <exception>

namespace nettcp::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

using size_word = std::array<std::uint64_t, 1>;

asio::awaitable<void> serve_echoes(tcp::socket& socket) {
    size_word payload{};
    co_await asio::async_read(socket, asio::buffer(payload), asio::use_awaitable);
    const echo_sizes sizes = on_wire(payload[0]);
    std::vector<std::byte> buffer(sizes.request);
    for (;;) {
        co_await asio::async_read(socket, asio::buffer(buffer), asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer(buffer, sizes.reply), asio::use_awaitable);
    }
}

asio::awaitable<void> take_octets(tcp::socket& socket, std::uint64_t size,
                                  std::vector<std::byte>& buffer) {
    while (size != 0)
        size -= co_await socket.async_read_some(
            asio::buffer(buffer,
                         static_cast<std::size_t>(std::min<std::uint64_t>(size, buffer.size()))),
            asio::use_awaitable);
}

asio::awaitable<void> give_octets(tcp::socket& socket, std::uint64_t size,
                                  const std::vector<std::byte>& buffer) {
    for (; size != 0; size -= buffer.size())
        co_await asio::async_write(socket, asio::buffer(buffer), asio::use_awaitable);
}

asio::awaitable<void> serve_streams(tcp::socket& socket, bulk_asio_work work) {
    std::vector<std::byte> buffer(64u << 10);
    for (;;) {
        size_word size{};
        co_await asio::async_read(socket, asio::buffer(size), asio::use_awaitable);
        if (work == bulk_asio_work::give) {
            co_await give_octets(socket, size[0], buffer);
        } else {
            co_await take_octets(socket, size[0], buffer);
            co_await asio::async_write(socket, asio::buffer(size), asio::use_awaitable);
        }
    }
}

asio::awaitable<void> serve_one(tcp::socket socket) {
    std::array<bulk_asio_work, 1> work{};
    co_await asio::async_read(socket, asio::buffer(work), asio::use_awaitable);
    if (work[0] == bulk_asio_work::echo)
        co_await serve_echoes(socket);
    else
        co_await serve_streams(socket, work[0]);
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve_one(std::move(socket)), asio::detached);
    }
}

}  // namespace

void serve_bulk_asio(const host_process::say_port& say) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    say(acceptor.local_endpoint().port());
    asio::co_spawn(context, accept_all(acceptor), asio::detached);
    context.run();
}

bulk_asio_client::bulk_asio_client(std::uint16_t port, bulk_asio_work work, std::size_t payload)
    : payload_(payload),
      buffer_(work == bulk_asio_work::echo ? on_wire(payload).request : 64u << 10) {
    socket_.connect({asio::ip::address_v4::loopback(), port});
    socket_.set_option(tcp::no_delay(true));
    const std::array<bulk_asio_work, 1> word{work};
    asio::write(socket_, asio::buffer(word));
    if (work == bulk_asio_work::echo)
        asio::write(socket_, asio::buffer(size_word{payload}));
}

void bulk_asio_client::run(asio::awaitable<void> work) {
    asio::co_spawn(context_, std::move(work),
                   [](std::exception_ptr failed) { expect(!failed, "Asio's transfer failed"); });
    context_.restart();
    context_.run();
}

asio::awaitable<void> bulk_asio_client::echoes(int times) {
    while (times-- > 0) {
        co_await asio::async_write(socket_, asio::buffer(buffer_), asio::use_awaitable);
        co_await asio::async_read(socket_, asio::buffer(buffer_, on_wire(payload_).reply),
                                  asio::use_awaitable);
    }
}

asio::awaitable<void> bulk_asio_client::sending(int mebibytes) {
    size_word size{static_cast<std::uint64_t>(mebibytes) * mebibyte};
    co_await asio::async_write(socket_, asio::buffer(size), asio::use_awaitable);
    co_await give_octets(socket_, size[0], buffer_);
    co_await asio::async_read(socket_, asio::buffer(size), asio::use_awaitable);
}

asio::awaitable<void> bulk_asio_client::receiving(int mebibytes) {
    const size_word size{static_cast<std::uint64_t>(mebibytes) * mebibyte};
    co_await asio::async_write(socket_, asio::buffer(size), asio::use_awaitable);
    co_await take_octets(socket_, size[0], buffer_);
}

void bulk_asio_client::echo(int times) {
    run(echoes(times));
}
void bulk_asio_client::send(int mebibytes) {
    run(sending(mebibytes));
}
void bulk_asio_client::receive(int mebibytes) {
    run(receiving(mebibytes));
}

}  // namespace nettcp::bench
