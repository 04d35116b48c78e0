#pragma once

#include <nettcp/contract/stream.hpp>
#include <nettcp/contract/type.hpp>

#include <array>
#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace nettcp::contract {

/// What the descriptor of a type is found by; see `data_contract`.
template <class T>
struct tag {};

/// The table entry of a C++ type that can be a member; type_of.hpp fills it in.
template <class T>
struct descriptor {
    static const type value;
};

/// The same, for tables that are made before all that they name is declared.
template <class T>
const type& type_of() noexcept {
    return descriptor<T>::value;
}

/// The parts of a pointer to a data member.
template <class Pointer>
struct member_pointer;
template <class Class, class Member>
struct member_pointer<Member Class::*> {
    using class_type = Class;
    using member_type = Member;
};

/// From an object to the member that `Pointer` points to.
template <auto Pointer>
void* access_member(void* object) noexcept {
    using class_type = typename member_pointer<decltype(Pointer)>::class_type;
    return std::addressof(static_cast<class_type*>(object)->*Pointer);
}

/// Declares one member: `member<&order::customer>("Customer", {.required = true})`.
template <auto Pointer>
    requires std::is_member_object_pointer_v<decltype(Pointer)>
consteval member_row member(std::string_view name, member_options options = {}) {
    using member_type = typename member_pointer<decltype(Pointer)>::member_type;
    return {name, type_of<member_type>, access_member<Pointer>, options,
            std::is_same_v<member_type, stream>};
}

template <class From, class To>
void* access_base(void* object) noexcept {
    return static_cast<To*>(static_cast<From*>(object));
}

/// Declares that `Derived` may stand where `Base` is declared. `Base` has virtual functions, among
/// them the destructor, and is held by a pointer.
template <class Derived, class Base>
consteval known_row known() {
    static_assert(std::is_base_of_v<Base, Derived>,
                  "a known type derives from the type it stands for");
    static_assert(std::has_virtual_destructor_v<Base>,
                  "the base of a known type needs a virtual destructor");
    return {type_of<Derived>,
            &typeid(Derived),
            []() -> void* { return static_cast<Base*>(new Derived()); },
            access_base<Base, Derived>,
            access_base<Derived, Base>,
            []() -> std::shared_ptr<void> { return std::make_shared<Derived>(); }};
}

/// Declares that `T` may stand in an `object` within the structure.
template <class T>
consteval known_row known() {
    return {type_of<T>, &typeid(T),
            nullptr,    nullptr,
            nullptr,    []() -> std::shared_ptr<void> { return std::make_shared<T>(); }};
}

/// The declaration of a structure: what `data_contract` returns. A constant.
template <std::size_t Members, std::size_t Known = 0>
struct structure_declaration {
    std::string_view name;
    std::string_view ns;
    std::array<member_row, Members> members;
    std::array<known_row, Known> known_types = {};
    base_row base = {};
    access_function extension = nullptr;
    bool reference = false;
    bool is_message = false;
    bool wrapped = true;

    /// The members of `Base`, which has a contract of its own, come first.
    template <class Derived, class Base>
    consteval structure_declaration extends() const {
        static_assert(std::is_base_of_v<Base, Derived>, "extends<Derived, Base>()");
        structure_declaration changed = *this;
        changed.base = {type_of<Base>, access_base<Derived, Base>};
        return changed;
    }
    /// Types that may stand for this one, or in an `object` within it (.NET: KnownType).
    template <std::size_t Count>
    consteval structure_declaration<Members, Count> knows(const known_row (&types)[Count]) const {
        return {name,      ns,         members, std::to_array(types), base, extension,
                reference, is_message, wrapped};
    }
    /// An object that several pointers share is written once (.NET: IsReference). Only
    /// `std::shared_ptr` finds it again.
    consteval structure_declaration as_reference() const {
        structure_declaration changed = *this;
        changed.reference = true;
        return changed;
    }
    /// Of a message contract: its members stand in the body itself (.NET: IsWrapped = false).
    consteval structure_declaration unwrapped() const {
        structure_declaration changed = *this;
        changed.wrapped = false;
        return changed;
    }
    /// Elements that the contract does not know are kept in this member and written again.
    template <auto Pointer>
    consteval structure_declaration keeps_unknown() const {
        structure_declaration changed = *this;
        changed.extension = access_member<Pointer>;
        return changed;
    }
};

/// Declares how a structure is written. Found by argument-dependent look-up: stands beside the
/// structure, as
///
///     consteval auto contract_of(nettcp::contract::tag<point>) {
///         return nettcp::contract::data_contract("Point", "urn:shapes",
///             {member<&point::x>("X"), member<&point::y>("Y")});
///     }
///
/// Members without an order are written by name, in front of those with one, as .NET does; in
/// what order they are listed does not matter.
template <std::size_t Members>
consteval structure_declaration<Members> data_contract(std::string_view name, std::string_view ns,
                                                       const member_row (&members)[Members]) {
    return {name, ns, std::to_array(members)};
}

/// A structure without members.
consteval structure_declaration<0> data_contract(std::string_view name, std::string_view ns) {
    return {name, ns, {}};
}

/// Declares one header of a message contract.
template <auto Pointer>
consteval member_row header(std::string_view name, member_options options = {}) {
    options.header = true;
    return member<Pointer>(name, options);
}

/// Declares a structure as a whole message (.NET: MessageContract): `header` members stand in the
/// envelope's header, the others in the body, inside a wrapper of that name. A `stream` is the only
/// member of its body. An operation takes one as its only parameter, or returns one.
template <std::size_t Members>
consteval structure_declaration<Members> message_contract(std::string_view wrapper,
                                                          std::string_view ns,
                                                          const member_row (&members)[Members]) {
    structure_declaration<Members> made{wrapper, ns, std::to_array(members)};
    made.is_message = true;
    return made;
}

/// The declaration of an enumeration: what `enumeration` returns.
template <std::size_t Count>
struct enumeration_declaration {
    std::string_view name;
    std::string_view ns;
    std::array<enumerator_row, Count> enumerators;
    bool flags = false;

    /// Values are combinations of enumerators, written as their names with spaces between.
    consteval enumeration_declaration as_flags() const {
        enumeration_declaration changed = *this;
        changed.flags = true;
        return changed;
    }
};

/// Declares one enumerator.
template <class Enum>
    requires std::is_enum_v<Enum>
consteval enumerator_row enumerator(Enum value, std::string_view name) {
    return {name, static_cast<std::int64_t>(value)};
}

/// Declares how an enumeration is written; stands beside it like `data_contract`.
template <std::size_t Count>
consteval enumeration_declaration<Count> enumeration(std::string_view name, std::string_view ns,
                                                     const enumerator_row (&enumerators)[Count]) {
    return {name, ns, std::to_array(enumerators)};
}

/// The declaration of a structure that stands for the list in it: what `collection` returns.
struct collection_declaration {
    collection_row row;
};

/// Declares a structure with one list as that list, with names of its own (.NET:
/// CollectionDataContract).
template <auto Pointer>
consteval collection_declaration collection(std::string_view name, std::string_view ns,
                                            std::string_view item_name) {
    using list_type = typename member_pointer<decltype(Pointer)>::member_type;
    return {{name, ns, item_name, access_member<Pointer>, type_of<list_type>}};
}

}  // namespace nettcp::contract
