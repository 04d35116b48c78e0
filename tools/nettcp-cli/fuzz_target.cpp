#include "fuzz_target.hpp"

#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>

#include <CLI/CLI.hpp>

namespace nettcp::cli {
namespace {

using boost::asio::ip::tcp;

/// The addresses that `host` stands for, in the order in which they are to be tried; nothing, after
/// a complaint, when it has none, or when one of them is not of this machine and was not allowed.
std::optional<std::vector<tcp::endpoint>> allowed_addresses(const endpoint_address& where,
                                                            const std::string& allowed) {
    boost::asio::io_context context;
    tcp::resolver resolver(context);
    boost::system::error_code failed;
    const auto found = resolver.resolve(where.host(), std::to_string(where.port()), failed);
    if (failed) {
        complain("cannot find " + where.host() + ": " + failed.message());
        return std::nullopt;
    }
    std::vector<tcp::endpoint> all;
    for (const auto& one : found) {
        const tcp::endpoint address = one.endpoint();
        if (!address.address().is_loopback() && allowed != where.host()) {
            complain(where.host() + " is " + address.address().to_string() +
                     ", which is not this machine. What is sent may end the service there; if it "
                     "is yours to try, say so: --allow-remote " +
                     where.host());
            return std::nullopt;
        }
        all.push_back(address);
    }
    return all;
}

/// The first of them that accepts a connection; the first of all if none does.
tcp::endpoint reachable(const std::vector<tcp::endpoint>& all, std::chrono::milliseconds patience) {
    for (const tcp::endpoint& one : all) {
        if (play({one, patience}, {{fuzzing::step_type::reset}}).what.end !=
            fuzzing::ending::refused)
            return one;
    }
    return all.front();
}

}  // namespace

void add_target_options(CLI::App& command, target_words& words) {
    command.add_option("URL", words.url, "net.tcp://host[:port]/path")->required();
    command
        .add_option("--deadline", words.deadline,
                    "For connecting, for what the endpoint owes, and for its end of a connection")
        ->capture_default_str()
        ->type_name("TIME");
    command
        .add_option("--allow-remote", words.allowed_remote,
                    "The host of URL, when it is not this machine: it is yours to break")
        ->type_name("HOST");
}

std::optional<fuzz_target> find_target(const target_words& words, int& outcome) {
    outcome = wrong_usage;
    auto where = endpoint_address::parse(words.url);
    if (!where) {
        complain(words.url + ": " + where.error().code.message() +
                 "; an address looks like net.tcp://host:port/path");
        return std::nullopt;
    }
    const auto deadline = parse_time(words.deadline);
    if (!deadline)
        return std::nullopt;
    const auto addresses = allowed_addresses(*where, words.allowed_remote);
    if (!addresses || addresses->empty())
        return std::nullopt;
    const tcp::endpoint peer =
        addresses->size() == 1 ? addresses->front() : reachable(*addresses, *deadline);
    outcome = nothing_found;
    return fuzz_target{std::move(*where), {peer, *deadline}};
}

}  // namespace nettcp::cli
