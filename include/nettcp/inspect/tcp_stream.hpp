#pragma once

#include <nettcp/inspect/packet.hpp>

#include <functional>
#include <map>
#include <vector>

namespace nettcp::inspect {

/// What comes out of a `tcp_stream`: octets, or word that octets are missing.
struct tcp_piece {
    bytes_view octets;          ///< lives during the call only
    std::uint64_t missing = 0;  ///< octets that the capture lacks here; then `octets` is empty
    double seconds = 0;         ///< when the segment was captured, or the one behind the hole
};

/// What a `tcp_stream` keeps while it waits for a missing segment.
struct tcp_stream_limits {
    std::size_t max_held_octets = 1u << 20;
    std::size_t max_held_segments = 256;
};

/// Puts the segments of one direction of a TCP connection in order.
///
/// Octets that were sent again are left out: what came first counts. A segment that was captured
/// in part leaves a hole right away. For a missing one the stream waits until the limits are
/// reached, then tells of the hole and goes on behind it. Sequence numbers may wrap around any
/// number of times; what lies more than a window (1 GiB) ahead belongs to something else and is
/// ignored. Without `start` the stream begins with the first segment that is added.
class NETTCP_EXPORT tcp_stream {
public:
    /// Takes pieces in order; must not call back into the stream.
    using sink = std::function<void(const tcp_piece&)>;

    explicit tcp_stream(tcp_stream_limits limits = {}) : limits_(limits) {}

    /// Says where the first octet has its place: behind SYN.
    void start(std::uint32_t sequence) noexcept;
    bool is_started() const noexcept { return is_started_; }
    /// Whether the first octet has this place.
    bool starts_at(std::uint32_t sequence) const noexcept {
        return is_started_ && origin_ == sequence;
    }

    /// Takes in a segment, and gives what is in order now to `out`.
    void add(const tcp_segment& segment, double seconds, const sink& out);
    /// Gives up the first octets that are missing, if later ones are held; says whether they are.
    bool skip_hole(const sink& out);
    /// Gives up all that is missing.
    void flush(const sink& out);

    /// Whether all octets up to FIN have come out.
    bool has_ended() const noexcept { return end_ && next_ >= *end_; }
    /// Whether the next octet to come out has this sequence number.
    bool is_next(std::uint32_t sequence) const noexcept {
        return is_started_ && sequence == next_sequence();
    }
    /// Octets kept for later, at most `max_held_octets` after each `add`.
    std::size_t held_octets() const noexcept { return held_octets_; }

private:
    struct held_segment {
        std::vector<std::byte> octets;
        std::uint64_t missing = 0;  ///< octets behind them that were not captured
        double seconds = 0;
    };

    std::uint32_t next_sequence() const noexcept {
        return static_cast<std::uint32_t>(origin_ + next_);
    }
    void hold(std::uint64_t start, bytes_view octets, std::uint64_t missing, double seconds);
    void give(bytes_view octets, std::uint64_t missing, double seconds, const sink& out);
    void give_held(const sink& out);

    tcp_stream_limits limits_;
    std::map<std::uint64_t, held_segment> held_;  ///< by place; they do not overlap
    std::size_t held_octets_ = 0;
    std::uint64_t next_ = 0;  ///< place of the next octet to come out, counted from `origin_`
    std::optional<std::uint64_t> end_;
    std::uint32_t origin_ = 0;
    bool is_started_ = false;
};

}  // namespace nettcp::inspect
