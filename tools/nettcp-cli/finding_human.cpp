#include "console.hpp"
#include "finding_text.hpp"

#include <nettcp/base/utf8.hpp>

#include <cstdio>

namespace nettcp::cli {
namespace {

using inspect::finding;
using inspect::finding_type;

constexpr std::size_t shown_octets = 256;

std::string_view colour_of(const finding& found) noexcept {
    if (found.type == finding_type::error || found.type == finding_type::fault)
        return "\033[31m";
    return found.direction == inspect::direction::client_to_server ? "\033[36m" : "\033[32m";
}

std::string octets(std::uint64_t size) {
    return std::to_string(size) + (size == 1 ? " octet" : " octets");
}

bool is_envelope(finding_type type) noexcept {
    return type == finding_type::sized_envelope || type == finding_type::unsized_envelope;
}

/// What the record says, behind its name.
std::string content(const finding& found) {
    if (found.type == finding_type::error)
        return " " + for_terminal(found.message);
    if (found.type == finding_type::opaque)
        return " " + octets(found.size);
    if (found.type == finding_type::handshake || found.type == finding_type::frame)
        return " " + for_terminal(found.value) + " (" + octets(found.size) + ")";
    if (!is_envelope(found.type))
        return found.value.empty() ? "" : " " + for_terminal(printable(found.value, 4096));
    std::string text = " " + octets(found.size);
    if (found.type == finding_type::sized_envelope)
        return text;
    text += " in " + std::to_string(found.chunks.size()) +
            (found.chunks.size() == 1 ? " chunk:" : " chunks:");
    for (std::size_t i = 0; i < found.chunks.size(); ++i) {
        if (i == 16)
            return text + " ...";
        text += " " + std::to_string(found.chunks[i]);
    }
    return text;
}

void append_indented(std::string& out, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        out += "    ";
        out += text.substr(0, end);
        out += '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

/// The first octets of what cannot be read, sixteen to a line.
void append_hex(std::string& out, bytes_view unread) {
    char written[4];
    for (std::size_t i = 0; i < std::min(unread.size(), shown_octets); ++i) {
        out += i % 16 == 0 ? "    " : " ";
        std::snprintf(written, sizeof written, "%02x", std::to_integer<unsigned>(unread[i]));
        out += written;
        if (i % 16 == 15 || i + 1 == unread.size())
            out += '\n';
    }
    if (unread.size() > shown_octets)
        out += "    ... " + octets(unread.size() - shown_octets) + " more\n";
}

}  // namespace

std::string human_text(const finding& found, bool colours) {
    std::string out;
    if (found.seconds) {
        char stamp[32];
        std::snprintf(stamp, sizeof stamp, "%9.6f ", *found.seconds);
        out += stamp;
    }
    out += std::to_string(found.connection) + " ";
    if (colours)
        out += colour_of(found);
    out += to_string(found.direction);
    out += ' ';
    out += to_string(found.type);
    if (colours)
        out += "\033[0m";
    out += content(found) + "\n";
    for (const auto& [id, text] : found.new_strings)
        out += "    + string " + std::to_string(id) + " \"" + for_terminal(printable(text, 4096)) +
               "\"\n";
    if (!is_envelope(found.type))
        return out;
    append_indented(out, for_terminal(found.xml));
    if (!found.is_xml) {
        out += "    (not read to its end; its octets:)\n";
        append_hex(out, found.octets);
    }
    return out;
}

}  // namespace nettcp::cli
