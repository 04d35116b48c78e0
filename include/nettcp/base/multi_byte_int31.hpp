#pragma once

#include <nettcp/base/byte_reader.hpp>

namespace nettcp {

/// The largest number that a MultiByteInt31 can carry.
inline constexpr std::uint32_t max_multi_byte_int31 = 0x7fffffff;

/// Reads a size: one to five octets, seven bits each, low bits first.
///
/// Fails with `base_errc::size_overflow` when the number does not fit in 31 bits. Longer
/// spellings (`80 00` for 0) are accepted; `write_multi_byte_int31` makes none.
///
/// Spec: [MC-NMF] "Record Size Encoding", [MC-NBFX] "MultiByteInt31".
inline std::uint32_t read_multi_byte_int31(byte_reader& in) noexcept {
    std::uint32_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        const std::uint8_t octet = in.u8();
        if (shift == 28 && octet > 0x07) {
            in.fail(base_errc::size_overflow, octet);
            return 0;
        }
        value |= (octet & 0x7fu) << shift;
        if ((octet & 0x80u) == 0)  // a fifth octet always ends here
            return value;
    }
}

/// How many octets the shortest spelling of `value` takes: 1 to 5.
constexpr std::size_t multi_byte_int31_size(std::uint32_t value) noexcept {
    std::size_t size = 1;
    for (; value > 0x7f; value >>= 7)
        ++size;
    return size;
}

/// Writes the shortest spelling of `value` at `out`, which holds at least
/// `multi_byte_int31_size(value)` octets. Returns the position behind it.
inline std::byte* write_multi_byte_int31(std::byte* out, std::uint32_t value) noexcept {
    for (; value > 0x7f; value >>= 7)
        *out++ = static_cast<std::byte>((value & 0x7fu) | 0x80u);
    *out++ = static_cast<std::byte>(value);
    return out;
}

}  // namespace nettcp
