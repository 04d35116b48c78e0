#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/framing/encoding.hpp>

#include <cstdint>
#include <initializer_list>

namespace nettcp::channel {

/// Whether `duplex_session` can read and write messages in this encoding: all that are defined.
NETTCP_EXPORT bool is_supported(framing::encoding value) noexcept;

/// The encoding that says the same without strings of a session: sessions of one request and its
/// reply use it in place of `value`, as WCF's do.
constexpr framing::encoding without_session(framing::encoding value) noexcept {
    switch (value) {
    case framing::encoding::binary_session: return framing::encoding::binary;
    case framing::encoding::binary_session_gzip: return framing::encoding::binary_gzip;
    case framing::encoding::binary_session_deflate: return framing::encoding::binary_deflate;
    default: return value;
    }
}

/// The encodings that an endpoint takes. WCF's endpoints take one each. Both byte orders of UTF-16
/// count as one: preambles do not tell them apart reliably, the text does.
class encoding_set {
public:
    /// Just this one.
    constexpr encoding_set(framing::encoding only) noexcept : bits_(bit(only)) {}
    constexpr encoding_set(std::initializer_list<framing::encoding> all) noexcept {
        for (const framing::encoding one : all)
            bits_ |= bit(one);
    }

    constexpr bool contains(framing::encoding value) const noexcept {
        return (bits_ & bit(value)) != 0;
    }

    /// The same in sessions of one request and its reply.
    constexpr bool contains_without_session(framing::encoding value) const noexcept {
        using framing::encoding;
        return contains(value) ||
               (value == encoding::binary && contains(encoding::binary_session)) ||
               (value == encoding::binary_gzip && contains(encoding::binary_session_gzip)) ||
               (value == encoding::binary_deflate && contains(encoding::binary_session_deflate));
    }

    friend constexpr bool operator==(const encoding_set&, const encoding_set&) noexcept = default;

private:
    static constexpr std::uint32_t bit(framing::encoding value) noexcept {
        if (value == framing::encoding::soap11_utf16be)
            value = framing::encoding::soap11_utf16;
        else if (value == framing::encoding::soap12_utf16be)
            value = framing::encoding::soap12_utf16;
        const auto octet = static_cast<unsigned>(value);
        return octet < 32 ? std::uint32_t{1} << octet : 0;
    }

    std::uint32_t bits_ = 0;
};

}  // namespace nettcp::channel
