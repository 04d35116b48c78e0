#include <nettcp/base/utf8.hpp>

#include <algorithm>
#include <bit>
#include <cstring>

namespace nettcp {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080u;

constexpr unsigned octet_at(std::string_view text, std::size_t i) noexcept {
    return static_cast<unsigned char>(text[i]);
}

constexpr bool continues(unsigned octet) noexcept {
    return (octet & 0xc0u) == 0x80u;
}

/// How many octets the well-formed sequence at `i` takes; 0 when it is none.
std::size_t sequence_size(std::string_view text, std::size_t i) noexcept {
    const unsigned first = octet_at(text, i);
    const std::size_t left = text.size() - i;
    if (first < 0x80)
        return 1;
    if (first < 0xc2 || first > 0xf4)
        return 0;
    const std::size_t size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (left < size)
        return 0;
    const unsigned second = octet_at(text, i + 1);
    const unsigned lowest = first == 0xe0   ? 0xa0
                            : first == 0xf0 ? 0x90
                                            : 0x80;   // no overlong forms
    const unsigned highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;  // no surrogates
    if (second < lowest || second > highest)
        return 0;
    for (std::size_t k = 2; k < size; ++k)
        if (!continues(octet_at(text, i + k)))
            return 0;
    return size;
}

/// How many octets of ASCII `text`, which starts with one, has at its start; at least some of them.
std::size_t ascii_run(std::string_view text) noexcept {
    std::size_t size = 0;
    for (std::uint64_t word = 0; text.size() - size >= sizeof word; size += sizeof word) {
        std::memcpy(&word, text.data() + size, sizeof word);
        const std::uint64_t beyond = word & high_bits;
        if (beyond == 0)
            continue;
        if constexpr (std::endian::native == std::endian::little)
            return size + static_cast<unsigned>(std::countr_zero(beyond)) / 8;
        break;
    }
    while (size != text.size() && octet_at(text, size) < 0x80)
        ++size;
    return size;
}

}  // namespace

std::size_t find_invalid_utf8(std::string_view text) noexcept {
    std::size_t i = 0;
    while (i != text.size()) {
        if (octet_at(text, i) < 0x80) {
            i += ascii_run(text.substr(i));
            continue;
        }
        const std::size_t size = sequence_size(text, i);
        if (size == 0)
            return i;
        i += size;
    }
    return i;
}

void append_code_point(std::string& out, char32_t code_point) {
    const auto put = [&out](std::uint32_t octet) { out.push_back(static_cast<char>(octet)); };
    const auto tail = [&](unsigned shift) { put(0x80u | ((code_point >> shift) & 0x3fu)); };
    if (code_point < 0x80) {
        put(code_point);
    } else if (code_point < 0x800) {
        put(0xc0u | (code_point >> 6));
        tail(0);
    } else if (code_point < 0x10000) {
        put(0xe0u | (code_point >> 12));
        tail(6);
        tail(0);
    } else {
        put(0xf0u | (code_point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

bool append_utf16le(std::string& out, bytes_view utf16) {
    const auto unit = [utf16](std::size_t i) {
        return std::to_integer<std::uint32_t>(utf16[i]) |
               (std::to_integer<std::uint32_t>(utf16[i + 1]) << 8);
    };
    if (utf16.size() % 2 != 0)
        return false;
    for (std::size_t i = 0; i < utf16.size(); i += 2) {
        const std::uint32_t first = unit(i);
        if (first < 0xd800 || first > 0xdfff) {
            append_code_point(out, first);
            continue;
        }
        if (first > 0xdbff || utf16.size() - i < 4)
            return false;
        const std::uint32_t second = unit(i + 2);
        if (second < 0xdc00 || second > 0xdfff)
            return false;
        append_code_point(out, 0x10000u + ((first - 0xd800u) << 10) + (second - 0xdc00u));
        i += 2;
    }
    return true;
}

// A unit for each octet that starts a character, and another for each that starts one of four.
std::size_t utf16_length(std::string_view text) noexcept {
    std::size_t units = text.size();
    std::size_t i = 0;
    for (std::uint64_t word = 0; text.size() - i >= sizeof word; i += sizeof word) {
        std::memcpy(&word, text.data() + i, sizeof word);
        const std::uint64_t high = word & high_bits;
        const std::uint64_t next = word << 1;
        const std::uint64_t continuing = high & ~next;
        const std::uint64_t four = high & next & (word << 2) & (word << 3);
        const auto count = [](std::uint64_t bits) {
            return (bits >> 7) * 0x0101010101010101u >> 56;
        };
        units += count(four) - count(continuing);
    }
    for (; i != text.size(); ++i) {
        const unsigned octet = octet_at(text, i);
        units += octet >= 0xf0 ? 1u : 0u;
        units -= continues(octet) ? 1u : 0u;
    }
    return units;
}

std::string printable(std::string_view text, std::size_t limit) {
    constexpr char digits[] = "0123456789abcdef";
    std::string out;
    std::size_t i = 0;
    while (i < text.size() && i < limit) {
        const unsigned octet = octet_at(text, i);
        const std::size_t size = sequence_size(text, i);
        const bool is_control = octet < 0x20 || octet == 0x7f ||
                                (octet == 0xc2 && size == 2 && octet_at(text, i + 1) < 0xa0);
        if (size == 0 || is_control || octet == '"' || octet == '\\') {
            for (const std::size_t end = i + std::max<std::size_t>(size, 1); i != end; ++i)
                out += {'\\', 'x', digits[octet_at(text, i) >> 4], digits[octet_at(text, i) & 15u]};
            continue;
        }
        out += text.substr(i, size);
        i += size;
    }
    if (i < text.size())
        out += "...";
    return out;
}

}  // namespace nettcp
