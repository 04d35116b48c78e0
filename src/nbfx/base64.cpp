#include "nbfx/base64.hpp"

#include <array>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t not_a_digit = 0xff;
constexpr std::uint8_t white = 0xfe;

constexpr auto values = [] {
    std::array<std::uint8_t, 256> table{};
    table.fill(not_a_digit);
    for (std::size_t i = 0; i != digits.size(); ++i)
        table[static_cast<unsigned char>(digits[i])] = static_cast<std::uint8_t>(i);
    for (const char c : {' ', '\t', '\r', '\n'})
        table[static_cast<unsigned char>(c)] = white;
    return table;
}();

}  // namespace

void append_base64(std::string& out, bytes_view octets) {
    out.reserve(out.size() + (octets.size() + 2) / 3 * 4);
    const auto octet = [&](std::size_t i) {
        return i < octets.size() ? std::to_integer<std::uint32_t>(octets[i]) : 0u;
    };
    for (std::size_t i = 0; i < octets.size(); i += 3) {
        const std::uint32_t bits = octet(i) << 16 | octet(i + 1) << 8 | octet(i + 2);
        const std::array<char, 4> four{digits[bits >> 18], digits[bits >> 12 & 63],
                                       i + 1 < octets.size() ? digits[bits >> 6 & 63] : '=',
                                       i + 2 < octets.size() ? digits[bits & 63] : '='};
        out.append(four.data(), four.size());
    }
}

std::size_t decode_base64(std::vector<std::byte>& out, std::string_view text) {
    out.reserve(out.size() + text.size() / 4 * 3);
    std::uint32_t bits = 0;
    unsigned count = 0, padding = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        const std::uint8_t digit = values[static_cast<unsigned char>(text[i])];
        if (digit == white)
            continue;
        const bool pads = text[i] == '=';
        if (pads ? count < 2 : digit == not_a_digit || padding != 0)
            return i;
        padding += pads;
        bits = bits << 6 | (pads ? 0u : digit);
        if (++count < 4)
            continue;
        for (unsigned k = 0; k != 3 - padding; ++k)
            out.push_back(static_cast<std::byte>(bits >> (16 - 8 * k) & 0xffu));
        bits = count = padding = 0;
    }
    return count == 0 ? text.size() : text.size() - 1;
}

}  // namespace nettcp::nbfx
