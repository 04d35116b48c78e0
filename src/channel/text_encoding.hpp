#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/xml/inclusions.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <cstdint>
#include <string>

namespace nettcp::channel {

/// The character sets of net.tcp's text encodings.
enum class charset : std::uint8_t { utf8, utf16le, utf16be };

/// What the first octets of an XML text say it is in.
charset charset_of(bytes_view text) noexcept;

/// The same as a reader of XML text calls it.
xml::charset known_to_parser(charset value) noexcept;

/// Writes the envelope `text` into `document` as binary XML without dictionary.
///
/// A byte order mark and an XML declaration may be there, as Mono sends them; WCF sends neither in
/// UTF-8. What the declaration says about the character set is not looked at.
///
/// Fails like `xml::text_to_nbfx` under the same `quotas`; `at` is an offset in `text`. `document`
/// is cleared first. `inclusions`, if any, has the octets of `xop:Include` elements.
result<void> document_from_text(bytes_view text, charset in, const reader_quotas& quotas,
                                octet_buffer& document,
                                xml::inclusion_source* inclusions = nullptr);

/// Appends the text of a `document` of our own, which uses no session's dictionary, to `out`: as
/// WCF writes it, without declaration in UTF-8. UTF-16 gets a byte order mark, since peers do not
/// agree on which order the preamble names, and a declaration, without which .NET refuses it.
/// `scratch` is storage to work in. `inclusions`, if any, takes large octet values out of the text;
/// such a text has no declaration.
///
/// Fails like `xml::nbfx_to_text`: text cannot hold all that binary XML can.
result<void> text_from_document(bytes_view document, charset out_in, octet_buffer& out,
                                std::string& scratch, xml::inclusion_sink* inclusions = nullptr);

/// Appends what goes before the text of an envelope: in UTF-16, the byte order mark, and an XML
/// declaration if the text is `alone` and not part of a message whose header names the charset.
void append_text_start(octet_buffer& out, charset out_in, bool alone);
/// Appends well-formed UTF-8 in that character set.
void append_text(octet_buffer& out, std::string_view text, charset out_in);

}  // namespace nettcp::channel
