// The nettcp command line. What each subcommand does stands in the file of its name.
#include "command.hpp"
#include "console.hpp"
#include "program_words.hpp"

#include <CLI/CLI.hpp>

#include <exception>

namespace {

int run(const std::vector<std::string>& words) {
    using namespace nettcp::cli;
    CLI::App app("Call, host and watch WCF services over net.tcp.", "nettcp");
    app.set_version_flag("--version", "nettcp " NETTCP_CLI_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Exit codes: 0 done; 1 wrong usage or a local error; 2 the service answered with a\n"
        "fault; 3 no connection, a timeout, or a peer that broke a rule; 4 input is damaged\n"
        "and was shown as far as it could be read. fuzz and replay have codes of their own.\n\n"
        "NO_COLOR in the environment turns colours off; there are none but on a terminal.\n"
        "`nettcp COMMAND --help` shows examples.");
    int outcome = success;
    add_call_command(app, outcome);
    add_serve_command(app, outcome);
    add_probe_command(app, outcome);
    add_decode_command(app, outcome);
    add_xml_command(app, outcome);
    add_fuzz_command(app, outcome);
    add_replay_command(app, outcome);
    try {
        // CLI11 takes the words from the end of the list.
        app.parse(std::vector<std::string>(words.rbegin(), words.rend() - 1));
    } catch (const CLI::ParseError& wrong) {
        if (app.exit(wrong) == 0)
            return success;
        const bool fuzzes = words.size() > 1 && (words[1] == "fuzz" || words[1] == "replay");
        return fuzzes ? static_cast<int>(wrong_usage) : static_cast<int>(local_error);
    }
    return outcome;
}

}  // namespace

int main(int count, char** words) {
    try {
        nettcp::cli::use_plain_streams();
        const int outcome = run(nettcp::cli::program_words(count, words));
        return nettcp::cli::flush_output() ? outcome : nettcp::cli::local_error;
    } catch (const std::exception& problem) {
        nettcp::cli::complain(problem.what());
        return nettcp::cli::local_error;
    }
}
