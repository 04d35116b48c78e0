#pragma once

#include <nettcp/inspect/traffic.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nettcp::cli {

/// Whether a file is a pcap or pcapng capture, by its first octets.
bool is_capture(std::string_view content) noexcept;

/// What to do with the packets of a capture.
struct capture_sinks {
    inspect::traffic::sink found;
    inspect::traffic::connection_sink opened;
    inspect::traffic_options options;
};

/// How a capture ended.
struct capture_end {
    bool could_open = false;  ///< else nothing was read, and the user was told why
    std::string damage;       ///< why reading stopped before the end; a sentence
    inspect::traffic_counts counts;
};

/// Looks through a capture file that is in memory.
capture_end read_capture(const std::string& name, std::string_view content,
                         const capture_sinks& sinks);

/// When to stop listening; SIGINT and SIGTERM always end it.
struct live_options {
    std::string device;  ///< network interface, as `lo`
    std::optional<std::uint64_t> packets;  ///< with TCP segments of the chosen ports in them
    std::optional<std::chrono::milliseconds> duration;
};

/// Listens on a network interface. Findings are flushed as they come.
capture_end listen(const live_options& live, const capture_sinks& sinks);

}  // namespace nettcp::cli
