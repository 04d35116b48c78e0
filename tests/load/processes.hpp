#pragma once

#include "support/sanitizers.hpp"

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace load {

/// What a process holds at the moment.
struct holding {
    std::size_t resident = 0;     ///< octets of memory that are really there
    std::size_t heap = 0;         ///< octets that malloc has given out; 0 under sanitizers
    std::size_t descriptors = 0;  ///< open files and sockets
};
holding now_held();
/// The greatest part of this process that was ever in memory, in octets.
std::size_t peak_memory();
std::string to_text(const holding& held);

/// What a sanitizer keeps back would be taken for a leak; it looks for leaks by itself.
inline constexpr bool is_sanitized = NETTCP_SANITIZED != 0;

/// Lets this process, and those it starts, have so many files and sockets, and says so. Exits with
/// 77 (skipped) where the system's hard limit is below; with 1 in CI.
void raise_descriptor_limit(std::size_t wanted);

/// A host in a process of its own: this program again, as `load host`.
class host_process {
public:
    /// Returns when it listens.
    explicit host_process(std::vector<std::string> arguments = {});
    host_process(const host_process&) = delete;
    host_process& operator=(const host_process&) = delete;
    ~host_process();

    std::uint16_t port() const noexcept { return port_; }
    std::string uri(const std::string& path = "/load") const {
        return "net.tcp://127.0.0.1:" + std::to_string(port_) + path;
    }
    /// As a crash or a power cut would end it.
    void kill();
    /// Asks it to end, and waits; throws when it complains.
    void stop();

private:
    pid_t process_ = -1;
    std::uint16_t port_ = 0;
};

}  // namespace load
