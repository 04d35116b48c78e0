#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nettcp::channel {

/// Parts of one message at most, its root included. WCF's readers have the same bound.
inline constexpr std::uint32_t max_mime_parts = 1000;
/// Octets of the headers of a message, or of one part, at most. Those that peers send have 300.
inline constexpr std::uint32_t max_mime_headers_size = 8192;

/// The header fields that matter here, as they came but for white space around them; empty: absent.
/// A folded one keeps its line ends.
struct mime_headers {
    std::string_view mime_version;
    std::string_view content_type;
    std::string_view content_id;
    std::string_view transfer_encoding;
};

struct mime_part {
    mime_headers headers;
    bytes_view content;
    std::size_t at = 0;  ///< where the content begins in the message
};

/// A message of several parts, whose header fields come first. All are views into `message`.
///
/// Lines end with CR LF. What stands before the first part and behind the last is ignored; the last
/// part must be closed.
struct mime_message {
    mime_headers headers;
    std::size_t body_at = 0;

    /// Reads the header fields. Fails with `errc::mime_malformed`, also when one of the fields
    /// above comes twice, `mime_truncated` and `mime_headers_exceeded`.
    static result<mime_message> read(bytes_view message);
    /// The parts between the delimiters that `boundary` makes. Fails like `read`, and with
    /// `errc::mime_parts_exceeded`; `at` is an offset in `message`.
    result<std::vector<mime_part>> parts(bytes_view message, std::string_view boundary) const;
};

/// What follows a delimiter.
enum class behind_delimiter : std::uint8_t { part, nothing, damage, end_of_text };

/// Tells what follows the delimiter that ends at `at`, and moves `at` behind its line.
behind_delimiter read_delimiter_end(std::string_view text, std::size_t& at) noexcept;

/// Whether `text` may be a boundary: up to 70 characters of those that RFC 2046 allows.
bool is_mime_boundary(std::string_view text) noexcept;

}  // namespace nettcp::channel
