#include <nettcp/inspect/transcript.hpp>

#include <array>
#include <charconv>

namespace nettcp::inspect {
namespace {

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && is_space(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_space(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Takes the first word off `text`.
std::string_view take_word(std::string_view& text) noexcept {
    std::size_t size = 0;
    while (size < text.size() && !is_space(text[size]))
        ++size;
    const std::string_view word = text.substr(0, size);
    text = trimmed(text.substr(size));
    return word;
}

template <class Number>
bool read_number(std::string_view word, Number& out) noexcept {
    const char* end = word.data() + word.size();
    const auto [stopped, failure] = std::from_chars(word.data(), end, out);
    return failure == std::errc{} && stopped == end;
}

int hex_digit(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string_view to_string(direction d) noexcept {
    return d == direction::client_to_server ? "C>S" : "S>C";
}

std::size_t read_hex(std::string_view text, std::vector<std::byte>& out) {
    std::size_t i = 0;
    while (i < text.size()) {
        if (is_space(text[i])) {
            ++i;
            continue;
        }
        const int high = hex_digit(text[i]);
        const int low = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
        if (high < 0 || low < 0)
            return i;
        out.push_back(static_cast<std::byte>(high * 16 + low));
        i += 2;
    }
    return i;
}

line_kind read_transcript_line(std::string_view line, transcript_line& out) {
    out = transcript_line{};
    line = trimmed(line);
    if (line.empty() || line.front() == '#')
        return line_kind::remark;
    std::string_view word = take_word(line);
    if (double seconds = 0; read_number(word, seconds)) {
        out.seconds = seconds;
        word = take_word(line);
        if (read_number(word, out.connection))
            word = take_word(line);
    }
    if (word.starts_with('#'))
        return line_kind::remark;
    const std::string_view mark = word.size() > 3 ? word.substr(3) : std::string_view{};
    word = word.substr(0, 3);
    if (word != "C>S" && word != "S>C")
        return line_kind::damaged;
    if (!mark.empty() && (mark.size() < 3 || mark.front() != '(' || mark.back() != ')'))
        return line_kind::damaged;
    out.direction = word == "C>S" ? direction::client_to_server : direction::server_to_client;
    out.inside_upgrade = !mark.empty();
    return read_hex(line, out.octets) == line.size() ? line_kind::octets : line_kind::damaged;
}

void append_transcript_line(std::string& out, const transcript_line& line) {
    constexpr char digits[] = "0123456789abcdef";
    if (line.seconds) {
        std::array<char, 400> stamp{};  // a double has up to 309 digits before its point
        const auto written = std::to_chars(stamp.data(), stamp.data() + stamp.size(), *line.seconds,
                                           std::chars_format::fixed, 6);
        out.append(stamp.data(), written.ptr);
        out += " " + std::to_string(line.connection) + " ";
    }
    out += to_string(line.direction);
    out += line.inside_upgrade ? "(tls) " : " ";
    for (const std::byte octet : line.octets) {
        out += digits[std::to_integer<unsigned>(octet) >> 4];
        out += digits[std::to_integer<unsigned>(octet) & 15u];
    }
    out += '\n';
}

}  // namespace nettcp::inspect
