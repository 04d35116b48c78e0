#pragma once

#include "endpoint_health.hpp"

#include <fuzzing/fuzz_case.hpp>

#include <functional>
#include <set>

namespace nettcp::cli {

/// What can be wrong with an endpoint. The names are those of `--find` and of files.
enum class trouble : std::uint8_t {
    crash,         ///< nobody accepts connections afterwards
    stuck,         ///< the endpoint accepts them and answers nobody
    changed,       ///< it answers others differently than before
    bystander,     ///< a session that had nothing to do with it was lost
    hang,          ///< the connection itself is not answered, or not ended, as it must be
    inconsistent,  ///< the same again is answered differently
};
inline constexpr std::size_t trouble_count = static_cast<std::size_t>(trouble::inconsistent) + 1;
std::string_view to_string(trouble what) noexcept;

/// Something wrong that was found.
struct finding_report {
    trouble what = trouble::crash;
    std::uint64_t case_number = 0;
    std::string case_text;  ///< which conversation, and what was done to it
    std::string message;    ///< what was seen
    bool reproduced = false;  ///< the case alone did it again
    unsigned tries = 0;       ///< of making it smaller
    bool is_smaller = false;  ///< than the case was
    fuzzing::script steps;    ///< that do it
    std::vector<fuzzing::wire_entry> entries;  ///< of a time when they did
};

/// How far to go.
struct campaign_limits {
    std::uint64_t first_case = 0;
    std::uint64_t cases = 1000;
    /// No case begins later; making a finding smaller may take as long again.
    std::chrono::milliseconds time{60'000};
    std::size_t findings = 10;
    unsigned tries = 60;  ///< of making one finding smaller
    std::chrono::milliseconds recovery{10'000};  ///< for an endpoint to come back
    std::string restart;  ///< a command that starts it again; none: somebody else does
    std::set<trouble> wanted;  ///< what is looked for
};

/// What a campaign came to.
struct campaign_result {
    std::uint64_t cases = 0;
    std::size_t findings = 0;
    std::size_t repeated = 0;  ///< findings that were like one reported before
    bool endpoint_lost = false;  ///< it did not come back
    double seconds = 0;
};

/// Tries cases on an endpoint, one connection after the other, and makes findings small.
class campaign {
public:
    using report = std::function<void(const finding_report&)>;
    /// Told of each case and what came of it.
    using watch = std::function<void(const fuzzing::fuzz_case&, const fuzzing::outcome&)>;

    campaign(const play_route& route, pace& turns, health_check& check, const fuzzing::plan& cases,
             const campaign_limits& limits);

    /// `preamble` opens the session of the bystander.
    campaign_result run(const fuzzing::script& preamble, const report& found, const watch& seen);

private:
    struct attempt;

    bool is_wanted(trouble what) const { return limits_.wanted.contains(what); }
    bool is_late() const noexcept;
    attempt try_once(const fuzzing::script& steps);
    attempt try_case(const fuzzing::script& steps);
    bool revive();
    bool settle(const finding_report& raw);
    void make_smaller(finding_report& raw);
    void take(finding_report raw, const report& found);

    const play_route& route_;
    pace& turns_;
    health_check& check_;
    const fuzzing::plan& cases_;
    campaign_limits limits_;
    fuzzing::script preamble_;
    bystander other_;
    campaign_result result_;
    std::set<std::string> known_;  ///< keys of findings reported
    std::chrono::steady_clock::time_point began_;
};

}  // namespace nettcp::cli
