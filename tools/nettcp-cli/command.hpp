#pragma once

namespace CLI {
class App;
}

namespace nettcp::cli {

/// What the program ends with; docs/cli.md and `--help` say the same.
enum exit_code : int {
    success = 0,
    local_error = 1,          ///< wrong usage, unreadable file, XML that is none, port in use
    answered_with_fault = 2,  ///< the service answered with a SOAP fault
    peer_failed = 3,          ///< no connection, a timeout, or a peer that broke a rule
    input_damaged = 4,        ///< `decode` and `xml`: shown as far as it could be read
};

/// What `fuzz` and `replay` end with instead: what they look for is what others avoid.
enum fuzz_exit_code : int {
    nothing_found = 0,
    trouble_found = 1,
    wrong_usage = 2,
    no_endpoint = 3,  ///< not there, or not well before anything was tried
};

// Each adds its subcommand to `app`, and sets `outcome` when that was the one to run. `outcome`
// outlives `app`.

void add_call_command(CLI::App& app, int& outcome);
void add_serve_command(CLI::App& app, int& outcome);
void add_probe_command(CLI::App& app, int& outcome);
void add_decode_command(CLI::App& app, int& outcome);
void add_xml_command(CLI::App& app, int& outcome);
void add_fuzz_command(CLI::App& app, int& outcome);
void add_replay_command(CLI::App& app, int& outcome);

}  // namespace nettcp::cli
