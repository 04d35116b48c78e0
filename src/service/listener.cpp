// Decides when connections are accepted: not while the host is full, and not right after the
// system refused one, which would only spin.

#include "service/listener.hpp"

#include "service/host_core.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

namespace nettcp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto back_off = std::chrono::milliseconds(100);

void bind_and_listen(tcp::acceptor& acceptor, const tcp::endpoint& where, std::uint32_t backlog,
                     error_code& code) {
    acceptor.open(where.protocol(), code);
    if (!code)
        acceptor.set_option(asio::socket_base::reuse_address(true), code);
    if (!code && where.address().is_v6())
        acceptor.set_option(asio::ip::v6_only(!where.address().is_unspecified()), code);
    if (!code)
        acceptor.bind(where, code);
    if (!code)
        acceptor.listen(static_cast<int>(backlog), code);
    if (code) {
        error_code ignored;
        acceptor.close(ignored);
    }
}

}  // namespace

listener::listener(const asio::any_io_executor& executor, host_core& host)
    : acceptor_(executor),
      retry_(executor, static_cast<net::lazy_timer::owner&>(*this)),
      host_(&host) {}

tcp::endpoint listener::open(std::string_view ip, std::uint16_t port, std::uint32_t backlog,
                             error_code& code) {
    if (ip.empty() || ip == "*") {
        bind_and_listen(acceptor_, {tcp::v6(), port}, backlog, code);
        if (code)  // a machine without IPv6
            bind_and_listen(acceptor_, {tcp::v4(), port}, backlog, code);
    } else {
        const auto address = asio::ip::make_address(std::string(ip), code);
        if (!code)
            bind_and_listen(acceptor_, {address, port}, backlog, code);
    }
    return code ? tcp::endpoint() : acceptor_.local_endpoint(code);
}

void listener::accept() {
    if (outstanding_ || backing_off_ || host_ == nullptr || !host_->has_room())
        return;
    outstanding_ = true;
    acceptor_.async_accept([self = shared_from_this()](const error_code& ec, tcp::socket socket) {
        self->accepted(ec, std::move(socket));
    });
}

void listener::accepted(const error_code& ec, tcp::socket socket) {
    outstanding_ = false;
    if (host_ == nullptr)
        return;
    if (!ec) {
        host_->accepted(std::move(socket));
    } else if (ec != asio::error::connection_aborted) {
        host_->accept_failed(ec);
        backing_off_ = true;
        retry_.set(net::later(net::clock::now(), back_off));
    }
    accept();
}

void listener::deadline_passed() {
    backing_off_ = false;
    accept();
}

void listener::close() noexcept {
    host_ = nullptr;
    retry_.stop();
    error_code ignored;
    acceptor_.close(ignored);
}

}  // namespace nettcp
