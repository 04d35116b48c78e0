// nbfx_differential ORACLE STATIC_DICTIONARY [COUNT [SEED]]
//
// Compares our binary XML with .NET's over generated documents. ORACLE is nbfx_oracle.dll, built
// from tests/interop/dotnet/nbfx_oracle. Ends with 0 when nothing differs.
#include "oracle.hpp"
#include "writer_differential.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>

namespace {

using namespace nettcp::interop;

bool show(const char* what, const report& found) {
    std::printf("%s: %zu compared, %zu accepted, %zu different\n", what, found.compared,
                found.accepted, found.differences);
    for (const std::string& example : found.examples)
        std::printf("%s\n", example.c_str());
    // A comparison in which .NET refuses most documents would prove little.
    return found.differences == 0 && found.accepted * 2 > found.compared;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 3 || argc > 5) {
        std::fprintf(stderr, "usage: nbfx_differential ORACLE STATIC_DICTIONARY [COUNT [SEED]]\n");
        return 2;
    }
    const std::size_t count = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : 3000;
    const std::uint64_t seed = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1;
    try {
        oracle dotnet({"dotnet", argv[1], argv[2]});
        report writers;
        run_writer_differential(dotnet, seed, count, writers);
        return show("writer", writers) ? 0 : 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "nbfx_differential: %s\n", problem.what());
        return 1;
    }
}
