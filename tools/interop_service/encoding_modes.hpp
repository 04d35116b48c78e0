#pragma once

#include <nettcp/framing/encoding.hpp>
#include <nettcp/soap/message_version.hpp>

#include <algorithm>
#include <iterator>
#include <string_view>

namespace nettcp::interop {

/// A mode without security, whose endpoint takes one encoding.
struct encoding_mode {
    std::string_view name;
    framing::encoding encoding;
    /// What our client writes; our host follows its peer.
    soap::addressing_version addressing = {};
    /// What our client calls it; Mono's host knows no content types but those that have an octet.
    std::string_view content_type = {};
};

/// The first four are those of the interop contract. The others meet Mono.
inline constexpr encoding_mode encoding_modes[] = {
    {"none", framing::encoding::binary_session},
    {"none-gzip", framing::encoding::binary_session_gzip},
    {"none-deflate", framing::encoding::binary_session_deflate},
    {"none-text", framing::encoding::soap12_utf8},
    {"none-binary", framing::encoding::binary},
    {"none-text-utf16", framing::encoding::soap12_utf16},
    {"none-text-utf16-mono",
     framing::encoding::soap12_utf16,
     {},
     "application/soap+xml; charset=utf16"},
    {"none-text11-utf16-mono", framing::encoding::soap11_utf16, {}, "text/xml; charset=utf16"},
    {"none-text-utf16be", framing::encoding::soap12_utf16be},
    {"none-text11", framing::encoding::soap11_utf8},
    {"none-text11-utf16", framing::encoding::soap11_utf16},
    {"none-text11-utf16be", framing::encoding::soap11_utf16be},
    {"none-mtom", framing::encoding::mtom},
    {"none-mtom11", framing::encoding::mtom_soap11},
    {"none-mtom-mono", framing::encoding::mtom, {}, "multipart/related"},
    {"none-mtom11-mono", framing::encoding::mtom_soap11, {}, "multipart/related"},
    {"none-text-200408", framing::encoding::soap12_utf8,
     soap::addressing_version::addressing200408},
    {"none-text11-200408", framing::encoding::soap11_utf8,
     soap::addressing_version::addressing200408},
};

/// The mode of this name, or null.
inline const encoding_mode* find_encoding_mode(std::string_view name) noexcept {
    const auto* found = std::ranges::find(encoding_modes, name, &encoding_mode::name);
    return found == std::end(encoding_modes) ? nullptr : found;
}

}  // namespace nettcp::interop
