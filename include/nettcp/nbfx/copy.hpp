#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <span>

namespace nettcp::nbfx {

/// Copies an element with everything inside: names with their prefixes, declarations, attributes,
/// comments, and values in their kinds. Only a list becomes the text it stands for, an array the
/// elements it stands for, and octets in several records are joined.
///
/// `in` stands on the start tag, in a whole document, and then on the node behind the end tag. A
/// failure of `in` becomes one of `out` too. A comment that text XML cannot have, which a binary
/// document can hold, is a failure of `out`.
///
/// Names, namespaces and qualified names found in `vocabulary` go through dictionaries, as a
/// writer that knows its contract would do it; all others are written inline, so that nobody
/// fills the session's dictionary with words of somebody else. Views of `vocabulary` must outlive
/// the writing.
NETTCP_EXPORT void copy_element(reader& in, writer& out,
                                std::span<const dictionary_string> vocabulary = {});

/// The same without the tag itself, for an element that gets another name: writes declarations,
/// attributes and content into the element that was just started in `out`, which the caller ends.
/// Start it with the prefix of the element copied, whose declarations may redefine any other.
NETTCP_EXPORT void copy_element_content(reader& in, writer& out,
                                        std::span<const dictionary_string> vocabulary = {});

}  // namespace nettcp::nbfx
