// Names as .NET makes them up. A generic name whose arguments come from other namespaces than the
// built-in ones ends with a digest of those namespaces.
#include <nettcp/contract/schema_name.hpp>

#include "contract/built_in.hpp"
#include "contract/md5.hpp"

namespace nettcp::contract {
namespace {

constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view system_namespace = "http://schemas.datacontract.org/2004/07/System";

bool is_built_in_namespace(std::string_view ns) noexcept {
    return ns == xsd_namespace || ns == serialization_namespace;
}

/// The first six octets of the MD5, in an alphabet that names can have.
std::string digest_of(std::string_view namespaces) {
    const auto digest = md5(namespaces);
    std::string text;
    for (std::size_t at = 0; at != 6; at += 3) {
        const std::uint32_t three =
            std::uint32_t{digest[at]} << 16 | std::uint32_t{digest[at + 1]} << 8 | digest[at + 2];
        for (unsigned shift = 24; shift != 0;) {
            shift -= 6;
            const char digit = base64_digits[three >> shift & 63u];
            if (digit == '/')
                text += "_S";
            else if (digit == '+')
                text += "_P";
            else
                text += digit;
        }
    }
    return text;
}

/// A name as a part of another one: a nullable is a generic type of its own there.
schema_name argument_name(const type& what) {
    schema_name name = schema_name_of(what);
    if (what.what == kind::nullable && is_value_type(*what.item)) {
        name.local.insert(0, "NullableOf");
        if (!is_built_in_namespace(name.ns))
            name.local += digest_of(" 1 " + name.ns);
        name.ns = system_namespace;
    }
    return name;
}

schema_name entry_name(const type& map) {
    const schema_name key = argument_name(*map.key);
    const schema_name value = argument_name(*map.item);
    schema_name name{"KeyValueOf" + key.local + value.local, std::string(arrays_namespace)};
    if (!is_built_in_namespace(key.ns) || !is_built_in_namespace(value.ns))
        name.local += digest_of(" 2 " + key.ns + " " + value.ns);
    return name;
}

}  // namespace

bool is_value_type(const type& what) noexcept {
    switch (what.what) {
    case kind::string:
    case kind::uri:
    case kind::qname:
    case kind::bytes:
    case kind::list:
    case kind::map:
    case kind::nullable:
    case kind::anything: return false;
    case kind::structure:
        return what.structure != nullptr && what.structure->ns == system_namespace &&
               what.structure->name == "DateTimeOffset";
    default: return true;
    }
}

bool is_built_in(const type& what) noexcept {
    return !built_in_name(what.what).local.text.empty();
}

schema_name schema_name_of(const type& what) {
    switch (what.what) {
    case kind::nullable: return schema_name_of(*what.item);
    case kind::enumeration:
        return {std::string(what.enumeration->name), std::string(what.enumeration->ns)};
    case kind::structure:
        if (what.collection != nullptr)
            return {std::string(what.collection->name), std::string(what.collection->ns)};
        return {std::string(what.structure->name), std::string(what.structure->ns)};
    case kind::list:
    case kind::map: {
        schema_name name = item_name_of(what);
        name.local.insert(0, "ArrayOf");
        return name;
    }
    default: break;
    }
    const built_in name = built_in_name(what.what);
    return {std::string(name.local.text), std::string(name.ns.text)};
}

schema_name item_name_of(const type& collection) {
    if (collection.collection != nullptr)
        return {std::string(collection.collection->item_name),
                std::string(collection.collection->ns)};
    if (collection.what == kind::map)
        return entry_name(collection);
    schema_name name = schema_name_of(*collection.item);
    // .NET looks for the namespace of Nullable itself.
    if (collection.item->what == kind::nullable && is_value_type(*collection.item->item))
        name.ns = system_namespace;
    else if (is_built_in_namespace(name.ns))
        name.ns = arrays_namespace;
    return name;
}

}  // namespace nettcp::contract
