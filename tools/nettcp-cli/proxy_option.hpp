#pragma once

#include <nettcp/net/socks5_proxy.hpp>

#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace nettcp::cli {

/// Adds `--proxy` to a subcommand. `text` outlives it.
void add_proxy_option(CLI::App& command, std::string& text);

/// What `--proxy` says: no proxy when it is empty. Nothing at all, after a complaint, when it
/// cannot be understood.
std::optional<std::optional<socks5_proxy>> parse_proxy(const std::string& text);

}  // namespace nettcp::cli
