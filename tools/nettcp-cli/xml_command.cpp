// Decides how the octets of binary XML lie on a pipe: one document, with the session's string
// table before it when asked for.
#include "command.hpp"
#include "console.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/inspect/conversation.hpp>
#include <nettcp/inspect/transcript.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>
#include <set>

namespace nettcp::cli {
namespace {

constexpr std::uint32_t session_budget = 1u << 30;  // of a reader, which is generous

struct xml_choices {
    bool to_binary = false;
    bool to_text = false;
    bool session = false;
    bool indent = false;
    bool hex = false;
    std::string dictionary;
};

std::vector<std::string> lines_of(std::string_view content) {
    std::vector<std::string> lines;
    while (!content.empty()) {
        const std::size_t end = std::min(content.find('\n'), content.size());
        std::string_view line = content.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.emplace_back(line);
        content.remove_prefix(std::min(end + 1, content.size()));
    }
    return lines;
}

/// The strings that both sides know before, or nothing after a complaint.
std::optional<std::vector<std::string>> known_strings(const xml_choices& choices) {
    if (choices.dictionary.empty())
        return std::vector<std::string>();
    const auto content = read_input(choices.dictionary);
    if (!content)
        return std::nullopt;
    auto strings = lines_of(*content);
    std::set<std::string_view> seen;
    for (const std::string& text : strings) {
        if (!is_utf8(text)) {
            complain(choices.dictionary + ": a string is not UTF-8");
            return std::nullopt;
        }
        if (choices.to_binary && !seen.insert(text).second) {
            complain(choices.dictionary + ": '" + text + "' stands there twice");
            return std::nullopt;
        }
    }
    return strings;
}

/// What becomes of a failed conversion: said, and an exit code.
int damaged(const std::string& why) {
    complain(why);
    return input_damaged;
}

/// Writes the table of strings that are new since the last one.
void append_table(octet_buffer& out, nbfx::sent_dictionary& sent) {
    const std::size_t size = sent.table_size();
    sent.write_table(out.prepare(size).data());
    out.commit(size);
}

/// Octets that strings take in a table.
std::uint32_t size_in_table(const std::vector<std::string>& strings) {
    std::size_t size = 0;
    for (const std::string& text : strings)
        size += multi_byte_int31_size(static_cast<std::uint32_t>(text.size())) + text.size();
    return static_cast<std::uint32_t>(size);
}

/// The table that would make these strings known to a receiver, repeated ones included.
octet_buffer table_of(const std::vector<std::string>& strings) {
    octet_buffer table;
    const auto append_size = [&table](std::size_t size) {
        const auto number = static_cast<std::uint32_t>(size);
        write_multi_byte_int31(table.prepare(5).data(), number);
        table.commit(multi_byte_int31_size(number));
    };
    append_size(size_in_table(strings));
    for (const std::string& text : strings) {
        append_size(text.size());
        table.append(as_bytes(text));
    }
    return table;
}

void print_octets(bytes_view octets, bool hex) {
    if (!hex) {
        print(as_text(octets));
        return;
    }
    std::string text;
    char written[3];
    for (const std::byte octet : octets) {
        std::snprintf(written, sizeof written, "%02x", std::to_integer<unsigned>(octet));
        text += written;
    }
    print(text + "\n");
}

int to_binary(const xml_choices& choices, const std::vector<std::string>& strings,
              std::string_view text) {
    // The session has WCF's budget. Without a table to put new strings into, the known are all.
    const std::uint32_t known_size = size_in_table(strings);
    nbfx::sent_dictionary sent(choices.session ? std::max(known_size, default_max_session_size)
                                               : known_size);
    for (const std::string& known : strings)
        sent.find_or_add(known);
    octet_buffer already_sent;
    append_table(already_sent, sent);

    octet_buffer document;
    nbfx::writer writer;
    const bool has_session = choices.session || !strings.empty();
    writer.open(document, has_session ? &sent : nullptr);
    xml::binary_options options;
    if (!has_session)
        options.dictionary = xml::dictionary_use::static_strings;
    if (const auto read = xml::text_to_nbfx(text, writer, options); !read) {
        const auto place = xml::position_in(text, read.error().at);
        return damaged("line " + std::to_string(place.line) + ", column " +
                       std::to_string(place.column) + ": " + read.error().code.message());
    }
    if (const auto written = writer.finish(); !written)
        return damaged(inspect::describe(written.error()));
    octet_buffer out;
    if (choices.session)
        append_table(out, sent);
    out.append(document.view());
    print_octets(out.view(), choices.hex);
    return success;
}

/// Whether text XML can say all that the document says.
bool can_be_text(bytes_view document, const nbfx::received_dictionary* strings) {
    reader_quotas quotas;
    quotas.max_depth = 1024;
    nbfx::reader reader(quotas);
    reader.open(document, strings);
    std::string text;
    const auto written = xml::nbfx_to_text(reader, text);
    return written || (written.error().code != nbfx::errc::character_not_xml &&
                       written.error().code != nbfx::errc::name_invalid);
}

int to_text(const xml_choices& choices, const std::vector<std::string>& strings,
            std::string_view input) {
    std::vector<std::byte> from_hex;
    bytes_view octets = as_bytes(input);
    if (choices.hex) {
        const std::size_t good = inspect::read_hex(input, from_hex);
        if (good != input.size())
            return damaged("character " + std::to_string(good + 1) + " is not hexadecimal");
        octets = from_hex;
    }
    nbfx::received_dictionary received(session_budget);
    const octet_buffer table = table_of(strings);
    if (const auto taken = received.read_table(table.view()); !taken)
        return damaged(choices.dictionary + ": " + inspect::describe(taken.error()));
    std::size_t table_size = 0;
    if (choices.session) {
        const auto taken = received.read_table(octets);
        if (!taken)
            return damaged("string table: " + inspect::describe(taken.error()));
        table_size = *taken;
    }
    const bytes_view document = octets.subspan(table_size);
    const auto* known = choices.session || !strings.empty() ? &received : nullptr;
    std::string text;
    const auto written = inspect::document_text(document, known, choices.indent, text);
    print(text);
    if (is_terminal(stdout) && !text.ends_with('\n'))
        print("\n");
    if (!written) {
        error why = written.error();
        why.at += table_size;
        return damaged(inspect::describe(why));
    }
    if (!can_be_text(document, known))
        complain("warning: the document holds characters that XML text cannot; they became U+FFFD,"
                 " in names _");
    return success;
}

int convert(const xml_choices& choices) {
    if (choices.to_binary == choices.to_text) {
        complain("say either --to-binary or --to-text");
        return local_error;
    }
    const auto strings = known_strings(choices);
    if (!strings)
        return local_error;
    const auto input = read_input("-");
    if (!input)
        return local_error;
    return choices.to_binary ? to_binary(choices, *strings, *input)
                             : to_text(choices, *strings, *input);
}

}  // namespace

void add_xml_command(CLI::App& app, int& outcome) {
    auto* command = app.add_subcommand("xml", "Turn XML text into .NET binary XML, or back");
    auto choices = std::make_shared<xml_choices>();
    command->add_flag("--to-binary", choices->to_binary, "Text on stdin, binary on stdout");
    command->add_flag("--to-text", choices->to_text, "Binary on stdin, text on stdout");
    command->add_flag("--session", choices->session,
                      "A table of session strings stands before the binary document");
    command
        ->add_option("--dictionary", choices->dictionary,
                     "Strings that the session knows before, one to a line")
        ->type_name("FILE");
    command->add_flag("--hex", choices->hex, "The binary side is written in hexadecimal");
    command->add_flag("--indent", choices->indent, "With --to-text: laid out for people");
    command->footer(
        "Examples:\n"
        "  echo '<a xmlns=\"urn:x\">5</a>' | nettcp xml --to-binary | nettcp xml --to-text\n"
        "  echo '<a/>' | nettcp xml --to-binary --session --hex\n"
        "  echo 4001618905 | nettcp xml --to-text --hex\n\n"
        "Exit codes: 0 done; 1 wrong usage or a file could not be read; 4 the input is damaged.");
    command->callback([choices, &outcome] { outcome = convert(*choices); });
}

}  // namespace nettcp::cli
