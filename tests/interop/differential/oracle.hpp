#pragma once

#include <cstdio>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nettcp::interop {

/// A child process that answers one line to every line it is asked.
class oracle {
public:
    /// Starts `command`; throws `std::runtime_error` when that fails.
    explicit oracle(const std::vector<std::string>& command);
    oracle(const oracle&) = delete;
    oracle& operator=(const oracle&) = delete;
    ~oracle();

    /// The answer to `question`, without its line end; throws `std::runtime_error` when the
    /// child has gone.
    std::string ask(const std::string& question);

private:
    pid_t child_ = -1;
    std::FILE* to_child_ = nullptr;
    std::FILE* from_child_ = nullptr;
};

/// What a comparison found: counts, and the first few disagreements in words.
struct report {
    std::size_t compared = 0;
    std::size_t accepted = 0;
    std::size_t differences = 0;
    std::vector<std::string> examples;

    void differs(std::string what) {
        constexpr std::size_t shown = 10;
        if (++differences <= shown)
            examples.push_back(std::move(what));
    }
};

}  // namespace nettcp::interop
