// Decides what passes between a client and a host.
#include "load/cut_relay.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace load {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct cut_relay::state {
    state(asio::io_context& context, std::uint16_t host_port)
        : host(asio::ip::address_v4::loopback(), host_port),
          acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

    tcp::endpoint host;
    tcp::acceptor acceptor;
    cut planned;
    std::size_t connections = 0;
    std::array<std::size_t, 2> passed{};
};

/// One connection: two sockets, and what passes between them.
struct cut_relay::link : std::enable_shared_from_this<link> {
    link(tcp::socket from_client, std::shared_ptr<state> relay)
        : of(std::move(relay)),
          sockets{std::move(from_client), tcp::socket(of->acceptor.get_executor())},
          is_cut(of->connections++ == 0) {}

    asio::awaitable<void> start() {
        const auto self = shared_from_this();
        error_code code;
        co_await sockets[1].async_connect(of->host,
                                          asio::redirect_error(asio::use_awaitable, code));
        if (code || cut_now(0)) {
            lose(cut::reset);
            co_return;
        }
        for (tcp::socket& each : sockets)
            each.set_option(tcp::no_delay(true));
        for (const auto where : {cut::to_host, cut::to_client}) {
            asio::co_spawn(sockets[0].get_executor(), pass(where),
                           [self](const std::exception_ptr&) {});
        }
    }
    /// Whether the connection goes now that `more` octets are about to pass.
    bool cut_now(std::size_t more) const {
        return is_cut && of->planned.behind <= of->passed[of->planned.where] + more;
    }
    asio::awaitable<void> pass(cut::direction where) {
        tcp::socket& from = sockets[where == cut::to_host ? 0 : 1];
        tcp::socket& to = sockets[where == cut::to_host ? 1 : 0];
        std::array<char, 4096> room;
        for (;;) {
            error_code code;
            std::size_t size = co_await from.async_read_some(
                asio::buffer(room), asio::redirect_error(asio::use_awaitable, code));
            const bool last = is_cut && of->planned.where == where &&
                              of->planned.behind <= passed_by(where) + size;
            if (last)
                size = of->planned.behind - passed_by(where);
            error_code refused;
            co_await asio::async_write(to, asio::buffer(room, size),
                                       asio::redirect_error(asio::use_awaitable, refused));
            if (is_cut)
                of->passed[where] += size;
            if (last || refused || (code && code != asio::error::eof)) {
                lose(last ? of->planned.how : cut::reset);
                co_return;
            }
            if (code) {
                to.shutdown(tcp::socket::shutdown_send, refused);
                co_return;
            }
        }
    }
    std::size_t passed_by(cut::direction where) const { return is_cut ? of->passed[where] : 0; }
    void lose(cut::manner how) {
        error_code ignored;
        for (tcp::socket& each : sockets) {
            if (how == cut::reset)
                each.set_option(asio::socket_base::linger(true, 0), ignored);
            each.close(ignored);
        }
    }

    std::shared_ptr<state> of;
    std::array<tcp::socket, 2> sockets;  // the client's, the host's
    const bool is_cut;
};

cut_relay::cut_relay(asio::io_context& context, std::uint16_t host_port)
    : state_(std::make_shared<state>(context, host_port)) {
    asio::co_spawn(
        context,
        [](std::shared_ptr<state> mine) -> asio::awaitable<void> {
            for (;;) {
                tcp::socket arrived = co_await mine->acceptor.async_accept(asio::use_awaitable);
                const auto made = std::make_shared<link>(std::move(arrived), mine);
                asio::co_spawn(mine->acceptor.get_executor(), made->start(), asio::detached);
            }
        }(state_),
        [](const std::exception_ptr&) {});  // the acceptor is closed
}

cut_relay::~cut_relay() {
    error_code ignored;
    state_->acceptor.close(ignored);
}

std::uint16_t cut_relay::port() const {
    return state_->acceptor.local_endpoint().port();
}

void cut_relay::prepare(const cut& planned) {
    state_->planned = planned;
    state_->connections = 0;
    state_->passed = {};
}

std::size_t cut_relay::passed(cut::direction where) const {
    return state_->passed[where];
}

std::size_t cut_relay::connections() const {
    return state_->connections;
}

}  // namespace load
