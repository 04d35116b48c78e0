#pragma once

#include <nettcp/framing/encoding.hpp>

namespace nettcp {

/// Every encoding that there is.
inline constexpr framing::encoding all_encodings[] = {
    framing::encoding::soap11_utf8,
    framing::encoding::soap11_utf16,
    framing::encoding::soap11_utf16be,
    framing::encoding::soap12_utf8,
    framing::encoding::soap12_utf16,
    framing::encoding::soap12_utf16be,
    framing::encoding::binary,
    framing::encoding::binary_session,
    framing::encoding::binary_gzip,
    framing::encoding::binary_deflate,
    framing::encoding::binary_session_gzip,
    framing::encoding::binary_session_deflate,
    framing::encoding::mtom,
    framing::encoding::mtom_soap11,
};

}  // namespace nettcp
