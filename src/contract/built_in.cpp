#include "contract/built_in.hpp"

#include <nettcp/contract/schema_name.hpp>
#include <nettcp/contract/type_of.hpp>

#include <algorithm>
#include <iterator>

namespace nettcp::contract {
namespace {

struct row {
    kind what;
    std::string_view local;
    std::string_view ns;
    known_row known;
};

constexpr row rows[] = {
    {kind::boolean, "boolean", xsd_namespace, known<bool>()},
    {kind::int8, "byte", xsd_namespace, known<std::int8_t>()},
    {kind::uint8, "unsignedByte", xsd_namespace, known<std::uint8_t>()},
    {kind::int16, "short", xsd_namespace, known<std::int16_t>()},
    {kind::uint16, "unsignedShort", xsd_namespace, known<std::uint16_t>()},
    {kind::int32, "int", xsd_namespace, known<std::int32_t>()},
    {kind::uint32, "unsignedInt", xsd_namespace, known<std::uint32_t>()},
    {kind::int64, "long", xsd_namespace, known<std::int64_t>()},
    {kind::uint64, "unsignedLong", xsd_namespace, known<std::uint64_t>()},
    {kind::float32, "float", xsd_namespace, known<float>()},
    {kind::float64, "double", xsd_namespace, known<double>()},
    {kind::decimal, "decimal", xsd_namespace, known<decimal>()},
    {kind::character, "char", serialization_namespace, known<char16_t>()},
    {kind::string, "string", xsd_namespace, known<std::string>()},
    {kind::uri, "anyURI", xsd_namespace, known<uri>()},
    {kind::qname, "QName", xsd_namespace, known<soap::qname>()},
    {kind::guid, "guid", serialization_namespace, known<uuid>()},
    {kind::duration, "duration", serialization_namespace, known<time_span>()},
    {kind::date_time, "dateTime", xsd_namespace, known<date_time>()},
    {kind::bytes, "base64Binary", xsd_namespace, known<std::vector<std::byte>>()},
    {kind::anything, "anyType", xsd_namespace, {}},
    {kind::stream, "StreamBody", "http://schemas.microsoft.com/Message", {}},
};

}  // namespace

built_in built_in_name(kind what) noexcept {
    const auto found = std::ranges::find(rows, what, &row::what);
    if (found == std::end(rows))
        return {};
    return {{found->local, nbfx::no_static_id}, {found->ns, nbfx::no_static_id}};
}

const known_row* find_built_in(std::string_view local, std::string_view ns) noexcept {
    for (const row& each : rows)
        if (each.local == local && each.ns == ns && each.known.what != nullptr)
            return &each.known;
    return nullptr;
}

}  // namespace nettcp::contract
