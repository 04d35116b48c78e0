// Decides what was said on a TCP connection when segments come late, twice, in part or never.
#include <nettcp/inspect/tcp_stream.hpp>

#include <algorithm>

namespace nettcp::inspect {
namespace {

constexpr std::int64_t widest_window = std::int64_t{1} << 30;

}  // namespace

void tcp_stream::start(std::uint32_t sequence) noexcept {
    origin_ = sequence;
    is_started_ = true;
}

void tcp_stream::add(const tcp_segment& segment, double seconds, const sink& out) {
    const std::uint32_t sequence = segment.sequence + (segment.syn ? 1u : 0u);
    if (!is_started_)
        start(sequence);
    const std::int64_t ahead = static_cast<std::int32_t>(sequence - next_sequence());
    if (ahead > widest_window)
        return;
    const std::int64_t place = static_cast<std::int64_t>(next_) + ahead;
    if (segment.fin && !end_ && place + segment.size >= static_cast<std::int64_t>(next_))
        end_ = static_cast<std::uint64_t>(place + segment.size);
    bytes_view octets = segment.payload;
    std::uint64_t missing = segment.size - octets.size();
    if (ahead < 0) {
        const auto old = static_cast<std::uint64_t>(-ahead);
        if (old >= segment.size)
            return;
        const std::uint64_t known = std::min<std::uint64_t>(old, octets.size());
        octets = octets.subspan(static_cast<std::size_t>(known));
        missing -= old - known;
    }
    if (octets.empty() && missing == 0)
        return;
    if (ahead <= 0 && held_.empty()) {
        give(octets, missing, seconds, out);
        return;
    }
    hold(ahead < 0 ? next_ : static_cast<std::uint64_t>(place), octets, missing, seconds);
    give_held(out);
    while (held_octets_ > limits_.max_held_octets || held_.size() > limits_.max_held_segments)
        skip_hole(out);
}

/// Keeps what no segment that is held covers.
void tcp_stream::hold(std::uint64_t start, bytes_view octets, std::uint64_t missing,
                      double seconds) {
    const auto end_of = [](const auto& entry) {
        return entry.first + entry.second.octets.size() + entry.second.missing;
    };
    const std::uint64_t first = start;
    const std::uint64_t captured_end = start + octets.size();
    const std::uint64_t end = captured_end + missing;
    auto later = held_.upper_bound(start);
    if (later != held_.begin())
        start = std::max(start, end_of(*std::prev(later)));
    while (start < end) {
        const std::uint64_t stop = later == held_.end() ? end : std::min(end, later->first);
        if (start < stop) {
            const std::uint64_t captured_stop = std::clamp(captured_end, start, stop);
            held_segment kept;
            if (captured_stop > start) {
                const auto part = octets.subspan(static_cast<std::size_t>(start - first),
                                                 static_cast<std::size_t>(captured_stop - start));
                kept.octets.assign(part.begin(), part.end());
            }
            kept.missing = stop - captured_stop;
            kept.seconds = seconds;
            held_octets_ += kept.octets.size();
            held_.emplace_hint(later, start, std::move(kept));
        }
        if (later == held_.end())
            return;
        start = std::max(start, end_of(*later));
        ++later;
    }
}

void tcp_stream::give(bytes_view octets, std::uint64_t missing, double seconds, const sink& out) {
    next_ += octets.size() + missing;
    if (!octets.empty())
        out({octets, 0, seconds});
    if (missing != 0)
        out({{}, missing, seconds});
}

void tcp_stream::give_held(const sink& out) {
    while (!held_.empty() && held_.begin()->first == next_) {
        const held_segment segment = std::move(held_.begin()->second);
        held_.erase(held_.begin());
        held_octets_ -= segment.octets.size();
        give(segment.octets, segment.missing, segment.seconds, out);
    }
}

bool tcp_stream::skip_hole(const sink& out) {
    if (held_.empty())
        return false;
    const auto& [place, segment] = *held_.begin();
    give({}, place - next_, segment.seconds, out);
    give_held(out);
    return true;
}

void tcp_stream::flush(const sink& out) {
    while (skip_hole(out)) {
    }
}

}  // namespace nettcp::inspect
