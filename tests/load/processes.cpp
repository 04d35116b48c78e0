// Decides how hosts are started and ended, and how what a process holds is counted.
#include "load/processes.hpp"

#include "load/texts.hpp"

#include <fcntl.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace load {

holding now_held() {
    holding held;
    std::ifstream pages("/proc/self/statm");
    std::size_t all = 0;
    pages >> all >> held.resident;
    held.resident *= static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    if (!is_sanitized) {
        const auto heap = mallinfo2();
        held.heap = heap.uordblks + heap.hblkhd;
    }
    for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) {
        (void)each;
        ++held.descriptors;
    }
    --held.descriptors;  // the folder's own
    return held;
}

std::size_t peak_memory() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return static_cast<std::size_t>(used.ru_maxrss) * 1024;
}

std::string to_text(const holding& held) {
    char text[120];
    std::snprintf(text, sizeof text, "%.1f MiB in memory, %.2f MiB of it malloc'd, %zu descriptors",
                  static_cast<double>(held.resident) / 1048576,
                  static_cast<double>(held.heap) / 1048576, held.descriptors);
    return text;
}

void raise_descriptor_limit(std::size_t wanted) {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max < wanted) {
        std::fprintf(stderr, "SKIPPED: this needs `ulimit -Hn %zu`, the hard limit is %llu\n",
                     wanted, static_cast<unsigned long long>(limit.rlim_max));
        const char* const ci = std::getenv("CI");
        std::exit(ci != nullptr && std::string_view(ci) == "true" ? 1 : 77);
    }
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = wanted;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    std::printf("limit: RLIMIT_NOFILE %zu\n", wanted);
}

host_process::host_process(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"load", "host"});
    std::vector<char*> words;
    for (std::string& each : arguments)
        words.push_back(each.data());
    words.push_back(nullptr);
    int ends[2];
    must(pipe2(ends, O_CLOEXEC) == 0, "no pipe");
    process_ = fork();
    must(process_ >= 0, "no process");
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        dup2(ends[1], STDOUT_FILENO);
        close_range(3, ~0u, 0);  // Asio's sockets would live on in the host
        execv("/proc/self/exe", words.data());
        _exit(127);
    }
    close(ends[1]);
    std::FILE* const said = fdopen(ends[0], "r");
    unsigned port = 0;
    const bool ready = std::fscanf(said, "READY %u", &port) == 1;
    std::fclose(said);
    must(ready, "a host did not start");
    port_ = static_cast<std::uint16_t>(port);
}

host_process::~host_process() {
    kill();
}

void host_process::kill() {
    if (process_ < 0)
        return;
    ::kill(process_, SIGKILL);
    waitpid(std::exchange(process_, -1), nullptr, 0);
}

void host_process::stop() {
    ::kill(process_, SIGTERM);
    int status = 0;
    waitpid(std::exchange(process_, -1), &status, 0);
    must(WIFEXITED(status) && WEXITSTATUS(status) == 0,
         "a host did not end well: " + std::to_string(status));
}

}  // namespace load
