// Decides which address is tried when.
#include "net/connector.hpp"

#include "net/keep_alive.hpp"
#include "net/session_shell.hpp"
#include "net/socks5_tunnel.hpp"

#include <nettcp/net/errc.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>

namespace nettcp::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// RFC 8305, "Connection Attempt Delay".
constexpr auto attempt_delay = std::chrono::milliseconds(250);

}  // namespace

std::vector<tcp::endpoint> in_turns(const std::vector<tcp::endpoint>& found) {
    std::vector<tcp::endpoint> one, other, out;
    for (const tcp::endpoint& each : found)
        (each.protocol() == found.front().protocol() ? one : other).push_back(each);
    for (std::size_t i = 0; i < std::max(one.size(), other.size()); ++i) {
        if (i < one.size())
            out.push_back(one[i]);
        if (i < other.size())
            out.push_back(other[i]);
    }
    return out;
}

connector::connector(const asio::any_io_executor& executor, owner& told)
    : executor_(executor),
      resolver_(executor),
      told_(&told),
      next_attempt_(executor, static_cast<lazy_timer::owner&>(*this)) {}

void connector::start(connect_target where) {
    const std::string host = where.proxy ? where.proxy->host : where.host;
    const std::uint16_t port = where.proxy ? where.proxy->port : where.port;
    error_code not_numeric;
    const auto address = asio::ip::make_address(host, not_numeric);
    if (!not_numeric) {  // spares the resolver and its thread
        std::vector<tcp::endpoint> one{{address, port}};
        start(std::move(one), std::move(where));
        return;
    }
    where_ = std::move(where);
    resolver_.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                            [self = shared_from_this()](const error_code& ec,
                                                        const tcp::resolver::results_type& found) {
                                for (const auto& entry : found)
                                    self->addresses_.push_back(entry.endpoint());
                                self->resolved(ec);
                            });
}

void connector::start(std::vector<tcp::endpoint> addresses, connect_target where) {
    where_ = std::move(where);
    addresses_ = std::move(addresses);
    asio::post(executor_, [self = shared_from_this()] { self->resolved({}); });
}

void connector::resolved(const error_code& ec) {
    if (told_ == nullptr)
        return;
    if (ec || addresses_.empty()) {
        fail(where_.proxy ? errc::proxy_connect_failed : errc::resolve_failed, ec);
        return;
    }
    stage_ = nettcp::stage::connect;
    addresses_ = in_turns(addresses_);
    try_next();
}

void connector::try_next() {
    const std::size_t which = attempts_.size();
    const tcp::endpoint& address = addresses_[which];
    peer_ = to_text(address);
    attempts_.push_back(std::make_unique<tcp::socket>(executor_));
    attempts_.back()->async_connect(address, [self = shared_from_this(), which](
                                                 const error_code& ec) { self->tried(which, ec); });
    if (attempts_.size() < addresses_.size())
        next_attempt_.set(later(clock::now(), attempt_delay));
    else
        next_attempt_.stop();
}

void connector::deadline_passed() {
    if (told_ != nullptr)
        try_next();
}

void connector::tried(std::size_t which, error_code ec) {
    if (told_ == nullptr)
        return;
    if (!ec && where_.keep_alive)
        ec = keep_alive(*attempts_[which], *where_.keep_alive);
    if (!ec) {
        won(std::move(*attempts_[which]));
        return;
    }
    last_ = ec;
    attempts_[which].reset();
    if (attempts_.size() < addresses_.size()) {
        try_next();
        return;
    }
    if (std::ranges::any_of(attempts_, [](const auto& each) { return each != nullptr; })) {
        name_pending();
        return;
    }
    peer_ = to_text(addresses_[which]);
    fail(where_.proxy ? errc::proxy_connect_failed : errc::connect_failed, last_);
}

/// Whoever loses patience now is to hear of an address that did not answer.
void connector::name_pending() {
    for (std::size_t i = 0; i < attempts_.size(); ++i) {
        if (attempts_[i] != nullptr)
            peer_ = to_text(addresses_[i]);
    }
}

void connector::won(tcp::socket socket) {
    stop_trying();
    if (!where_.proxy) {
        std::exchange(told_, nullptr)->connected(std::move(socket));
        return;
    }
    const auto tunnel = std::make_shared<socks5_tunnel>(
        std::move(socket), *where_.proxy, where_.host, where_.port,
        [self = shared_from_this()](const diagnostics& why, tcp::socket through) {
            self->tunnelled(why, std::move(through));
        });
    tunnel_ = tunnel;
    tunnel->start();  // which may end it already
}

void connector::tunnelled(const diagnostics& why, tcp::socket socket) {
    tunnel_.reset();
    if (told_ == nullptr)
        return;
    if (!why.code) {
        std::exchange(told_, nullptr)->connected(std::move(socket));
        return;
    }
    diagnostics known = why;
    known.stage = stage_;
    known.peer = peer_;
    std::exchange(told_, nullptr)->connect_failed(known);
}

void connector::fail(const error_code& code, const error_code& provider) {
    stop_trying();
    diagnostics why;
    why.stage = stage_;
    why.code = code;
    why.provider = provider;
    why.peer = peer_;
    std::exchange(told_, nullptr)->connect_failed(why);
}

void connector::stop_trying() noexcept {
    next_attempt_.stop();
    attempts_.clear();
}

void connector::cancel() noexcept {
    told_ = nullptr;
    stop_trying();
    if (tunnel_)
        tunnel_->cancel();
    resolver_.cancel();
}

}  // namespace nettcp::net
