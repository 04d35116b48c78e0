#pragma once

#include "interop_service/complex.hpp"

#include <string>

namespace nettcp::interop {

/// The value that the contract's `Complex.Sample(with_child)` makes.
complex sample_complex(bool with_child);

/// The names of members that differ, such as `Child.Doubles`; empty when both are equal.
std::string differences(const complex& expected, const complex& actual);

}  // namespace nettcp::interop
