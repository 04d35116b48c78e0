#include "echo_clients.hpp"

#include "echo_hosts.hpp"
#include "measure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <exception>

#include <unistd.h>

namespace nettcp::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace nbfx::literals;

constexpr auto contract = "http://peers.test/svc"_dict;
constexpr std::array<std::byte, request_size> request{};

void connect(tcp::socket& socket, std::uint16_t port) {
    socket.connect({asio::ip::address_v4::loopback(), port});
    socket.set_option(tcp::no_delay(true));
}

}  // namespace

void write_hello(nbfx::writer& out) {
    out.start_element("Echo"_dict, contract);
    out.start_element("text"_dict, contract);
    out.text("hello");
    out.end_element();
    out.end_element();
}

void check_hello(reply& answer) {
    nbfx::reader& body = answer.body();
    body.read_start_element("EchoResponse", contract.text);
    expect(body.read_element_text() == "hello" && body.ok(), "a wrong answer came");
}

raw_client::raw_client(std::uint16_t port) {
    connect(socket_, port);
}

void raw_client::call(int times) {
    const int socket = socket_.native_handle();
    while (times-- > 0) {
        expect(write(socket, request.data(), request.size()) == request_size, "not sent");
        for (std::size_t arrived = 0; arrived < reply_size;) {
            const ssize_t n = read(socket, buffer_.data(), buffer_.size());
            expect(n > 0, "no answer");
            arrived += static_cast<std::size_t>(n);
        }
    }
}

asio_client::asio_client(std::uint16_t port) {
    connect(socket_, port);
}

asio::awaitable<void> asio_client::calls(int times) {
    while (times-- > 0) {
        co_await asio::async_write(socket_, asio::buffer(request), asio::use_awaitable);
        for (std::size_t arrived = 0; arrived < reply_size;)
            arrived += co_await socket_.async_read_some(asio::buffer(buffer_), asio::use_awaitable);
    }
}

void asio_client::call(int times) {
    asio::co_spawn(context_, calls(times),
                   [](std::exception_ptr failed) { expect(!failed, "Asio's ping-pong failed"); });
    context_.restart();
    context_.run();
}

nettcp_client::nettcp_client(std::uint16_t port, client_options options)
    : client_(context_.get_executor(), "net.tcp://127.0.0.1:" + std::to_string(port) + "/echo",
              std::move(options)) {}

asio::awaitable<void> nettcp_client::caller() {
    while (left_-- > 0) {
        reply answer = co_await client_.async_call(echo_action, write_hello);
        check_hello(answer);
    }
}

void nettcp_client::call_in_coroutines(int times, int in_flight) {
    left_ = times;
    running_ = in_flight;
    for (int i = 0; i != in_flight; ++i)
        asio::co_spawn(context_, caller(), [this](std::exception_ptr failed) {
            expect(!failed, "a call failed");
            ended();
        });
    run();
}

void nettcp_client::start_call() {
    if (left_-- <= 0)
        return ended();
    client_.async_call(echo_action, write_hello,
                       [this](const boost::system::error_code& code, reply answer) {
                           expect(!code, "a call failed");
                           check_hello(answer);
                           start_call();
                       });
}

void nettcp_client::call_with_callbacks(int times, int in_flight) {
    left_ = times;
    running_ = in_flight;
    for (int i = 0; i != in_flight; ++i)
        start_call();
    run();
}

// An open session is work, so the context would go on.
void nettcp_client::ended() {
    if (--running_ == 0)
        context_.stop();
}

void nettcp_client::run() {
    context_.restart();
    context_.run();
}

session_client::session_client(std::uint16_t port, std::shared_ptr<connection_pool> pool)
    : address_("net.tcp://127.0.0.1:" + std::to_string(port) + "/echo") {
    options_.pool = std::move(pool);
    if (options_.pool == nullptr)
        options_.idle_timeout = client_options::duration::zero();
}

void session_client::open_call_close(int times) {
    left_ = times;
    next();
    context_.restart();
    context_.run();
}

void session_client::next() {
    client_.reset();
    if (left_-- <= 0)
        return;
    client_.emplace(context_.get_executor(), address_, options_);
    client_->async_call(echo_action, write_hello,
                        [this](const boost::system::error_code& code, reply answer) {
                            expect(!code, "a call failed");
                            check_hello(answer);
                            client_->async_close([this](const boost::system::error_code& closed) {
                                expect(!closed, "a session was not closed");
                                next();
                            });
                        });
}

}  // namespace nettcp::bench
