// Generated from proto/framing/encodings.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nettcp::framing {

/// How the envelopes of a session are encoded, by whichever record it was named.
enum class encoding : std::uint8_t {
    /// `text/xml; charset=utf-8`. Spec: [MC-NMF] Known Encoding Record.
    soap11_utf8 = 0x00,
    /// `text/xml; charset=utf16`. Spec: [MC-NMF] Known Encoding Record.
    soap11_utf16 = 0x01,
    /// `text/xml; charset=unicodeFFFE`. Spec: [MC-NMF] Known Encoding Record.
    soap11_utf16be = 0x02,
    /// `application/soap+xml; charset=utf-8`. Spec: [MC-NMF] Known Encoding Record.
    soap12_utf8 = 0x03,
    /// `application/soap+xml; charset=utf16`. Spec: [MC-NMF] Known Encoding Record.
    soap12_utf16 = 0x04,
    /// `application/soap+xml; charset=unicodeFFFE`. Spec: [MC-NMF] Known Encoding Record.
    soap12_utf16be = 0x05,
    /// `multipart/related`. Spec: [MC-NMF] Known Encoding Record.
    mtom = 0x06,
    /// `application/soap+msbin1`. Spec: [MC-NMF] Known Encoding Record, [MC-NBFS].
    binary = 0x07,
    /// `application/soap+msbinsession1`. Spec: [MC-NMF] Known Encoding Record, [MC-NBFSE].
    binary_session = 0x08,
    /// `application/soap+msbin1+gzip`. Spec: [MC-NMF] Extensible Encoding Record, RFC 1952.
    binary_gzip = 0x09,
    /// `application/soap+msbinsession1+gzip`. Spec: [MC-NMF] Extensible Encoding Record, RFC 1952.
    binary_session_gzip = 0x0a,
    /// `application/soap+msbin1+deflate`. Spec: [MC-NMF] Extensible Encoding Record, RFC 1951.
    binary_deflate = 0x0b,
    /// `application/soap+msbinsession1+deflate`. Spec: [MC-NMF] Extensible Encoding Record, RFC
    /// 1951.
    binary_session_deflate = 0x0c,
    /// `multipart/related; start-info="text/xml"`. Spec: [MC-NMF] Extensible Encoding Record, RFC
    /// 2387.
    mtom_soap11 = 0x0d,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(encoding v) noexcept {
    switch (v) {
    case encoding::soap11_utf8: return "soap11_utf8";
    case encoding::soap11_utf16: return "soap11_utf16";
    case encoding::soap11_utf16be: return "soap11_utf16be";
    case encoding::soap12_utf8: return "soap12_utf8";
    case encoding::soap12_utf16: return "soap12_utf16";
    case encoding::soap12_utf16be: return "soap12_utf16be";
    case encoding::mtom: return "mtom";
    case encoding::binary: return "binary";
    case encoding::binary_session: return "binary_session";
    case encoding::binary_gzip: return "binary_gzip";
    case encoding::binary_session_gzip: return "binary_session_gzip";
    case encoding::binary_deflate: return "binary_deflate";
    case encoding::binary_session_deflate: return "binary_session_deflate";
    case encoding::mtom_soap11: return "mtom_soap11";
    }
    return {};
}

/// Whether the specification defines this value.
constexpr bool is_defined(encoding v) noexcept {
    switch (v) {
    case encoding::soap11_utf8: return true;
    case encoding::soap11_utf16: return true;
    case encoding::soap11_utf16be: return true;
    case encoding::soap12_utf8: return true;
    case encoding::soap12_utf16: return true;
    case encoding::soap12_utf16be: return true;
    case encoding::mtom: return true;
    case encoding::binary: return true;
    case encoding::binary_session: return true;
    case encoding::binary_gzip: return true;
    case encoding::binary_session_gzip: return true;
    case encoding::binary_deflate: return true;
    case encoding::binary_session_deflate: return true;
    case encoding::mtom_soap11: return true;
    }
    return false;
}

/// The MIME content type, spelled as on the wire.
constexpr std::string_view content_type(encoding v) noexcept {
    switch (v) {
    case encoding::soap11_utf8: return "text/xml; charset=utf-8";
    case encoding::soap11_utf16: return "text/xml; charset=utf16";
    case encoding::soap11_utf16be: return "text/xml; charset=unicodeFFFE";
    case encoding::soap12_utf8: return "application/soap+xml; charset=utf-8";
    case encoding::soap12_utf16: return "application/soap+xml; charset=utf16";
    case encoding::soap12_utf16be: return "application/soap+xml; charset=unicodeFFFE";
    case encoding::mtom: return "multipart/related";
    case encoding::binary: return "application/soap+msbin1";
    case encoding::binary_session: return "application/soap+msbinsession1";
    case encoding::binary_gzip: return "application/soap+msbin1+gzip";
    case encoding::binary_session_gzip: return "application/soap+msbinsession1+gzip";
    case encoding::binary_deflate: return "application/soap+msbin1+deflate";
    case encoding::binary_session_deflate: return "application/soap+msbinsession1+deflate";
    case encoding::mtom_soap11: return "multipart/related; start-info=\"text/xml\"";
    }
    return {};
}

/// The octet to write in a known encoding record, or nothing when the encoding is written by its
/// content type.
constexpr std::optional<std::uint8_t> known_octet(encoding v) noexcept {
    switch (v) {
    case encoding::soap11_utf8: return 0x00;
    case encoding::soap11_utf16: return 0x01;
    case encoding::soap11_utf16be: return 0x02;
    case encoding::soap12_utf8: return 0x03;
    case encoding::soap12_utf16: return 0x04;
    case encoding::soap12_utf16be: return 0x05;
    case encoding::mtom: return 0x06;
    case encoding::binary: return 0x07;
    case encoding::binary_session: return 0x08;
    case encoding::binary_gzip: return std::nullopt;
    case encoding::binary_session_gzip: return std::nullopt;
    case encoding::binary_deflate: return std::nullopt;
    case encoding::binary_session_deflate: return std::nullopt;
    case encoding::mtom_soap11: return std::nullopt;
    }
    return std::nullopt;
}

/// The encoding that a known encoding record names. Also takes the octets some acceptors give to
/// the compressed encodings.
constexpr std::optional<encoding> encoding_from_octet(std::uint8_t octet) noexcept {
    if (octet > static_cast<std::uint8_t>(encoding::binary_session_deflate))
        return std::nullopt;
    return static_cast<encoding>(octet);
}

/// The encoding that a content type names; letter case does not matter.
constexpr std::optional<encoding> encoding_from_content_type(
    std::string_view text) noexcept {
    constexpr auto lower = [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    };
    for (std::uint8_t octet = 0; octet < 14; ++octet) {
        const std::string_view known = content_type(static_cast<encoding>(octet));
        bool same = known.size() == text.size();
        for (std::size_t i = 0; same && i < known.size(); ++i)
            same = lower(known[i]) == lower(text[i]);
        if (same)
            return static_cast<encoding>(octet);
    }
    return std::nullopt;
}

}  // namespace nettcp::framing
