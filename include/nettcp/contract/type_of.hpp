#pragma once

#include <nettcp/base/decimal.hpp>
#include <nettcp/base/uuid.hpp>
#include <nettcp/contract/data_contract.hpp>
#include <nettcp/contract/values.hpp>
#include <nettcp/soap/fault.hpp>

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace nettcp::contract {

/// Whether `contract_of(tag<T>)` stands beside the type.
template <class T>
concept declared = requires { contract_of(tag<T>()); };

/// The declaration of a type, kept where the tables can point to it.
template <class T>
inline constexpr auto declaration_of = contract_of(tag<T>());

/// The plan of a type, made when it is first asked for.
template <class T>
const plan& planned() {
    static const plan made(descriptor<T>::value);
    return made;
}

/// DateTimeOffset is a structure to .NET's serializer.
consteval auto contract_of(tag<date_time_offset>) {
    return data_contract("DateTimeOffset", "http://schemas.datacontract.org/2004/07/System",
                         {member<&date_time_offset::utc>("DateTime"),
                          member<&date_time_offset::offset_minutes>("OffsetMinutes")});
}

/// Whether names in a table differ. Long tables are checked when they are planned.
template <class Rows>
consteval bool names_differ(const Rows& rows) {
    if (rows.size() > 64)
        return true;
    for (std::size_t i = 0; i < rows.size(); ++i)
        for (std::size_t j = i + 1; j < rows.size(); ++j)
            if (rows[i].name == rows[j].name)
                return false;
    return true;
}

template <class Rows>
consteval bool names_given(const Rows& rows) {
    for (const auto& row : rows)
        if (row.name.empty())
            return false;
    return true;
}

/// Whether there is a stream, and only where one may be: all of the body of a message.
template <class Rows>
consteval bool streams_in_place(const Rows& rows, bool is_message) {
    std::size_t streams = 0;
    std::size_t in_body = 0;
    for (const member_row& row : rows) {
        streams += row.is_stream ? 1 : 0;
        in_body += row.options.header ? 0 : 1;
        if (row.is_stream && (!is_message || row.options.header))
            return false;
    }
    return streams == 0 || in_body == 1;
}

/// How a C++ type is written: specialised for what has no declaration of its own.
template <class T>
struct table_of {
    static_assert(declared<T>, "this type has no contract: declare contract_of(tag<T>) beside it");
};

template <kind What, class T>
struct primitive_table {
    static consteval type make() { return {.what = What, .size = sizeof(T)}; }
};

template <>
struct table_of<bool> : primitive_table<kind::boolean, bool> {};
template <>
struct table_of<std::int8_t> : primitive_table<kind::int8, std::int8_t> {};
template <>
struct table_of<std::uint8_t> : primitive_table<kind::uint8, std::uint8_t> {};
template <>
struct table_of<std::int16_t> : primitive_table<kind::int16, std::int16_t> {};
template <>
struct table_of<std::uint16_t> : primitive_table<kind::uint16, std::uint16_t> {};
template <>
struct table_of<std::int32_t> : primitive_table<kind::int32, std::int32_t> {};
template <>
struct table_of<std::uint32_t> : primitive_table<kind::uint32, std::uint32_t> {};
template <>
struct table_of<std::int64_t> : primitive_table<kind::int64, std::int64_t> {};
template <>
struct table_of<std::uint64_t> : primitive_table<kind::uint64, std::uint64_t> {};
template <>
struct table_of<float> : primitive_table<kind::float32, float> {};
template <>
struct table_of<double> : primitive_table<kind::float64, double> {};
template <>
struct table_of<decimal> : primitive_table<kind::decimal, decimal> {};
template <>
struct table_of<char16_t> : primitive_table<kind::character, char16_t> {};
template <>
struct table_of<std::string> : primitive_table<kind::string, std::string> {};
template <>
struct table_of<uri> : primitive_table<kind::uri, uri> {};
template <>
struct table_of<soap::qname> : primitive_table<kind::qname, soap::qname> {};
template <>
struct table_of<uuid> : primitive_table<kind::guid, uuid> {};
template <>
struct table_of<time_span> : primitive_table<kind::duration, time_span> {};
template <>
struct table_of<date_time> : primitive_table<kind::date_time, date_time> {};
template <>
struct table_of<object> : primitive_table<kind::anything, object> {};
template <>
struct table_of<stream> : primitive_table<kind::stream, stream> {};
template <>
struct table_of<std::vector<std::byte>> : primitive_table<kind::bytes, std::vector<std::byte>> {};

template <class T>
    requires(declared<T> && std::is_enum_v<T>)
struct table_of<T> {
    static constexpr const auto& declaration = declaration_of<T>;
    static_assert(names_given(declaration.enumerators), "an enumerator has no name");
    static_assert(names_differ(declaration.enumerators), "an enumeration lists a name twice");

    static constexpr enumeration_row row{declaration.name, declaration.ns, declaration.enumerators,
                                         declaration.flags};
    static constexpr enumeration_access access{[](const void* value) noexcept {
                                                   return static_cast<std::int64_t>(
                                                       *static_cast<const T*>(value));
                                               },
                                               [](void* value, std::int64_t number) noexcept {
                                                   *static_cast<T*>(value) = static_cast<T>(number);
                                               }};
    static consteval type make() {
        return {.what = kind::enumeration,
                .size = sizeof(T),
                .enumeration = &row,
                .enumerator = &access,
                .planned = planned<T>};
    }
};

template <class T>
    requires(declared<T> && std::is_class_v<T>)
struct table_of<T> {
    static constexpr const auto& declaration = declaration_of<T>;
    static constexpr bool is_collection =
        std::is_same_v<std::remove_cvref_t<decltype(declaration)>, collection_declaration>;
    static_assert(std::is_default_constructible_v<T> || std::is_abstract_v<T>,
                  "a structure with a contract can be made without arguments");

    static consteval structure_row structure() {
        if constexpr (!is_collection) {
            static_assert(names_given(declaration.members),
                          "a data contract has a member without a name");
            static_assert(names_differ(declaration.members),
                          "a data contract lists a member name twice");
            static_assert(streams_in_place(declaration.members, declaration.is_message),
                          "a stream is the only body member of a message contract");
            return {declaration.name,      declaration.ns,          declaration.members,
                    declaration.base,      declaration.known_types, declaration.extension,
                    declaration.reference, declaration.is_message,  declaration.wrapped};
        } else {
            return {};
        }
    }
    static constexpr structure_row row = structure();

    static consteval type make() {
        type made{.what = kind::structure, .size = sizeof(T), .planned = planned<T>};
        if constexpr (is_collection) {
            made.collection = &declaration.row;
        } else {
            made.structure = &row;
            if constexpr (std::is_polymorphic_v<T>) {
                made.id = &typeid(T);
                made.dynamic_type = [](const void* object) -> const std::type_info& {
                    return typeid(*static_cast<const T*>(object));
                };
            }
        }
        return made;
    }
};

template <class Item>
struct table_of<std::vector<Item>> {
    static_assert(!std::is_same_v<Item, stream>, "a stream is no item of a list");
    using list = std::vector<Item>;
    static constexpr list_access access{
        [](const void* v) noexcept { return static_cast<const list*>(v)->size(); },
        [](const void* v, std::size_t index) noexcept -> const void* {
            return static_cast<const list*>(v)->data() + index;
        },
        [](void* v) -> void* { return &static_cast<list*>(v)->emplace_back(); },
        [](void* v) noexcept { static_cast<list*>(v)->clear(); }};
    static consteval type make() {
        return {.what = kind::list,
                .size = sizeof(list),
                .item = &descriptor<Item>::value,
                .list = &access,
                .planned = planned<list>};
    }
};

template <>
struct table_of<std::vector<bool>> {
    using list = std::vector<bool>;
    static constexpr bool booleans[] = {false, true};
    static constexpr list_access access{
        [](const void* v) noexcept { return static_cast<const list*>(v)->size(); },
        [](const void* v, std::size_t index) noexcept -> const void* {
            return &booleans[(*static_cast<const list*>(v))[index] ? 1 : 0];
        },
        nullptr, [](void* v) noexcept { static_cast<list*>(v)->clear(); },
        [](void* v, bool item) { static_cast<list*>(v)->push_back(item); }};
    static consteval type make() {
        return {.what = kind::list,
                .size = sizeof(list),
                .item = &descriptor<bool>::value,
                .list = &access,
                .planned = planned<list>};
    }
};

/// Maps by their entries; a vector of pairs keeps their order and allows a key twice.
template <class Map, class Key, class Value>
struct map_table {
    static_assert(!std::is_same_v<Value, stream>, "a stream is no item of a map");
    static constexpr map_access access{
        [](const void* v) noexcept { return static_cast<const Map*>(v)->empty(); },
        [](const void* v, void* context, map_access::visitor each) {
            for (const auto& [key, value] : *static_cast<const Map*>(v))
                if (!each(context, &key, &value))
                    return;
        },
        [](void* v, void* context, map_access::filler fill) {
            Key key{};
            Value value{};
            if (!fill(context, &key, &value))
                return;
            if constexpr (requires(Map& map) { map.emplace_back(key, std::move(value)); })
                static_cast<Map*>(v)->emplace_back(std::move(key), std::move(value));
            else
                static_cast<Map*>(v)->emplace(std::move(key), std::move(value));
        },
        [](void* v) noexcept { static_cast<Map*>(v)->clear(); }};
    static consteval type make() {
        return {.what = kind::map,
                .size = sizeof(Map),
                .item = &descriptor<Value>::value,
                .key = &descriptor<Key>::value,
                .map = &access,
                .planned = planned<Map>};
    }
};

template <class Key, class Value>
struct table_of<std::map<Key, Value>> : map_table<std::map<Key, Value>, Key, Value> {};
template <class Key, class Value>
struct table_of<std::unordered_map<Key, Value>>
    : map_table<std::unordered_map<Key, Value>, Key, Value> {};
template <class Key, class Value>
struct table_of<std::vector<std::pair<Key, Value>>>
    : map_table<std::vector<std::pair<Key, Value>>, Key, Value> {};

template <class Slot, class T>
struct slot_table {
    static_assert(!std::is_same_v<T, stream>, "a stream is never null");
    static consteval type make() {
        return {.what = kind::nullable,
                .size = sizeof(Slot),
                .item = &descriptor<T>::value,
                .slot = &table_of<Slot>::access};
    }
};

template <class T>
struct table_of<std::optional<T>> : slot_table<std::optional<T>, T> {
    using slot = std::optional<T>;
    static constexpr slot_access access{
        [](const void* v) noexcept -> const void* {
            const slot& held = *static_cast<const slot*>(v);
            return held ? std::addressof(*held) : nullptr;
        },
        [](void* v) -> void* { return std::addressof(static_cast<slot*>(v)->emplace()); },
        [](void* v) noexcept { static_cast<slot*>(v)->reset(); }};
};

template <class T>
struct table_of<std::unique_ptr<T>> : slot_table<std::unique_ptr<T>, T> {
    using slot = std::unique_ptr<T>;
    static constexpr slot_access access{
        [](const void* v) noexcept -> const void* { return static_cast<const slot*>(v)->get(); },
        [](void* v) -> void* {
            if constexpr (std::is_abstract_v<T>) {
                return nullptr;
            } else {
                *static_cast<slot*>(v) = std::make_unique<T>();
                return static_cast<slot*>(v)->get();
            }
        },
        [](void* v) noexcept { static_cast<slot*>(v)->reset(); },
        [](void* v, void* made) { static_cast<slot*>(v)->reset(static_cast<T*>(made)); }};
};

template <class T>
struct table_of<std::shared_ptr<T>> : slot_table<std::shared_ptr<T>, T> {
    using slot = std::shared_ptr<T>;
    static constexpr slot_access access{
        [](const void* v) noexcept -> const void* { return static_cast<const slot*>(v)->get(); },
        [](void* v) -> void* {
            if constexpr (std::is_abstract_v<T>) {
                return nullptr;
            } else {
                *static_cast<slot*>(v) = std::make_shared<T>();
                return static_cast<slot*>(v)->get();
            }
        },
        [](void* v) noexcept { static_cast<slot*>(v)->reset(); },
        [](void* v, void* made) { static_cast<slot*>(v)->reset(static_cast<T*>(made)); },
        [](const void* v) -> std::shared_ptr<void> {
            return std::const_pointer_cast<std::remove_const_t<T>>(*static_cast<const slot*>(v));
        },
        [](void* v, std::shared_ptr<void> object) {
            *static_cast<slot*>(v) = std::static_pointer_cast<T>(std::move(object));
        }};
};

template <class T>
const type descriptor<T>::value = table_of<T>::make();

}  // namespace nettcp::contract
