// What TLS adds to an echo: CPU of client and host together, both on one core, with our client and
// host and with blocking sockets, each without TLS and with it. OpenSSL reads a record's header
// and its rest by two system calls unless told to read ahead, so it is taken both ways.

#include "bare_tls.hpp"
#include "echo_clients.hpp"
#include "echo_hosts.hpp"
#include "measure.hpp"

#include "support/certificates.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <csignal>
#include <memory>
#include <string>

namespace nettcp::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// A connected socket with OpenSSL on its descriptor. Blocks.
class tls_socket {
public:
    tls_socket(tcp::socket socket, bool is_server, const std::string& file, bool reads_ahead)
        : socket_(std::move(socket)),
          ctx_(bare_context(is_server, file)),
          ssl_(SSL_new(ctx_.get()), SSL_free) {
        socket_.set_option(tcp::no_delay(true));
        SSL_set_read_ahead(ssl_.get(), reads_ahead ? 1 : 0);
        SSL_set_fd(ssl_.get(), socket_.native_handle());
        expect((is_server ? SSL_accept(ssl_.get()) : SSL_connect(ssl_.get())) == 1, "handshake");
    }

    void write(std::size_t size) {
        expect(SSL_write(ssl_.get(), buffer_.data(), static_cast<int>(size)) > 0, "not sent");
    }
    /// False: the peer has gone.
    bool read(std::size_t size) {
        for (std::size_t arrived = 0; arrived < size;) {
            const int n = SSL_read(ssl_.get(), buffer_.data(), static_cast<int>(buffer_.size()));
            if (n <= 0)
                return false;
            arrived += static_cast<std::size_t>(n);
        }
        return true;
    }

private:
    tcp::socket socket_;
    std::shared_ptr<SSL_CTX> ctx_;
    std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    std::array<std::byte, 8192> buffer_{};
};

void serve_openssl(const host_process::say_port& say, const std::string& file, bool reads_ahead) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    say(acceptor.local_endpoint().port());
    tls_socket peer(acceptor.accept(), true, file, reads_ahead);
    while (peer.read(request_size))
        peer.write(reply_size);
}

class openssl_client {
public:
    openssl_client(std::uint16_t port, const std::string& file, bool reads_ahead)
        : peer_(connected(context_, port), false, file, reads_ahead) {}

    void call(int times) {
        while (times-- > 0) {
            peer_.write(request_size);
            expect(peer_.read(reply_size), "no answer");
        }
    }

private:
    static tcp::socket connected(asio::io_context& context, std::uint16_t port) {
        tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), port});
        return socket;
    }

    asio::io_context context_{1};
    tls_socket peer_;
};

client_options over_tls(const std::string& file) {
    security::tls_client choices;
    choices.identity = security::dns_identity{"localhost"};
    choices.trust.ca_files = {file};
    client_options options;
    options.security = choices;
    return options;
}

}  // namespace
}  // namespace nettcp::bench

int main(int argc, char** argv) {
    using namespace nettcp;
    using namespace nettcp::bench;
    std::signal(SIGPIPE, SIG_IGN);

    const temporary_folder folder;
    const issued_certificate own = make_certificate({.names = {"DNS:localhost"}});
    const std::string file = folder.write("own.pem", own.both());
    security::tls_service choices;
    choices.certificate.certificate_file = file;
    using say_port = host_process::say_port;

    host_process raw(serve_raw_sockets, 0);
    host_process openssl([&](const say_port& say) { serve_openssl(say, file, false); }, 0);
    host_process ahead([&](const say_port& say) { serve_openssl(say, file, true); }, 0);
    host_process plain(serve_nettcp, 0);
    host_process secured([&](const say_port& say) { serve_nettcp_secured(say, choices); }, 0);
    run_on_cpu(0);

    raw_client over_raw(raw.port);
    openssl_client over_openssl(openssl.port, file, false);
    openssl_client over_ahead(ahead.port, file, true);
    nettcp_client without(plain.port);
    nettcp_client with(secured.port, over_tls(file));

    std::vector<measurement> all;
    const auto cpu = [&all](std::string name, const host_process& host, auto calls) {
        all.push_back({std::move(name), "us", [&host, calls](double seconds) {
                           return microseconds_per_call(seconds, host, calls);
                       }});
    };
    cpu("echo without TLS, blocking sockets", raw, [&](int n) { over_raw.call(n); });
    cpu("echo over TLS, OpenSSL", openssl, [&](int n) { over_openssl.call(n); });
    cpu("echo over TLS, OpenSSL reading ahead", ahead, [&](int n) { over_ahead.call(n); });
    cpu("echo without TLS, nettcp", plain, [&](int n) { without.call_with_callbacks(n, 1); });
    cpu("echo over TLS, nettcp", secured, [&](int n) { with.call_with_callbacks(n, 1); });
    return run(argc, argv, all);
}
