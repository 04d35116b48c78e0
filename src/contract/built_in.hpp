#pragma once

#include <nettcp/contract/type.hpp>
#include <nettcp/nbfx/dictionary_string.hpp>

namespace nettcp::contract {

/// The name of a type that needs no declaration. Static text; empty for all others.
struct built_in {
    nbfx::dictionary_string local;
    nbfx::dictionary_string ns;
};

built_in built_in_name(kind what) noexcept;

/// What an `object` can hold without anything declared, found by its name; null if nothing.
const known_row* find_built_in(std::string_view local, std::string_view ns) noexcept;

}  // namespace nettcp::contract
