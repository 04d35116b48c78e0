#pragma once

#include <nettcp/contract/type.hpp>

namespace nettcp::contract {

/// Whether a value is the one that a member without EmitDefaultValue leaves out: zero, empty, or
/// null. A structure never is.
bool is_default(const type& what, const void* value);

}  // namespace nettcp::contract
