// Decides what headers of MTOM messages and of their parts may say.

#include <channel/mtom_rules.hpp>

#include <nettcp/channel/errc.hpp>

namespace nettcp::channel {
namespace {

constexpr std::string_view xop_type = "application/xop+xml";

error failed(errc rule, std::size_t at) {
    return error{make_error_code(rule), at};
}

std::optional<unsigned> digit_of(char c) noexcept {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// `text` with `%41` for what it stands for; what is no escape stays.
std::string unescaped(std::string_view text) {
    std::string made;
    made.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            const auto high = digit_of(text[i + 1]);
            const auto low = digit_of(text[i + 2]);
            if (high && low) {
                made.push_back(static_cast<char>(*high * 16 + *low));
                i += 2;
                continue;
            }
        }
        made.push_back(text[i]);
    }
    return made;
}

}  // namespace

std::string_view bare_id(std::string_view text) noexcept {
    return text.starts_with('<') && text.ends_with('>') && text.size() > 1
               ? text.substr(1, text.size() - 2)
               : text;
}

std::optional<std::string> id_in(std::string_view url) {
    constexpr std::string_view scheme = "cid:";
    if (url.size() <= scheme.size() || !same_ignoring_case(url.substr(0, scheme.size()), scheme))
        return std::nullopt;
    return unescaped(url.substr(scheme.size()));
}

result<void> check_transfer_encoding(const mime_headers& part, std::size_t at) {
    const std::string_view name = part.transfer_encoding;
    for (const std::string_view known : {"binary", "8bit", "7bit"}) {
        if (same_ignoring_case(name, known))
            return {};
    }
    if (name.empty())  // stands for 7bit
        return {};
    return failed(errc::mtom_transfer_encoding, at);
}

result<charset> charset_in(const media_type& type, bytes_view text, std::size_t at) {
    const charset found = charset_of(text);
    const std::string_view name = type.parameter("charset").value_or("");
    const bool is_utf8 =
        name.empty() || same_ignoring_case(name, "utf-8") || same_ignoring_case(name, "us-ascii");
    const bool is_utf16 = name.empty() || same_ignoring_case(name, "utf-16") ||
                          same_ignoring_case(name, "utf-16le") ||
                          same_ignoring_case(name, "utf-16be");
    if (!(found == charset::utf8 ? is_utf8 : is_utf16))
        return failed(errc::charset_mismatch, at);
    return found;
}

result<media_type> root_type_of(const mime_headers& root, std::size_t at) {
    const auto type = media_type::parse(root.content_type);
    if (!type || !same_ignoring_case(type->name(), xop_type))
        return failed(errc::mtom_not_xop, at);
    if (const auto fine = check_transfer_encoding(root, at); !fine)
        return fine.error();
    return *type;
}

result<media_type> mtom_type_of(const mime_headers& headers) {
    if (!headers.mime_version.empty() && headers.mime_version != "1.0")
        return failed(errc::mime_malformed, 0);
    const auto type = media_type::parse(headers.content_type);
    if (!type || !same_ignoring_case(type->name(), "multipart/related") ||
        !same_ignoring_case(type->parameter("type").value_or(""), xop_type))
        return failed(errc::mtom_not_xop, 0);
    if (!is_mime_boundary(type->parameter("boundary").value_or("")))
        return failed(errc::mime_malformed, 0);
    return *type;
}

bool is_start(std::string_view start, std::string_view content_id) {
    const std::string_view id = bare_id(content_id);
    return id == bare_id(start) || id_in(start) == id;
}

}  // namespace nettcp::channel
