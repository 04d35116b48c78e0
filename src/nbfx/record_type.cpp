// Generated from proto/nbfx/records.table by tools/protogen.py. Do not edit.
// clang-format off
#include <nettcp/nbfx/record_type.hpp>

#include "nbfx/record_kinds.inc"

namespace nettcp::nbfx {

std::string_view to_string(record_type v) noexcept {
    switch (v) {
    case record_type::end_element: return "end_element";
    case record_type::comment: return "comment";
    case record_type::array: return "array";
    case record_type::short_attribute: return "short_attribute";
    case record_type::attribute: return "attribute";
    case record_type::short_dictionary_attribute: return "short_dictionary_attribute";
    case record_type::dictionary_attribute: return "dictionary_attribute";
    case record_type::short_xmlns_attribute: return "short_xmlns_attribute";
    case record_type::xmlns_attribute: return "xmlns_attribute";
    case record_type::short_dictionary_xmlns_attribute: return "short_dictionary_xmlns_attribute";
    case record_type::dictionary_xmlns_attribute: return "dictionary_xmlns_attribute";
    case record_type::prefix_dictionary_attribute_a: return "prefix_dictionary_attribute_a";
    case record_type::prefix_dictionary_attribute_b: return "prefix_dictionary_attribute_b";
    case record_type::prefix_dictionary_attribute_c: return "prefix_dictionary_attribute_c";
    case record_type::prefix_dictionary_attribute_d: return "prefix_dictionary_attribute_d";
    case record_type::prefix_dictionary_attribute_e: return "prefix_dictionary_attribute_e";
    case record_type::prefix_dictionary_attribute_f: return "prefix_dictionary_attribute_f";
    case record_type::prefix_dictionary_attribute_g: return "prefix_dictionary_attribute_g";
    case record_type::prefix_dictionary_attribute_h: return "prefix_dictionary_attribute_h";
    case record_type::prefix_dictionary_attribute_i: return "prefix_dictionary_attribute_i";
    case record_type::prefix_dictionary_attribute_j: return "prefix_dictionary_attribute_j";
    case record_type::prefix_dictionary_attribute_k: return "prefix_dictionary_attribute_k";
    case record_type::prefix_dictionary_attribute_l: return "prefix_dictionary_attribute_l";
    case record_type::prefix_dictionary_attribute_m: return "prefix_dictionary_attribute_m";
    case record_type::prefix_dictionary_attribute_n: return "prefix_dictionary_attribute_n";
    case record_type::prefix_dictionary_attribute_o: return "prefix_dictionary_attribute_o";
    case record_type::prefix_dictionary_attribute_p: return "prefix_dictionary_attribute_p";
    case record_type::prefix_dictionary_attribute_q: return "prefix_dictionary_attribute_q";
    case record_type::prefix_dictionary_attribute_r: return "prefix_dictionary_attribute_r";
    case record_type::prefix_dictionary_attribute_s: return "prefix_dictionary_attribute_s";
    case record_type::prefix_dictionary_attribute_t: return "prefix_dictionary_attribute_t";
    case record_type::prefix_dictionary_attribute_u: return "prefix_dictionary_attribute_u";
    case record_type::prefix_dictionary_attribute_v: return "prefix_dictionary_attribute_v";
    case record_type::prefix_dictionary_attribute_w: return "prefix_dictionary_attribute_w";
    case record_type::prefix_dictionary_attribute_x: return "prefix_dictionary_attribute_x";
    case record_type::prefix_dictionary_attribute_y: return "prefix_dictionary_attribute_y";
    case record_type::prefix_dictionary_attribute_z: return "prefix_dictionary_attribute_z";
    case record_type::prefix_attribute_a: return "prefix_attribute_a";
    case record_type::prefix_attribute_b: return "prefix_attribute_b";
    case record_type::prefix_attribute_c: return "prefix_attribute_c";
    case record_type::prefix_attribute_d: return "prefix_attribute_d";
    case record_type::prefix_attribute_e: return "prefix_attribute_e";
    case record_type::prefix_attribute_f: return "prefix_attribute_f";
    case record_type::prefix_attribute_g: return "prefix_attribute_g";
    case record_type::prefix_attribute_h: return "prefix_attribute_h";
    case record_type::prefix_attribute_i: return "prefix_attribute_i";
    case record_type::prefix_attribute_j: return "prefix_attribute_j";
    case record_type::prefix_attribute_k: return "prefix_attribute_k";
    case record_type::prefix_attribute_l: return "prefix_attribute_l";
    case record_type::prefix_attribute_m: return "prefix_attribute_m";
    case record_type::prefix_attribute_n: return "prefix_attribute_n";
    case record_type::prefix_attribute_o: return "prefix_attribute_o";
    case record_type::prefix_attribute_p: return "prefix_attribute_p";
    case record_type::prefix_attribute_q: return "prefix_attribute_q";
    case record_type::prefix_attribute_r: return "prefix_attribute_r";
    case record_type::prefix_attribute_s: return "prefix_attribute_s";
    case record_type::prefix_attribute_t: return "prefix_attribute_t";
    case record_type::prefix_attribute_u: return "prefix_attribute_u";
    case record_type::prefix_attribute_v: return "prefix_attribute_v";
    case record_type::prefix_attribute_w: return "prefix_attribute_w";
    case record_type::prefix_attribute_x: return "prefix_attribute_x";
    case record_type::prefix_attribute_y: return "prefix_attribute_y";
    case record_type::prefix_attribute_z: return "prefix_attribute_z";
    case record_type::short_element: return "short_element";
    case record_type::element: return "element";
    case record_type::short_dictionary_element: return "short_dictionary_element";
    case record_type::dictionary_element: return "dictionary_element";
    case record_type::prefix_dictionary_element_a: return "prefix_dictionary_element_a";
    case record_type::prefix_dictionary_element_b: return "prefix_dictionary_element_b";
    case record_type::prefix_dictionary_element_c: return "prefix_dictionary_element_c";
    case record_type::prefix_dictionary_element_d: return "prefix_dictionary_element_d";
    case record_type::prefix_dictionary_element_e: return "prefix_dictionary_element_e";
    case record_type::prefix_dictionary_element_f: return "prefix_dictionary_element_f";
    case record_type::prefix_dictionary_element_g: return "prefix_dictionary_element_g";
    case record_type::prefix_dictionary_element_h: return "prefix_dictionary_element_h";
    case record_type::prefix_dictionary_element_i: return "prefix_dictionary_element_i";
    case record_type::prefix_dictionary_element_j: return "prefix_dictionary_element_j";
    case record_type::prefix_dictionary_element_k: return "prefix_dictionary_element_k";
    case record_type::prefix_dictionary_element_l: return "prefix_dictionary_element_l";
    case record_type::prefix_dictionary_element_m: return "prefix_dictionary_element_m";
    case record_type::prefix_dictionary_element_n: return "prefix_dictionary_element_n";
    case record_type::prefix_dictionary_element_o: return "prefix_dictionary_element_o";
    case record_type::prefix_dictionary_element_p: return "prefix_dictionary_element_p";
    case record_type::prefix_dictionary_element_q: return "prefix_dictionary_element_q";
    case record_type::prefix_dictionary_element_r: return "prefix_dictionary_element_r";
    case record_type::prefix_dictionary_element_s: return "prefix_dictionary_element_s";
    case record_type::prefix_dictionary_element_t: return "prefix_dictionary_element_t";
    case record_type::prefix_dictionary_element_u: return "prefix_dictionary_element_u";
    case record_type::prefix_dictionary_element_v: return "prefix_dictionary_element_v";
    case record_type::prefix_dictionary_element_w: return "prefix_dictionary_element_w";
    case record_type::prefix_dictionary_element_x: return "prefix_dictionary_element_x";
    case record_type::prefix_dictionary_element_y: return "prefix_dictionary_element_y";
    case record_type::prefix_dictionary_element_z: return "prefix_dictionary_element_z";
    case record_type::prefix_element_a: return "prefix_element_a";
    case record_type::prefix_element_b: return "prefix_element_b";
    case record_type::prefix_element_c: return "prefix_element_c";
    case record_type::prefix_element_d: return "prefix_element_d";
    case record_type::prefix_element_e: return "prefix_element_e";
    case record_type::prefix_element_f: return "prefix_element_f";
    case record_type::prefix_element_g: return "prefix_element_g";
    case record_type::prefix_element_h: return "prefix_element_h";
    case record_type::prefix_element_i: return "prefix_element_i";
    case record_type::prefix_element_j: return "prefix_element_j";
    case record_type::prefix_element_k: return "prefix_element_k";
    case record_type::prefix_element_l: return "prefix_element_l";
    case record_type::prefix_element_m: return "prefix_element_m";
    case record_type::prefix_element_n: return "prefix_element_n";
    case record_type::prefix_element_o: return "prefix_element_o";
    case record_type::prefix_element_p: return "prefix_element_p";
    case record_type::prefix_element_q: return "prefix_element_q";
    case record_type::prefix_element_r: return "prefix_element_r";
    case record_type::prefix_element_s: return "prefix_element_s";
    case record_type::prefix_element_t: return "prefix_element_t";
    case record_type::prefix_element_u: return "prefix_element_u";
    case record_type::prefix_element_v: return "prefix_element_v";
    case record_type::prefix_element_w: return "prefix_element_w";
    case record_type::prefix_element_x: return "prefix_element_x";
    case record_type::prefix_element_y: return "prefix_element_y";
    case record_type::prefix_element_z: return "prefix_element_z";
    case record_type::zero_text: return "zero_text";
    case record_type::zero_text_with_end_element: return "zero_text_with_end_element";
    case record_type::one_text: return "one_text";
    case record_type::one_text_with_end_element: return "one_text_with_end_element";
    case record_type::false_text: return "false_text";
    case record_type::false_text_with_end_element: return "false_text_with_end_element";
    case record_type::true_text: return "true_text";
    case record_type::true_text_with_end_element: return "true_text_with_end_element";
    case record_type::int8_text: return "int8_text";
    case record_type::int8_text_with_end_element: return "int8_text_with_end_element";
    case record_type::int16_text: return "int16_text";
    case record_type::int16_text_with_end_element: return "int16_text_with_end_element";
    case record_type::int32_text: return "int32_text";
    case record_type::int32_text_with_end_element: return "int32_text_with_end_element";
    case record_type::int64_text: return "int64_text";
    case record_type::int64_text_with_end_element: return "int64_text_with_end_element";
    case record_type::float_text: return "float_text";
    case record_type::float_text_with_end_element: return "float_text_with_end_element";
    case record_type::double_text: return "double_text";
    case record_type::double_text_with_end_element: return "double_text_with_end_element";
    case record_type::decimal_text: return "decimal_text";
    case record_type::decimal_text_with_end_element: return "decimal_text_with_end_element";
    case record_type::date_time_text: return "date_time_text";
    case record_type::date_time_text_with_end_element: return "date_time_text_with_end_element";
    case record_type::chars8_text: return "chars8_text";
    case record_type::chars8_text_with_end_element: return "chars8_text_with_end_element";
    case record_type::chars16_text: return "chars16_text";
    case record_type::chars16_text_with_end_element: return "chars16_text_with_end_element";
    case record_type::chars32_text: return "chars32_text";
    case record_type::chars32_text_with_end_element: return "chars32_text_with_end_element";
    case record_type::bytes8_text: return "bytes8_text";
    case record_type::bytes8_text_with_end_element: return "bytes8_text_with_end_element";
    case record_type::bytes16_text: return "bytes16_text";
    case record_type::bytes16_text_with_end_element: return "bytes16_text_with_end_element";
    case record_type::bytes32_text: return "bytes32_text";
    case record_type::bytes32_text_with_end_element: return "bytes32_text_with_end_element";
    case record_type::start_list_text: return "start_list_text";
    case record_type::end_list_text: return "end_list_text";
    case record_type::empty_text: return "empty_text";
    case record_type::empty_text_with_end_element: return "empty_text_with_end_element";
    case record_type::dictionary_text: return "dictionary_text";
    case record_type::dictionary_text_with_end_element: return "dictionary_text_with_end_element";
    case record_type::unique_id_text: return "unique_id_text";
    case record_type::unique_id_text_with_end_element: return "unique_id_text_with_end_element";
    case record_type::time_span_text: return "time_span_text";
    case record_type::time_span_text_with_end_element: return "time_span_text_with_end_element";
    case record_type::uuid_text: return "uuid_text";
    case record_type::uuid_text_with_end_element: return "uuid_text_with_end_element";
    case record_type::uint64_text: return "uint64_text";
    case record_type::uint64_text_with_end_element: return "uint64_text_with_end_element";
    case record_type::bool_text: return "bool_text";
    case record_type::bool_text_with_end_element: return "bool_text_with_end_element";
    case record_type::unicode_chars8_text: return "unicode_chars8_text";
    case record_type::unicode_chars8_text_with_end_element:
        return "unicode_chars8_text_with_end_element";
    case record_type::unicode_chars16_text: return "unicode_chars16_text";
    case record_type::unicode_chars16_text_with_end_element:
        return "unicode_chars16_text_with_end_element";
    case record_type::unicode_chars32_text: return "unicode_chars32_text";
    case record_type::unicode_chars32_text_with_end_element:
        return "unicode_chars32_text_with_end_element";
    case record_type::qname_dictionary_text: return "qname_dictionary_text";
    case record_type::qname_dictionary_text_with_end_element:
        return "qname_dictionary_text_with_end_element";
    }
    return {};
}

bool is_defined(record_type v) noexcept {
    return record_shapes[static_cast<std::uint8_t>(v)].kind != record_kind::undefined;
}

}  // namespace nettcp::nbfx
