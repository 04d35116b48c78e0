// Decides which preambles tell what an endpoint takes, and what a caller must configure for it.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "probe.hpp"
#include "proxy_option.hpp"

#include <boost/json.hpp>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <vector>

namespace nettcp::cli {
namespace {

namespace json = boost::json;
using framing::encoding;
using framing::mode;
using kind = probe_answer::kind;
using upgrade_choice = std::optional<framing::upgrade>;

struct probe_choices {
    std::string url;
    std::string timeout = "5s";
    std::string proxy;
    bool json = false;
};

constexpr std::array<upgrade_choice, 3> upgrades{upgrade_choice(), framing::upgrade::negotiate,
                                                 framing::upgrade::tls};

constexpr std::array encodings{encoding::binary_session,
                               encoding::binary,
                               encoding::binary_session_gzip,
                               encoding::binary_session_deflate,
                               encoding::binary_gzip,
                               encoding::binary_deflate,
                               encoding::soap12_utf8,
                               encoding::soap12_utf16,
                               encoding::soap12_utf16be,
                               encoding::soap11_utf8,
                               encoding::soap11_utf16,
                               encoding::soap11_utf16be,
                               encoding::mtom};

/// Where to look for the security that an endpoint wants: peers that refuse a mode or an encoding
/// often do so without a word, and then no upgrade is answered either.
constexpr std::array<std::pair<mode, encoding>, 4> starts{
    std::pair{mode::duplex, encoding::binary_session},
    std::pair{mode::singleton_unsized, encoding::binary},
    std::pair{mode::duplex, encoding::soap12_utf8}, std::pair{mode::duplex, encoding::soap11_utf8}};

std::string_view name_of(const upgrade_choice& upgrade) {
    if (!upgrade)
        return "none";
    return *upgrade == framing::upgrade::tls ? "tls" : "windows";
}

struct finding {
    probe_question asked;
    probe_answer answer;
    bool accepted() const noexcept { return answer.what == kind::accepted; }
};

class prober {
public:
    explicit prober(const probe_route& route) : route_(route) {}

    /// Asks all that is needed. False: nobody to ask, or no net.tcp endpoint.
    bool run() {
        for (const auto& [how, encoded] : starts) {
            security_.clear();
            for (const auto& upgrade : upgrades) {
                security_.push_back(ask({how, encoded, upgrade}));
                if (is_hopeless(security_.back().answer))
                    return false;
            }
            if (working() != nullptr)
                break;
        }
        if (working() == nullptr)
            return true;
        const upgrade_choice upgrade = working()->asked.upgrade;
        for (const mode how : {mode::duplex, mode::singleton_unsized}) {
            for (const encoding encoded : encodings)
                envelopes_.push_back(ask({how, encoded, upgrade}));
        }
        return true;
    }

    const std::vector<finding>& security() const noexcept { return security_; }
    const std::vector<finding>& envelopes() const noexcept { return envelopes_; }
    /// The first security that was accepted; null if none was.
    const finding* working() const noexcept {
        for (const finding& found : security_) {
            if (found.accepted())
                return &found;
        }
        return nullptr;
    }
    bool accepts(mode how, encoding encoded) const noexcept {
        for (const finding& found : envelopes_) {
            if (found.accepted() && found.asked.mode == how && found.asked.encoding == encoded)
                return true;
        }
        return false;
    }
    /// How many encodings are accepted in a mode.
    std::size_t count(mode how) const noexcept {
        return static_cast<std::size_t>(
            std::ranges::count_if(envelopes_, [how](const finding& found) {
                return found.accepted() && found.asked.mode == how;
            }));
    }

private:
    finding ask(const probe_question& question) { return {question, probe(route_, question)}; }

    /// Further questions would get the same answer.
    static bool is_hopeless(const probe_answer& answer) {
        return answer.what == kind::unreachable || answer.what == kind::silent ||
               answer.what == kind::other ||
               (answer.what == kind::faulted && answer.said.ends_with("/EndpointNotFound"));
    }

    const probe_route& route_;
    std::vector<finding> security_;
    std::vector<finding> envelopes_;
};

std::string_view transfer_of(mode how) {
    return how == mode::duplex ? "buffered" : "streamed";
}

/// A host that takes compressed envelopes answers with such, even if its preamble is content with
/// plain ones as well (CoreWCF).
std::string encoding_advice(const prober& found, mode how) {
    const bool duplex = how == mode::duplex;
    if (found.count(how) == encodings.size())
        return "an encoding that the host does not check here; binary is the default";
    if (found.accepts(how, duplex ? encoding::binary_session_gzip : encoding::binary_gzip))
        return "the binary encoding with CompressionFormat.GZip";
    if (found.accepts(how, duplex ? encoding::binary_session_deflate : encoding::binary_deflate))
        return "the binary encoding with CompressionFormat.Deflate";
    if (found.accepts(how, duplex ? encoding::binary_session : encoding::binary))
        return "the default binary encoding";
    if (found.count(how) != 1)
        return "one of the encodings above";
    const auto only = std::ranges::find_if(
        encodings, [&](encoding encoded) { return found.accepts(how, encoded); });
    return "the encoding " + std::string(framing::content_type(*only));
}

/// What a caller must configure, as WCF names it.
std::string advice(const prober& found, const endpoint_address& where) {
    if (found.security().back().answer.what == kind::faulted &&
        found.security().back().answer.said.ends_with("/EndpointNotFound"))
        return "The host speaks net.tcp, but has no endpoint at " + where.uri() + ".";
    if (found.working() == nullptr)
        return "No security, mode and encoding that was tried is accepted. A host that resets\n"
               "connections may do so because it wants none of these, or for lack of an endpoint.";
    std::string text = "A caller needs: NetTcpBinding, ";
    if (!found.security()[0].accepted()) {
        text += "SecurityMode.Transport with ";
        for (std::size_t i = 1, said = 0; i < found.security().size(); ++i) {
            if (!found.security()[i].accepted())
                continue;
            text += said++ == 0 ? "" : " or ";
            text += found.security()[i].asked.upgrade == framing::upgrade::tls
                        ? "a TLS credential type (None or Certificate)"
                        : "Windows credentials";
        }
    } else {
        text += "SecurityMode.None";
    }
    const mode how = found.count(mode::duplex) != 0 ? mode::duplex : mode::singleton_unsized;
    text += how == mode::duplex ? ", TransferMode.Buffered, " : ", TransferMode.Streamed, ";
    return text + encoding_advice(found, how) + ".";
}

void print_human(const prober& found, const endpoint_address& where) {
    std::string text = where.uri();
    if (!found.security().empty() && !found.security().back().answer.peer.empty())
        text += "  (" + found.security().back().answer.peer + ")";
    text += "\n\nsecurity\n";
    for (const finding& one : found.security()) {
        std::string name(name_of(one.asked.upgrade));
        name.resize(10, ' ');
        text += "  " + name + to_text(one.answer) + "\n";
    }
    for (const mode how : {mode::duplex, mode::singleton_unsized}) {
        if (found.envelopes().empty())
            break;
        text += std::string(transfer_of(how)) + " transfer, encodings accepted\n";
        bool any = false;
        for (const encoding encoded : encodings) {
            if (found.accepts(how, encoded)) {
                text += "  " + std::string(framing::content_type(encoded)) + "\n";
                any = true;
            }
        }
        if (!any)
            text += "  none\n";
    }
    print(for_terminal(text + "\n" + advice(found, where) + "\n"));
}

void print_json(const prober& found, const endpoint_address& where) {
    const auto listed = [](const std::vector<finding>& all) {
        json::array out;
        for (const finding& one : all) {
            json::object row{{"security", name_of(one.asked.upgrade)},
                             {"mode", framing::to_string(one.asked.mode)},
                             {"encoding", framing::to_string(one.asked.encoding)},
                             {"accepted", one.accepted()},
                             {"answer", as_utf8(to_text(one.answer))}};
            if (one.answer.what == kind::faulted)
                row["fault"] = as_utf8(one.answer.said);
            out.push_back(std::move(row));
        }
        return out;
    };
    print(json::serialize(json::object{{"url", where.uri()},
                                       {"security", listed(found.security())},
                                       {"encodings", listed(found.envelopes())},
                                       {"advice", advice(found, where)}}) +
          "\n");
}

int probe_endpoint(const probe_choices& choices) {
    const auto where = endpoint_address::parse(choices.url);
    if (!where) {
        complain(choices.url + ": " + where.error().code.message() +
                 "; an address looks like net.tcp://host:port/path");
        return local_error;
    }
    const auto patience = parse_time(choices.timeout);
    if (!patience)
        return local_error;
    const auto proxy = parse_proxy(choices.proxy);
    if (!proxy)
        return local_error;
    const probe_route route{*where, *patience, *proxy};
    prober asks(route);
    const bool found = asks.run();
    if (choices.json)
        print_json(asks, *where);
    else if (found || asks.security().back().answer.what == kind::faulted)
        print_human(asks, *where);
    else
        complain(where->uri() + ": " + to_text(asks.security().back().answer));
    return found && asks.working() != nullptr ? success : peer_failed;
}

}  // namespace

void add_probe_command(CLI::App& app, int& outcome) {
    auto* command =
        app.add_subcommand("probe", "Tell what an endpoint accepts, without logging in");
    auto choices = std::make_shared<probe_choices>();
    command->add_option("URL", choices->url, "net.tcp://host[:port]/path")->required();
    command->add_option("--timeout", choices->timeout, "For each connection")
        ->capture_default_str()
        ->type_name("TIME");
    add_proxy_option(*command, choices->proxy);
    command->add_flag("--json", choices->json, "One JSON object");
    command->footer(
        "Makes up to 38 connections, one after the other. Each says in its preamble which\n"
        "security, mode and encoding it wants and ends at the answer: no handshake is begun, no\n"
        "credential sent. Hosts that do not hold clients to their TransferMode (CoreWCF) accept\n"
        "both modes, and any encoding of a streamed preamble: buffered ones tell.\n\n"
        "Examples:\n"
        "  nettcp probe net.tcp://server:808/service\n"
        "  nettcp probe net.tcp://server:808/service --json\n"
        "  nettcp probe net.tcp://server:808/service --proxy socks5://gateway:1080\n\n"
        "Exit codes: 0 found out; 1 wrong usage; 3 no connection, no endpoint there, or nothing\n"
        "that was tried is accepted.");
    command->callback([choices, &outcome] { outcome = probe_endpoint(*choices); });
}

}  // namespace nettcp::cli
