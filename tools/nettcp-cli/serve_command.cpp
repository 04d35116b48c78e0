// Decides when the echo service is up and when it is over: READY once it accepts, and a signal
// ends it after calls in progress have been answered.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "security_options.hpp"
#include "encoding_choice.hpp"

#include <echo_service/echo_service.hpp>
#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/service/service_host.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>

#include <CLI/CLI.hpp>

#include <csignal>
#include <memory>

namespace nettcp::cli {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// What a service may be sent; the echo service is there to be tried with large messages, too.
constexpr std::uint32_t max_request_size = 1u << 30;

struct serve_choices {
    std::string ip = "127.0.0.1";
    std::uint16_t port = default_port;
    std::string path = "/none/echo";
    std::string drain = "10s";
    std::string encoding = "binary_session";
    security_words security;
    bool verbose = false;
};

int serve(const serve_choices& choices) {
    const auto drain = parse_duration(choices.drain);
    if (!drain) {
        complain(choices.drain + " is no time; write 500ms, 5s or 2m");
        return local_error;
    }
    const auto encoding = parse_encoding(choices.encoding);
    if (!encoding)
        return local_error;
    auto security = host_security(choices.security);
    if (!security)
        return local_error;
    asio::io_context context(1);
    asio::thread_pool workers(2);
    host_options options;
    options.session.framing.max_message_size = max_request_size;
    if (choices.verbose) {
        options.log = [](const session_event& event) {
            print_error(for_terminal(to_string(event)) + "\n");
        };
    }
    service_host host(context.get_executor(), std::move(options));
    host.add_endpoint(choices.path, echo_service::make_echo_service(workers.get_executor()),
                      {.security = std::move(*security), .encodings = *encoding});
    const listening_address where = host.listen(choices.ip, choices.port);

    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](const error_code& failed, int) {
        if (failed)
            return;
        if (choices.verbose)
            print_error("stopping\n");
        host.async_stop(*drain, [&context](const error_code&) { context.stop(); });
        signals.async_wait([&context](const error_code& again, int) {  // in a hurry
            if (!again)
                context.stop();
        });
    });
    const bool is_v6 = where.ip.find(':') != where.ip.npos;
    print("READY net.tcp://" + (is_v6 ? "[" + where.ip + "]" : where.ip) + ":" +
          std::to_string(where.port) + " modes=" + choices.security.security + "\n");
    if (!flush_output())
        return local_error;
    context.run();
    workers.stop();
    workers.join();
    return success;
}

}  // namespace

void add_serve_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("serve", "Host an echo service to try clients with");
    auto choices = std::make_shared<serve_choices>();
    command->add_option("--ip", choices->ip, "Address to listen on; * for all")
        ->capture_default_str();
    command->add_option("--port", choices->port, "Port to listen on; 0: one that is free")
        ->capture_default_str();
    command->add_option("--path", choices->path, "Path of the service")->capture_default_str();
    command
        ->add_option("--encoding", choices->encoding,
                     "How messages are encoded: " + encoding_names())
        ->capture_default_str()
        ->type_name("NAME");
    add_host_options(*command, choices->security);
    command->add_option("--drain", choices->drain, "How long calls may take to end after a signal")
        ->capture_default_str()
        ->type_name("TIME");
    command->add_flag("-v,--verbose", choices->verbose, "Log connections and sessions on stderr");
    command->footer(
        "Operations, in namespace http://peers.test/svc, actions "
        "http://peers.test/svc/IEcho/NAME:\n"
        "Echo, EchoBytes, EchoComplex, Notify, NotifyCount, Fail, FailUnhandled, Sleep, WhoAmI,\n"
        "Add. Prints `READY net.tcp://IP:PORT modes=SECURITY` when it accepts connections, and\n"
        "ends after SIGTERM or SIGINT, when calls in progress have been answered; a second signal "
        "ends\n"
        "it at once.\n\n"
        "Examples:\n"
        "  nettcp serve --port 9000\n"
        "  nettcp serve --ip '*' --port 0 -v\n"
        "  nettcp serve --security windows --keytab /etc/service.keytab --path /echo\n"
        "  nettcp serve --security tls --cert host.crt --key host.key --ca callers.crt\n\n"
        "Exit codes: 0 ended by a signal; 1 wrong usage, or the port cannot be opened.");
    command->callback([choices, &outcome] { outcome = serve(*choices); });
}

}  // namespace nettcp::cli
