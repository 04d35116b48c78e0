// Decides where the parts of a MIME message are. Whatever two readers could understand in two ways
// is refused: fields given twice, lines that end with one octet, delimiters with something behind.

#include <channel/mime_parts.hpp>

#include <channel/media_type.hpp>

#include <nettcp/channel/errc.hpp>

#include <optional>
#include <string>

namespace nettcp::channel {
namespace {

constexpr std::string_view line_end = "\r\n";

error failed(errc rule, std::size_t at, std::uint32_t limit = 0) {
    return error{make_error_code(rule), at, 0, limit};
}

/// The field of this name that we keep, or null.
std::string_view* field_named(mime_headers& headers, std::string_view name) noexcept {
    if (same_ignoring_case(name, "Content-Type"))
        return &headers.content_type;
    if (same_ignoring_case(name, "Content-ID"))
        return &headers.content_id;
    if (same_ignoring_case(name, "Content-Transfer-Encoding"))
        return &headers.transfer_encoding;
    if (same_ignoring_case(name, "MIME-Version"))
        return &headers.mime_version;
    return nullptr;
}

/// Where the field that begins at `at` ends: at a line end behind which no fold follows.
/// Nothing: a line ends with one octet.
std::optional<std::size_t> end_of_field(std::string_view text, std::size_t at) noexcept {
    for (;;) {
        const auto end = text.find_first_of(line_end, at);
        if (end == text.npos)
            return text.size();
        if (text.substr(end, 2) != line_end)
            return std::nullopt;
        at = end + 2;
        if (at == text.size() || (text[at] != ' ' && text[at] != '\t'))
            return end;
    }
}

/// Reads the fields in `block`, which begins at `at` of the message.
result<mime_headers> read_fields(std::string_view block, std::size_t at) {
    mime_headers headers;
    std::size_t begin = 0;
    while (begin < block.size()) {
        const auto end = end_of_field(block, begin);
        const auto colon = block.find(':', begin);
        if (!end || colon >= *end || colon == begin)
            return failed(errc::mime_malformed, at + begin);
        const std::string_view name = block.substr(begin, colon - begin);
        if (name.find_first_of(" \t\r\n") != name.npos)
            return failed(errc::mime_malformed, at + begin);
        if (std::string_view* const field = field_named(headers, name)) {
            if (field->data() != nullptr)
                return failed(errc::mime_malformed, at + begin);
            *field = trimmed(block.substr(colon + 1, *end - colon - 1));
            if (field->data() == nullptr)
                *field = block.substr(colon, 0);
        }
        begin = *end + line_end.size();
    }
    return headers;
}

/// Reads the header fields at `at` and the empty line behind them, and moves `at` there.
result<mime_headers> read_headers(std::string_view text, std::size_t& at) {
    const std::string_view rest = text.substr(at, max_mime_headers_size + 4);
    if (rest.starts_with(line_end)) {
        at += line_end.size();
        return mime_headers{};
    }
    const auto size = rest.find("\r\n\r\n");
    if (size == rest.npos)
        return rest.size() > max_mime_headers_size
                   ? failed(errc::mime_headers_exceeded, at, max_mime_headers_size)
                   : failed(errc::mime_truncated, text.size());
    auto headers = read_fields(rest.substr(0, size), at);
    at += size + 4;
    return headers;
}

}  // namespace

result<mime_message> mime_message::read(bytes_view message) {
    mime_message made;
    const auto headers = read_headers(as_text(message), made.body_at);
    if (!headers)
        return headers.error();
    made.headers = *headers;
    return made;
}

result<std::vector<mime_part>> mime_message::parts(bytes_view message,
                                                   std::string_view boundary) const {
    const std::string_view text = as_text(message);
    const std::string delimiter = std::string("\r\n--").append(boundary);
    std::vector<mime_part> parts;
    // The line end of a delimiter may be that of the empty line behind headers.
    for (std::size_t found = text.find(delimiter, body_at - line_end.size());;) {
        if (found == text.npos)
            return failed(errc::mime_truncated, text.size());
        std::size_t at = found + delimiter.size();
        switch (read_delimiter_end(text, at)) {
        case behind_delimiter::nothing: return parts;
        case behind_delimiter::damage: return failed(errc::mime_malformed, at);
        case behind_delimiter::end_of_text: return failed(errc::mime_truncated, text.size());
        case behind_delimiter::part: break;
        }
        if (parts.size() == max_mime_parts)
            return failed(errc::mime_parts_exceeded, at, max_mime_parts);
        const auto fields = read_headers(text, at);
        if (!fields)
            return fields.error();
        found = text.find(delimiter, at - line_end.size());
        if (found == text.npos)
            return failed(errc::mime_truncated, text.size());
        const std::size_t size = found < at ? 0 : found - at;
        parts.push_back({*fields, message.subspan(at, size), at});
    }
}

behind_delimiter read_delimiter_end(std::string_view text, std::size_t& at) noexcept {
    const bool closes = text.substr(at).starts_with("--");
    at = text.find_first_not_of(" \t", closes ? at + 2 : at);
    if (at == text.npos) {
        at = text.size();
        return closes ? behind_delimiter::nothing : behind_delimiter::end_of_text;
    }
    if (!text.substr(at).starts_with(line_end))
        return text.substr(at) == "\r" ? behind_delimiter::end_of_text : behind_delimiter::damage;
    at += line_end.size();
    return closes ? behind_delimiter::nothing : behind_delimiter::part;
}

bool is_mime_boundary(std::string_view text) noexcept {
    if (text.empty() || text.size() > 70 || text.ends_with(' '))
        return false;
    for (const char c : text) {
        const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        const bool digit = c >= '0' && c <= '9';
        if (!letter && !digit &&
            std::string_view("'()+_,-./:=? ").find(c) == std::string_view::npos)
            return false;
    }
    return true;
}

}  // namespace nettcp::channel
