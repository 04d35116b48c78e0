// interop_host: the interop service for WCF clients of others. Prints one line READY once it
// accepts, and ends well on SIGTERM. What happens to sessions is told on standard error.
#include "interop_service/host_modes.hpp"
#include "interop_service/hosting.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace interop = nettcp::interop;

namespace {

struct settings {
    std::string ip = "127.0.0.1";
    std::uint16_t port = 9000;
    std::vector<std::string> modes = {"none"};
    interop::mode_files files;
    std::string users;
    bool default_quotas = false;
    double receive_timeout = 0;
    bool metadata = false;
    bool verbose = false;
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
        const std::string problem = interop::problem_with(mode, chosen.files);
        if (problem.empty())
            continue;
        std::fprintf(stderr, "interop_host: %s\n", problem.c_str());
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

nettcp::host_options options_for(const settings& chosen) {
    nettcp::host_options options;
    if (!chosen.default_quotas)
        interop::open_limits(options.session);
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
    std::string modes;
    for (const std::string& mode : chosen.modes)
        modes += (modes.empty() ? "" : ",") + mode;
    const auto unwell = interop::host_until_signal(
        {.ip = chosen.ip,
         .port = chosen.port,
         .options = options_for(chosen),
         .add_endpoints =
             [&](nettcp::service_host& host, const auto& workers) {
                 for (const std::string& mode : chosen.modes)
                     interop::add_mode(host, mode, interop::binding_of(mode, chosen.files),
                                       workers);
             },
         .ready =
             [&](const std::string& address) {
                 std::printf("READY %s modes=%s\n", address.c_str(), modes.c_str());
                 return std::fflush(stdout) == 0;
             }});
    if (unwell)
        std::fprintf(stderr, "interop_host: not all sessions ended well: %s\n",
                     unwell.message().c_str());
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
