// Runs a fuzz target without libFuzzer: over every file that is named, or found in a folder that is
// named. It finds no new inputs; it keeps old ones fixed on machines without Clang.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size);

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> inputs_under(int count, char** names) {
    std::vector<fs::path> inputs;
    for (int i = 1; i < count; ++i) {
        const fs::path name = names[i];
        if (!fs::is_directory(name)) {
            inputs.push_back(name);
            continue;
        }
        for (const auto& entry : fs::recursive_directory_iterator(name)) {
            if (entry.is_regular_file())
                inputs.push_back(entry.path());
        }
    }
    std::ranges::sort(inputs);
    return inputs;
}

bool replay(const fs::path& input) {
    std::ifstream file(input, std::ios::binary);
    if (!file) {
        std::fprintf(stderr, "cannot read %s\n", input.c_str());
        return false;
    }
    const std::vector<char> octets{std::istreambuf_iterator<char>(file), {}};
    // The name stands in the log before the run, since a finding ends the process.
    std::printf("%s\n", input.c_str());
    std::fflush(stdout);
    // An exact-size copy: a sanitizer then sees a read past the end.
    const std::vector<std::uint8_t> exact(octets.begin(), octets.end());
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const auto inputs = inputs_under(argc, argv);
        if (inputs.empty()) {
            std::fputs("usage: replay FILE-OR-FOLDER...; nothing to replay was found\n", stderr);
            return 2;
        }
        for (const auto& input : inputs) {
            if (!replay(input))
                return 1;
        }
        std::printf("replayed %zu inputs\n", inputs.size());
        return 0;
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "replay: %s\n", failure.what());
        return 1;
    }
}
