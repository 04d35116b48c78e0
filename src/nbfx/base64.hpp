#pragma once

#include <nettcp/base/bytes.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace nettcp::nbfx {

/// Appends the base64 text of `octets`, padded.
void append_base64(std::string& out, bytes_view octets);

/// Appends the octets that base64 `text` spells; XML white space anywhere is skipped.
///
/// Returns the offset of the first character that breaks the rules, or `text.size()`: digits
/// come in fours, and padding ends a four. As .NET does, ignores bits that padding leaves over,
/// and goes on behind a padded four.
std::size_t decode_base64(std::vector<std::byte>& out, std::string_view text);

}  // namespace nettcp::nbfx
