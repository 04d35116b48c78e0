#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/soap/errc.hpp>

#include <forward_list>
#include <optional>
#include <string>
#include <string_view>

namespace nettcp::soap {

/// The simple content of an element: one text, however many records hold it.
struct element_text {
    std::string_view text;
    /// Set, and `text` empty, when one record held the value as a GUID.
    std::optional<nettcp::uuid> guid;
};

/// Reads the text of the element whose start tag `in` stands on, and moves behind its end tag.
///
/// The text is valid UTF-8, at most `max_size` octets (else `too_long`), and a view of the
/// document if one record holds it, else of a new string in `joined`. A child element is
/// `not_simple`. With `as_guid`, a GUID record is not made text.
/// After a failure the result is empty and `in` has failed.
element_text read_text(nbfx::reader& in, std::forward_list<std::string>& joined,
                       std::size_t max_size, errc too_long, errc not_simple, bool as_guid = false);

/// Like `read_text`, for the value of an attribute, without white space around it.
std::string_view attribute_text(nbfx::reader& in, const nbfx::value& value,
                                std::forward_list<std::string>& joined);

/// `text` without XML white space at its ends.
std::string_view trimmed(std::string_view text) noexcept;

}  // namespace nettcp::soap
