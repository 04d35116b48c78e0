#include "xml/escape.hpp"

#include <nettcp/base/utf8.hpp>

#include <array>

namespace nettcp::xml {
namespace {

enum octet_class : unsigned char { plain, escaped, attribute_only, forbidden, suspect };

constexpr auto classes = [] {
    std::array<octet_class, 256> table{};
    for (unsigned c = 0; c != 0x20; ++c)
        table[c] = forbidden;
    table['\t'] = table['\n'] = table['"'] = attribute_only;
    table['\r'] = table['<'] = table['>'] = table['&'] = escaped;
    table[0xef] = suspect;  // U+FFFE and U+FFFF begin so
    return table;
}();

constexpr std::string_view replacement = "\xef\xbf\xbd";

std::string_view escape_of(char c) noexcept {
    switch (c) {
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '&': return "&amp;";
    case '"': return "&quot;";
    case '\t': return "&#x9;";
    case '\n': return "&#xA;";
    default: return "&#xD;";
    }
}

bool append_valid(std::string& out, std::string_view text, text_place place, bool replace) {
    std::size_t done = 0;
    const auto put = [&](std::size_t at, std::size_t size, std::string_view instead) {
        out.append(text, done, at - done);
        out.append(instead);
        done = at + size;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        switch (classes[static_cast<unsigned char>(text[i])]) {
        case plain: break;
        case attribute_only:
            if (place == text_place::attribute)
                put(i, 1, escape_of(text[i]));
            break;
        case escaped: put(i, 1, escape_of(text[i])); break;
        case forbidden:
            if (!replace)
                return false;
            put(i, 1, replacement);
            break;
        case suspect:
            if (text[i + 1] == '\xbf' && (text[i + 2] == '\xbe' || text[i + 2] == '\xbf')) {
                if (!replace)
                    return false;
                put(i, 3, replacement);
            }
            i += 2;
            break;
        }
    }
    out.append(text, done, text.size() - done);
    return true;
}

}  // namespace

bool append_escaped(std::string& out, std::string_view text, text_place place, bool replace) {
    const std::size_t before = out.size();
    for (;;) {
        const std::size_t valid = find_invalid_utf8(text);
        if ((valid != text.size() && !replace) ||
            !append_valid(out, text.substr(0, valid), place, replace)) {
            out.resize(before);
            return false;
        }
        if (valid == text.size())
            return true;
        out.append(replacement);
        text.remove_prefix(valid + 1);
    }
}

}  // namespace nettcp::xml
