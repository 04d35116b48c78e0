#pragma once

#include "endpoint_health.hpp"

#include <nettcp/net/endpoint_address.hpp>

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace nettcp::cli {

/// Who is tried, as it was typed.
struct target_words {
    std::string url;
    std::string allowed_remote;
    std::string deadline = "5s";
};

/// Adds URL, --deadline and --allow-remote to a subcommand. `words` outlives it.
void add_target_options(CLI::App& command, target_words& words);

/// Who is tried.
struct fuzz_target {
    endpoint_address where;
    play_route route;
};

/// Understands and checks it: an address of this machine, or one that was allowed by name. Nothing,
/// after a complaint, if it is not. The exit code is then in `outcome`.
std::optional<fuzz_target> find_target(const target_words& words, int& outcome);

}  // namespace nettcp::cli
