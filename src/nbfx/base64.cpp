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

std::size_t base64_reader::read(std::string_view text, std::byte* out, std::size_t& size) noexcept {
    const auto value_at = [&](std::size_t i) {
        return std::uint32_t{values[static_cast<unsigned char>(text[i])]};
    };
    std::byte* to = out;
    const auto put = [&](std::uint32_t bits, unsigned octets) {
        for (unsigned k = 0; k != octets; ++k)
            *to++ = static_cast<std::byte>(bits >> (16 - 8 * k) & 0xffu);
    };
    std::size_t i = 0;
    for (; i != text.size(); ++i) {
        while (count_ == 0 && text.size() - i >= 4) {  // fours of digits alone
            const std::uint32_t a = value_at(i), b = value_at(i + 1), c = value_at(i + 2),
                                d = value_at(i + 3);
            if ((a | b | c | d) > 63)
                break;
            put(a << 18 | b << 12 | c << 6 | d, 3);
            i += 4;
        }
        if (i == text.size())
            break;
        const std::uint32_t digit = value_at(i);
        if (digit == white)
            continue;
        const bool pads = text[i] == '=';
        if (pads ? count_ < 2 : digit == not_a_digit || padding_ != 0)
            break;
        padding_ += pads;
        bits_ = bits_ << 6 | (pads ? 0u : digit);
        if (++count_ < 4)
            continue;
        put(bits_, 3 - padding_);
        bits_ = count_ = padding_ = 0;
    }
    size += static_cast<std::size_t>(to - out);
    return i;
}

std::size_t decode_base64(std::vector<std::byte>& out, std::string_view text) {
    const std::size_t before = out.size();
    out.resize(before + base64_reader::most_from(text.size()));
    base64_reader reader;
    std::size_t size = 0;
    const std::size_t read = reader.read(text, out.data() + before, size);
    out.resize(before + size);
    return read == text.size() && !reader.is_whole() ? text.size() - 1 : read;
}

}  // namespace nettcp::nbfx
