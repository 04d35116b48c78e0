// What TLS adds to an echo: CPU of client and host together, both on one core, with our client and
// host and with blocking sockets, each without TLS and with it. OpenSSL reads a record's header
// and its rest by two system calls unless told to read ahead, so it is taken both ways.

#include "bare_tls.hpp"
#include "blocking_echo.hpp"
#include "echo_clients.hpp"
#include "echo_hosts.hpp"
#include "measure.hpp"

#include "support/certificates.hpp"

#include <csignal>
#include <string>

namespace nettcp::bench {
namespace {

using boost::asio::ip::tcp;

/// OpenSSL on the sockets of both sides.
auto openssl(const std::string& file, bool reads_ahead) {
    return [file, reads_ahead](tcp::socket socket, bool is_server) {
        return tls_socket(std::move(socket), is_server, file, reads_ahead);
    };
}

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
    constexpr echo_sizes sizes{request_size, reply_size};
    host_process bare(
        [&](const say_port& say) { serve_blocking(say, sizes, openssl(file, false)); }, 0);
    host_process ahead(
        [&](const say_port& say) { serve_blocking(say, sizes, openssl(file, true)); }, 0);
    host_process plain(serve_nettcp, 0);
    host_process secured([&](const say_port& say) { serve_nettcp_secured(say, choices); }, 0);
    run_on_cpu(0);

    raw_client over_raw(raw.port);
    blocking_client over_openssl(bare.port, sizes, openssl(file, false));
    blocking_client over_ahead(ahead.port, sizes, openssl(file, true));
    nettcp_client without(plain.port);
    nettcp_client with(secured.port, over_tls(file));

    std::vector<measurement> all;
    const auto cpu = [&all](std::string name, const host_process& host, auto calls) {
        all.push_back({std::move(name), "us", [&host, calls](double seconds) {
                           return microseconds_per_call(seconds, host, calls);
                       }});
    };
    cpu("echo without TLS, blocking sockets", raw, [&](int n) { over_raw.call(n); });
    cpu("echo over TLS, OpenSSL", bare, [&](int n) { over_openssl.call(n); });
    cpu("echo over TLS, OpenSSL reading ahead", ahead, [&](int n) { over_ahead.call(n); });
    cpu("echo without TLS, nettcp", plain, [&](int n) { without.call_with_callbacks(n, 1); });
    cpu("echo over TLS, nettcp", secured, [&](int n) { with.call_with_callbacks(n, 1); });
    return run(argc, argv, all);
}
