#pragma once

#include <nettcp/base/export.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <typeinfo>

/// Typed contracts: plain C++ types and the XML that .NET's DataContractSerializer makes of them.
///
/// What is known about a type stands in constant tables, and one compiled codec walks them:
/// templates only fill the tables in.
namespace nettcp::contract {

/// How a type is written.
enum class kind : std::uint8_t {
    boolean,
    int8,
    uint8,
    int16,
    uint16,
    int32,
    uint32,
    int64,
    uint64,
    float32,
    float64,
    decimal,
    character,    ///< char16_t, as a number
    string,
    uri,
    qname,
    guid,
    duration,
    date_time,
    bytes,
    enumeration,
    structure,
    list,
    map,
    nullable,  ///< std::optional, std::unique_ptr, std::shared_ptr
    anything,  ///< object
    stream,    ///< all of a body, as octets
};

struct type;
class plan;

/// From an object to a part of it, or to a base of it.
using access_function = void* (*)(void*) noexcept;
/// A type by a function, so that a declaration may name types that are declared after it.
using type_function = const type& (*)() noexcept;

/// What a member's declaration says beside its name; .NET's DataMember.
struct member_options {
    /// Members without an order come first, by name; then the others by order.
    std::int32_t order = -1;
    /// Reading fails when it is missing (IsRequired).
    bool required = false;
    /// Whether a default value is written: zero, empty, null (EmitDefaultValue).
    bool emit_default = true;
    /// Whether null may be read into something that cannot be null, such as a string, and leaves
    /// it empty. If not, reading fails. Numbers are never null.
    bool nullable = true;
    /// Whether items of a fixed size may share one array record, as a C# array's do; a C# List's
    /// do not. Both read either.
    bool array = true;
    /// The namespace of the element, if not that of the contract; for message contracts.
    std::string_view ns = {};
    /// Of a message contract: stands in the envelope's header, not in the body.
    bool header = false;
};

/// One member of a structure.
struct member_row {
    std::string_view name;
    type_function what = nullptr;
    access_function access = nullptr;
    member_options options = {};
    bool is_stream = false;
};

/// A type that may stand where another is declared.
struct known_row {
    type_function what = nullptr;
    const std::type_info* id = nullptr;
    /// A new object, as a pointer to the base that it was declared for; the base's owner takes it.
    void* (*create)() = nullptr;
    /// From that base to the type itself, and back.
    access_function down = nullptr;
    access_function up = nullptr;
    /// A new object for `object`.
    std::shared_ptr<void> (*make)() = nullptr;
};

/// The structure that comes first in another one.
struct base_row {
    type_function what = nullptr;
    access_function up = nullptr;
};

/// What a structure's declaration says.
struct structure_row {
    std::string_view name;
    std::string_view ns;
    std::span<const member_row> members;
    base_row base = {};
    std::span<const known_row> known = {};
    access_function extension = nullptr;  ///< to its `extension_data`
    bool reference = false;  ///< z:Id and z:Ref
    bool message = false;  ///< a message contract: headers, and the body's wrapper
    bool wrapped = true;  ///< whether a message contract has a wrapper
};

struct enumerator_row {
    std::string_view name;
    std::int64_t number = 0;
};

struct enumeration_row {
    std::string_view name;
    std::string_view ns;
    std::span<const enumerator_row> enumerators;
    bool flags = false;
};

struct enumeration_access {
    std::int64_t (*load)(const void*) noexcept;
    void (*store)(void*, std::int64_t) noexcept;
};

/// What the codec asks of a sequence.
struct list_access {
    std::size_t (*size)(const void* list) noexcept;
    /// Items of one size that stand one after the other; of bools in bits, a constant.
    const void* (*at)(const void* list, std::size_t index) noexcept;
    void* (*append)(void* list);
    void (*clear)(void* list) noexcept;
    void (*append_boolean)(void* list, bool value) = nullptr;  ///< where `append` cannot be
};

/// Visits the entries of a map until one visit says false.
struct map_access {
    using visitor = bool (*)(void* context, const void* key, const void* value);
    using filler = bool (*)(void* context, void* key, void* value);

    bool (*empty)(const void* map) noexcept;
    void (*visit)(const void* map, void* context, visitor each);
    /// Lets an entry be filled, and takes it when that says true.
    void (*insert)(void* map, void* context, filler fill);
    void (*clear)(void* map) noexcept;
};

/// What the codec asks of something that may hold a value or nothing.
struct slot_access {
    const void* (*get)(const void* slot) noexcept;
    void* (*emplace)(void* slot);  ///< null where the type cannot be made
    void (*reset)(void* slot) noexcept;
    void (*adopt)(void* slot, void* made) = nullptr;  ///< what a `known_row::create` has made
    std::shared_ptr<void> (*share)(const void* slot) = nullptr;
    void (*assign)(void* slot, std::shared_ptr<void> object) = nullptr;
};

/// All that the codec knows about a C++ type.
struct type {
    kind what{};
    std::uint32_t size = 0;  ///< sizeof
    const type* item = nullptr;  ///< of lists, nullables, and the values of maps
    const type* key = nullptr;  ///< of maps
    const structure_row* structure = nullptr;
    const enumeration_row* enumeration = nullptr;
    const enumeration_access* enumerator = nullptr;
    const list_access* list = nullptr;
    const map_access* map = nullptr;
    const slot_access* slot = nullptr;
    /// The type of the whole object, for structures with virtual functions.
    const std::type_info& (*dynamic_type)(const void*) = nullptr;
    const std::type_info* id = nullptr;  ///< of the structure itself, where there is the former
    /// A list's own name, and its item's, where they are not the usual ones.
    const struct collection_row* collection = nullptr;
    const plan& (*planned)() = nullptr;
};

/// .NET's CollectionDataContract: names of a list, instead of ArrayOf and the item's own.
struct collection_row {
    std::string_view name;
    std::string_view ns;
    std::string_view item_name;
    access_function access = nullptr;  ///< to the list itself
    type_function list = nullptr;
};

/// Names and order worked out from a type's tables, once, when it is first used. Immutable, so
/// that any number of threads may use it.
class NETTCP_EXPORT plan {
public:
    explicit plan(const type& what);
    plan(const plan&) = delete;
    plan& operator=(const plan&) = delete;
    ~plan();

    struct content;
    const content& operator*() const noexcept { return *content_; }
    const content* operator->() const noexcept { return content_.get(); }

private:
    std::unique_ptr<const content> content_;
};

}  // namespace nettcp::contract
