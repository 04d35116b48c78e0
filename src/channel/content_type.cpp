// Decides which encoding a peer means. The known encoding records for UTF-16 are of little help:
// [MC-NMF] calls 0x01 and 0x04 UTF-16 and 0x02 and 0x05 little-endian, WCF gives the latter the
// name of big-endian and uses none of them, and Mono goes by the specification. So only the
// content type tells SOAP 1.1 from 1.2 and UTF-8 from UTF-16; the text itself tells its byte order.

#include <channel/content_type.hpp>

#include <array>
#include <cstddef>

namespace nettcp::channel {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

/// The text before the next semicolon, taken off `rest`.
std::string_view next_part(std::string_view& rest) noexcept {
    const auto end = rest.find(';');
    const std::string_view part = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    return trimmed(part);
}

/// The parameter charset; `utf-8` without one.
std::string_view charset_in(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        const std::string_view part = next_part(parameters);
        const auto equals = part.find('=');
        if (equals == part.npos || !same(trimmed(part.substr(0, equals)), "charset"))
            continue;
        std::string_view value = trimmed(part.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return "utf-8";
}

struct charset_name {
    std::string_view charset;
    framing::encoding soap11;
    framing::encoding soap12;
};

using framing::encoding;
constexpr std::array<charset_name, 4> charset_names{{
    {"utf-8", encoding::soap11_utf8, encoding::soap12_utf8},
    {"utf-16le", encoding::soap11_utf16, encoding::soap12_utf16},
    {"utf-16be", encoding::soap11_utf16be, encoding::soap12_utf16be},
    {"utf-16", encoding::soap11_utf16, encoding::soap12_utf16},
}};

}  // namespace

std::optional<framing::encoding> encoding_named(std::string_view content_type) noexcept {
    if (const auto known = framing::encoding_from_content_type(content_type))
        return known;
    std::string_view rest = content_type;
    const std::string_view media = next_part(rest);
    const bool is_11 = same(media, "text/xml");
    if (!is_11 && !same(media, "application/soap+xml"))
        return std::nullopt;
    const std::string_view charset = charset_in(rest);
    for (const charset_name& each : charset_names) {
        if (same(charset, each.charset))
            return is_11 ? each.soap11 : each.soap12;
    }
    return std::nullopt;
}

std::string_view name_of(framing::encoding value) noexcept {
    switch (value) {
    case encoding::soap11_utf16: return "text/xml; charset=utf-16LE";
    case encoding::soap11_utf16be: return "text/xml; charset=utf-16BE";
    case encoding::soap12_utf16: return "application/soap+xml; charset=utf-16LE";
    case encoding::soap12_utf16be: return "application/soap+xml; charset=utf-16BE";
    default: return framing::content_type(value);
    }
}

}  // namespace nettcp::channel
