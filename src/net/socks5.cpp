#include <nettcp/net/socks5_handshake.hpp>

#include <nettcp/net/errc.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace nettcp::net {
namespace {

constexpr unsigned version = 5;
constexpr unsigned authentication_version = 1;
constexpr unsigned no_authentication = 0;
constexpr unsigned user_and_password = 2;
constexpr unsigned no_method = 0xff;
constexpr unsigned connect_command = 1;
constexpr unsigned ipv4 = 1;
constexpr unsigned name = 3;
constexpr unsigned ipv6 = 4;
constexpr std::size_t longest_text = 255;

/// RFC 1928, section 6.
constexpr std::array<std::string_view, 9> reply_texts{
    "succeeded",
    "general SOCKS server failure",
    "connection not allowed by ruleset",
    "network unreachable",
    "host unreachable",
    "connection refused",
    "TTL expired",
    "command not supported",
    "address type not supported",
};

}  // namespace

socks5_handshake::socks5_handshake(const socks5_proxy& proxy, std::string_view host,
                                   std::uint16_t port)
    : proxy_(proxy), host_(host), port_(port) {
    if (host.empty() || host.size() > longest_text || proxy.user.size() > longest_text ||
        proxy.password.reveal().size() > longest_text) {
        fail(errc::proxy_invalid);
        return;
    }
    if (proxy.user.empty())
        put({version, 1, no_authentication});
    else
        put({version, 2, no_authentication, user_and_password});
    want(step::method, 2);
}

socks5_handshake::~socks5_handshake() {
    wipe();
}

void socks5_handshake::received(bytes_view octets) {
    if (wanted_ == 0 || octets.size() != wanted_) {
        fail(errc::proxy_protocol);
        return;
    }
    wipe();
    const auto at = [octets](std::size_t i) { return std::to_integer<unsigned>(octets[i]); };
    switch (step_) {
    case step::method: method_chosen(at(0), at(1)); break;
    case step::authentication:
        if (at(0) != authentication_version)
            fail(errc::proxy_protocol);
        else if (at(1) != 0)
            fail(errc::proxy_authentication_failed, "user name and password are not accepted");
        else
            request();
        break;
    case step::reply:
        address_type_ = at(3);
        if (at(0) != version || at(2) != 0)
            fail(errc::proxy_protocol);
        else if (at(1) != 0)
            fail(errc::proxy_refused, at(1) < reply_texts.size() ? reply_texts[at(1)] : "");
        else if (address_type_ == ipv4)
            want(step::bound, 4 + 2);
        else if (address_type_ == ipv6)
            want(step::bound, 16 + 2);
        else if (address_type_ == name)
            want(step::bound_size, 1);
        else
            fail(errc::proxy_protocol);
        break;
    case step::bound_size: want(step::bound, at(0) + std::size_t{2}); break;
    case step::bound: wanted_ = 0; break;
    }
}

void socks5_handshake::method_chosen(unsigned spoken, unsigned method) {
    if (spoken != version)
        fail(errc::proxy_protocol);
    else if (method == no_authentication)
        request();
    else if (method == user_and_password && !proxy_.user.empty())
        authenticate();
    else if (method == no_method)
        fail(errc::proxy_authentication_failed,
             proxy_.user.empty() ? "it wants authentication" : "it wants other authentication");
    else
        fail(errc::proxy_protocol);
}

void socks5_handshake::authenticate() {
    const std::string_view password = proxy_.password.reveal();
    // In one piece, so that no copy stays behind where the storage grew.
    out_.reserve(3 + proxy_.user.size() + password.size());
    put({authentication_version, static_cast<unsigned>(proxy_.user.size())});
    put(proxy_.user);
    put({static_cast<unsigned>(password.size())});
    put(password);
    want(step::authentication, 2);
}

void socks5_handshake::request() {
    put({version, connect_command, 0});
    boost::system::error_code is_name;
    const auto address = boost::asio::ip::make_address(host_, is_name);
    if (is_name) {
        put({name, static_cast<unsigned>(host_.size())});
        put(host_);
    } else if (address.is_v4()) {
        put({ipv4});
        for (const unsigned octet : address.to_v4().to_bytes())
            put({octet});
    } else {
        put({ipv6});
        for (const unsigned octet : address.to_v6().to_bytes())
            put({octet});
    }
    put({static_cast<unsigned>(port_ >> 8), static_cast<unsigned>(port_ & 0xff)});
    want(step::reply, 4);
}

void socks5_handshake::put(std::initializer_list<unsigned> octets) {
    for (const unsigned octet : octets)
        out_.push_back(static_cast<std::byte>(octet));
}

void socks5_handshake::put(std::string_view text) {
    const bytes_view octets = as_bytes(text);
    out_.insert(out_.end(), octets.begin(), octets.end());
}

void socks5_handshake::want(step next, std::size_t size) noexcept {
    step_ = next;
    wanted_ = size;
}

void socks5_handshake::fail(boost::system::error_code why, std::string_view said) noexcept {
    failure_ = why;
    said_ = said;
    wanted_ = 0;
    wipe();
}

/// It may have held a password.
void socks5_handshake::wipe() noexcept {
    for (std::byte& octet : out_)
        const_cast<volatile std::byte&>(octet) = std::byte{0};
    out_.clear();
}

}  // namespace nettcp::net
