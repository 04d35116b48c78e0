#pragma once

#include <nettcp/client/client_options.hpp>
#include <nettcp/service/service_host.hpp>

#include <memory>
#include <optional>
#include <string>

namespace CLI {
class App;
}

namespace nettcp::cli {

/// What the user said about security, as words; `call` and `serve` understand most of them alike.
struct security_words {
    std::string security = "none";
    std::string spn;
    std::string upn;
    std::string dns;
    std::string thumbprint;
    std::string user;
    std::string password_file;
    std::string domain;
    std::string keytab;
    std::string package = "negotiate";
    std::string protection = "encrypt";
    std::string ca;
    std::string certificate;
    std::string key;
    bool allow_ntlm = false;
    bool insecure = false;
};

/// Adds the options of a caller, or of a host, to a subcommand. `words` outlives it.
void add_caller_options(CLI::App& command, security_words& words);
void add_host_options(CLI::App& command, security_words& words);

/// What the words mean; nothing, after a complaint, when they mean nothing together.
std::optional<client_security> caller_security(const security_words& words);
std::optional<service_security> host_security(const security_words& words);

/// Whether they say nothing that would go for one of the host's modes only; complains if they do.
bool fits_all_modes(const security_words& words);

/// Who the other side has proved to be, and what protects the session, in one line for people.
std::string to_text(const security::party& peer);

}  // namespace nettcp::cli
