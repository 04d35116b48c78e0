#pragma once

#include <nettcp/contract/type.hpp>

#include <string>

namespace nettcp::contract {

/// The name of a type in a schema, and in xsi:type.
struct schema_name {
    std::string local;
    std::string ns;

    friend bool operator==(const schema_name&, const schema_name&) = default;
};

inline constexpr std::string_view xsd_namespace = "http://www.w3.org/2001/XMLSchema";
inline constexpr std::string_view xsi_namespace = "http://www.w3.org/2001/XMLSchema-instance";
inline constexpr std::string_view serialization_namespace =
    "http://schemas.microsoft.com/2003/10/Serialization/";
inline constexpr std::string_view arrays_namespace =
    "http://schemas.microsoft.com/2003/10/Serialization/Arrays";

/// The name that .NET gives a type: declared, `int` in the namespace of XML Schema, `ArrayOfint`,
/// `ArrayOfKeyValueOfstringint`. A nullable has the name of what it holds.
NETTCP_EXPORT schema_name schema_name_of(const type& what);

/// The name of a list's items, or of a map's entries.
NETTCP_EXPORT schema_name item_name_of(const type& collection);

/// Whether the type is one of XML Schema or of .NET's serialization namespace.
NETTCP_EXPORT bool is_built_in(const type& what) noexcept;

/// Whether .NET has a value type for it, which cannot be null.
NETTCP_EXPORT bool is_value_type(const type& what) noexcept;

}  // namespace nettcp::contract
