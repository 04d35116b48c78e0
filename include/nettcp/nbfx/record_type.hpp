// Generated from proto/nbfx/records.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/base/export.hpp>

#include <cstdint>
#include <string_view>

namespace nettcp::nbfx {

/// The octet that starts a record of binary XML. Values from a peer may be undefined: ask
/// `is_defined`.
enum class record_type : std::uint8_t {
    /// Spec: [MC-NBFX] EndElement Record.
    end_element = 0x01,
    /// Spec: [MC-NBFX] Comment Record.
    comment = 0x02,
    /// Spec: [MC-NBFX] Array Record.
    array = 0x03,
    /// Spec: [MC-NBFX] ShortAttribute Record.
    short_attribute = 0x04,
    /// Spec: [MC-NBFX] Attribute Record.
    attribute = 0x05,
    /// Spec: [MC-NBFX] ShortDictionaryAttribute Record.
    short_dictionary_attribute = 0x06,
    /// Spec: [MC-NBFX] DictionaryAttribute Record.
    dictionary_attribute = 0x07,
    /// Spec: [MC-NBFX] ShortXmlnsAttribute Record.
    short_xmlns_attribute = 0x08,
    /// Spec: [MC-NBFX] XmlnsAttribute Record.
    xmlns_attribute = 0x09,
    /// Spec: [MC-NBFX] ShortDictionaryXmlnsAttribute Record.
    short_dictionary_xmlns_attribute = 0x0a,
    /// Spec: [MC-NBFX] DictionaryXmlnsAttribute Record.
    dictionary_xmlns_attribute = 0x0b,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_a = 0x0c,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_b = 0x0d,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_c = 0x0e,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_d = 0x0f,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_e = 0x10,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_f = 0x11,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_g = 0x12,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_h = 0x13,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_i = 0x14,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_j = 0x15,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_k = 0x16,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_l = 0x17,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_m = 0x18,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_n = 0x19,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_o = 0x1a,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_p = 0x1b,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_q = 0x1c,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_r = 0x1d,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_s = 0x1e,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_t = 0x1f,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_u = 0x20,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_v = 0x21,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_w = 0x22,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_x = 0x23,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_y = 0x24,
    /// Spec: [MC-NBFX] PrefixDictionaryAttribute[A-Z] Record.
    prefix_dictionary_attribute_z = 0x25,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_a = 0x26,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_b = 0x27,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_c = 0x28,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_d = 0x29,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_e = 0x2a,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_f = 0x2b,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_g = 0x2c,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_h = 0x2d,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_i = 0x2e,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_j = 0x2f,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_k = 0x30,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_l = 0x31,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_m = 0x32,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_n = 0x33,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_o = 0x34,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_p = 0x35,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_q = 0x36,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_r = 0x37,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_s = 0x38,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_t = 0x39,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_u = 0x3a,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_v = 0x3b,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_w = 0x3c,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_x = 0x3d,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_y = 0x3e,
    /// Spec: [MC-NBFX] PrefixAttribute[A-Z] Record.
    prefix_attribute_z = 0x3f,
    /// Spec: [MC-NBFX] ShortElement Record.
    short_element = 0x40,
    /// Spec: [MC-NBFX] Element Record.
    element = 0x41,
    /// Spec: [MC-NBFX] ShortDictionaryElement Record.
    short_dictionary_element = 0x42,
    /// Spec: [MC-NBFX] DictionaryElement Record.
    dictionary_element = 0x43,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_a = 0x44,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_b = 0x45,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_c = 0x46,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_d = 0x47,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_e = 0x48,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_f = 0x49,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_g = 0x4a,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_h = 0x4b,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_i = 0x4c,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_j = 0x4d,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_k = 0x4e,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_l = 0x4f,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_m = 0x50,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_n = 0x51,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_o = 0x52,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_p = 0x53,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_q = 0x54,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_r = 0x55,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_s = 0x56,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_t = 0x57,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_u = 0x58,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_v = 0x59,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_w = 0x5a,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_x = 0x5b,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_y = 0x5c,
    /// Spec: [MC-NBFX] PrefixDictionaryElement[A-Z] Record.
    prefix_dictionary_element_z = 0x5d,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_a = 0x5e,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_b = 0x5f,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_c = 0x60,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_d = 0x61,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_e = 0x62,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_f = 0x63,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_g = 0x64,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_h = 0x65,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_i = 0x66,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_j = 0x67,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_k = 0x68,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_l = 0x69,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_m = 0x6a,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_n = 0x6b,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_o = 0x6c,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_p = 0x6d,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_q = 0x6e,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_r = 0x6f,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_s = 0x70,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_t = 0x71,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_u = 0x72,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_v = 0x73,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_w = 0x74,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_x = 0x75,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_y = 0x76,
    /// Spec: [MC-NBFX] PrefixElement[A-Z] Record.
    prefix_element_z = 0x77,
    /// Spec: [MC-NBFX] ZeroText Record.
    zero_text = 0x80,
    /// Spec: [MC-NBFX] ZeroText Record (with end element).
    zero_text_with_end_element = 0x81,
    /// Spec: [MC-NBFX] OneText Record.
    one_text = 0x82,
    /// Spec: [MC-NBFX] OneText Record (with end element).
    one_text_with_end_element = 0x83,
    /// Spec: [MC-NBFX] FalseText Record.
    false_text = 0x84,
    /// Spec: [MC-NBFX] FalseText Record (with end element).
    false_text_with_end_element = 0x85,
    /// Spec: [MC-NBFX] TrueText Record.
    true_text = 0x86,
    /// Spec: [MC-NBFX] TrueText Record (with end element).
    true_text_with_end_element = 0x87,
    /// Spec: [MC-NBFX] Int8Text Record.
    int8_text = 0x88,
    /// Spec: [MC-NBFX] Int8Text Record (with end element).
    int8_text_with_end_element = 0x89,
    /// Spec: [MC-NBFX] Int16Text Record.
    int16_text = 0x8a,
    /// Spec: [MC-NBFX] Int16Text Record (with end element).
    int16_text_with_end_element = 0x8b,
    /// Spec: [MC-NBFX] Int32Text Record.
    int32_text = 0x8c,
    /// Spec: [MC-NBFX] Int32Text Record (with end element).
    int32_text_with_end_element = 0x8d,
    /// Spec: [MC-NBFX] Int64Text Record.
    int64_text = 0x8e,
    /// Spec: [MC-NBFX] Int64Text Record (with end element).
    int64_text_with_end_element = 0x8f,
    /// Spec: [MC-NBFX] FloatText Record.
    float_text = 0x90,
    /// Spec: [MC-NBFX] FloatText Record (with end element).
    float_text_with_end_element = 0x91,
    /// Spec: [MC-NBFX] DoubleText Record.
    double_text = 0x92,
    /// Spec: [MC-NBFX] DoubleText Record (with end element).
    double_text_with_end_element = 0x93,
    /// Spec: [MC-NBFX] DecimalText Record.
    decimal_text = 0x94,
    /// Spec: [MC-NBFX] DecimalText Record (with end element).
    decimal_text_with_end_element = 0x95,
    /// Spec: [MC-NBFX] DateTimeText Record.
    date_time_text = 0x96,
    /// Spec: [MC-NBFX] DateTimeText Record (with end element).
    date_time_text_with_end_element = 0x97,
    /// Spec: [MC-NBFX] Chars8Text Record.
    chars8_text = 0x98,
    /// Spec: [MC-NBFX] Chars8Text Record (with end element).
    chars8_text_with_end_element = 0x99,
    /// Spec: [MC-NBFX] Chars16Text Record.
    chars16_text = 0x9a,
    /// Spec: [MC-NBFX] Chars16Text Record (with end element).
    chars16_text_with_end_element = 0x9b,
    /// Spec: [MC-NBFX] Chars32Text Record.
    chars32_text = 0x9c,
    /// Spec: [MC-NBFX] Chars32Text Record (with end element).
    chars32_text_with_end_element = 0x9d,
    /// Spec: [MC-NBFX] Bytes8Text Record.
    bytes8_text = 0x9e,
    /// Spec: [MC-NBFX] Bytes8Text Record (with end element).
    bytes8_text_with_end_element = 0x9f,
    /// Spec: [MC-NBFX] Bytes16Text Record.
    bytes16_text = 0xa0,
    /// Spec: [MC-NBFX] Bytes16Text Record (with end element).
    bytes16_text_with_end_element = 0xa1,
    /// Spec: [MC-NBFX] Bytes32Text Record.
    bytes32_text = 0xa2,
    /// Spec: [MC-NBFX] Bytes32Text Record (with end element).
    bytes32_text_with_end_element = 0xa3,
    /// Spec: [MC-NBFX] StartListText Record.
    start_list_text = 0xa4,
    /// Spec: [MC-NBFX] EndListText Record.
    end_list_text = 0xa6,
    /// Spec: [MC-NBFX] EmptyText Record.
    empty_text = 0xa8,
    /// Spec: [MC-NBFX] EmptyText Record (with end element).
    empty_text_with_end_element = 0xa9,
    /// Spec: [MC-NBFX] DictionaryText Record.
    dictionary_text = 0xaa,
    /// Spec: [MC-NBFX] DictionaryText Record (with end element).
    dictionary_text_with_end_element = 0xab,
    /// Spec: [MC-NBFX] UniqueIdText Record.
    unique_id_text = 0xac,
    /// Spec: [MC-NBFX] UniqueIdText Record (with end element).
    unique_id_text_with_end_element = 0xad,
    /// Spec: [MC-NBFX] TimeSpanText Record.
    time_span_text = 0xae,
    /// Spec: [MC-NBFX] TimeSpanText Record (with end element).
    time_span_text_with_end_element = 0xaf,
    /// Spec: [MC-NBFX] UuidText Record.
    uuid_text = 0xb0,
    /// Spec: [MC-NBFX] UuidText Record (with end element).
    uuid_text_with_end_element = 0xb1,
    /// Spec: [MC-NBFX] UInt64Text Record.
    uint64_text = 0xb2,
    /// Spec: [MC-NBFX] UInt64Text Record (with end element).
    uint64_text_with_end_element = 0xb3,
    /// Spec: [MC-NBFX] BoolText Record.
    bool_text = 0xb4,
    /// Spec: [MC-NBFX] BoolText Record (with end element).
    bool_text_with_end_element = 0xb5,
    /// Spec: [MC-NBFX] UnicodeChars8Text Record.
    unicode_chars8_text = 0xb6,
    /// Spec: [MC-NBFX] UnicodeChars8Text Record (with end element).
    unicode_chars8_text_with_end_element = 0xb7,
    /// Spec: [MC-NBFX] UnicodeChars16Text Record.
    unicode_chars16_text = 0xb8,
    /// Spec: [MC-NBFX] UnicodeChars16Text Record (with end element).
    unicode_chars16_text_with_end_element = 0xb9,
    /// Spec: [MC-NBFX] UnicodeChars32Text Record.
    unicode_chars32_text = 0xba,
    /// Spec: [MC-NBFX] UnicodeChars32Text Record (with end element).
    unicode_chars32_text_with_end_element = 0xbb,
    /// Spec: [MC-NBFX] QNameDictionaryText Record.
    qname_dictionary_text = 0xbc,
    /// Spec: [MC-NBFX] QNameDictionaryText Record (with end element).
    qname_dictionary_text_with_end_element = 0xbd,
};

/// The name in snake_case, or an empty text when it is not defined.
NETTCP_EXPORT std::string_view to_string(record_type v) noexcept;

/// Whether the specification defines this value.
NETTCP_EXPORT bool is_defined(record_type v) noexcept;

}  // namespace nettcp::nbfx
