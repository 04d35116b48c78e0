#pragma once

#include <channel/compression.hpp>
#include <channel/text_encoding.hpp>

#include <nettcp/framing/encoding.hpp>
#include <nettcp/soap/message_version.hpp>

#include <optional>

namespace nettcp::channel {

/// What a framing encoding says about payloads.
struct payload_traits {
    bool has_string_table = false;
    compression packed = compression::none;
    /// Nothing: binary XML. UTF-16 is read in either byte order; this is the one we write.
    std::optional<charset> text;
    soap::soap_version soap = soap::soap_version::soap12;
    /// The text is the root of a MIME message, in the character set that its header names.
    bool mime = false;
};

/// Nothing for an encoding that we cannot read and write.
constexpr std::optional<payload_traits> traits_of(framing::encoding value) noexcept {
    using framing::encoding;
    using soap::soap_version;
    constexpr auto none = compression::none;
    switch (value) {
    case encoding::soap11_utf8:
        return payload_traits{false, none, charset::utf8, soap_version::soap11};
    case encoding::soap11_utf16:
        return payload_traits{false, none, charset::utf16le, soap_version::soap11};
    case encoding::soap11_utf16be:
        return payload_traits{false, none, charset::utf16be, soap_version::soap11};
    case encoding::soap12_utf8: return payload_traits{false, none, charset::utf8, {}};
    case encoding::soap12_utf16: return payload_traits{false, none, charset::utf16le, {}};
    case encoding::soap12_utf16be: return payload_traits{false, none, charset::utf16be, {}};
    case encoding::mtom: return payload_traits{false, none, charset::utf8, {}, true};
    case encoding::mtom_soap11:
        return payload_traits{false, none, charset::utf8, soap_version::soap11, true};
    case encoding::binary: return payload_traits{};
    case encoding::binary_session: return payload_traits{true, none, {}, {}};
    case encoding::binary_gzip: return payload_traits{false, compression::gzip, {}, {}};
    case encoding::binary_session_gzip: return payload_traits{true, compression::gzip, {}, {}};
    case encoding::binary_deflate: return payload_traits{false, compression::deflate, {}, {}};
    case encoding::binary_session_deflate:
        return payload_traits{true, compression::deflate, {}, {}};
    }
    return std::nullopt;
}

}  // namespace nettcp::channel
