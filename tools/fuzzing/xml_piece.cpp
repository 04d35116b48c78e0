#include "xml_piece.hpp"

#include <nbfx/record_kinds.inc>

#include <nettcp/base/byte_reader.hpp>
#include <nettcp/base/multi_byte_int31.hpp>

namespace nettcp::fuzzing {
namespace {

using nbfx::name_form;
using nbfx::prefix_form;
using nbfx::record_kind;
using nbfx::record_shape;
using nbfx::text_payload;

const record_shape& shape_of(unsigned type) {
    return nbfx::record_shapes[type & 0xff];
}

void skip_text(byte_reader& in) {
    in.take(read_multi_byte_int31(in));
}

bool has_length(text_payload what) {
    switch (what) {
    case text_payload::chars8:
    case text_payload::chars16:
    case text_payload::chars32:
    case text_payload::bytes8:
    case text_payload::bytes16:
    case text_payload::bytes32:
    case text_payload::unicode_chars8:
    case text_payload::unicode_chars16:
    case text_payload::unicode_chars32: return true;
    default: return false;
    }
}

std::uint32_t length(byte_reader& in, unsigned size) {
    return size == 1 ? in.u8() : size == 2 ? in.u16() : in.u32();
}

void skip_value(byte_reader& in, const record_shape& shape) {
    if (has_length(shape.payload))
        in.take(length(in, shape.size));
    else if (shape.payload == text_payload::dictionary)
        read_multi_byte_int31(in);
    else if (shape.payload == text_payload::qname) {
        in.u8();
        read_multi_byte_int31(in);
    } else {
        in.take(shape.size);
    }
}

/// Of an attribute: a text record, or a list of such.
bool skip_attribute_value(byte_reader& in) {
    const record_shape& first = shape_of(in.u8());
    if (!in.ok() || first.kind != record_kind::text)
        return false;
    skip_value(in, first);
    if (first.payload != text_payload::list)
        return in.ok();
    while (in.ok()) {
        const record_shape& item = shape_of(in.u8());
        if (item.kind == record_kind::end_list)
            return in.ok();
        if (item.kind != record_kind::text)
            return false;
        skip_value(in, item);
    }
    return false;
}

/// Moves behind a record; false when there is none.
bool skip_record(byte_reader& in) {
    const record_shape& shape = shape_of(in.u8());
    if (!in.ok() || shape.kind == record_kind::undefined)
        return false;
    if (shape.prefix == prefix_form::inline_text)
        skip_text(in);
    if (shape.name == name_form::inline_text)
        skip_text(in);
    else if (shape.name == name_form::dictionary)
        read_multi_byte_int31(in);
    if (shape.kind == record_kind::comment)
        skip_text(in);
    if (shape.kind == record_kind::text)
        skip_value(in, shape);
    return in.ok() && (shape.kind != record_kind::attribute || skip_attribute_value(in));
}

bool skip_items(byte_reader& in) {
    const record_shape& shape = shape_of(in.u8());
    const std::uint32_t count = read_multi_byte_int31(in);
    if (!in.ok() || !shape.array_item || count > in.remaining())
        return false;
    in.take(std::size_t{count} * shape.size);
    return in.ok();
}

const record_shape& shape_of(const xml_piece& what) {
    return shape_of(what.content.empty() ? 0 : std::to_integer<unsigned>(what.content.front()));
}

}  // namespace

std::vector<xml_piece> cut_document(bytes_view document) {
    std::vector<xml_piece> pieces;
    int array_depth = 0;  // of the repeated element's start tag; 0: outside of arrays
    while (!document.empty()) {
        byte_reader in(document);
        xml_piece made;
        if (array_depth < 0) {
            made.type = xml_piece_type::items;
            array_depth = 0;
            if (!skip_items(in))
                made.type = xml_piece_type::raw;
        } else if (!skip_record(in)) {
            made.type = xml_piece_type::raw;
        }
        const std::size_t size = made.type == xml_piece_type::raw ? document.size() : in.position();
        made.content.assign(document.begin(), document.begin() + static_cast<std::ptrdiff_t>(size));
        document = document.subspan(size);
        const record_kind kind = shape_of(made).kind;
        if (made.type == xml_piece_type::record && kind == record_kind::array)
            array_depth = 1;
        else if (array_depth > 0 && kind == record_kind::end_element)
            array_depth = -1;
        pieces.push_back(std::move(made));
    }
    return pieces;
}

octets join(const std::vector<xml_piece>& pieces) {
    octets made;
    for (const xml_piece& one : pieces)
        made.insert(made.end(), one.content.begin(), one.content.end());
    return made;
}

int depth_change(const xml_piece& what) noexcept {
    if (what.type != xml_piece_type::record)
        return 0;
    const record_shape& shape = shape_of(what);
    if (shape.kind == record_kind::element)
        return 1;
    return shape.kind == record_kind::end_element || shape.with_end ? -1 : 0;
}

std::size_t end_of_element(const std::vector<xml_piece>& pieces, std::size_t first) noexcept {
    int depth = 0;
    for (std::size_t i = first; i < pieces.size(); ++i) {
        depth += depth_change(pieces[i]);
        if (depth <= 0)
            return i + 1;
    }
    return pieces.size();
}

}  // namespace nettcp::fuzzing
