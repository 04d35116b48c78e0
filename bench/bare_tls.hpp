#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace nettcp::bench {

/// OpenSSL as a program without us would use it: its own choices, without sessions and tickets.
/// `file` has certificate and key in PEM; clients trust that very certificate.
std::shared_ptr<SSL_CTX> bare_context(bool is_server, const std::string& file);

/// A connected socket with OpenSSL on its descriptor. Blocks.
class tls_socket {
public:
    tls_socket(boost::asio::ip::tcp::socket socket, bool is_server, const std::string& file,
               bool reads_ahead);

    void write(std::size_t size);
    /// False: the peer has gone.
    bool read(std::size_t size);

private:
    boost::asio::ip::tcp::socket socket_;
    std::shared_ptr<SSL_CTX> ctx_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    std::vector<std::byte> buffer_;
};

}  // namespace nettcp::bench
