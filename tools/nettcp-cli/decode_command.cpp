// Decides what a file is: a capture if it begins like one, a transcript if any line of it says who
// sent, else the hexadecimal octets of one direction.
#include "command.hpp"
#include "console.hpp"
#include "duration.hpp"
#include "finding_text.hpp"
#include "pcap_input.hpp"

#include <nettcp/inspect/conversation.hpp>

#include <CLI/CLI.hpp>

#include <map>
#include <memory>

namespace nettcp::cli {
namespace {

using inspect::conversation;
using inspect::direction;
using inspect::finding;
using inspect::finding_type;

struct decode_choices {
    std::vector<std::string> files;
    std::string from;
    bool json = false;
    std::string live;                  ///< a network interface, instead of files
    std::vector<std::uint16_t> ports;  ///< of captures and interfaces
    std::uint64_t count = 0;           ///< packets to listen to; 0: no end
    std::string duration;              ///< how long to listen; empty: no end
};

class file_decoder {
public:
    file_decoder(const decode_choices& choices, std::string name)
        : choices_(choices), name_(std::move(name)), colours_(wants_colours(stdout)) {}

    /// The exit code.
    int decode(std::string_view content) {
        if (is_capture(content))
            return end_capture(read_capture(name_, content, sinks()));
        if (is_transcript(content))
            decode_transcript(content);
        else
            decode_hex(content);
        for (auto& [number, what] : conversations_)
            what.finish();
        if (shown_ == 0 && !choices_.json)
            print("nothing to decode\n");
        return undamaged_ ? success : input_damaged;
    }

    /// The exit code.
    int listen(const live_options& live) { return end_capture(cli::listen(live, sinks())); }

private:
    static bool is_transcript(std::string_view content) noexcept {
        return content.find("C>S") != content.npos || content.find("S>C") != content.npos;
    }

    capture_sinks sinks() {
        capture_sinks made;
        made.found = [this](const finding& f) { show(f); };
        made.opened = [this](std::uint32_t number, const inspect::tcp_endpoint& client,
                             const inspect::tcp_endpoint& service) {
            if (!choices_.json)
                print("# connection " + std::to_string(number) + ": client " + to_string(client) +
                      ", service " + to_string(service) + "\n");
        };
        made.options.conversation.indent = !choices_.json;
        made.options.ports = choices_.ports;
        return made;
    }

    int end_capture(const capture_end& ended) {
        if (!ended.could_open)
            return local_error;
        const inspect::traffic_counts& counts = ended.counts;
        if (counts.conversations == 0 && !choices_.json)
            print("no net.tcp conversation in " + std::to_string(counts.segments) +
                  " TCP segments\n");
        const auto left_out = [this](std::uint64_t packets, const char* what) {
            if (packets != 0)
                complain(name_ + ": left out " + std::to_string(packets) + what);
        };
        left_out(counts.fragments, " fragments of IP packets, which are not put together");
        left_out(counts.cut, " packets captured too short to tell what they are");
        left_out(counts.damaged, " packets with damaged headers");
        if (!ended.damage.empty())
            complain(name_ + ": " + ended.damage);
        return undamaged_ && ended.damage.empty() ? success : input_damaged;
    }

    void decode_transcript(std::string_view content) {
        for (std::size_t number = 1; !content.empty(); ++number) {
            const std::size_t end = std::min(content.find('\n'), content.size());
            inspect::transcript_line line;
            const auto kind = inspect::read_transcript_line(content.substr(0, end), line);
            content.remove_prefix(std::min(end + 1, content.size()));
            if (kind == inspect::line_kind::remark)
                continue;
            of(line.connection).add(line);
            octets_[{line.connection, line.direction}] += line.octets.size();
            if (kind == inspect::line_kind::damaged)
                report_damage(line, "line " + std::to_string(number) +
                                        " is neither octets in hexadecimal nor a comment");
        }
    }

    void decode_hex(std::string_view content) {
        inspect::transcript_line all;
        std::size_t number = 1;
        std::size_t bad_line = 0;
        for (; !content.empty() && bad_line == 0; ++number) {
            const std::size_t end = std::min(content.find('\n'), content.size());
            const std::string_view line = content.substr(0, end);
            if (!line.starts_with('#') && inspect::read_hex(line, all.octets) != line.size())
                bad_line = number;
            content.remove_prefix(std::min(end + 1, content.size()));
        }
        all.direction = speaker(all.octets);
        of(1).add(all);
        octets_[{1, all.direction}] = all.octets.size();
        if (bad_line != 0)
            report_damage(all, "line " + std::to_string(bad_line) +
                                   " is not hexadecimal; what follows was left out");
    }

    /// Who sends such octets: as the user says, else services begin with an answer to a preamble.
    direction speaker(bytes_view octets) const noexcept {
        if (!choices_.from.empty())
            return choices_.from == "client" ? direction::client_to_server
                                             : direction::server_to_client;
        const auto first =
            octets.empty() ? finding_type::version : static_cast<finding_type>(octets.front());
        return first == finding_type::preamble_ack || first == finding_type::upgrade_response ||
                       first == finding_type::fault
                   ? direction::server_to_client
                   : direction::client_to_server;
    }

    conversation& of(std::uint32_t connection) {
        const auto found = conversations_.find(connection);
        if (found != conversations_.end())
            return found->second;
        inspect::conversation_options options;
        options.indent = !choices_.json;
        return conversations_
            .try_emplace(
                connection, connection, [this](const finding& f) { show(f); }, options)
            .first->second;
    }

    void report_damage(const inspect::transcript_line& line, std::string why) {
        finding damage;
        damage.type = finding_type::error;
        damage.connection = line.connection;
        damage.direction = line.direction;
        damage.seconds = line.seconds;
        damage.offset = octets_[{line.connection, line.direction}];
        damage.message = std::move(why) + " (at octet " + std::to_string(damage.offset) + ")";
        show(damage);
    }

    void show(const finding& found) {
        ++shown_;
        if (found.type == finding_type::error)
            undamaged_ = false;
        if (choices_.json)
            print(json_line(found, choices_.files.size() > 1 ? name_ : std::string()));
        else
            print(human_text(found, colours_));
    }

    const decode_choices& choices_;
    std::string name_;
    bool colours_;
    bool undamaged_ = true;
    std::size_t shown_ = 0;
    std::map<std::uint32_t, conversation> conversations_;
    std::map<std::pair<std::uint32_t, direction>, std::uint64_t> octets_;
};

int listen(const decode_choices& choices) {
    live_options live;
    live.device = choices.live;
    if (choices.count != 0)
        live.packets = choices.count;
    if (!choices.duration.empty()) {
        live.duration = parse_duration(choices.duration);
        if (!live.duration) {
            complain("--duration: not a time: " + choices.duration);
            return local_error;
        }
    }
    return file_decoder(choices, choices.live).listen(live);
}

int decode(const decode_choices& choices) {
    if (!choices.live.empty())
        return listen(choices);
    int outcome = success;
    for (const std::string& name : choices.files) {
        const auto content = read_input(name);
        if (!content) {
            outcome = local_error;
            continue;
        }
        if (choices.files.size() > 1 && !choices.json)
            print("== " + for_terminal(name) + "\n");
        const int ended = file_decoder(choices, name).decode(*content);
        if (outcome != local_error && ended != success)
            outcome = ended;
    }
    return outcome;
}

}  // namespace

void add_decode_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("decode", "Show recorded conversations");
    auto choices = std::make_shared<decode_choices>();
    auto* files = command->add_option(
        "FILE", choices->files,
        "Captures (pcap, pcapng), transcripts, or octets in hexadecimal; - is stdin");
    command->add_flag("--json", choices->json, "One JSON object per line and record");
    command->add_option("--from", choices->from, "Who sent the octets of a plain hexadecimal file")
        ->check(CLI::IsMember({"client", "server"}));
    auto* live = command->add_option("--live", choices->live,
                                     "Listen on a network interface instead: lo, eth0, any");
    live->excludes(files);
    command
        ->add_option("--port", choices->ports,
                     "Port of a service: only such connections, even without a preamble; may be\n"
                     "given again")
        ->allow_extra_args(false);
    command->add_option("--count", choices->count, "Stop listening after so many TCP segments")
        ->needs(live);
    command
        ->add_option("--duration", choices->duration, "Stop listening after a time, as 30s or 5m")
        ->needs(live);
    command->footer(
        "In captures and on interfaces net.tcp is found by its preamble, on any port, and what a\n"
        "capture lacks is shown as `error`. A transcript has lines `[SECONDS [CONNECTION]] C>S "
        "HEX`\n"
        "or `S>C HEX`; `C>S(tls)` marks octets from inside a security upgrade, # a comment. What "
        "an\n"
        "upgrade protects is shown as `opaque`, damage as `error` with its offset, and the rest "
        "is\n"
        "shown nevertheless.\n\n"
        "Examples:\n"
        "  nettcp decode conversation.txt\n"
        "  nettcp decode capture.pcapng\n"
        "  nettcp decode --live lo --port 9000\n"
        "  nettcp decode --json a.txt b.txt | jq -r 'select(.record == \"sized_envelope\").xml'\n"
        "  echo 00 01 00 01 02 | nettcp decode -\n\n"
        "Exit codes: 0 all of it could be read; 1 a file could not be opened; 4 damage was found.");
    command->callback([choices, live, files, &outcome] {
        if (live->count() == 0 && files->count() == 0)
            throw CLI::RequiredError("FILE or --live");
        outcome = decode(*choices);
    });
}

}  // namespace nettcp::cli
