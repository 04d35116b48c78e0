#include "bare_tls.hpp"

#include "measure.hpp"

#include <algorithm>
#include <utility>

namespace nettcp::bench {

std::shared_ptr<SSL_CTX> bare_context(bool is_server, const std::string& file) {
    std::shared_ptr<SSL_CTX> ctx(SSL_CTX_new(is_server ? TLS_server_method() : TLS_client_method()),
                                 SSL_CTX_free);
    SSL_CTX_set_session_cache_mode(ctx.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(ctx.get(), 0);
    if (is_server) {
        expect(SSL_CTX_use_certificate_chain_file(ctx.get(), file.c_str()) == 1, "certificate");
        expect(SSL_CTX_use_PrivateKey_file(ctx.get(), file.c_str(), SSL_FILETYPE_PEM) == 1, "key");
        return ctx;
    }
    expect(SSL_CTX_load_verify_locations(ctx.get(), file.c_str(), nullptr) == 1, "trust");
    SSL_CTX_set_verify(ctx.get(), SSL_VERIFY_PEER, nullptr);
    return ctx;
}

tls_socket::tls_socket(boost::asio::ip::tcp::socket socket, bool is_server, const std::string& file,
                       bool reads_ahead)
    : socket_(std::move(socket)),
      ctx_(bare_context(is_server, file)),
      ssl_(SSL_new(ctx_.get()), SSL_free) {
    SSL_set_read_ahead(ssl_.get(), reads_ahead ? 1 : 0);
    SSL_set_fd(ssl_.get(), socket_.native_handle());
    expect((is_server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get())) == 1, "handshake");
}

void tls_socket::write(std::size_t size) {
    buffer_.resize(std::max(buffer_.size(), size));
    expect(SSL_write(ssl_.get(), buffer_.data(), static_cast<int>(size)) > 0, "not sent");
}

bool tls_socket::read(std::size_t size) {
    buffer_.resize(std::max(buffer_.size(), size));
    for (std::size_t arrived = 0; arrived < size;) {
        const int n =
            SSL_read(ssl_.get(), buffer_.data() + arrived, static_cast<int>(size - arrived));
        if (n <= 0)
            return false;
        arrived += static_cast<std::size_t>(n);
    }
    return true;
}

}  // namespace nettcp::bench
