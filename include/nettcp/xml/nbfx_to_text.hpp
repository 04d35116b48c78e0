#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <cstdint>
#include <string>

namespace nettcp::xml {

/// Between compact text, which reads back to the same infoset, and text for people.
enum class layout : std::uint8_t {
    compact,
    /// Elements that hold only elements on lines of their own, two spaces a level for 64 levels.
    indented,
};

/// What becomes of names and characters that text XML cannot hold. Binary XML carries any.
enum class unwritable : std::uint8_t {
    refuse,  ///< a failure: the text would mean something else
    replace,  ///< U+FFFD, and `_` in names: something to look at, not to read back
};

/// How `nbfx_to_text` writes.
struct text_options {
    xml::layout layout = layout::compact;
    xml::unwritable unwritable = unwritable::refuse;
    /// Octets of text at most. Dictionary ids, array records and indentation make much text of
    /// few octets; the reader's own expansion limit holds as well.
    std::size_t max_size = std::size_t{1} << 30;
    /// Takes octets that are all that an element holds; without one, they become base64.
    inclusion_sink* inclusions = nullptr;
};

/// Appends binary XML as XML text in UTF-8, without declaration: what `in` has before it.
///
/// From a reader that has not moved yet, the whole document; from one that stands on an element,
/// that element with the declarations it needs from outside, and the reader moves behind it. From
/// one that stands elsewhere in a document, nothing: that fails with `base_errc::invalid_state`.
/// Values appear in their canonical text, empty elements as `<a/>`, a carriage return as `&#xD;`.
///
/// Fails with the reader's failure (what came before it stays in `out`), with
/// `nbfx::errc::character_not_xml`, `utf8_invalid`, `utf16_invalid`, `name_invalid` or
/// `prefix_reserved` for what text cannot hold,
/// `nbfx::errc::root_missing` for a document without an element,
/// `nbfx::errc::expansion_exceeded` beyond `max_size`, and
/// `nbfx::errc::needs_whole_document` on a streamed reader. Offsets are the document's.
NETTCP_EXPORT result<void> nbfx_to_text(nbfx::reader& in, std::string& out,
                                        const text_options& options = {});

}  // namespace nettcp::xml
