// Generated from proto/nbfx/errors.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string_view>
#include <type_traits>

namespace nettcp::nbfx {

/// The rules that module nbfx checks; each value names the rule that was broken. Compares with
/// `cause` to tell whose fault it is.
enum class errc : int {
    /// No record has this type octet (peer).
    record_unknown = 1,
    /// Elements are nested deeper than the limit (peer).
    depth_exceeded = 2,
    /// A text is longer than the limit (peer).
    string_too_long = 3,
    /// A name is empty or has characters XML does not allow (peer).
    name_invalid = 4,
    /// No string has this dictionary id (peer).
    dictionary_id_undefined = 5,
    /// A session dictionary id where there is no session (peer).
    dictionary_id_without_session = 6,
    /// An element has the same attribute twice (peer).
    attribute_duplicate = 7,
    /// An attribute outside a start tag (peer).
    attribute_not_allowed = 8,
    /// An attribute has no text record as its value (peer).
    attribute_value_missing = 9,
    /// A start tag has more attributes than the limit (peer).
    attributes_exceeded = 10,
    /// A start tag has more octets than the limit (peer).
    start_tag_too_large = 11,
    /// A prefix is used without a declaration (peer).
    namespace_prefix_undeclared = 12,
    /// A start tag declares the same prefix twice (peer).
    xmlns_prefix_duplicate = 13,
    /// The prefixes xml and xmlns cannot be bound to another namespace (peer).
    prefix_reserved = 14,
    /// A prefix is bound to the empty namespace (peer).
    prefix_unbindable = 15,
    /// Text outside the root element (peer).
    text_outside_root = 16,
    /// An end without an open element (peer).
    end_element_not_allowed = 17,
    /// A second root element (peer).
    multiple_roots = 18,
    /// The document has no root element (peer).
    root_missing = 19,
    /// The document ends inside an element (peer).
    element_unclosed = 20,
    /// An array without items (peer).
    array_count_zero = 21,
    /// This record type cannot be an array item (peer).
    array_item_type = 22,
    /// An array inside an array (peer).
    array_nested = 23,
    /// An array's element has content of its own (peer).
    array_content = 24,
    /// An array has more items than the limit (peer).
    array_too_long = 25,
    /// A list item is not a plain text record (peer).
    list_item_not_text = 26,
    /// A list inside a list (peer).
    list_nested = 27,
    /// The end of a list that was not begun (peer).
    list_end_not_allowed = 28,
    /// The length of a text or of octets is negative (peer).
    length_negative = 29,
    /// A decimal has a scale above 28 or unknown flag bits (peer).
    decimal_invalid = 30,
    /// A date is outside the years 1 to 9999 (peer).
    date_time_invalid = 31,
    /// A text is not valid UTF-8 (peer).
    utf8_invalid = 32,
    /// A UTF-16 text has a surrogate without its partner (peer).
    utf16_invalid = 33,
    /// A UTF-16 text has an odd number of octets (peer).
    utf16_odd_size = 34,
    /// The prefix of a qualified name is not a letter from a to z (peer).
    qname_prefix_invalid = 35,
    /// The text is not a value of the type asked for (peer).
    conversion_invalid = 36,
    /// The value does not fit the type asked for (peer).
    value_out_of_range = 37,
    /// An element where a plain value was asked for (peer).
    content_not_simple = 38,
    /// Not the element that was asked for (peer).
    element_unexpected = 39,
    /// The string table does not fill its size exactly (peer).
    string_table_malformed = 40,
    /// The session has more dictionary octets than the limit (peer).
    string_table_budget_exceeded = 41,
    /// An earlier error has made the session dictionary useless (peer).
    session_invalid = 42,
    /// The document expands to more characters than the limit (peer).
    expansion_exceeded = 43,
    /// A character that text XML cannot carry (peer).
    character_not_xml = 44,
    /// The XML text is not well-formed (peer).
    xml_malformed = 45,
    /// Document type definitions and entities are refused (peer).
    xml_dtd_refused = 46,
    /// A processing instruction cannot be written in binary XML (peer).
    xml_construct_unsupported = 47,
    /// The writer has no open element for this (local).
    write_outside_element = 48,
    /// Attributes belong before the content of an element (local).
    write_attribute_too_late = 49,
    /// A document has one root element (local).
    write_second_root = 50,
    /// The document was finished with elements open (local).
    write_element_open = 51,
    /// The name given cannot be an XML name (local).
    write_name_invalid = 52,
    /// The prefix given is bound to another namespace in this start tag (local).
    write_prefix_conflict = 53,
    /// The attribute was written twice (local).
    write_attribute_duplicate = 54,
    /// The prefix given is not declared (local).
    write_namespace_undeclared = 55,
    /// The value cannot be represented (local).
    write_value_invalid = 56,
    /// The document is larger than the limit (local).
    write_too_large = 57,
    /// This value cannot be delivered in parts (local).
    needs_whole_document = 58,
    /// Xop:Include is not all that its element holds (peer).
    xml_include_misplaced = 59,
    /// Xop:Include has no href, or content, or attributes of its own namespace (peer).
    xml_include_malformed = 60,
};

/// The error category of `errc`; its name is `nettcp.nbfx`.
NETTCP_EXPORT const rule_category& category() noexcept;

/// The code of a broken rule; makes `errc` convert to `error_code`.
inline boost::system::error_code make_error_code(errc rule) noexcept {
    return {static_cast<int>(rule), category()};
}

/// What a person could try; one clause, no full stop. Static text.
inline std::string_view hint(errc rule) noexcept {
    return category().hint(static_cast<int>(rule));
}

}  // namespace nettcp::nbfx

template <>
struct boost::system::is_error_code_enum<nettcp::nbfx::errc> : std::true_type {};
