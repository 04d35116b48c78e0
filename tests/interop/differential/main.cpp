// nbfx_differential ORACLE_DLL STATIC_DICTIONARY [--count N] [--seed N]
//
// Compares our binary XML with .NET's over generated documents; ORACLE_DLL is built from
// tests/interop/dotnet/nbfx_oracle (run_differential.sh does all of it). Exits with 0 when nothing
// differs.
#include "oracle.hpp"
#include "reader_differential.hpp"
#include "writer_differential.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string_view>

namespace {

using namespace nettcp::interop;

struct settings {
    std::vector<std::string> command;
    std::size_t count = 5000;
    std::uint64_t seed = 1;
};

bool read_arguments(int argc, char** argv, settings& out) {
    if (argc < 3 || argc % 2 == 0)
        return false;
    out.command = {"dotnet", argv[1], argv[2]};
    for (int i = 3; i < argc; i += 2) {
        const std::string_view option = argv[i];
        const std::uint64_t number = std::strtoull(argv[i + 1], nullptr, 10);
        if (option == "--count")
            out.count = number;
        else if (option == "--seed")
            out.seed = number;
        else
            return false;
    }
    return true;
}

bool show(const char* what, const report& found, std::size_t least_accepted_percent) {
    std::printf("%s: %zu compared, %zu accepted, %zu different\n", what, found.compared,
                found.accepted, found.differences);
    for (const std::string& example : found.examples)
        std::printf("%s\n", example.c_str());
    // A comparison in which .NET refuses nearly everything would prove little.
    return found.differences == 0 &&
           found.accepted * 100 >= found.compared * least_accepted_percent;
}

}  // namespace

int main(int argc, char** argv) {
    settings chosen;
    if (!read_arguments(argc, argv, chosen)) {
        std::fprintf(stderr, "usage: nbfx_differential ORACLE_DLL STATIC_DICTIONARY "
                             "[--count N] [--seed N]\n");
        return 2;
    }
    try {
        oracle dotnet(chosen.command);
        bool same = true;
        report writers;
        run_writer_differential(dotnet, chosen.seed, chosen.count, writers);
        same &= show("writer", writers, 50);
        report readers;
        run_reader_differential(dotnet, chosen.seed, chosen.count, readers);
        same &= show("reader", readers, 50);
        report values;
        run_value_differential(dotnet, chosen.seed, chosen.count, values);
        same &= show("typed reads", values, 15);
        return same ? 0 : 1;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "nbfx_differential: %s\n", problem.what());
        return 1;
    }
}
