#pragma once

#include "oracle.hpp"

#include <cstdint>

namespace nettcp::interop {

/// Has `count` generated documents written by our writer and by .NET's, call for call, and
/// compares octets, session strings, and which calls are refused. True when nothing differs.
///
/// Left out, because we differ on purpose (docs/nbfx.md gives the reasons): calls by which .NET
/// loses text (two dictionary strings, or a list of strings, or text behind another value, in one
/// attribute), duplicate attributes, a second root, names that are no XML names, and prefixes that
/// begin with xml.
bool run_writer_differential(oracle& dotnet, std::uint64_t seed, std::size_t count, report& found);

}  // namespace nettcp::interop
