#include <nettcp/base/uuid.hpp>

#include <nettcp/base/errc.hpp>

#include <boost/uuid/random_generator.hpp>

#include <array>
#include <cstring>

namespace nettcp {
namespace {

/// Between the order of the text and .NET's, either way: three little-endian groups, then eight
/// octets as they are.
void reorder(void* to, const void* from) noexcept {
    struct groups {
        std::uint32_t first;
        std::uint16_t second;
        std::uint16_t third;
        std::uint64_t octets;
    };
    groups value;
    std::memcpy(&value, from, sizeof value);
    value.first = __builtin_bswap32(value.first);
    value.second = __builtin_bswap16(value.second);
    value.third = __builtin_bswap16(value.third);
    std::memcpy(to, &value, sizeof value);
}

constexpr bool hyphen_before(std::size_t octet) noexcept {
    return octet == 4 || octet == 6 || octet == 8 || octet == 10;
}

/// The value of a hex digit, or 16.
constexpr unsigned hex_value(char c) noexcept {
    if (c >= '0' && c <= '9')
        return static_cast<unsigned>(c - '0');
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? static_cast<unsigned>(lower - 'a') + 10 : 16;
}

}  // namespace

uuid random_uuid() {
    return boost::uuids::random_generator_pure()();
}

uuid uuid_from_wire(const std::byte* octets) noexcept {
    uuid value;
    reorder(&value.data[0], octets);
    return value;
}

std::byte* uuid_to_wire(std::byte* out, const uuid& value) noexcept {
    reorder(out, &value.data[0]);
    return out + 16;
}

void append_text(std::string& out, const uuid& value) {
    constexpr char digits[] = "0123456789abcdef";
    std::array<char, 36> text;
    char* next = text.data();
    for (std::size_t i = 0; i != 16; ++i) {
        if (hyphen_before(i))
            *next++ = '-';
        *next++ = digits[value.data[i] >> 4];
        *next++ = digits[value.data[i] & 15u];
    }
    out.append(text.data(), text.size());
}

result<uuid> parse_uuid(std::string_view text) noexcept {
    uuid value;
    std::size_t at = 0;
    const auto invalid = [&at] { return error{make_error_code(base_errc::text_invalid), at, 0}; };
    if (text.size() != 36)
        return invalid();
    for (std::size_t i = 0; i != 16; ++i) {
        if (hyphen_before(i)) {
            if (text[at] != '-')
                return invalid();
            ++at;
        }
        const unsigned high = hex_value(text[at]);
        const unsigned low = hex_value(text[at + 1]);
        if (high > 15 || low > 15)
            return invalid();
        value.data[i] = static_cast<std::uint8_t>(high << 4 | low);
        at += 2;
    }
    return value;
}

}  // namespace nettcp
