// Decides what a file is: a transcript if any line of it says who sent, else the hexadecimal
// octets of one direction.
#include "command.hpp"
#include "console.hpp"
#include "finding_text.hpp"

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
};

class file_decoder {
public:
    file_decoder(const decode_choices& choices, std::string name)
        : choices_(choices), name_(std::move(name)), colours_(wants_colours(stdout)) {}

    /// Whether nothing was damaged.
    bool decode(std::string_view content) {
        if (is_transcript(content))
            decode_transcript(content);
        else
            decode_hex(content);
        for (auto& [number, what] : conversations_)
            what.finish();
        if (shown_ == 0 && !choices_.json)
            print("nothing to decode\n");
        return undamaged_;
    }

private:
    static bool is_transcript(std::string_view content) noexcept {
        return content.find("C>S") != content.npos || content.find("S>C") != content.npos;
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

int decode(const decode_choices& choices) {
    int outcome = success;
    for (const std::string& name : choices.files) {
        const auto content = read_input(name);
        if (!content) {
            outcome = local_error;
            continue;
        }
        if (choices.files.size() > 1 && !choices.json)
            print("== " + for_terminal(name) + "\n");
        if (!file_decoder(choices, name).decode(*content) && outcome == success)
            outcome = input_damaged;
    }
    return outcome;
}

}  // namespace

void add_decode_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("decode", "Show recorded conversations");
    auto choices = std::make_shared<decode_choices>();
    command->add_option("FILE", choices->files, "Transcripts, or octets in hexadecimal; - is stdin")
        ->required();
    command->add_flag("--json", choices->json, "One JSON object per line and record");
    command->add_option("--from", choices->from, "Who sent the octets of a plain hexadecimal file")
        ->check(CLI::IsMember({"client", "server"}));
    command->footer(
        "A transcript has lines `[SECONDS [CONNECTION]] C>S HEX` or `S>C HEX`; `C>S(tls)` marks\n"
        "octets from inside a security upgrade, # a comment. What an upgrade protects is shown as\n"
        "`opaque`, damage as `error` with its offset, and the rest is shown nevertheless.\n\n"
        "Examples:\n"
        "  nettcp decode conversation.txt\n"
        "  nettcp decode --json a.txt b.txt | jq -r 'select(.record == \"sized_envelope\").xml'\n"
        "  echo 00 01 00 01 02 | nettcp decode -\n\n"
        "Exit codes: 0 all of it could be read; 1 a file could not be opened; 4 damage was found.");
    command->callback([choices, &outcome] { outcome = decode(*choices); });
}

}  // namespace nettcp::cli
