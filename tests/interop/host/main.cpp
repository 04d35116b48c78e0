// interop_host: the echo service for WCF clients of others. Prints one line READY once it accepts,
// and ends well on SIGTERM. What happens to sessions is told on standard error.
#include "../encoding_modes.hpp"
#include "chat_service.hpp"
#include "echo_service/echo_service.hpp"
#include "stream_service.hpp"
#include "secure_modes.hpp"

#include <nettcp/net/failure.hpp>
#include <nettcp/service/service_host.hpp>

#include <CLI/CLI.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cmath>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

namespace {

/// How long calls in progress may take to end after SIGTERM.
constexpr auto drain_patience = std::chrono::seconds(5);

struct settings {
    std::string ip = "127.0.0.1";
    std::uint16_t port = 9000;
    std::vector<std::string> modes = {"none"};
    interop::host_files files;
    std::string users;
    bool default_quotas = false;
    double receive_timeout = 0;
    bool metadata = false;
    bool verbose = false;
};

/// The transfers that every mode is offered with, and what they put behind its name.
constexpr std::pair<std::string_view, nettcp::transfer_mode> transfers[] = {
    {"", nettcp::transfer_mode::buffered},
    {"-streamed", nettcp::transfer_mode::streamed},
    {"-streamedrequest", nettcp::transfer_mode::streamed_request},
    {"-streamedresponse", nettcp::transfer_mode::streamed_response},
};

int parse(int argc, char** argv, settings& chosen) {
    CLI::App app("Serves the interop contract to WCF clients until SIGTERM.");
    app.add_option("--ip", chosen.ip, "address to listen on")->capture_default_str();
    app.add_option("--port", chosen.port, "port to listen on; 0: any")->capture_default_str();
    app.add_option(
           "--modes", chosen.modes,
           "modes to offer: none, none-ENCODING, tls, tls-cert, win-none, win-sign, win-enc")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--cert", chosen.files.certificate, "certificate, for modes with TLS");
    app.add_option("--key", chosen.files.key, "its private key");
    app.add_option("--ca", chosen.files.authorities, "certificates that clients' are checked with");
    app.add_option("--users", chosen.users, "file of name:password lines, for mode twmc-user");
    app.add_flag("--default-quotas", chosen.default_quotas, "WCF's limits instead of 1 GiB");
    app.add_option("--receive-timeout", chosen.receive_timeout,
                   "seconds after which an idle session ends")
        ->check(CLI::Range(0.001, 1e6));
    app.add_flag("--mex", chosen.metadata, "offer metadata");
    app.add_flag("-v,--verbose", chosen.verbose, "tell of sessions that go well, too");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return -1;
}

/// Whether all that was asked for can be done; says what cannot.
bool is_supported(const settings& chosen) {
    bool good = true;
    for (const std::string& mode : chosen.modes) {
        if (mode.starts_with("tls") && chosen.files.certificate.empty()) {
            std::fprintf(stderr, "interop_host: mode %s needs --cert\n", mode.c_str());
            good = false;
        }
        if (interop::find_encoding_mode(mode) != nullptr ||
            interop::security_of(mode, chosen.files))
            continue;
        std::fprintf(stderr, "interop_host: mode %s is not supported yet\n", mode.c_str());
        good = false;
    }
    if (chosen.metadata) {
        std::fputs("interop_host: --mex is not supported yet\n", stderr);
        good = false;
    }
    if (!chosen.users.empty())
        std::fputs("interop_host: no mode so far uses --users\n", stderr);
    return good;
}

/// The interop contract asks for limits that no test comes near.
void open_limits(nettcp::channel::session_options& session) {
    session.framing.max_message_size = 1u << 30;
    session.framing.max_streamed_size = std::uint64_t{1} << 40;  // held by nobody
    session.quotas.max_depth = 1u << 16;
    session.quotas.max_attributes = 1u << 16;
}

nettcp::host_options options_for(const settings& chosen) {
    nettcp::host_options options;
    if (!chosen.default_quotas)
        open_limits(options.session);
    if (chosen.receive_timeout > 0)
        options.receive_timeout =
            std::chrono::milliseconds(std::llround(chosen.receive_timeout * 1000));
    options.log = [verbose = chosen.verbose](const nettcp::session_event& event) {
        if (verbose || event.why.code)
            std::fprintf(stderr, "%s\n", nettcp::to_string(event).c_str());
    };
    return options;
}

void serve(const settings& chosen) {
    boost::asio::thread_pool workers(1);
    boost::asio::io_context context(1);
    nettcp::service_host host(context.get_executor(), options_for(chosen));
    std::string modes;
    for (const std::string& mode : chosen.modes) {
        const auto service = nettcp::echo_service::make_echo_service(workers.get_executor());
        nettcp::endpoint_options endpoint;
        if (const interop::encoding_mode* encoding = interop::find_encoding_mode(mode))
            endpoint.encodings = encoding->encoding;
        if (const auto security = interop::security_of(mode, chosen.files))
            endpoint.security = *security;
        for (const auto& [suffix, transfer] : transfers) {
            endpoint.transfer = transfer;
            const std::string base = "/" + mode + std::string(suffix);
            host.add_endpoint(base + "/echo", service, endpoint);
            host.add_endpoint(base + "/stream", interop::make_stream_service(), endpoint);
        }
        endpoint.transfer = nettcp::transfer_mode::buffered;
        host.add_endpoint("/" + mode + "/chat", interop::make_chat_service(), endpoint);
        modes += (modes.empty() ? "" : ",") + mode;
    }
    const auto where = host.listen(chosen.ip, chosen.port);

    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) {
        host.async_stop(drain_patience, [](boost::system::error_code code) {
            if (code)
                std::fprintf(stderr, "interop_host: not all sessions ended well: %s\n",
                             code.message().c_str());
        });
    });
    const bool is_v6 = where.ip.find(':') != where.ip.npos;
    std::printf(is_v6 ? "READY net.tcp://[%s]:%u modes=%s\n" : "READY net.tcp://%s:%u modes=%s\n",
                where.ip.c_str(), static_cast<unsigned>(where.port), modes.c_str());
    std::fflush(stdout);
    context.run();
    workers.join();
}

}  // namespace

int main(int argc, char** argv) {
    settings chosen;
    if (const int code = parse(argc, argv, chosen); code >= 0)
        return code;
    if (!is_supported(chosen))
        return 2;
    try {
        serve(chosen);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "interop_host: %s\n", problem.what());
        return 1;
    }
    return 0;
}
