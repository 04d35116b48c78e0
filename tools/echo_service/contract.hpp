#pragma once

#include <nettcp/nbfx/dictionary_string.hpp>

#include <string_view>

/// Names of the contract `IEcho` and its data contracts. WCF puts all of them into the session's
/// dictionary, also those that the static dictionary has.
namespace nettcp::echo_service::names {

using nbfx::literals::operator""_dict;

inline constexpr auto ns = "http://peers.test/svc"_dict;
inline constexpr auto ns_data = "http://peers.test/data"_dict;
inline constexpr auto ns_arrays = "http://schemas.microsoft.com/2003/10/Serialization/Arrays"_dict;
inline constexpr auto ns_system = "http://schemas.datacontract.org/2004/07/System"_dict;
inline constexpr auto ns_xsi = "http://www.w3.org/2001/XMLSchema-instance"_dict;

/// What stands in front of an operation's name in its action.
inline constexpr std::string_view action_start = "http://peers.test/svc/IEcho/";
inline constexpr std::string_view fail_action = "http://peers.test/svc/IEcho/FailDetailFault";

/// Every name that a `Complex` can have inside.
inline constexpr nbfx::dictionary_string complex_words[] = {
    ns_data,
    ns_xsi,
    ns_arrays,
    ns_system,
    "Flag"_dict,
    "U8"_dict,
    "I16"_dict,
    "I32"_dict,
    "I64"_dict,
    "U64"_dict,
    "F32"_dict,
    "F64"_dict,
    "Dec"_dict,
    "WhenUtc"_dict,
    "WhenUnspecified"_dict,
    "Offset"_dict,
    "DateTime"_dict,
    "OffsetMinutes"_dict,
    "Duration"_dict,
    "Id"_dict,
    "Ch"_dict,
    "Link"_dict,
    "Color"_dict,
    "MaybeInt"_dict,
    "MissingInt"_dict,
    "nil"_dict,
    "Text"_dict,
    "NullText"_dict,
    "Omitted"_dict,
    "Blob"_dict,
    "Ints"_dict,
    "int"_dict,
    "Strings"_dict,
    "string"_dict,
    "Items"_dict,
    "Item"_dict,
    "Name"_dict,
    "Quantity"_dict,
    "Price"_dict,
    "type"_dict,
    "SpecialItem"_dict,
    "Extra"_dict,
    "Map"_dict,
    "KeyValueOfstringint"_dict,
    "Key"_dict,
    "Value"_dict,
    "Child"_dict,
    "Poly"_dict,
    "Doubles"_dict,
};

}  // namespace nettcp::echo_service::names
