// Spec: RFC 1321.
#include "contract/md5.hpp"

#include <bit>
#include <cmath>
#include <string>

namespace nettcp::contract {
namespace {

constexpr unsigned rotations[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

struct sums {
    std::uint32_t a = 0x67452301, b = 0xefcdab89, c = 0x98badcfe, d = 0x10325476;
};

std::uint32_t word_at(std::string_view block, std::size_t index) {
    std::uint32_t word = 0;
    for (std::size_t i = 4; i-- != 0;)
        word = word << 8 | static_cast<std::uint8_t>(block[index * 4 + i]);
    return word;
}

void add_block(sums& total, std::string_view block) {
    sums s = total;
    for (unsigned i = 0; i != 64; ++i) {
        std::uint32_t f = 0;
        unsigned word = 0;
        switch (i / 16) {
        case 0: f = (s.b & s.c) | (~s.b & s.d), word = i; break;
        case 1: f = (s.d & s.b) | (~s.d & s.c), word = (5 * i + 1) % 16; break;
        case 2: f = s.b ^ s.c ^ s.d, word = (3 * i + 5) % 16; break;
        default: f = s.c ^ (s.b | ~s.d), word = 7 * i % 16; break;
        }
        const auto sine = static_cast<std::uint32_t>(std::fabs(std::sin(i + 1.0)) * 4294967296.0);
        const std::uint32_t turned = std::rotl(s.a + f + sine + word_at(block, word),
                                               static_cast<int>(rotations[i / 16][i % 4]));
        s = {s.d, s.b + turned, s.b, s.c};
    }
    total = {total.a + s.a, total.b + s.b, total.c + s.c, total.d + s.d};
}

}  // namespace

std::array<std::uint8_t, 16> md5(std::string_view text) {
    std::string padded(text);
    padded.push_back('\x80');
    padded.append((120 - padded.size() % 64) % 64, '\0');
    for (unsigned shift = 0; shift != 64; shift += 8)
        padded.push_back(static_cast<char>(std::uint64_t{text.size()} * 8 >> shift));
    sums total;
    for (std::size_t at = 0; at != padded.size(); at += 64)
        add_block(total, std::string_view(padded).substr(at, 64));
    std::array<std::uint8_t, 16> digest;
    const std::uint32_t words[] = {total.a, total.b, total.c, total.d};
    for (std::size_t i = 0; i != 16; ++i)
        digest[i] = static_cast<std::uint8_t>(words[i / 4] >> (i % 4 * 8));
    return digest;
}

}  // namespace nettcp::contract
