// Writes `Complex` with the records, names and declarations that .NET's serializer chooses.
#include "complex.hpp"

#include "echo_service/body.hpp"

namespace interop {
namespace {

namespace names = nettcp::echo_service::names;
using nettcp::echo_service::write_nil;
using nettcp::nbfx::dictionary_string;
using nettcp::nbfx::writer;
using nettcp::nbfx::literals::operator""_dict;

/// Writes an element of the data contracts' namespace around what `content` writes.
template <class Content>
void element(writer& out, dictionary_string name, Content content) {
    out.start_element(name, names::ns_data);
    content();
    out.end_element();
}

template <class Value>
std::string text_of(const Value& value) {
    std::string text;
    nettcp::append_text(text, value);
    return text;
}

void text(writer& out, dictionary_string name, const std::optional<std::string>& value) {
    element(out, name, [&] { value ? out.text(*value) : write_nil(out); });
}

void integer(writer& out, dictionary_string name, std::int64_t value) {
    element(out, name, [&] { out.int64(value); });
}

void nullable(writer& out, dictionary_string name, std::optional<std::int32_t> value) {
    element(out, name, [&] { value ? out.int64(*value) : write_nil(out); });
}

/// An element whose items are in a namespace of their own.
template <class Content>
void collection(writer& out, dictionary_string name, dictionary_string ns, Content content) {
    element(out, name, [&] {
        out.declare_namespace("c", ns);
        content();
    });
}

void write_numbers(writer& out, const complex& value) {
    element(out, "Flag"_dict, [&] { out.boolean(value.flag); });
    integer(out, "U8"_dict, value.u8);
    integer(out, "I16"_dict, value.i16);
    integer(out, "I32"_dict, value.i32);
    integer(out, "I64"_dict, value.i64);
    text(out, "U64"_dict, std::to_string(value.u64));
    element(out, "F32"_dict, [&] { out.float32(value.f32); });
    element(out, "F64"_dict, [&] { out.float64(value.f64); });
    element(out, "Dec"_dict, [&] { out.decimal(value.dec); });
}

void write_moments(writer& out, const complex& value) {
    element(out, "WhenUtc"_dict, [&] { out.date_time(value.when_utc); });
    element(out, "WhenUnspecified"_dict, [&] { out.date_time(value.when_unspecified); });
    collection(out, "Offset"_dict, names::ns_system, [&] {
        out.start_element("DateTime"_dict, names::ns_system);
        out.date_time(value.offset.utc);
        out.end_element();
        out.start_element("OffsetMinutes"_dict, names::ns_system);
        out.int64(value.offset.minutes);
        out.end_element();
    });
    text(out, "Duration"_dict, text_of(value.duration));
}

void write_scalars(writer& out, const complex& value) {
    text(out, "Id"_dict, text_of(value.id));
    integer(out, "Ch"_dict, value.ch);
    text(out, "Link"_dict, value.link);
    text(out, "Color"_dict, value.color);
    nullable(out, "MaybeInt"_dict, value.maybe_int);
    nullable(out, "MissingInt"_dict, value.missing_int);
    text(out, "Text"_dict, value.text);
    text(out, "NullText"_dict, value.null_text);
    if (value.omitted)
        text(out, "Omitted"_dict, value.omitted);
    element(out, "Blob"_dict, [&] { out.bytes(value.blob); });
}

void write_item(writer& out, dictionary_string name, const std::optional<item>& value) {
    element(out, name, [&] {
        if (!value)
            return write_nil(out);
        if (value->extra) {
            out.start_attribute("i", "type"_dict, names::ns_xsi);
            out.qualified_name("SpecialItem"_dict, names::ns_data);
            out.end_attribute();
        }
        text(out, "Name"_dict, value->name);
        integer(out, "Quantity"_dict, value->quantity);
        element(out, "Price"_dict, [&] { out.decimal(value->price); });
        if (value->extra)
            text(out, "Extra"_dict, *value->extra);
    });
}

void write_map(writer& out, const complex& value) {
    collection(out, "Map"_dict, names::ns_arrays, [&] {
        for (const auto& [key, number] : value.map) {
            out.start_element("KeyValueOfstringint"_dict, names::ns_arrays);
            out.start_element("Key"_dict, names::ns_arrays);
            out.text(key);
            out.end_element();
            out.start_element("Value"_dict, names::ns_arrays);
            out.int64(number);
            out.end_element();
            out.end_element();
        }
    });
}

void write_lists(writer& out, const complex& value) {
    collection(out, "Ints"_dict, names::ns_arrays, [&] {
        for (const std::int32_t number : value.ints) {
            out.start_element("int"_dict, names::ns_arrays);
            out.int64(number);
            out.end_element();
        }
    });
    collection(out, "Strings"_dict, names::ns_arrays, [&] {
        for (const auto& line : value.strings) {
            out.start_element("string"_dict, names::ns_arrays);
            line ? out.text(*line) : write_nil(out);
            out.end_element();
        }
    });
    element(out, "Items"_dict, [&] {
        for (const item& each : value.items)
            write_item(out, "Item"_dict, each);
    });
    write_map(out, value);
}

/// Recurses once per child, of which we make one.
void write_members(writer& out, const complex& value) {
    write_numbers(out, value);
    write_moments(out, value);
    write_scalars(out, value);
    write_lists(out, value);
    element(out, "Child"_dict,
            [&] { value.child ? write_members(out, *value.child) : write_nil(out); });
    write_item(out, "Poly"_dict, value.poly);
    collection(out, "Doubles"_dict, names::ns_arrays,
               [&] { out.array("c", "double"_dict, names::ns_arrays, value.doubles); });
}

}  // namespace

void write_complex(writer& out, const complex* value) {
    out.declare_namespace("b", names::ns_data);
    out.declare_namespace("i", names::ns_xsi);
    if (value == nullptr)
        write_nil(out);
    else
        write_members(out, *value);
}

}  // namespace interop
