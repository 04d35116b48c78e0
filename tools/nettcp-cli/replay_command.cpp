// Decides what of a transcript is sent again, and whether the endpoint has taken harm.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "fuzz_target.hpp"

#include <fuzzing/fuzz_case.hpp>
#include <fuzzing/samples.hpp>

#include <boost/json.hpp>

#include <CLI/CLI.hpp>

#include <memory>

namespace nettcp::cli {
namespace {

namespace json = boost::json;

struct replay_words {
    target_words target;
    std::string file;
    std::string max_pause = "5s";
    std::string record;
    bool hurry = false;
    bool rewrite_via = false;
    bool json = false;
};

/// The connections of a transcript; nothing, after a complaint, when they cannot be had.
std::optional<std::map<std::uint32_t, fuzzing::script>>
read_scripts(const replay_words& words, const endpoint_address& where) {
    const auto max_pause = parse_time(words.max_pause);
    const auto content = max_pause ? read_input(words.file) : std::nullopt;
    if (!content)
        return std::nullopt;
    auto read = fuzzing::scripts_of(*content, {words.hurry, *max_pause});
    if (read.damaged_line != 0) {
        complain(words.file + ", line " + std::to_string(read.damaged_line) +
                 ": neither octets in hexadecimal nor a comment");
        return std::nullopt;
    }
    if (read.has_upgrades) {
        complain(words.file + ": there are octets from inside an upgrade in it, which cannot be "
                              "sent again: they were protected by keys of their own");
        return std::nullopt;
    }
    if (read.connections.empty()) {
        complain(words.file + ": the client says nothing in it");
        return std::nullopt;
    }
    if (!words.rewrite_via)
        return std::move(read.connections);
    std::map<std::uint32_t, fuzzing::script> rewritten;
    for (auto& one : fuzzing::recorded_samples(*content, "")) {
        fuzzing::retarget(one.pieces, where.uri());
        rewritten.emplace(static_cast<std::uint32_t>(rewritten.size() + 1), render(one));
    }
    return rewritten;
}

class replayer {
public:
    replayer(const replay_words& words, const fuzz_target& target)
        : words_(words), target_(target), check_(target.route, turns_, probe(target)) {}

    int run(const std::map<std::uint32_t, fuzzing::script>& connections) {
        if (!check_.learn()) {
            complain(target_.where.uri() + " does not open a session: " + check_.said());
            return no_endpoint;
        }
        bool overdue = false;
        std::string recorded;
        for (const auto& [number, steps] : connections) {
            turns_.wait();
            const played done = play(target_.route, steps);
            overdue |= !done.what.overdue.empty();
            tell(number, steps, done.what);
            recorded += fuzzing::transcript_of(done.entries);
        }
        const bool kept = words_.record.empty() || keep(recorded);
        const int outcome = judge(overdue);
        return outcome == nothing_found && !kept ? static_cast<int>(wrong_usage) : outcome;
    }

private:
    static fuzzing::script probe(const fuzz_target& target) {
        fuzzing::endpoint_facts facts;
        facts.via = target.where.uri();
        return render(empty_session(facts));
    }

    void tell(std::uint32_t number, const fuzzing::script& steps, const fuzzing::outcome& came) {
        const std::size_t sent = fuzzing::octets_of(steps).size();
        if (words_.json)
            print(json::serialize(json::object{{"conn", number},
                                               {"octets", sent},
                                               {"answer", as_utf8(to_text(came))},
                                               {"received", came.received.size()},
                                               {"overdue", came.overdue}}) +
                  "\n");
        else
            print(for_terminal("connection " + std::to_string(number) + ": " +
                               std::to_string(sent) + " octets: " + to_text(came)) +
                  "\n");
        flush_output();
    }

    int judge(bool overdue) {
        const health now = check_.ask();
        const std::string text =
            now == health::good     ? "the endpoint is as well as before"
            : now == health::gone   ? "the endpoint accepts no connections any more"
            : now == health::silent ? "the endpoint answers nobody any more"
                                    : "the endpoint answers others differently";
        if (words_.json)
            print(json::serialize(json::object{{"url", target_.where.uri()},
                                               {"well", now == health::good},
                                               {"message", text}}) +
                  "\n");
        else
            print(text + "\n");
        return now == health::good && !overdue ? nothing_found : trouble_found;
    }

    bool keep(const std::string& text) {
        std::FILE* file = std::fopen(words_.record.c_str(), "wb");
        const bool written =
            file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
        if (file != nullptr && std::fclose(file) == 0 && written)
            return true;
        complain("cannot write " + words_.record);
        return false;
    }

    const replay_words& words_;
    const fuzz_target& target_;
    pace turns_{1000};
    health_check check_;
};

int replay(const replay_words& words) {
    int outcome = nothing_found;
    const auto target = find_target(words.target, outcome);
    if (!target)
        return outcome;
    const auto connections = read_scripts(words, target->where);
    if (!connections)
        return wrong_usage;
    return replayer(words, *target).run(*connections);
}

}  // namespace

void add_replay_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("replay", "Send a recorded conversation again");
    auto words = std::make_shared<replay_words>();
    command
        ->add_option("FILE", words->file, "A transcript, as of nettcp fuzz or nettcp call --record")
        ->required();
    add_target_options(*command, words->target);
    command->add_flag("--hurry", words->hurry, "Leave out the pauses between two writes");
    command
        ->add_option("--max-pause", words->max_pause,
                     "No pause, and no wait for an answer, is longer")
        ->capture_default_str()
        ->type_name("TIME");
    command->add_flag("--rewrite-via", words->rewrite_via,
                      "Send the via of URL instead of the one recorded; records go out one by one");
    command->add_option("--record", words->record, "Write what passes; see nettcp decode")
        ->type_name("FILE");
    command->add_flag("--json", words->json, "One JSON object per line");
    command->footer(
        "What the client sent goes out again, with the same writes, pauses and ends (# C>S FIN,\n"
        "# C>S RST); behind each answer recorded it waits for as many octets. Connections are "
        "made\n"
        "one after the other. Then a session is opened, to see how the endpoint is.\n\n"
        "Examples:\n"
        "  nettcp replay crash-1-17.txt net.tcp://localhost:9000/none/echo\n"
        "  nettcp replay conversation.txt net.tcp://localhost:9000/other --rewrite-via\n\n"
        "Exit codes: 0 the endpoint answered, or ended the connection, and is well; 1 it did not,\n"
        "or is not; 2 wrong usage, or a file that cannot be sent; 3 the endpoint is not there, or\n"
        "not well before anything was sent.");
    command->callback([words, &outcome] { outcome = replay(*words); });
}

}  // namespace nettcp::cli
