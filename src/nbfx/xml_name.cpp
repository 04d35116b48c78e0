#include "nbfx/xml_name.hpp"

#include <nettcp/base/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

namespace nettcp::nbfx {
namespace {

enum name_class : std::uint8_t { none = 0, inside = 1, start = 2, beyond_ascii = 4 };

constexpr auto classes = [] {
    std::array<std::uint8_t, 256> table{};
    for (unsigned c = 0; c != 256; ++c) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        const bool other = (c >= '0' && c <= '9') || c == '-' || c == '.';
        table[c] = letter ? start | inside : other ? inside : c >= 0x80 ? beyond_ascii : none;
    }
    return table;
}();

struct range {
    char32_t first;
    char32_t last;
};

constexpr range start_ranges[] = {
    {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},
    {0x37f, 0x1fff},  {0x200c, 0x200d}, {0x2070, 0x218f}, {0x2c00, 0x2fef},
    {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff},
};
constexpr range more_inside_ranges[] = {{0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}};

template <std::size_t N>
bool within(const range (&ranges)[N], char32_t point) noexcept {
    return std::ranges::any_of(
        ranges, [point](const range& r) { return point >= r.first && point <= r.last; });
}

bool is_name_beyond_ascii(std::string_view text) noexcept {
    if (!is_utf8(text))
        return false;
    for (std::size_t i = 0; i != text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const bool first = i == 0;
        if (lead < 0x80) {
            if ((classes[lead] & (first ? start : inside)) == 0)
                return false;
            ++i;
            continue;
        }
        const unsigned size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        char32_t point = lead & (0xffu >> (size + 1));
        for (unsigned k = 1; k != size; ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
        if (!within(start_ranges, point) && (first || !within(more_inside_ranges, point)))
            return false;
        i += size;
    }
    return true;
}

}  // namespace

bool is_ncname(std::string_view text) noexcept {
    if (text.empty())
        return false;
    std::uint8_t all = classes[static_cast<unsigned char>(text[0])];
    if (all != (start | inside))
        return all == beyond_ascii && is_name_beyond_ascii(text);
    all = inside;
    std::uint8_t any = 0;
    for (std::size_t i = 1; i != text.size(); ++i) {
        const std::uint8_t c = classes[static_cast<unsigned char>(text[i])];
        all &= c;
        any |= c;
    }
    return all != 0 || ((any & beyond_ascii) != 0 && is_name_beyond_ascii(text));
}

}  // namespace nettcp::nbfx
