// Decides what `nettcp serve` hosts: every mode of the interop service that it has keys for, or one
// endpoint that is bound as the options say.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "encoding_choice.hpp"
#include "security_options.hpp"
#include "serve_guide.hpp"

#include <interop_service/host_modes.hpp>
#include <interop_service/hosting.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace nettcp::cli {
namespace {

struct serve_choices {
    std::string ip = "127.0.0.1";
    std::uint16_t port = default_port;
    std::vector<std::string> modes;
    std::string path;
    std::string drain = "10s";
    std::string receive_timeout;
    std::string encoding;
    security_words security;
    bool default_quotas = false;
    bool verbose = false;
};

bool is_one_endpoint(const serve_choices& choices) {
    return !choices.path.empty() || !choices.encoding.empty() ||
           choices.security.security != "none";
}

std::optional<host_options> options_of(const serve_choices& choices) {
    host_options options;
    if (!choices.default_quotas)
        interop::open_limits(options.session);
    if (!choices.receive_timeout.empty()) {
        const auto time = parse_time(choices.receive_timeout);
        if (!time)
            return std::nullopt;
        options.receive_timeout = *time;
    }
    if (choices.verbose) {
        options.log = [](const session_event& event) {
            print_error(for_terminal(to_string(event)) + "\n");
        };
    }
    return options;
}

/// The modes to host; none, after a complaint, when the options make no sense.
std::vector<bound_mode> modes_of(const serve_choices& choices) {
    const security_words& words = choices.security;
    const interop::mode_files files{words.certificate, words.key, words.ca, words.keytab};
    std::vector<bound_mode> modes;
    for (const std::string& name :
         choices.modes.empty() ? interop::modes_with(files) : choices.modes) {
        const std::string problem = interop::problem_with(name, files);
        if (!problem.empty()) {
            complain(problem);
            return {};
        }
        modes.push_back({name, interop::binding_of(name, files)});
    }
    return modes;
}

/// The same for one endpoint.
std::optional<endpoint_options> binding_of(const serve_choices& choices) {
    if (!choices.modes.empty()) {
        complain(
            "--modes hosts all of the service; --path, --security and --encoding one endpoint");
        return std::nullopt;
    }
    endpoint_options binding;
    if (!choices.encoding.empty()) {
        const auto encoding = parse_encoding(choices.encoding);
        if (!encoding)
            return std::nullopt;
        binding.encodings = *encoding;
    }
    auto security = host_security(choices.security);
    if (!security)
        return std::nullopt;
    binding.security = std::move(*security);
    return binding;
}

/// Fills in what is hosted and what is said about it.
bool decide(const serve_choices& choices, interop::hosting& what) {
    if (is_one_endpoint(choices)) {
        auto binding = binding_of(choices);
        if (!binding)
            return false;
        const std::string path = choices.path.empty() ? "/echo" : choices.path;
        const std::string security = choices.security.security;
        what.ready = [=](const std::string& address) {
            print(ready_line(address, security) + guide_to_endpoint(address, path, *binding));
            return flush_output();
        };
        what.add_endpoints = [=](service_host& host, const auto& workers) {
            interop::add_everything(host, path, *binding, workers);
        };
        return true;
    }
    if (!fits_all_modes(choices.security))
        return false;
    const std::vector<bound_mode> modes = modes_of(choices);
    what.ready = [=](const std::string& address) {
        std::string names;
        for (const bound_mode& mode : modes)
            names += (names.empty() ? "" : ",") + mode.name;
        print(ready_line(address, names) + guide_to_modes(address, modes));
        return flush_output();
    };
    what.add_endpoints = [=](service_host& host, const auto& workers) {
        for (const bound_mode& mode : modes)
            interop::add_mode(host, mode.name, mode.binding, workers);
    };
    return !modes.empty();
}

int serve(const serve_choices& choices) {
    const auto drain = parse_time(choices.drain);
    auto options = options_of(choices);
    if (!drain || !options)
        return local_error;
    interop::hosting what{.ip = choices.ip,
                          .port = choices.port,
                          .options = std::move(*options),
                          .drain = *drain,
                          .add_endpoints = {},
                          .ready = {}};
    if (choices.verbose)
        what.stopping = [] { print_error("stopping\n"); };
    if (!decide(choices, what))
        return local_error;
    interop::host_until_signal(std::move(what));
    return success;
}

}  // namespace

void add_serve_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("serve", "Host a service to try clients with");
    auto choices = std::make_shared<serve_choices>();
    command->add_option("--ip", choices->ip, "Address to listen on; * for all")
        ->capture_default_str();
    command->add_option("--port", choices->port, "Port to listen on; 0: one that is free")
        ->capture_default_str();
    command
        ->add_option("--modes", choices->modes,
                     "What to host: none, none-gzip, none-deflate, none-text, none-mtom, tls,\n"
                     "tls-cert, win-none, win-sign, win-enc; default: all that there are keys for")
        ->delimiter(',')
        ->type_name("MODE,...");
    command->add_option("--path", choices->path,
                        "Host one endpoint, here (default with --security or --encoding: /echo)");
    command
        ->add_option("--encoding", choices->encoding,
                     "Host one endpoint, whose messages are encoded so: " + encoding_names())
        ->type_name("NAME");
    add_host_options(*command, choices->security);
    command->add_flag("--default-quotas", choices->default_quotas,
                      "WCF's limits, such as 65,536 octets to a message, instead of 1 GiB");
    command
        ->add_option("--receive-timeout", choices->receive_timeout,
                     "Ends sessions that are idle for so long; default: 10m")
        ->type_name("TIME");
    command->add_option("--drain", choices->drain, "How long calls may take to end after a signal")
        ->capture_default_str()
        ->type_name("TIME");
    command->add_flag("-v,--verbose", choices->verbose, "Log connections and sessions on stderr");
    command->footer(
        "Hosts the contracts IEcho, IChat (which calls back) and IStreaming, in namespace\n"
        "http://peers.test/svc, once for each mode. Prints `READY net.tcp://IP:PORT modes=...`\n"
        "when it accepts connections, and then what is where and how to call it. Ends after\n"
        "SIGTERM or SIGINT, when calls in progress have been answered; a second signal ends it\n"
        "at once.\n\n"
        "Examples:\n"
        "  nettcp serve                                  every mode without security\n"
        "  nettcp serve --ip '*' --port 0 -v\n"
        "  nettcp serve --cert host.crt --key host.key --ca callers.crt     with TLS, too\n"
        "  nettcp serve --modes none,win-enc --keytab /etc/service.keytab\n"
        "  nettcp serve --security windows --keytab /etc/service.keytab --path /desk\n"
        "  nettcp serve --encoding soap12_utf16\n\n"
        "Exit codes: 0 ended by a signal; 1 wrong usage, or the port cannot be opened.");
    command->callback([choices, &outcome] { outcome = serve(*choices); });
}

}  // namespace nettcp::cli
