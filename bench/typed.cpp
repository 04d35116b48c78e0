// Ten thousand records as a typed contract: octets of a session read into structures, and written
// from them. Beside it, bench/dotnet does the same with DataContractSerializer: `bench_typed
// --export FOLDER` gives it the octets.

#include "measure.hpp"
#include "records.hpp"

#include <string_view>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

using namespace nettcp::bench;

/// Memory that was freed stays with the process, as .NET's collector keeps it. By itself malloc may
/// hand it back to the kernel and ask for it anew with each turn: that depends on chance.
void keep_memory() {
#ifdef __GLIBC__
    mallopt(M_TRIM_THRESHOLD, 256 << 20);
    mallopt(M_MMAP_THRESHOLD, 256 << 20);
#endif
}

}  // namespace

int main(int argc, char** argv) {
    keep_memory();
    typed_records of;
    if (argc == 3 && std::string_view(argv[1]) == "--export") {
        of.export_to(argv[2]);
        return 0;
    }
    const auto figure = [](std::string name, auto turn) {
        return measurement{std::move(name), "ns",
                           [turn](double seconds) { return nanoseconds_per_turn(seconds, turn); }};
    };
    return run(argc, argv,
               {figure("typed records read", [&of] { keep(of.read().back().id); }),
                figure("typed records write", [&of] { of.write(); })});
}
