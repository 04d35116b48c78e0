#pragma once

#include "oracle.hpp"

#include <cstdint>

namespace nettcp::interop {

/// Has `count` generated documents, four in ten of them damaged, read by our reader and by .NET's,
/// and compares the decision to accept them and their canonical infosets. Ours reads each
/// document twice, whole and in windows, which must not differ either.
///
/// Differences we intend, and count as agreement (docs/nbfx.md gives the reasons): decimals that
/// .NET 10 does not check, an array that makes several roots, and typed values outside the root.
/// Octets and qualified names in lists, at which .NET fails, are not generated.
bool run_reader_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found);

/// The same for typed reads of element content and of attributes. Left out: NUL behind a number,
/// and a time alone as a date, to which .NET adds the day it is read on.
bool run_value_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found);

}  // namespace nettcp::interop
