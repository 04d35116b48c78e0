#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <cstdint>
#include <string_view>

namespace nettcp::xml {

/// Which strings of a text go through dictionaries when it becomes binary XML.
enum class dictionary_use : std::uint8_t {
    none,            ///< all inline, as .NET writes plain strings
    static_strings,  ///< names, namespaces and texts that the static dictionary has
    session,         ///< these, and all other names and namespaces through the session's
};

/// In which character set a text is.
enum class charset : std::uint8_t {
    /// UTF-8, or UTF-16 with a byte order mark, unless the XML declaration says otherwise.
    declared,
    // Said by somebody else; what an XML declaration claims is not looked at. A byte order mark of
    // the same set may be there.
    utf8,
    utf16le,
    utf16be,
};

/// How `text_to_nbfx` reads and writes.
struct binary_options {
    dictionary_use dictionary = dictionary_use::session;
    /// Open elements at most, those that the writer had open before not counted.
    std::uint32_t max_depth = 128;
    /// Attributes and declarations of one element at most; declarations in scope: an eighth, or 32.
    std::uint32_t max_attributes = 1024;
    /// Octets of the text at most.
    std::size_t max_size = 0x7fffffff;
    xml::charset charset = xml::charset::declared;
    /// Where the octets are that `xop:Include` elements mean; without one, such are elements like
    /// others.
    inclusion_source* inclusions = nullptr;
};

/// Writes XML text into `out`: a whole document, or a fragment into the element open there.
///
/// The text has one root element, and may have an XML declaration. Prefixes and declarations are
/// kept as they are, character data between two tags
/// becomes one text, CDATA is plain text. White space outside the root is dropped. Document type
/// definitions are refused, and with them all entities but the predefined ones.
///
/// The writer is neither opened nor finished here, but a failure is recorded in it too. Error
/// offsets count octets of `text`; see `position_in`. Fails with `nbfx::errc::xml_malformed`
/// (`got` is Expat's number of the reason), `xml_dtd_refused`, `xml_construct_unsupported` for a
/// processing instruction, the rules of namespaces (`namespace_prefix_undeclared`,
/// `attribute_duplicate`, `prefix_reserved`, `prefix_unbindable`, `name_invalid`), the limits
/// above (`depth_exceeded`, `attributes_exceeded`, `base_errc::limit_exceeded`), those of
/// inclusions (`xml_include_misplaced`, `xml_include_malformed`, and what their source says), and
/// the writer's own failures.
///
/// Spec: [XML 1.0], [Namespaces in XML], [XOP].
NETTCP_EXPORT result<void> text_to_nbfx(std::string_view text, nbfx::writer& out,
                                        const binary_options& options = {});

/// A place in a text as editors count: both from 1, columns in octets.
struct text_position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    friend bool operator==(const text_position&, const text_position&) = default;
};

/// Line and column of the octet at `offset`, or of the end when the text is shorter.
NETTCP_EXPORT text_position position_in(std::string_view text, std::uint64_t offset) noexcept;

}  // namespace nettcp::xml
