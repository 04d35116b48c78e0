#pragma once

#include <nettcp/contract/schema_name.hpp>
#include <nettcp/contract/type.hpp>
#include <nettcp/nbfx/dictionary_string.hpp>

#include "nbfx/fields.hpp"

#include <vector>

namespace nettcp::contract {

/// A member where the codec meets it.
struct planned_member {
    nbfx::dictionary_string name;
    nbfx::dictionary_string ns;
    /// The namespace to be declared on its element, for what is inside; empty: none.
    nbfx::dictionary_string inner_ns;
    const type* what;
    access_function access;
    const member_options* options;
    std::uint16_t level;  ///< of the base it belongs to; 0 is the structure itself
};

/// What is worked out from a type's tables when it is first used.
struct plan::content {
    nbfx::dictionary_string name;
    nbfx::dictionary_string ns;

    // Structures: members in the order of the wire, outermost base first.
    std::vector<planned_member> members;
    std::vector<access_function> to_base;  ///< from level n to level n + 1
    std::vector<std::uint32_t> level_end;  ///< members before the end of the n-th last level

    // Lists and maps.
    nbfx::dictionary_string item_name;
    nbfx::dictionary_string item_ns;
    nbfx::dictionary_string inner_ns;  ///< declared on the collection, for its items
    nbfx::dictionary_string value_ns;  ///< declared on an entry's Value
    nbfx::dictionary_string key_ns;    ///< declared on an entry's Key

    // Enumerations: by name, and by number where there is one name for it.
    std::vector<const enumerator_row*> by_name;
    std::vector<const enumerator_row*> by_number;
};

/// Levels of inheritance that the codec follows.
inline constexpr std::size_t max_levels = 16;

/// How a type's members are read and written where nothing is unusual.
nbfx::field_kind field_kind_of(const type& what) noexcept;

/// Where the parts of an object of several levels begin: of itself and of its bases.
struct level_starts {
    level_starts(const plan::content& names, void* object) noexcept : of{object} {
        for (std::size_t i = 0; i != names.to_base.size(); ++i)
            of[i + 1] = names.to_base[i](of[i]);
    }
    void* member(const planned_member& m) const noexcept { return m.access(of[m.level]); }

    void* of[max_levels];
};

/// What an optional or a pointer holds, the type itself else.
inline const type& without_null(const type& what) noexcept {
    const type* inner = &what;
    while (inner->what == kind::nullable)
        inner = inner->item;
    return *inner;
}

}  // namespace nettcp::contract
