// interop_client: drives the cases of the interop contract against any host that has its layout.
// Prints a line for each case and exits with 0 when all have passed, 1 when one failed, and 2 when
// it was asked for what it cannot do.
#include "interop_service/encoding_modes.hpp"
#include "bench.hpp"
#include "chat_cases.hpp"
#include "echo_cases.hpp"
#include "secure_modes.hpp"
#include "stream_cases.hpp"

#include <nettcp/net/failure.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

namespace interop = nettcp::interop;

namespace {

struct settings {
    std::string address = "net.tcp://localhost:9000";
    std::string mode = "none";
    std::vector<std::string> transfer = {"buffered"};
    std::vector<std::string> groups = {"echo"};
    std::vector<std::string> cases;
    double timeout = 30;
    unsigned pause = 0;
    bool bench = false;
    std::uint64_t big = 0;
    interop::caller_choices caller;  // for modes with security
};

int parse(int argc, char** argv, settings& chosen) {
    CLI::App app("Calls a host of the interop contract and says what works.");
    app.add_option("--addr", chosen.address, "net.tcp://HOST:PORT of the host")
        ->capture_default_str();
    app.add_option("--mode", chosen.mode,
                   "mode: none, none-ENCODING, tls, tls-cert, win-none, win-sign, win-enc")
        ->capture_default_str();
    app.add_option("--transfer", chosen.transfer,
                   "buffered, streamed, streamedrequest, streamedresponse")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--groups", chosen.groups, "groups of cases; so far: echo, chat, stream")
        ->delimiter(',')
        ->capture_default_str();
    app.add_option("--cases", chosen.cases, "only these cases")->delimiter(',');
    app.add_option("--timeout", chosen.timeout, "seconds that a call may take")
        ->check(CLI::Range(0.001, 1e6))
        ->capture_default_str();
    app.add_option("--pause", chosen.pause, "milliseconds between one session and the next")
        ->check(CLI::Range(10000u))
        ->capture_default_str();
    app.add_flag("--bench", chosen.bench, "measure instead of checking");
    app.add_option("--big", chosen.big, "stream that many octets each way instead of checking");
    app.add_option("--ca", chosen.caller.authorities,
                   "certificates that the host's is checked with");
    app.add_option("--client-cert", chosen.caller.certificate, "our certificate");
    app.add_option("--client-key", chosen.caller.key, "its private key");
    app.add_option("--user", chosen.caller.user, "user name");
    app.add_option("--password", chosen.caller.password, "password");
    app.add_option("--domain", chosen.caller.domain, "domain of the user");
    app.add_option("--package", chosen.caller.package, "negotiate, kerberos or ntlm")
        ->check(CLI::IsMember({"negotiate", "kerberos", "ntlm"}))
        ->capture_default_str();
    app.add_option("--spn", chosen.caller.spn, "principal name of the host");
    app.add_flag("--no-verify", chosen.caller.no_verify,
                 "accept any certificate, or a host that proves nothing");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return -1;
}

struct transfer {
    std::string_view name;
    std::string_view suffix;  ///< behind the mode in addresses
    nettcp::transfer_mode mode;
};

constexpr transfer transfers[] = {
    {"buffered", "", nettcp::transfer_mode::buffered},
    {"streamed", "-streamed", nettcp::transfer_mode::streamed},
    {"streamedrequest", "-streamedrequest", nettcp::transfer_mode::streamed_request},
    {"streamedresponse", "-streamedresponse", nettcp::transfer_mode::streamed_response},
};

/// The transfer of this name, or null.
const transfer* find_transfer(std::string_view name) {
    const auto* found = std::ranges::find(transfers, name, &transfer::name);
    return found == std::end(transfers) ? nullptr : found;
}

std::span<const interop::echo_case> cases_of(std::string_view group) {
    if (group == "echo")
        return interop::echo_cases();
    if (group == "chat")
        return interop::chat_cases();
    return group == "stream" ? interop::stream_cases() : std::span<const interop::echo_case>();
}

bool refuse(const std::string& what) {
    std::fprintf(stderr, "interop_client: %s\n", what.c_str());
    return false;
}

/// Whether all that was asked for can be done; says what cannot.
bool is_supported(const settings& chosen) {
    bool good = interop::find_encoding_mode(chosen.mode) != nullptr ||
                interop::security_of(chosen.mode, chosen.caller) ||
                refuse("mode " + chosen.mode + " is not supported yet");
    for (const std::string& transfer : chosen.transfer)
        good &= find_transfer(transfer) != nullptr || refuse("there is no transfer " + transfer);
    for (const std::string& group : chosen.groups)
        good &= !cases_of(group).empty() || refuse("group " + group + " is not supported yet");
    std::vector<interop::echo_case> known;
    for (const std::string& group : chosen.groups)
        known.insert(known.end(), cases_of(group).begin(), cases_of(group).end());
    for (const std::string& name : chosen.cases)
        good &= std::ranges::find(known, name, &interop::echo_case::name) != known.end() ||
                refuse("there is no case " + name);
    return good;
}

bool is_chosen(const settings& chosen, std::string_view name, const transfer& how) {
    const bool needs_session = name == "session-idle" || name.starts_with("duplex-");
    if (needs_session && how.mode != nettcp::transfer_mode::buffered)
        return false;
    return chosen.cases.empty() || std::ranges::find(chosen.cases, name) != chosen.cases.end();
}

/// The interop contract asks for limits that no test comes near.
nettcp::client_options options_for(const settings& chosen) {
    const auto patience = std::chrono::milliseconds(std::llround(chosen.timeout * 1000));
    nettcp::client_options options;
    if (const interop::encoding_mode* mode = interop::find_encoding_mode(chosen.mode)) {
        options.encoding = mode->encoding;
        options.addressing = mode->addressing;
        options.session.content_type = mode->content_type;
    }
    if (const auto security = interop::security_of(chosen.mode, chosen.caller))
        options.security = *security;
    options.open_timeout = patience;
    options.send_timeout = patience;
    options.close_timeout = patience;
    options.session.framing.max_message_size = 1u << 30;
    options.session.quotas.max_depth = 1u << 16;
    options.session.quotas.max_attributes = 1u << 16;
    return options;
}

/// Runs one case; returns why it failed, or nothing.
std::string problem_of(const interop::echo_case& which, const interop::target& where) {
    try {
        which.run(where);
        std::this_thread::sleep_for(where.pause);
        return {};
    } catch (const std::exception& problem) {
        std::string words = problem.what();
        std::ranges::replace(words, '\n', ' ');
        return words.empty() ? "an exception without words" : words;
    }
}

interop::target target_of(const settings& chosen, const transfer& how) {
    interop::target where{chosen.address + "/" + chosen.mode + std::string(how.suffix) + "/echo",
                          options_for(chosen)};
    where.options.transfer = how.mode;
    where.pause = std::chrono::milliseconds(chosen.pause);
    return where;
}

/// Runs one case and prints its line; whether it passed.
bool run_case(const settings& chosen, const transfer& how, const interop::echo_case& which) {
    const auto begun = std::chrono::steady_clock::now();
    const std::string problem = problem_of(which, target_of(chosen, how));
    const auto taken = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - begun);
    std::printf("%s %s/%s/%s %lldms%s%s\n", problem.empty() ? "PASS" : "FAIL", chosen.mode.c_str(),
                std::string(how.name).c_str(), std::string(which.name).c_str(),
                static_cast<long long>(taken.count()), problem.empty() ? "" : " ", problem.c_str());
    std::fflush(stdout);
    return problem.empty();
}

int run_cases(const settings& chosen) {
    int passed = 0;
    int failed = 0;
    for (const std::string& name : chosen.transfer) {
        const transfer& how = *find_transfer(name);
        for (const std::string& group : chosen.groups) {
            for (const interop::echo_case& each : cases_of(group)) {
                if (is_chosen(chosen, each.name, how))
                    ++(run_case(chosen, how, each) ? passed : failed);
            }
        }
    }
    std::printf("TOTAL pass=%d fail=%d\n", passed, failed);
    return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    settings chosen;
    if (const int code = parse(argc, argv, chosen); code >= 0)
        return code;
    if (!is_supported(chosen))
        return 2;
    try {
        while (chosen.address.ends_with('/'))
            chosen.address.pop_back();
        const transfer& how = *find_transfer(chosen.transfer.front());
        if (chosen.big != 0)
            interop::run_big_streams(target_of(chosen, how), chosen.big);
        else if (chosen.bench)
            interop::run_bench(target_of(chosen, how));
        else
            return run_cases(chosen);
        return 0;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "interop_client: %s\n", problem.what());
        return 1;
    }
}
