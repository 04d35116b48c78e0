#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

#include <string>

namespace nettcp {

/// The offset of the first octet that is not well-formed UTF-8 (overlong forms, surrogates and
/// numbers above U+10FFFF included), or `text.size()` when all of it is.
NETTCP_EXPORT std::size_t find_invalid_utf8(std::string_view text) noexcept;

/// Whether all of `text` is well-formed UTF-8.
inline bool is_utf8(std::string_view text) noexcept {
    return find_invalid_utf8(text) == text.size();
}

/// Appends the UTF-8 form of little-endian UTF-16 to `out`. Returns false, with `out` holding
/// what came before, at an odd size or a lone surrogate.
NETTCP_EXPORT bool append_utf16le(std::string& out, bytes_view utf16);

/// Appends the UTF-8 form of one code point (at most U+10FFFF, no surrogate) to `out`.
NETTCP_EXPORT void append_code_point(std::string& out, char32_t code_point);

/// How many UTF-16 units well-formed UTF-8 takes.
NETTCP_EXPORT std::size_t utf16_length(std::string_view text) noexcept;

/// `text` made fit to print: control characters, invalid UTF-8 and quotes escaped as `\xNN`, and
/// cut with `...` after `limit` octets. For words of a peer in errors, logs and consoles.
NETTCP_EXPORT std::string printable(std::string_view text, std::size_t limit = 256);

}  // namespace nettcp
