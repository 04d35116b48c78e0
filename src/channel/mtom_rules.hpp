#pragma once

#include <channel/media_type.hpp>
#include <channel/mime_parts.hpp>
#include <channel/text_encoding.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace nettcp::channel {

/// A Content-ID without its angle brackets.
std::string_view bare_id(std::string_view text) noexcept;

/// The Content-ID that a `cid:` URL names.
std::optional<std::string> id_in(std::string_view url);

/// Whether the part with this `content_id` is the one that `start` of a message's type means.
bool is_start(std::string_view start, std::string_view content_id);

/// Fails with `errc::mtom_transfer_encoding` where a part is not as it is; `at` is where it begins.
result<void> check_transfer_encoding(const mime_headers& part, std::size_t at);

/// The content type of a message, if it is one of MTOM; it names a boundary. Else
/// `errc::mtom_not_xop` or `mime_malformed`.
result<media_type> mtom_type_of(const mime_headers& headers);

/// The content type of a root, or what is wrong with its headers.
result<media_type> root_type_of(const mime_headers& root, std::size_t at);

/// What the `text` of a root begins in, if its type says the same, else `errc::charset_mismatch`.
result<charset> charset_in(const media_type& type, bytes_view text, std::size_t at);

}  // namespace nettcp::channel
