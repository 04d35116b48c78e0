// Reads `Complex`, whatever records a peer chose for its values.
#include "complex.hpp"

#include "echo_service/body.hpp"
#include "mismatch.hpp"

#include <functional>
#include <initializer_list>

namespace interop {
namespace {

namespace names = nettcp::echo_service::names;
using nettcp::echo_service::is_nil;
using nettcp::echo_service::read_text;
using nettcp::nbfx::reader;

/// How deep `Complex` may nest in what a peer sends; more is skipped.
constexpr std::uint32_t max_depth = 32;

constexpr std::string_view arrays = names::ns_arrays.text;

/// A member to be read: `read` is called on its start tag and moves behind its end tag.
struct member {
    std::string_view name;
    std::function<void(reader&)> read;
};

/// Reads the members of the element that `in` stands on, in any order: a peer's order is checked
/// by what it makes of ours.
void read_members(reader& in, std::string_view ns, const std::vector<member>& members) {
    in.read_start_element(std::string(in.local_name()), std::string(in.namespace_uri()));
    while (in.is_start_element()) {
        const member* found = nullptr;
        for (const member& each : members) {
            if (in.is_start_element(each.name, ns))
                found = &each;
        }
        if (found != nullptr)
            found->read(in);
        else
            in.skip();
    }
    in.read_end_element();
}

template <class Read>
void read_items(reader& in, std::string_view name, std::string_view ns, Read read) {
    read_members(in, ns, {{name, read}});
}

auto into(std::int32_t& out) {
    return [&out](reader& in) { out = in.read_element_int32(); };
}

auto into(std::string& out) {
    return [&out](reader& in) { out = in.read_element_text(); };
}

auto into(std::optional<std::string>& out) {
    return [&out](reader& in) { out = read_text(in); };
}

auto into(std::optional<std::int32_t>& out) {
    return [&out](reader& in) {
        if (is_nil(in))
            in.skip();
        else
            out = in.read_element_int32();
    };
}

/// Whether xsi:type says SpecialItem.
bool is_special(reader& in) {
    const auto* type = in.find_attribute("type", names::ns_xsi.text);
    if (type == nullptr)
        return false;
    const std::string name = type->value.to_text().value();
    const auto colon = name.find(':');
    const std::string prefix = colon == name.npos ? "" : name.substr(0, colon);
    const std::string local = colon == name.npos ? name : name.substr(colon + 1);
    const auto ns = in.find_namespace(prefix);
    must(ns == names::ns_data.text, "xsi:type " + name + " is in no namespace of the contract");
    must(local == "SpecialItem" || local == "Item", "unknown type " + name);
    return local == "SpecialItem";
}

std::optional<item> read_item(reader& in) {
    if (is_nil(in)) {
        in.skip();
        return std::nullopt;
    }
    item out;
    if (is_special(in))
        out.extra.emplace();
    std::optional<std::string> extra;
    read_members(in, names::ns_data.text,
                 {{"Name", into(out.name)},
                  {"Quantity", into(out.quantity)},
                  {"Price", [&](reader& r) { out.price = r.read_element_decimal(); }},
                  {"Extra", into(extra)}});
    if (out.extra)
        out.extra = extra;
    return out;
}

void read_pair(reader& in, complex& out) {
    auto& [key, number] = out.map.emplace_back();
    read_members(in, names::ns_arrays.text, {{"Key", into(key)}, {"Value", into(number)}});
}

void read_offset(reader& in, complex& out) {
    read_members(in, names::ns_system.text,
                 {{"DateTime", [&](reader& r) { out.offset.utc = r.read_element_date_time(); }},
                  {"OffsetMinutes", into(out.offset.minutes)}});
}

std::vector<member> scalar_members(complex& c) {
    return {
        {"Flag", [&](reader& in) { c.flag = in.read_element_boolean(); }},
        {"U8", into(c.u8)},
        {"I16", into(c.i16)},
        {"I32", into(c.i32)},
        {"I64", [&](reader& in) { c.i64 = in.read_element_int64(); }},
        {"U64", [&](reader& in) { c.u64 = in.read_element_uint64(); }},
        {"F32", [&](reader& in) { c.f32 = in.read_element_float32(); }},
        {"F64", [&](reader& in) { c.f64 = in.read_element_float64(); }},
        {"Dec", [&](reader& in) { c.dec = in.read_element_decimal(); }},
        {"WhenUtc", [&](reader& in) { c.when_utc = in.read_element_date_time(); }},
        {"WhenUnspecified", [&](reader& in) { c.when_unspecified = in.read_element_date_time(); }},
        {"Offset", [&](reader& in) { read_offset(in, c); }},
        {"Duration", [&](reader& in) { c.duration = in.read_element_time_span(); }},
        {"Id", [&](reader& in) { c.id = in.read_element_uuid(); }},
        {"Ch", into(c.ch)},
        {"Link", into(c.link)},
        {"Color", into(c.color)},
        {"MaybeInt", into(c.maybe_int)},
        {"MissingInt", into(c.missing_int)},
        {"Text", into(c.text)},
        {"NullText", into(c.null_text)},
        {"Omitted", into(c.omitted)},
        {"Blob", [&](reader& in) { c.blob = in.read_element_bytes(); }},
    };
}

std::unique_ptr<complex> read_at_depth(reader& in, std::uint32_t depth);

void add_list_members(complex& c, std::uint32_t depth, std::vector<member>& members) {
    members.push_back({"Ints", [&c](reader& in) {
                           read_items(in, "int", arrays, [&c](reader& r) {
                               c.ints.push_back(r.read_element_int32());
                           });
                       }});
    members.push_back({"Strings", [&c](reader& in) {
                           read_items(in, "string", arrays,
                                      [&c](reader& r) { c.strings.push_back(read_text(r)); });
                       }});
    members.push_back({"Items", [&c](reader& in) {
                           read_items(in, "Item", names::ns_data.text, [&c](reader& r) {
                               if (auto read = read_item(r))
                                   c.items.push_back(*std::move(read));
                           });
                       }});
    members.push_back({"Map", [&c](reader& in) {
                           read_items(in, "KeyValueOfstringint", arrays,
                                      [&c](reader& r) { read_pair(r, c); });
                       }});
    members.push_back(
        {"Child", [&c, depth](reader& in) { c.child = read_at_depth(in, depth + 1); }});
    members.push_back({"Poly", [&c](reader& in) { c.poly = read_item(in); }});
    members.push_back({"Doubles", [&c](reader& in) {
                           read_items(in, "double", arrays, [&c](reader& r) {
                               c.doubles.push_back(r.read_element_float64());
                           });
                       }});
}

std::unique_ptr<complex> read_at_depth(reader& in, std::uint32_t depth) {
    if (depth > max_depth || is_nil(in)) {
        in.skip();
        return nullptr;
    }
    auto out = std::make_unique<complex>();
    auto members = scalar_members(*out);
    add_list_members(*out, depth, members);
    read_members(in, names::ns_data.text, members);
    return out;
}

}  // namespace

std::unique_ptr<complex> read_complex(reader& in) {
    return read_at_depth(in, 1);
}

}  // namespace interop
