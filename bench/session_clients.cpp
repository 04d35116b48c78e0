#include "session_clients.hpp"

#include "echo_clients.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <exception>

namespace nettcp::bench {

namespace asio = boost::asio;
using asio::ip::tcp;

void callers::call(int times, std::vector<float>& waits) {
    waits_ = &waits;
    left_ = times;
    running_ = 0;
    start();
    context_.restart();
    context_.run();
}

void callers::waited(clock::time_point since) {
    waits_->push_back(std::chrono::duration<float, std::micro>(clock::now() - since).count());
}

// An open session is work, so the context would go on.
void callers::ended() {
    if (--running_ == 0)
        context_.stop();
}

asio_callers::asio_callers(std::uint16_t port, int sessions) {
    for (int i = 0; i != sessions; ++i) {
        sockets_.emplace_back(context_);
        sockets_.back().connect({asio::ip::address_v4::loopback(), port});
        sockets_.back().set_option(tcp::no_delay(true));
    }
}

asio::awaitable<void> asio_callers::caller(tcp::socket& socket) {
    static constexpr std::array<std::byte, request_size> request{};
    std::array<std::byte, 8192> buffer;
    while (take_one()) {
        const auto begun = clock::now();
        co_await asio::async_write(socket, asio::buffer(request), asio::use_awaitable);
        for (std::size_t arrived = 0; arrived < reply_size;)
            arrived += co_await socket.async_read_some(asio::buffer(buffer), asio::use_awaitable);
        waited(begun);
    }
}

void asio_callers::start() {
    for (tcp::socket& each : sockets_) {
        began();
        asio::co_spawn(context_, caller(each), [this](std::exception_ptr failed) {
            expect(!failed, "Asio's ping-pong failed");
            ended();
        });
    }
}

nettcp_callers::nettcp_callers(std::uint16_t port, int sessions, const client_options& options) {
    const endpoint_address where("net.tcp://127.0.0.1:" + std::to_string(port) + "/echo");
    for (int i = 0; i != sessions; ++i)
        clients_.emplace_back(context_.get_executor(), where, options);
}

asio::awaitable<void> nettcp_callers::caller(client& service) {
    while (take_one()) {
        const auto begun = clock::now();
        reply answer = co_await service.async_call(echo_action, write_hello);
        check_hello(answer);
        waited(begun);
    }
}

void nettcp_callers::start() {
    for (client& each : clients_) {
        began();
        asio::co_spawn(context_, caller(each), [this](std::exception_ptr failed) {
            expect(!failed, "a call failed");
            ended();
        });
    }
}

}  // namespace nettcp::bench
