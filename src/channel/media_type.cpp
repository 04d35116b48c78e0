#include <channel/media_type.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

constexpr std::string_view white_space = " \t\r\n";

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Where the quoted text that `text` begins with ends, its last quote included; npos: nowhere.
std::size_t end_of_quoted(std::string_view text) noexcept {
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return text.npos;
}

bool is_token(std::string_view text) noexcept {
    constexpr std::string_view special = "()<>@,;:\\\"[]?=";  // a slash is in none, but is harmless
    for (const char c : text) {
        if (c <= ' ' || c > '~' || special.find(c) != special.npos)
            return false;
    }
    return !text.empty();
}

}  // namespace

bool same_ignoring_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i]))
            return false;
    }
    return true;
}

std::string_view trimmed(std::string_view text) noexcept {
    const auto first = text.find_first_not_of(white_space);
    if (first == text.npos)
        return {};
    return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::optional<media_type> media_type::parse(std::string_view text) noexcept {
    media_type made;
    const auto end = text.find(';');
    made.name_ = trimmed(text.substr(0, end));
    const auto slash = made.name_.find('/');
    if (slash == text.npos || slash == 0 || slash + 1 == made.name_.size() || !is_token(made.name_))
        return std::nullopt;
    std::string_view rest = end == text.npos ? std::string_view() : text.substr(end + 1);
    while (!trimmed(rest).empty()) {
        if (!made.take_parameter(rest))
            return std::nullopt;
    }
    return made;
}

/// Takes one parameter and the semicolon behind it off `rest`.
bool media_type::take_parameter(std::string_view& rest) noexcept {
    const auto equals = rest.find('=');
    if (equals == rest.npos || count_ == max_parameters)
        return false;
    const std::string_view key = trimmed(rest.substr(0, equals));
    if (!is_token(key) || parameter(key))
        return false;
    rest = rest.substr(equals + 1);
    rest = rest.substr(std::min(rest.find_first_not_of(white_space), rest.size()));
    std::string_view value;
    if (rest.starts_with('"')) {
        const auto end = end_of_quoted(rest);
        if (end == rest.npos)
            return false;
        value = rest.substr(1, end - 2);
        rest = rest.substr(end);
    } else {
        value = trimmed(rest.substr(0, rest.find(';')));
        rest = rest.substr(std::min(rest.find(';'), rest.size()));
    }
    parameters_[count_++] = {key, value};
    rest = trimmed(rest);
    if (rest.empty())
        return true;
    const bool more = rest.front() == ';';
    rest.remove_prefix(1);
    return more;
}

std::optional<std::string_view> media_type::parameter(std::string_view key) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
        if (same_ignoring_case(parameters_[i].key, key))
            return parameters_[i].value;
    }
    return std::nullopt;
}

}  // namespace nettcp::channel
