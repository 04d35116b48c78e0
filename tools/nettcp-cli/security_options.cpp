// Decides what the words about security on the command line mean together, and which contradict
// each other.
#include "security_options.hpp"

#include "console.hpp"

#include <CLI/CLI.hpp>

namespace nettcp::cli {
namespace {

using security::protection_level;

protection_level level_of(const std::string& word) {
    if (word == "none")
        return protection_level::none;
    return word == "sign" ? protection_level::sign : protection_level::encrypt_and_sign;
}

security::package package_of(const std::string& word) {
    if (word == "kerberos")
        return security::package::kerberos;
    return word == "ntlm" ? security::package::ntlm : security::package::negotiate;
}

/// Options that say something about another security than the one chosen are mistakes: silence
/// would leave the user believing in them.
bool fits(const security_words& words, std::string_view wanted,
          std::initializer_list<std::pair<std::string_view, bool>> given) {
    for (const auto& [option, is_given] : given) {
        if (is_given && words.security != wanted) {
            complain(std::string(option) + " goes with --security " + std::string(wanted));
            return false;
        }
    }
    return true;
}

bool fits(const security_words& words) {
    return fits(words, "windows",
                {{"--upn", !words.upn.empty()},
                 {"--user", !words.user.empty()},
                 {"--password-file", !words.password_file.empty()},
                 {"--domain", !words.domain.empty()},
                 {"--keytab", !words.keytab.empty()},
                 {"--package", words.package != "negotiate"},
                 {"--protection", words.protection != "encrypt"},
                 {"--allow-ntlm", words.allow_ntlm}}) &&
           fits(words, "tls",
                {{"--thumbprint", !words.thumbprint.empty()},
                 {"--ca", !words.ca.empty()},
                 {"--cert", !words.certificate.empty()},
                 {"--key", !words.key.empty()},
                 {"--insecure", words.insecure}});
}

/// At most one of the ways to say who the service is.
std::optional<security::endpoint_identity> identity_of(const security_words& words) {
    security::endpoint_identity identity;
    int said = 0;
    if (!words.spn.empty() && ++said != 0)
        identity = security::spn_identity{words.spn};
    if (!words.upn.empty() && ++said != 0)
        identity = security::upn_identity{words.upn};
    if (!words.dns.empty() && ++said != 0)
        identity = security::dns_identity{words.dns};
    if (!words.thumbprint.empty() && ++said != 0)
        identity = security::thumbprint_identity{words.thumbprint};
    if (said <= 1)
        return identity;
    complain("say who the service is once: --spn, --upn, --identity-dns or --thumbprint");
    return std::nullopt;
}

std::optional<security::windows_credentials> credentials_of(const security_words& words) {
    if (!words.keytab.empty())
        return security::keytab_credentials{words.keytab, words.user};
    if (words.user.empty()) {
        if (words.password_file.empty() && words.domain.empty())
            return security::default_credentials{};
        complain("--password-file and --domain go with --user");
        return std::nullopt;
    }
    if (words.password_file.empty()) {
        complain("--user needs --password-file FILE, or - to read it from standard input");
        return std::nullopt;
    }
    auto text = read_input(words.password_file);
    if (!text)
        return std::nullopt;
    while (text->ends_with('\n') || text->ends_with('\r'))
        text->pop_back();
    security::password_credentials given{words.user, security::secret(*text), words.domain};
    text->assign(text->size(), '\0');
    return given;
}

std::optional<client_security> windows_caller(const security_words& words) {
    security::windows_client choice;
    auto identity = identity_of(words);
    auto credentials = credentials_of(words);
    if (!identity || !credentials)
        return std::nullopt;
    choice.identity = std::move(*identity);
    choice.credentials = std::move(*credentials);
    choice.protection = level_of(words.protection);
    choice.package = package_of(words.package);
    choice.allow_ntlm = words.allow_ntlm;
    return choice;
}

std::optional<client_security> tls_caller(const security_words& words) {
    security::tls_client choice;
    auto identity = identity_of(words);
    if (!identity)
        return std::nullopt;
    choice.identity = std::move(*identity);
    if (!words.ca.empty())
        choice.trust.ca_files.push_back(words.ca);
    choice.certificate.certificate_file = words.certificate;
    choice.certificate.key_file = words.key;
    choice.trust.insecure = words.insecure;
    if (words.insecure)
        print_error("nettcp: WARNING: --insecure: the service's certificate is not verified; "
                    "anybody on the path can read and alter what is said\n");
    return choice;
}

CLI::Option* one_of(CLI::App& command, const char* name, std::string& word, const char* text,
                    std::vector<std::string> choices) {
    return command.add_option(name, word, text)
        ->capture_default_str()
        ->check(CLI::IsMember(std::move(choices)));
}

}  // namespace

void add_caller_options(CLI::App& command, security_words& words) {
    one_of(command, "--security", words.security, "What protects the connection",
           {"none", "windows", "tls"});
    command.add_option("--spn", words.spn, "The service's SPN, such as host/server")
        ->type_name("SPN");
    command.add_option("--upn", words.upn, "The service's account, such as svc@REALM")
        ->type_name("UPN");
    command.add_option("--identity-dns", words.dns, "The service's DNS name, if not the host's")
        ->type_name("NAME");
    command.add_option("--thumbprint", words.thumbprint, "SHA-1 of the service's certificate")
        ->type_name("HEX");
    command.add_option("--user", words.user, "Call as this user; default: whoever is logged in");
    command.add_option("--password-file", words.password_file, "First line: the user's password")
        ->type_name("FILE|-");
    command.add_option("--domain", words.domain, "The user's domain or realm");
    command
        .add_option("--keytab", words.keytab, "Keytab with the user's key, instead of a password")
        ->type_name("FILE");
    one_of(command, "--package", words.package, "Security package",
           {"negotiate", "kerberos", "ntlm"});
    one_of(command, "--protection", words.protection, "Protection required",
           {"none", "sign", "encrypt"});
    command.add_flag("--allow-ntlm", words.allow_ntlm,
                     "Accept NTLM, which does not prove who the service is");
    command.add_option("--ca", words.ca, "Trust these CAs (PEM), not the system's")
        ->type_name("FILE");
    command.add_option("--cert", words.certificate, "Our certificate: PEM or PKCS#12")
        ->type_name("FILE");
    command.add_option("--key", words.key, "Its key, if not in the same file")->type_name("FILE");
    command.add_flag("--insecure", words.insecure, "Verify nothing of TLS: for tests only");
}

void add_host_options(CLI::App& command, security_words& words) {
    one_of(command, "--security", words.security, "Host one endpoint, whose callers must use this",
           {"none", "windows", "tls"});
    command.add_option("--spn", words.spn, "The only SPN that callers may have asked for")
        ->type_name("SPN");
    command.add_option("--keytab", words.keytab, "The service's keys, if not KRB5_KTNAME's")
        ->type_name("FILE");
    one_of(command, "--package", words.package, "What callers may authenticate by",
           {"negotiate", "kerberos", "ntlm"});
    one_of(command, "--protection", words.protection, "Protection required",
           {"none", "sign", "encrypt"});
    command.add_flag("--allow-ntlm", words.allow_ntlm, "Accept callers that use NTLM");
    command.add_option("--cert", words.certificate, "The host's certificate: PEM or PKCS#12")
        ->type_name("FILE");
    command.add_option("--key", words.key, "Its key, if not in the same file")->type_name("FILE");
    command.add_option("--ca", words.ca, "Require certificates of callers, from these CAs (PEM)")
        ->type_name("FILE");
}

std::optional<client_security> caller_security(const security_words& words) {
    if (!fits(words))
        return std::nullopt;
    if (words.security == "none") {
        if (identity_of(words) && words.spn.empty() && words.dns.empty())
            return client_security();
        complain("--spn and --identity-dns go with --security windows or tls");
        return std::nullopt;
    }
    return words.security == "tls" ? tls_caller(words) : windows_caller(words);
}

std::optional<service_security> host_security(const security_words& words) {
    if (!fits(words))
        return std::nullopt;
    if (words.security == "none")
        return std::optional<service_security>(std::in_place);
    if (words.security == "tls") {
        if (words.certificate.empty()) {
            complain("--security tls needs --cert");
            return std::nullopt;
        }
        security::tls_service choice;
        choice.certificate.certificate_file = words.certificate;
        choice.certificate.key_file = words.key;
        choice.require_client_certificate = !words.ca.empty();
        if (!words.ca.empty())
            choice.client_trust.ca_files.push_back(words.ca);
        return choice;
    }
    security::windows_service choice;
    choice.protection = level_of(words.protection);
    choice.keytab = words.keytab;
    choice.spn = words.spn;
    choice.allow_ntlm = words.allow_ntlm || words.package == "ntlm";
    choice.allow_kerberos = words.package != "ntlm";
    return choice;
}

bool fits_all_modes(const security_words& words) {
    return fits(words, "windows",
                {{"--spn", !words.spn.empty()},
                 {"--package", words.package != "negotiate"},
                 {"--protection", words.protection != "encrypt"},
                 {"--allow-ntlm", words.allow_ntlm}});
}

std::string to_text(const security::party& peer) {
    std::string text = peer.mechanism.empty() ? "the service proved no name" : peer.name;
    if (!peer.mechanism.empty())
        text += ", by " + peer.mechanism;
    if (!peer.tls_version.empty())
        text += ", " + peer.tls_version + " " + peer.tls_cipher;
    text += ", protection " + std::string(to_string(peer.protection));
    return text + (peer.mutual ? ", both sides proved who they are" : "");
}

}  // namespace nettcp::cli
