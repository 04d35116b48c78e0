#include "proxy_option.hpp"

#include "console.hpp"

#include <CLI/CLI.hpp>

namespace nettcp::cli {

void add_proxy_option(CLI::App& command, std::string& text) {
    command
        .add_option("--proxy", text,
                    "SOCKS5 proxy to connect through: socks5://[user:password@]host[:port]")
        ->type_name("URI");
}

std::optional<std::optional<socks5_proxy>> parse_proxy(const std::string& text) {
    if (text.empty())
        return std::optional<socks5_proxy>();
    auto parsed = socks5_proxy::parse(text);
    if (parsed)
        return std::move(*parsed);
    complain("--proxy: " + parsed.error().code.message() +
             "; write socks5://[user:password@]host[:port]");
    return std::nullopt;
}

}  // namespace nettcp::cli
