#include "script_transcript.hpp"

#include "duty_watch.hpp"

#include <algorithm>
#include <cstdio>

namespace nettcp::fuzzing {
namespace {

using inspect::direction;

/// Shorter gaps are what sending takes.
constexpr double shortest_pause = 0.003;

std::string_view words_of(wire_event what) noexcept {
    switch (what) {
    case wire_event::client_fin: return "# C>S FIN";
    case wire_event::client_reset: return "# C>S RST";
    case wire_event::server_fin: return "# S>C FIN";
    case wire_event::server_reset: return "# S>C RST";
    case wire_event::said: break;
    }
    return {};
}

/// An event: its connection, time and what it is.
struct remark {
    double seconds = 0;
    std::uint32_t connection = 1;
    wire_event what = wire_event::said;
};

/// Reads `SECONDS CONNECTION # C>S FIN` and the like.
std::optional<remark> read_remark(std::string_view line) {
    constexpr wire_event known[] = {wire_event::client_fin, wire_event::client_reset,
                                    wire_event::server_fin, wire_event::server_reset};
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    for (const wire_event what : known) {
        if (!line.ends_with(words_of(what)))
            continue;
        // The numbers in front are read as those of a line with octets.
        const std::string numbers(line.substr(0, line.size() - words_of(what).size()));
        inspect::transcript_line read;
        if (inspect::read_transcript_line(numbers + "C>S", read) == inspect::line_kind::octets)
            return remark{read.seconds.value_or(0), read.connection, what};
    }
    return std::nullopt;
}

class script_maker {
public:
    explicit script_maker(const replay_choices& choices) : choices_(choices) {}

    void add(std::string_view text, std::size_t number) {
        inspect::transcript_line line;
        switch (inspect::read_transcript_line(text, line)) {
        case inspect::line_kind::octets: return take(line);
        case inspect::line_kind::damaged:
            if (made_.damaged_line == 0)
                made_.damaged_line = number;
            return;
        case inspect::line_kind::remark: break;
        }
        const auto event = read_remark(text);
        if (event &&
            (event->what == wire_event::client_fin || event->what == wire_event::client_reset))
            end(*event);
    }

    replay_scripts finish() {
        for (auto& [number, one] : made_.connections)
            mark_due(one);
        return std::move(made_);
    }

private:
    struct progress {
        std::size_t received = 0;
        bool waits = false;  ///< the service has spoken last
        std::optional<double> seconds;  ///< of the client's last line
    };

    void take(inspect::transcript_line& line) {
        if (line.inside_upgrade) {
            made_.has_upgrades = true;
            return;
        }
        progress& one = progress_[line.connection];
        if (line.direction == direction::server_to_client) {
            one.received += line.octets.size();
            one.waits = true;
            one.seconds.reset();
            return;
        }
        go_on(line.connection, line.seconds);
        made_.connections[line.connection].push_back({step_type::send, std::move(line.octets), {}});
    }

    void end(const remark& event) {
        go_on(event.connection, event.seconds);
        const auto type =
            event.what == wire_event::client_fin ? step_type::half_close : step_type::reset;
        made_.connections[event.connection].push_back({type, {}, {}});
    }

    /// What comes before the client's next step: a wait for the service, or a pause.
    void go_on(std::uint32_t connection, std::optional<double> seconds) {
        progress& one = progress_[connection];
        script& steps = made_.connections[connection];
        if (one.waits)
            steps.push_back({step_type::await, {}, choices_.max_pause, one.received});
        else if (!choices_.hurry && seconds && one.seconds &&
                 *seconds - *one.seconds >= shortest_pause)
            steps.push_back({step_type::pause, {}, pause(*seconds - *one.seconds)});
        one.waits = false;
        one.seconds = seconds;
    }

    std::chrono::milliseconds pause(double seconds) const {
        const double most = static_cast<double>(choices_.max_pause.count());
        return std::chrono::milliseconds(static_cast<std::int64_t>(std::min(seconds * 1000, most)));
    }

    replay_choices choices_;
    replay_scripts made_;
    std::map<std::uint32_t, progress> progress_;
};

}  // namespace

std::string transcript_of(const std::vector<wire_entry>& entries) {
    std::string text;
    for (const wire_entry& entry : entries) {
        if (entry.what == wire_event::said) {
            inspect::transcript_line line;
            line.seconds = entry.seconds;
            line.direction = entry.from;
            line.octets = entry.content;
            append_transcript_line(text, line);
            continue;
        }
        char stamp[40];
        std::snprintf(stamp, sizeof stamp, "%.6f 1 ", entry.seconds);
        text += stamp;
        text += words_of(entry.what);
        text += '\n';
    }
    return text;
}

replay_scripts scripts_of(std::string_view transcript, const replay_choices& choices) {
    script_maker maker(choices);
    for (std::size_t number = 1; !transcript.empty(); ++number) {
        const std::size_t end = std::min(transcript.find('\n'), transcript.size());
        maker.add(transcript.substr(0, end), number);
        transcript.remove_prefix(std::min(end + 1, transcript.size()));
    }
    return maker.finish();
}

}  // namespace nettcp::fuzzing
