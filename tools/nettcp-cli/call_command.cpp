// Decides what a call from the command line is: where it goes, what its body says, and what exit
// code tells of its end.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "encoding_choice.hpp"
#include "proxy_option.hpp"
#include "reply_text.hpp"
#include "security_options.hpp"
#include "wire_watch.hpp"

#include <nettcp/client/client.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace nettcp::cli {
namespace {

using boost::system::error_code;

struct call_choices {
    std::string url;
    std::string to;
    std::string via;
    std::string proxy;
    std::string action;
    std::string body;
    std::string timeout = "60s";
    std::string encoding = "binary_session";
    std::uint64_t repeat = 1;
    bool one_way = false;
    security_words security;
    watch_choices watch;
};

/// Replies come from a service that the user chose: generous, but not without bound.
constexpr std::uint32_t max_reply_size = 256u << 20;

std::optional<endpoint_address> parse_address(const std::string& text) {
    const auto address = endpoint_address::parse(text);
    if (address)
        return *address;
    complain(text + ": " + address.error().code.message() +
             "; an address looks like net.tcp://host:port/path");
    return std::nullopt;
}

/// The body as the user gave it: literally, from a file (`@name`), or from standard input (`-`).
std::optional<std::string> body_text(const std::string& given) {
    if (given == "-")
        return read_input("-");
    if (given.starts_with('@'))
        return read_input(given.substr(1));
    return given;
}

void write_body(nbfx::writer& out, std::string_view text) {
    if (!text.empty())
        xml::text_to_nbfx(text, out);  // a failure is recorded in `out`
}

/// Says what is wrong with a body before anything is sent.
bool check_body(std::string_view text) {
    octet_buffer scratch;
    nbfx::writer writer;
    writer.open(scratch);
    writer.start_element("", "body", "");
    if (text.empty())
        return true;
    const auto read = xml::text_to_nbfx(text, writer);
    if (read)
        return true;
    const auto place = xml::position_in(text, read.error().at);
    complain("the body is not XML that can be sent: line " + std::to_string(place.line) +
             ", column " + std::to_string(place.column) + ": " + read.error().code.message());
    return false;
}

int exit_code_of(const diagnostics& why) {
    return why.blame() == cause::local ? local_error : peer_failed;
}

class caller {
public:
    caller(const call_choices& choices, client& service, std::string body)
        : choices_(choices), service_(service), body_(std::move(body)) {}

    /// Makes all the calls; stops at the first that fails.
    int run() {
        int outcome = success;
        for (std::uint64_t number = 1; number <= choices_.repeat; ++number) {
            const int ended = choices_.one_way ? send(number) : call(number);
            if (ended != success && ended != answered_with_fault)
                return ended;
            outcome = std::max(outcome, ended);
        }
        return close(outcome);
    }

private:
    int send(std::uint64_t number) {
        error_code code;
        diagnostics why;
        service_.send(
            choices_.action, [this](nbfx::writer& out) { write_body(out, body_); }, code, &why);
        if (code)
            return fail(why, number);
        if (choices_.watch.json)
            print(json_sent(number));
        return success;
    }

    int call(std::uint64_t number) {
        error_code code;
        diagnostics why;
        reply answer = service_.call(
            choices_.action, [this](nbfx::writer& out) { write_body(out, body_); }, code, &why);
        if (code)
            return fail(why, number);
        if (const auto peer = service_.peer(); peer && number == 1 && choices_.watch.show)
            print_error("session: " + for_terminal(to_text(*peer)) + "\n");
        const answer_text shown =
            choices_.watch.json ? json_answer(answer, number) : human_answer(answer);
        if (!shown.readable) {
            why.stage = stage::receive;
            why.set(shown.failure);
            why.endpoint = service_.address().uri();
            return fail(why, number);
        }
        print(shown.text);
        return shown.is_fault ? answered_with_fault : success;
    }

    /// An answer that came stays good when the session ends badly; a one-way message may be lost.
    int close(int outcome) {
        error_code code;
        diagnostics why;
        service_.close(code, &why);
        if (!code)
            return outcome;
        complain("the session did not end well: " + why.message());
        return choices_.one_way ? exit_code_of(why) : outcome;
    }

    int fail(const diagnostics& why, std::uint64_t number) {
        if (choices_.watch.json)
            print(json_failure(why, number));
        complain(why.message());
        return exit_code_of(why);
    }

    const call_choices& choices_;
    client& service_;
    std::string body_;
};

int call(const call_choices& choices) {
    const auto url = parse_address(choices.url);
    if (!url)
        return local_error;
    const auto to = choices.to.empty() ? url : parse_address(choices.to);
    const auto via = choices.via.empty() ? url : parse_address(choices.via);
    if (!to || !via)
        return local_error;
    const auto timeout = parse_time(choices.timeout);
    if (!timeout)
        return local_error;
    const auto encoding = parse_encoding(choices.encoding);
    if (!encoding)
        return local_error;
    auto security = caller_security(choices.security);
    if (!security)
        return local_error;
    auto proxy = parse_proxy(choices.proxy);
    if (!proxy)
        return local_error;
    auto body = body_text(choices.body);
    if (!body || !check_body(*body))
        return local_error;

    wire_watch watch(choices.watch, "nettcp call " + to->uri());
    client_options options;
    options.open_timeout = options.send_timeout = options.close_timeout = *timeout;
    options.idle_timeout = {};
    options.encoding = *encoding;
    options.security = std::move(*security);
    options.session.framing.max_message_size = max_reply_size;
    if (*via != *to)
        options.via = *via;
    options.proxy = std::move(*proxy);
    options.tap = watch.tap();
    int outcome = success;
    {
        client service(*to, std::move(options));
        outcome = caller(choices, service, std::move(*body)).run();
    }  // no octets pass any more
    if (!watch.finish()) {
        complain("cannot write " + choices.watch.record);
        return outcome == success ? local_error : outcome;
    }
    return outcome;
}

}  // namespace

void add_call_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("call", "Call a service and print its reply");
    auto choices = std::make_shared<call_choices>();
    command->add_option("URL", choices->url, "net.tcp://host[:port]/path")->required();
    command->add_option("--action", choices->action, "The operation's action")
        ->required()
        ->type_name("URI");
    command->add_option("--body", choices->body, "The body's element; none: an empty body")
        ->type_name("XML|@FILE|-");
    command->add_flag("--one-way", choices->one_way, "Send, and expect no reply");
    command->add_option("--repeat", choices->repeat, "Call so often, over one session")
        ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 53))
        ->type_name("N");
    command->add_option("--timeout", choices->timeout, "For each call, connecting included")
        ->capture_default_str()
        ->type_name("TIME");
    command
        ->add_option("--encoding", choices->encoding,
                     "How messages are encoded: " + encoding_names())
        ->capture_default_str()
        ->type_name("NAME");
    command->add_option("--to", choices->to, "Address that messages carry in To, if not URL")
        ->type_name("URI");
    command->add_option("--via", choices->via, "Address to connect to, if not URL")
        ->type_name("URI");
    add_proxy_option(*command, choices->proxy);
    add_caller_options(*command, choices->security);
    command->add_flag("-v,--verbose", choices->watch.show,
                      "Show records and envelopes on stderr as they go");
    command->add_option("--record", choices->watch.record, "Write what passes; see nettcp decode")
        ->type_name("FILE");
    command->add_flag("--json", choices->watch.json, "One JSON object per line and call");
    command->footer(
        "The reply's body goes to stdout as indented XML, a fault in words.\n\n"
        "Examples:\n"
        "  nettcp call net.tcp://localhost:9000/none/echo \\\n"
        "      --action http://peers.test/svc/IEcho/Echo \\\n"
        "      --body '<Echo xmlns=\"http://peers.test/svc\"><text>hi</text></Echo>'\n"
        "  nettcp call URL --action URI --body @request.xml --timeout 5s -v\n"
        "  nettcp call URL --action URI --body - --one-way <request.xml\n"
        "  nettcp call URL --action URI --security windows --spn host/server\n"
        "  nettcp call URL --action URI --security tls --ca ca.crt --cert me.crt --key me.key\n\n"
        "Exit codes: 0 answered (one-way: sent); 1 wrong usage, or a body that is no XML; 2 the\n"
        "service answered with a fault; 3 no connection, a timeout, or a peer that broke a rule.");
    command->callback([choices, &outcome] { outcome = call(*choices); });
}

}  // namespace nettcp::cli
