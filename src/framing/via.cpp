// Vias come from peers and are spelt by .NET's Uri, which takes and writes more than RFC 3986
// allows. So they are split by hand: bounded, without allocation, refusing only what could not be
// told apart.

#include <nettcp/framing/via.hpp>

#include <nettcp/base/utf8.hpp>
#include <nettcp/framing/errc.hpp>

#include <algorithm>

namespace nettcp::framing {

namespace {

constexpr auto npos = std::string_view::npos;

bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
    std::string lowered(text);
    for (char& c : lowered)
        c = lower(c);
    return lowered;
}

error not_absolute(std::size_t at, char got) noexcept {
    return {make_error_code(errc::via_not_absolute), at, static_cast<unsigned char>(got)};
}

std::size_t scheme_size(std::string_view text) noexcept {
    if (text.empty() || !is_letter(text[0]))
        return 0;
    const auto end = std::find_if_not(text.begin(), text.end(), [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    });
    return static_cast<std::size_t>(end - text.begin());
}

/// The number, or nothing above 65535 and for what is no number. Empty text is `otherwise`.
std::optional<std::uint16_t> parse_port(std::string_view text, std::uint16_t otherwise) noexcept {
    if (text.empty())
        return otherwise;
    std::uint32_t value = 0;
    for (const char c : text) {
        if (!is_digit(c))
            return std::nullopt;
        value = value * 10 + static_cast<std::uint32_t>(c - '0');
        if (value > 0xffff)
            return std::nullopt;
    }
    return static_cast<std::uint16_t>(value);
}

/// Splits `user@host:port` into `via`. False when that cannot be done.
bool split_authority(std::string_view text, via_view& via) noexcept {
    if (const auto at = text.rfind('@'); at != npos)
        text.remove_prefix(at + 1);
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        if (close == npos)
            return false;
        via.host = text.substr(1, close - 1);
        port = text.substr(close + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        via.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    if (!port.empty() && port[0] != ':')
        return false;
    const auto number = parse_port(port.substr(port.empty() ? 0 : 1), default_port);
    if (!number || via.host.empty() || via.host.find_first_of(" <>\"{}|^`[") != npos)
        return false;
    via.port = *number;
    return true;
}

std::optional<unsigned> hex_digit(char c) noexcept {
    if (is_digit(c))
        return static_cast<unsigned>(c - '0');
    if (lower(c) >= 'a' && lower(c) <= 'f')
        return static_cast<unsigned>(lower(c) - 'a') + 10;
    return std::nullopt;
}

/// `text` with `%XX` decoded and ASCII letters in lower case; what is no such triple stays.
std::string comparable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool is_triple = text[i] == '%' && text.size() - i > 2;
        const auto high = is_triple ? hex_digit(text[i + 1]) : std::nullopt;
        const auto low = is_triple ? hex_digit(text[i + 2]) : std::nullopt;
        if (high && low) {
            out += lower(static_cast<char>(*high * 16 + *low));
            i += 2;
        } else {
            out += lower(text[i]);
        }
    }
    return out;
}

/// The segments of a path in comparable form, dots resolved. Segments are cut before they are
/// decoded, so `%2F` is never a border.
std::vector<std::string> split_path(std::string_view path) {
    std::vector<std::string> segments;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto end = std::min(path.find_first_of("/\\"), path.size());
        std::string segment = comparable(path.substr(0, end));
        path.remove_prefix(end);
        if (segment == "..") {
            if (!segments.empty())
                segments.pop_back();
        } else if (segment != "." && !(segment.empty() && path.empty())) {
            segments.push_back(std::move(segment));
        }
    }
    return segments;
}

}  // namespace

result<via_view> split_via(std::string_view text, std::size_t max_size) noexcept {
    if (text.size() > max_size)
        return error{make_error_code(errc::via_too_long), 0,
                     static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(max_size)};
    if (const std::size_t bad = find_invalid_utf8(text); bad != text.size())
        return error{make_error_code(errc::text_invalid), bad,
                     static_cast<unsigned char>(text[bad])};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        if (c < 0x20 || c == 0x7f)
            return not_absolute(i, text[i]);
    }

    via_view via;
    const std::size_t scheme_end = scheme_size(text);
    via.scheme = text.substr(0, scheme_end);
    const std::string_view behind = text.substr(scheme_end);
    if (scheme_end == 0 || !behind.starts_with("://"))
        return not_absolute(scheme_end, behind.empty() ? '\0' : behind[0]);

    const std::size_t authority = scheme_end + 3;
    const std::size_t authority_end = std::min(text.find_first_of("/\\?#", authority), text.size());
    if (!split_authority(text.substr(authority, authority_end - authority), via))
        return not_absolute(authority, authority == text.size() ? '\0' : text[authority]);

    std::string_view rest = text.substr(authority_end);
    rest = rest.substr(0, rest.find('#'));
    const auto question = std::min(rest.find('?'), rest.size());
    via.path = rest.substr(0, question);
    if (question != rest.size())
        via.query = rest.substr(question + 1);
    return via;
}

bool via_table::insert(std::string_view address, std::uint32_t id) {
    const auto via = split_via(address);
    if (!via)
        return false;
    entry added{lower(via->scheme), split_path(via->path), id};
    for (const entry& e : entries_) {
        if (e.scheme == added.scheme && e.segments == added.segments)
            return false;
    }
    entries_.push_back(std::move(added));
    return true;
}

bool via_table::erase(std::string_view address) {
    const auto via = split_via(address);
    if (!via)
        return false;
    const std::string scheme = lower(via->scheme);
    const auto segments = split_path(via->path);
    return std::erase_if(entries_, [&](const entry& e) {
               return e.scheme == scheme && e.segments == segments;
           }) != 0;
}

std::optional<std::uint32_t> via_table::find(const via_view& via) const {
    const std::string scheme = lower(via.scheme);
    const auto segments = split_path(via.path);
    const entry* longest = nullptr;
    for (const entry& e : entries_) {
        if (e.scheme != scheme || e.segments.size() > segments.size() ||
            !std::equal(e.segments.begin(), e.segments.end(), segments.begin()))
            continue;
        if (longest == nullptr || e.segments.size() > longest->segments.size())
            longest = &e;
    }
    if (longest == nullptr)
        return std::nullopt;
    return longest->id;
}

}  // namespace nettcp::framing
