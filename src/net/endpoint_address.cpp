// Decides how an address that a person typed is spelled on the wire. Boost.URL says whether it is a
// URI and where its parts are; the spelling of path and query is done here, because it must equal
// what .NET's Uri makes of the same text: peers compare it as text.
#include <nettcp/net/endpoint_address.hpp>

#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

#include <nettcp/base/limits.hpp>
#include <nettcp/base/utf8.hpp>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <charconv>
#include <vector>

namespace nettcp {
namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

int hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool is_unreserved(unsigned char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

bool may_stand_in_uri(unsigned char c) noexcept {
    return is_unreserved(c) || std::string_view("!$&'()*+,;=:@/?#").find(static_cast<char>(c)) !=
                                   std::string_view::npos;
}

void append_escaped(std::string& out, unsigned char c) {
    out += '%';
    out += hex_digits[c >> 4];
    out += hex_digits[c & 0x0f];
}

/// Path and query in .NET's spelling: needless escapes undone, missing ones added, back slashes
/// of the path turned.
std::string respelled(std::string_view text) {
    std::string out;
    bool in_query = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto c = static_cast<unsigned char>(text[i]);
        in_query = in_query || c == '?';
        const bool escape = c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
                            hex_value(text[i + 2]) >= 0;
        if (escape) {
            const auto meant =
                static_cast<unsigned char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            if (is_unreserved(meant))
                out += static_cast<char>(meant);
            else if (!in_query && (meant == '/' || meant == '\\'))
                out += '/';
            else if (meant >= 0x80)
                append_escaped(out, meant);
            else
                out += text.substr(i, 3);
            i += 2;
        } else if (c == '\\' && !in_query) {
            out += '/';
        } else if (may_stand_in_uri(c)) {
            out += static_cast<char>(c);
        } else {
            append_escaped(out, c);
        }
    }
    return out;
}

/// Resolves `.` and `..`; the result starts with `/`. Spec: [RFC 3986] "Remove Dot Segments".
std::string without_dots(std::string_view path) {
    std::vector<std::string_view> kept;
    bool open_end = true;  // whether the last segment is a directory
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t size = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, size);
        path.remove_prefix(size);
        open_end = segment == "." || segment == "..";
        if (segment == ".." && !kept.empty())
            kept.pop_back();
        if (!open_end)
            kept.push_back(segment);
    }
    std::string out;
    for (const std::string_view segment : kept)
        out.append("/").append(segment);
    if (open_end)
        out += '/';
    return out;
}

error bad(std::size_t at, std::string_view text) {
    const std::uint32_t got = at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
    return {net::errc::address_invalid, at, got};
}

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view white = " \t\r\n";
    const std::size_t first = std::min(text.find_first_not_of(white), text.size());
    const std::size_t last = text.find_last_not_of(white);
    return last == std::string_view::npos ? std::string_view()
                                          : text.substr(first, last - first + 1);
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

/// Where the authority ends, or nothing when `text` does not start with `net.tcp://`.
std::size_t authority_end(std::string_view text) {
    constexpr std::string_view start = "net.tcp://";
    if (lower(text.substr(0, start.size())) != start)
        return std::string_view::npos;
    return std::min(text.find_first_of("/\\?#", start.size()), text.size());
}

[[noreturn]] void throw_bad(std::string_view text, const error& why) {
    diagnostics known;
    known.set(why);
    known.endpoint = printable(text);
    throw failure(known);
}

}  // namespace

result<endpoint_address> endpoint_address::parse(std::string_view typed) {
    const std::string_view text = trimmed(typed);
    const std::size_t end = authority_end(text);
    if (end == std::string_view::npos || text.size() > framing_limits().max_via_size)
        return bad(0, text);
    const std::string whole = std::string(text.substr(0, end)) + respelled(text.substr(end));
    const auto parsed = boost::urls::parse_uri(whole);
    if (!parsed || parsed->encoded_host().empty() || parsed->has_userinfo())
        return bad(10, text);  // behind the scheme
    if (parsed->has_fragment())
        return bad(text.find('#'), text);

    endpoint_address made;
    const std::string_view authority = text.substr(0, end);
    const std::size_t colon = authority.rfind(':');
    const std::string_view port = authority.substr(colon + 1);  // or a part of the host
    if (!port.empty() && port.find_first_of("/]") == std::string_view::npos) {
        const auto [last, trouble] =
            std::from_chars(port.data(), port.data() + port.size(), made.port_);
        if (trouble != std::errc() || last != port.data() + port.size() || made.port_ == 0)
            return bad(colon + 1, text);
    }
    const auto spelled = parsed->encoded_host();
    const bool v6 = parsed->host_type() == boost::urls::host_type::ipv6;
    made.host_ = v6 ? parsed->host_ipv6_address().to_string()
                    : lower(std::string_view(spelled.data(), spelled.size()));
    if (made.host_.find_first_of("%[") != std::string::npos)
        return bad(10, text);  // an escaped name or a future kind of address
    made.uri_ = "net.tcp://" + (v6 ? '[' + made.host_ + ']' : made.host_);
    if (made.port_ != default_port)
        made.uri_ += ':' + std::to_string(made.port_);
    made.path_at_ = made.uri_.size();
    const auto path = parsed->encoded_path();
    made.uri_ += without_dots(std::string_view(path.data(), path.size()));
    made.path_size_ = made.uri_.size() - made.path_at_;
    if (parsed->has_query()) {
        const auto query = parsed->encoded_query();
        made.uri_.append("?").append(query.data(), query.size());
    }
    if (made.uri_.size() > framing_limits().max_via_size)
        return bad(0, text);
    return made;
}

endpoint_address::endpoint_address(std::string_view text) {
    auto parsed = parse(text);
    if (!parsed)
        throw_bad(text, parsed.error());
    *this = std::move(*parsed);
}

endpoint_address::endpoint_address(const char* text) : endpoint_address(std::string_view(text)) {}

endpoint_address::endpoint_address(const std::string& text)
    : endpoint_address(std::string_view(text)) {}

std::string_view endpoint_address::path() const noexcept {
    return std::string_view(uri_).substr(path_at_, path_size_);
}

}  // namespace nettcp
