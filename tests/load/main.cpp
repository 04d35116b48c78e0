// Load and faults: `load PART [ARGUMENT...]`, see parts.hpp. Ends with 0 when all was as it should
// be, and with 77 where this machine is too small.
#include "load/load_service.hpp"
#include "load/parts.hpp"
#include "support/thread_sanitizer.hpp"

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
    using namespace load;
    std::signal(SIGPIPE, SIG_IGN);
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::vector<std::string> words(argv + 1, argv + argc);
    const std::string part = words.empty() ? "" : words[0];
    const struct {
        const char* name;
        void (*run)(const choices&);
    } parts[] = {{"idle", run_idle}, {"reconnect", run_reconnect}, {"callbacks", run_callbacks},
                 {"cuts", run_cuts}, {"soak", run_soak},           {"host", run_host}};
    try {
        for (const auto& one : parts) {
            if (part != one.name)
                continue;
            one.run(choices({words.begin() + 1, words.end()}));
            return 0;
        }
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "FAILED: load %s: %s\n", part.c_str(), failed.what());
        return 1;
    }
    std::fprintf(stderr,
                 "usage: load idle|reconnect|callbacks|cuts|soak [NUMBER] [--NAME VALUE]\n");
    return 2;
}
