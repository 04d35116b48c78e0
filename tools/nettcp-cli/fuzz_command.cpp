// Decides what to fuzz an endpoint with, from what the user says of it.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "encoding_choice.hpp"
#include "fuzz_report.hpp"
#include "fuzz_target.hpp"

#include <fuzzing/samples.hpp>

#include <nettcp/xml/text_to_nbfx.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

namespace nettcp::cli {
namespace {

struct fuzz_choices {
    target_words target;
    std::vector<std::string> recordings;
    bool keep_via = false;
    std::string action;
    std::string body;
    std::string encoding = "binary_session";
    std::uint64_t seed = 1;
    std::uint64_t cases = 1000;
    std::uint64_t first = 0;
    std::optional<std::uint64_t> only_case;
    std::uint64_t seconds = 60;
    unsigned rate = 200;
    std::vector<std::string> families;
    std::vector<std::string> wanted;
    std::size_t findings = 10;
    unsigned tries = 60;
    std::string restart;
    std::string recovery = "10s";
    std::string folder = ".";
    bool dry_run = false;
    bool json = false;
    bool verbose = false;
};

/// What the names stand for; all of them when there are none.
template <class Enum>
std::vector<Enum> named(const std::vector<std::string>& names, std::size_t count) {
    std::vector<Enum> all;
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = static_cast<Enum>(i);
        if (names.empty() || std::ranges::find(names, to_string(value)) != names.end())
            all.push_back(value);
    }
    return all;
}

template <class Enum>
std::vector<std::string> names_of(std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < count; ++i)
        all.emplace_back(to_string(static_cast<Enum>(i)));
    return all;
}

std::optional<fuzzing::endpoint_facts> facts_of(const fuzz_choices& choices,
                                                const endpoint_address& where) {
    const auto encoding = parse_encoding(choices.encoding);
    if (!encoding)
        return std::nullopt;
    fuzzing::endpoint_facts facts;
    facts.via = where.uri();
    facts.action = choices.action.empty() ? "urn:nettcp-fuzz" : choices.action;
    facts.encoding = *encoding;
    if (choices.body.empty())
        return facts;
    octet_buffer scratch;
    nbfx::writer writer;
    writer.open(scratch);
    writer.start_element("", "body", "");
    if (!xml::text_to_nbfx(choices.body, writer)) {
        complain("--body is not XML that can be sent");
        return std::nullopt;
    }
    facts.body = [body = choices.body](nbfx::writer& out) { xml::text_to_nbfx(body, out); };
    return facts;
}

/// Recorded conversations first, if there are any: those are the endpoint's own.
std::optional<fuzzing::plan> plan_of(const fuzz_choices& choices,
                                     const fuzzing::endpoint_facts& facts) {
    fuzzing::plan made;
    made.seed = choices.seed;
    made.mutations =
        fuzzing::mutations_of(named<fuzzing::family>(choices.families, fuzzing::family_count));
    for (const std::string& name : choices.recordings) {
        const auto content = read_input(name);
        if (!content)
            return std::nullopt;
        auto recorded = fuzzing::recorded_samples(*content, name);
        if (recorded.empty()) {
            complain(name + ": there is no conversation in it that a client could have again");
            return std::nullopt;
        }
        for (fuzzing::sample& one : recorded) {
            if (!choices.keep_via)
                fuzzing::retarget(one.pieces, facts.via);
            made.samples.push_back(std::move(one));
        }
    }
    made.preferred = made.samples.empty() ? 3 : made.samples.size();
    for (fuzzing::sample& one : fuzzing::generated_samples(facts))
        made.samples.push_back(std::move(one));
    return made;
}

/// The preamble of the bystander's session.
fuzzing::script preamble_of(fuzzing::sample session) {
    auto& pieces = session.pieces;
    while (!pieces.empty() && type_of(pieces.back()) != framing::record_type::preamble_end)
        pieces.pop_back();
    return render(session);
}

class fuzz_run {
public:
    fuzz_run(const fuzz_choices& choices, fuzz_target target, fuzzing::endpoint_facts facts,
             fuzzing::plan plan)
        : choices_(choices),
          target_(std::move(target)),
          facts_(std::move(facts)),
          plan_(std::move(plan)),
          turns_(choices.rate),
          frame_{target_.where.uri(), choices.seed, choices.folder, choices.json} {}

    int run(const campaign_limits& limits) {
        health_check check(target_.route, turns_, probe());
        if (!check.learn()) {
            complain(frame_.url + " does not open a session: " + check.said() +
                     "; nettcp probe tells what it takes");
            return no_endpoint;
        }
        std::size_t number = 0;
        bool written = true;
        play_route hurried = target_.route;
        if (!limits.wanted.contains(trouble::hang) &&
            !limits.wanted.contains(trouble::inconsistent))
            hurried.deadline = std::min(hurried.deadline, std::chrono::milliseconds(1000));
        campaign all(hurried, turns_, check, plan_, limits);
        const campaign_result result = all.run(
            preamble_of(empty_session(facts_)),
            [&](const finding_report& found) {
                const std::string file = write_finding(frame_, found);
                written &= !file.empty();
                print_finding(frame_, found, ++number, file);
            },
            [this](const fuzzing::fuzz_case& tried, const fuzzing::outcome& came) {
                if (choices_.verbose)
                    print_error(for_terminal("case " + std::to_string(tried.number) + ": " +
                                             tried.what + ": " + to_text(came)) +
                                "\n");
            });
        print_result(frame_, result, turns_.count(), check.hiccups());
        if (result.findings != 0)
            return trouble_found;
        return result.endpoint_lost ? no_endpoint : nothing_found;
    }

    int show(const campaign_limits& limits) {
        for (std::uint64_t i = 0; i < limits.cases; ++i)
            print_case(frame_, make_case(plan_, limits.first_case + i));
        return nothing_found;
    }

private:
    /// A conversation of the endpoint's own, or, when nothing is known of those, an empty session.
    fuzzing::script probe() const {
        if (!choices_.recordings.empty())
            return render(plan_.samples.front());
        return render(choices_.action.empty() ? empty_session(facts_) : request_session(facts_));
    }

    const fuzz_choices& choices_;
    fuzz_target target_;
    fuzzing::endpoint_facts facts_;
    fuzzing::plan plan_;
    pace turns_;
    report_frame frame_;
};

int fuzz(const fuzz_choices& choices) {
    int outcome = nothing_found;
    auto target = find_target(choices.target, outcome);
    if (!target)
        return outcome;
    const auto recovery = parse_time(choices.recovery);
    if (!recovery)
        return wrong_usage;
    auto facts = facts_of(choices, target->where);
    if (!facts)
        return wrong_usage;
    auto plan = plan_of(choices, *facts);
    if (!plan)
        return wrong_usage;
    campaign_limits limits;
    limits.first_case = choices.only_case.value_or(choices.first);
    limits.cases = choices.only_case ? 1 : choices.cases;
    limits.time = std::chrono::seconds(choices.seconds);
    limits.findings = choices.findings;
    limits.tries = choices.tries;
    limits.recovery = *recovery;
    limits.restart = choices.restart;
    for (const trouble what : named<trouble>(choices.wanted, trouble_count))
        limits.wanted.insert(what);
    fuzz_run run(choices, std::move(*target), std::move(*facts), std::move(*plan));
    return choices.dry_run ? run.show(limits) : run.run(limits);
}

void add_what_to_send(CLI::App& command, fuzz_choices& choices) {
    command
        .add_option("--from", choices.recordings,
                    "Transcripts with conversations to start from, besides made ones")
        ->type_name("FILE")
        ->allow_extra_args(false);
    command.add_flag("--keep-via", choices.keep_via,
                     "Send the via of --from as recorded, not the one of URL");
    command.add_option("--action", choices.action, "An operation of the service, for requests")
        ->type_name("URI");
    command.add_option("--body", choices.body, "Its body")->type_name("XML");
    command
        .add_option("--encoding", choices.encoding, "What the endpoint takes: " + encoding_names())
        ->capture_default_str()
        ->type_name("NAME");
    command
        .add_option("--mutate", choices.families,
                    "What is changed: records, fields, envelopes, chunking, timing; all without it")
        ->delimiter(',')
        ->check(CLI::IsMember(names_of<fuzzing::family>(fuzzing::family_count)));
    command.add_option("--seed", choices.seed, "Which cases")->capture_default_str();
    auto* cases = command.add_option("--cases", choices.cases, "How many")
                      ->capture_default_str()
                      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1} << 53));
    command.add_option("--first", choices.first, "The number of the first")->capture_default_str();
    command.add_option("--case", choices.only_case, "Only the one of this number")
        ->excludes(cases)
        ->type_name("K");
}

void add_how_far(CLI::App& command, fuzz_choices& choices) {
    command.add_option("--seconds", choices.seconds, "No case begins later")
        ->capture_default_str()
        ->check(CLI::Range(1, 30 * 86'400));
    command.add_option("--rate", choices.rate, "Connections a second, at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command
        .add_option("--find", choices.wanted,
                    "What is looked for: crash, stuck, changed, bystander, hang, inconsistent; all "
                    "without it")
        ->delimiter(',')
        ->check(CLI::IsMember(names_of<trouble>(trouble_count)));
    command.add_option("--max-findings", choices.findings, "End after so many")
        ->capture_default_str()
        ->check(CLI::Range(1, 100'000));
    command
        .add_option("--max-tries", choices.tries, "Of making a finding smaller; 0: report it as is")
        ->capture_default_str()
        ->check(CLI::Range(0, 100'000));
    command
        .add_option("--restart", choices.restart,
                    "Starts the endpoint again when it is gone, and returns")
        ->type_name("COMMAND");
    command.add_option("--recovery", choices.recovery, "How long it may take to be back")
        ->capture_default_str()
        ->type_name("TIME");
    command.add_option("--out", choices.folder, "Where transcripts of findings go")
        ->capture_default_str()
        ->type_name("FOLDER")
        ->check(CLI::ExistingDirectory);
    command.add_flag("--dry-run", choices.dry_run, "Print the cases, send nothing");
    command.add_flag("--json", choices.json, "One JSON object per line and finding, then a sum");
    command.add_flag("-v,--verbose", choices.verbose, "Each case, and what came of it, on stderr");
}

}  // namespace

void add_fuzz_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("fuzz", "Try to break an endpoint, and say how it was done");
    auto choices = std::make_shared<fuzz_choices>();
    add_target_options(*command, choices->target);
    add_what_to_send(*command, *choices);
    add_how_far(*command, *choices);
    command->footer(
        "Sends conversations that are right but for some change: records left out, repeated,\n"
        "unknown; sizes, vias, encodings and XML that lie; octet by octet, with pauses, cut off.\n"
        "After each it looks whether the endpoint still answers others as before. What is found "
        "is\n"
        "made smaller and written as a transcript for nettcp decode and nettcp replay. The same\n"
        "seed makes the same cases. Only addresses of this machine are tried, unless "
        "--allow-remote\n"
        "names the host: what is sent may end the service.\n\n"
        "Examples:\n"
        "  nettcp fuzz net.tcp://localhost:9000/none/echo\n"
        "  nettcp fuzz URL --action URI --body XML --seconds 600 --cases 1000000 --seed 7\n"
        "  nettcp fuzz URL --from conversation.txt --restart 'systemctl restart peer'\n"
        "  nettcp fuzz URL --seed 7 --case 312 -v\n\n"
        "Exit codes: 0 nothing was found; 1 something was; 2 wrong usage; 3 the endpoint is not\n"
        "there, or not well before anything was tried.");
    command->callback([choices, &outcome] { outcome = fuzz(*choices); });
}

}  // namespace nettcp::cli
