#include "net/connector.hpp"

#include "net/session_shell.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/post.hpp>

namespace nettcp::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

connector::connector(const asio::any_io_executor& executor, owner& told)
    : resolver_(executor), socket_(executor), told_(&told) {}

void connector::start(const std::string& host, std::uint16_t port) {
    error_code not_numeric;
    const auto address = asio::ip::make_address(host, not_numeric);
    if (!not_numeric) {  // spares the resolver and its thread
        addresses_.emplace_back(address, port);
        stage_ = nettcp::stage::connect;
        asio::post(socket_.get_executor(), [self = shared_from_this()] { self->try_next(); });
        return;
    }
    resolver_.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                            [self = shared_from_this()](const error_code& ec,
                                                        const tcp::resolver::results_type& found) {
                                for (const auto& entry : found)
                                    self->addresses_.push_back(entry.endpoint());
                                self->resolved(ec);
                            });
}

void connector::resolved(const error_code& ec) {
    if (told_ == nullptr)
        return;
    if (ec || addresses_.empty()) {
        fail(errc::resolve_failed, ec);
        return;
    }
    stage_ = nettcp::stage::connect;
    try_next();
}

void connector::try_next() {
    if (told_ == nullptr)
        return;
    if (next_ == addresses_.size()) {
        fail(errc::connect_failed, last_);
        return;
    }
    const tcp::endpoint address = addresses_[next_++];
    peer_ = to_text(address);
    error_code ignored;
    socket_.close(ignored);
    socket_.async_connect(address,
                          [self = shared_from_this()](const error_code& ec) { self->tried(ec); });
}

void connector::tried(const error_code& ec) {
    if (told_ == nullptr)
        return;
    if (ec) {
        last_ = ec;
        try_next();
        return;
    }
    std::exchange(told_, nullptr)->connected(std::move(socket_));
}

void connector::fail(const error_code& code, const error_code& provider) {
    diagnostics why;
    why.stage = stage_;
    why.code = code;
    why.provider = provider;
    why.peer = peer_;
    std::exchange(told_, nullptr)->connect_failed(why);
}

void connector::cancel() noexcept {
    told_ = nullptr;
    error_code ignored;
    socket_.close(ignored);
    resolver_.cancel();
}

}  // namespace nettcp::net
