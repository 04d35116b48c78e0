// Decides which encoding a peer means. The known encoding records for UTF-16 are of little help:
// [MC-NMF] calls 0x01 and 0x04 UTF-16 and 0x02 and 0x05 little-endian, WCF gives the latter the
// name of big-endian and uses none of them, and Mono goes by the specification. So only the
// content type tells SOAP 1.1 from 1.2 and UTF-8 from UTF-16; the text itself tells its byte order.

#include <channel/content_type.hpp>

#include <channel/media_type.hpp>
#include <channel/mtom_encoding.hpp>

#include <array>
#include <cstddef>

namespace nettcp::channel {
namespace {

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
        if (equals == part.npos || !same_ignoring_case(trimmed(part.substr(0, equals)), "charset"))
            continue;
        std::string_view value = trimmed(part.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        return value;
    }
    return "utf-8";
}

/// WCF says in a parameter which SOAP the root part is in, and perhaps the action behind that.
std::optional<framing::encoding> mime_encoding(std::string_view content_type) noexcept {
    const auto type = media_type::parse(content_type);
    if (!type || !same_ignoring_case(type->name(), "multipart/related") ||
        !same_ignoring_case(type->parameter("type").value_or("application/xop+xml"),
                            "application/xop+xml"))
        return std::nullopt;
    std::string_view root = type->parameter("start-info").value_or("");
    return same_ignoring_case(next_part(root), "text/xml") ? framing::encoding::mtom_soap11
                                                           : framing::encoding::mtom;
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
    const bool is_11 = same_ignoring_case(media, "text/xml");
    if (!is_11 && !same_ignoring_case(media, "application/soap+xml"))
        return mime_encoding(content_type);
    const std::string_view charset = charset_in(rest);
    for (const charset_name& each : charset_names) {
        if (same_ignoring_case(charset, each.charset))
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
    case encoding::mtom: return default_mtom_content_type(soap::soap_version::soap12);
    case encoding::mtom_soap11: return default_mtom_content_type(soap::soap_version::soap11);
    default: return framing::content_type(value);
    }
}

}  // namespace nettcp::channel
