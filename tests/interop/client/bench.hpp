#pragma once

namespace nettcp::interop {

struct target;

/// Measures calls over loopback or a network and prints one line per measurement. Throws when a
/// call fails.
void run_bench(const target& where);

}  // namespace nettcp::interop
