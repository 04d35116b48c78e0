#pragma once

#include <nettcp/base/bytes.hpp>

#include <cstddef>
#include <cstdint>
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

/// Reads base64 that comes in pieces, by the same rules: a four may begin in one, end in another.
class base64_reader {
public:
    /// Octets that so many characters make at most.
    static std::size_t most_from(std::size_t characters) noexcept { return characters / 4 * 3 + 3; }
    /// Writes the octets that `text` completes to `out`, and adds their number to `size`. Returns
    /// the offset of the first character that breaks the rules, or `text.size()`.
    std::size_t read(std::string_view text, std::byte* out, std::size_t& size) noexcept;
    /// No four has begun that has not ended.
    bool is_whole() const noexcept { return count_ == 0; }

private:
    std::uint32_t bits_ = 0;
    unsigned count_ = 0;
    unsigned padding_ = 0;
};

}  // namespace nettcp::nbfx
