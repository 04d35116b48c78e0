// What an echo of 16 octets, a KiB, 64 KiB and a MiB costs without security, over TLS and by
// Kerberos: CPU of client and host together, both on one core; beside it the same octets by Asio's
// coroutines, and on blocking sockets by OpenSSL and in a bare loop over GSS-API. And a small echo
// of 32 and 256 sessions over TLS and by Kerberos, each side on its own core. Kerberos is left out
// unless this runs in the realm of tests/interop/kdc.sh.

#include "bare_gss.hpp"
#include "bare_tls.hpp"
#include "blocking_echo.hpp"
#include "bulk_asio.hpp"
#include "bulk_nettcp.hpp"
#include "echo_hosts.hpp"
#include "measure.hpp"
#include "session_clients.hpp"

#include "support/certificates.hpp"

#include <csignal>
#include <cstdlib>
#include <deque>
#include <memory>
#include <optional>
#include <string>

namespace {

using namespace nettcp;
using namespace nettcp::bench;
using boost::asio::ip::tcp;
using say_port = host_process::say_port;

struct payload {
    const char* name;
    std::size_t size;
    int batch;  ///< echoes between two looks at the clock
};
constexpr payload payloads[] = {
    {"16 B", 16, 256}, {"1 KiB", 1024, 256}, {"64 KiB", 64u << 10, 64}, {"1 MiB", mebibyte, 8}};

gss_socket by_gss(tcp::socket socket, bool is_server) {
    return {std::move(socket), is_server};
}

/// What moves the octets of one kind of security without us.
struct bare_security {
    std::string name;
    /// Serves one client's echoes of a payload.
    std::function<void(const say_port&, std::size_t size)> serve;
    /// Connects, and returns what makes so many echoes.
    std::function<std::function<void(int)>(std::uint16_t port, std::size_t size)> connect;
};

template <class Secure>
bare_security blocking(std::string name, Secure secure) {
    return {std::move(name),
            [secure](const say_port& say, std::size_t size) {
                serve_blocking(say, on_wire(size), secure);
            },
            [secure](std::uint16_t port, std::size_t size) {
                const auto made =
                    std::make_shared<blocking_client<Secure>>(port, on_wire(size), secure);
                return [made](int n) { made->call(n); };
            }};
}

bare_security asio_coroutines() {
    return {"Asio coroutines", [](const say_port& say, std::size_t) { serve_bulk_asio(say); },
            [](std::uint16_t port, std::size_t size) {
                const auto made =
                    std::make_shared<bulk_asio_client>(port, bulk_asio_work::echo, size);
                return [made](int n) { made->echo(n); };
            }};
}

/// One kind of security: hosts, ours and others', and then what is measured with them.
class secured {
public:
    secured(std::string how, client_security of_client, const service_security& of_host,
            bare_security bare)
        : how_(std::move(how)),
          of_client_(std::move(of_client)),
          bare_(std::move(bare)),
          ours_([&of_host](const say_port& say) { serve_bulk_nettcp(say, of_host); }, 0) {
        if (!how_.empty())
            elsewhere_.emplace(
                [&of_host](const say_port& say) { serve_nettcp_secured(say, of_host); }, 1);
        for (const payload& each : payloads)
            theirs_.emplace_back([&](const say_port& say) { bare_.serve(say, each.size); }, 0);
    }

    void add_to(std::vector<measurement>& all) {
        for (std::size_t i = 0; i != std::size(payloads); ++i) {
            const payload& each = payloads[i];
            const std::string name = std::string("echo ") + each.name + how_ + ", ";
            const auto mine =
                std::make_shared<bulk_nettcp_client>(ours_.port, each.size, of_client_);
            add(all, name + "nettcp", ours_, each, [mine](int n) { mine->echo(n); });
            add(all, name + bare_.name, theirs_[i], each,
                bare_.connect(theirs_[i].port, each.size));
        }
        if (elsewhere_)
            for (const int sessions : {32, 256})
                add_sessions(all, sessions);
    }

private:
    static void add(std::vector<measurement>& all, std::string name, const host_process& host,
                    const payload& each, std::function<void(int)> echoes) {
        all.push_back({std::move(name), "us", [&host, &each, echoes](double seconds) {
                           return microseconds_per_call(seconds, host, echoes, each.batch);
                       }});
    }

    void add_sessions(std::vector<measurement>& all, int sessions) {
        client_options options;
        options.security = of_client_;
        const auto callers = std::make_shared<nettcp_callers>(elsewhere_->port, sessions, options);
        const auto load = std::make_shared<call_load>(
            *elsewhere_, [callers](int n, auto& waits) { callers->call(n, waits); });
        all.push_back({std::to_string(sessions) + " sessions" + how_ + ", nettcp: CPU", "us",
                       [load](double seconds) { return load->cpu(seconds); }});
    }

    std::string how_;
    client_security of_client_;
    bare_security bare_;
    host_process ours_;
    std::optional<host_process> elsewhere_;
    std::deque<host_process> theirs_;
};

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const temporary_folder folder;
    const issued_certificate own = make_certificate({.names = {"DNS:localhost"}});
    const std::string file = folder.write("own.pem", own.both());
    security::tls_service tls_host;
    tls_host.certificate.certificate_file = file;
    security::tls_client tls_client;
    tls_client.identity = security::dns_identity{"localhost"};
    tls_client.trust.ca_files = {file};
    security::windows_client windows_client;
    windows_client.identity = security::spn_identity{"host/localhost"};
    const auto by_openssl = [&file](tcp::socket socket, bool is_server) {
        return tls_socket(std::move(socket), is_server, file, false);
    };

    // All hosts start before anything else, so that each child process is a small one.
    std::deque<secured> kinds;
    kinds.emplace_back("", client_security{}, service_security{}, asio_coroutines());
    kinds.emplace_back(" over TLS", tls_client, tls_host,
                       blocking("OpenSSL on the descriptor", by_openssl));
    if (std::getenv("NETTCP_KDC") != nullptr)
        kinds.emplace_back(" by Kerberos", windows_client, security::windows_service{},
                           blocking("GSS-API in a loop", by_gss));
    run_on_cpu(0);

    std::vector<measurement> all;
    for (secured& each : kinds)
        each.add_to(all);
    return run(argc, argv, all);
}
