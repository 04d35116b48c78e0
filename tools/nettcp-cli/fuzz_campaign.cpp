// Decides what is wrong with an endpoint, from what it answers and from how it is afterwards.
#include "fuzz_campaign.hpp"

#include <fuzzing/minimizer.hpp>

#include <array>
#include <cstdlib>

namespace nettcp::cli {
namespace {

using clock = std::chrono::steady_clock;
using fuzzing::outcome;

constexpr std::array<std::string_view, trouble_count> names{"crash",     "stuck", "changed",
                                                            "bystander", "hang",  "inconsistent"};

/// The endpoint as a whole is in trouble: it has to be started again, or to recover.
bool is_of_all(trouble what) {
    return what == trouble::crash || what == trouble::stuck || what == trouble::changed;
}

/// Findings with the same key are taken for the same.
std::string key_of(const finding_report& raw) {
    std::string key(to_string(raw.what));
    if (raw.what == trouble::hang)
        return key + raw.message;
    for (const fuzzing::step& one : raw.steps) {
        if (one.type == fuzzing::step_type::send && !one.content.empty())
            key += " " + fuzzing::hex_of(bytes_view(one.content).first(1), 1);
    }
    return key;
}

}  // namespace

std::string_view to_string(trouble what) noexcept {
    return names[static_cast<std::size_t>(what)];
}

struct campaign::attempt {
    played first;
    std::optional<trouble> what;
    std::string message;
};

campaign::campaign(const play_route& route, pace& turns, health_check& check,
                   const fuzzing::plan& cases, const campaign_limits& limits)
    : route_(route), turns_(turns), check_(check), cases_(cases), limits_(limits), other_(route) {}

bool campaign::is_late() const noexcept {
    return clock::now() - began_ >= limits_.time;
}

/// Plays a script, and looks at the endpoint and the bystander afterwards.
campaign::attempt campaign::try_once(const fuzzing::script& steps) {
    attempt now;
    if (is_wanted(trouble::bystander))
        other_.open(preamble_);
    turns_.wait();
    now.first = play(route_, steps);
    const auto is = [&now](trouble what, std::string message) {
        now.what = what;
        now.message = std::move(message);
    };
    switch (check_.ask()) {
    case health::gone: is(trouble::crash, "the endpoint accepts no connections any more"); break;
    case health::silent:
        is(trouble::stuck, "the endpoint answers nobody any more: " + check_.said());
        break;
    case health::changed:
        is(trouble::changed, "the endpoint answers others differently: " + check_.said());
        break;
    case health::good:
        if (other_.is_lost() && is_wanted(trouble::bystander))
            is(trouble::bystander, "another session was lost");
        else if (!now.first.what.overdue.empty())
            is(trouble::hang, now.first.what.overdue);
    }
    return now;
}

/// The same twice: what is no trouble the first time may be answered differently the second, and a
/// hang must last.
campaign::attempt campaign::try_case(const fuzzing::script& steps) {
    attempt one = try_once(steps);
    if ((one.what && is_of_all(*one.what)) || !is_wanted(trouble::inconsistent))
        return one;
    attempt two = try_once(steps);
    if (two.what && is_of_all(*two.what))
        return two;
    if (agree(one.first.what, two.first.what))
        return one;
    two.what = trouble::inconsistent;
    two.message = "once: " + to_text(one.first.what) + "; then: " + to_text(two.first.what);
    return two;
}

/// Until the endpoint is well again.
bool campaign::revive() {
    if (check_.await(std::chrono::milliseconds(0)))
        return true;
    // The user's own command.
    if (!limits_.restart.empty() &&
        std::system(limits_.restart.c_str()) != 0)  // NOLINT cert-env33-c
        return false;
    return check_.await(limits_.recovery);
}

/// Whether the case alone does it again. Afterwards the endpoint is well, or lost.
bool campaign::settle(const finding_report& raw) {
    const attempt again = try_once(raw.steps);
    return again.what == raw.what;
}

void campaign::make_smaller(finding_report& raw) {
    const fuzzing::still_found still = [&](const fuzzing::script& candidate) {
        if (clock::now() - began_ >= 2 * limits_.time || result_.endpoint_lost)
            return false;
        attempt now;
        if (raw.what == trouble::hang) {
            turns_.wait();
            now.first = play(route_, candidate);
            now.message = now.first.what.overdue;
            if (now.message != raw.message)
                return false;
        } else {
            now = try_once(candidate);
            if (now.what && is_of_all(*now.what))
                result_.endpoint_lost = !revive();
            if (now.what != raw.what)
                return false;
        }
        raw.entries = std::move(now.first.entries);
        raw.message = now.message;
        return true;
    };
    const finding_report whole = raw;
    auto smaller = fuzzing::minimize(raw.steps, still, limits_.tries);
    raw.tries = smaller.tries;
    // An endpoint may break a little later, while something else is tried: that is not the cause.
    if (smaller.steps == raw.steps || !still(smaller.steps)) {
        raw.entries = whole.entries;
        raw.message = whole.message;
        return;
    }
    raw.steps = std::move(smaller.steps);
    raw.is_smaller = true;
}

void campaign::take(finding_report raw, const report& found) {
    if (is_of_all(raw.what) && !revive())
        result_.endpoint_lost = true;
    // Hangs are known by their reason; of the others it shows only when they have become small.
    const bool is_known = raw.what == trouble::hang && known_.contains(key_of(raw));
    if (!is_known && !result_.endpoint_lost && raw.what != trouble::inconsistent) {
        raw.reproduced = settle(raw);
        if (is_of_all(raw.what) && !revive())
            result_.endpoint_lost = true;
        if (raw.reproduced && !result_.endpoint_lost)
            make_smaller(raw);
    }
    if (is_known || !known_.insert(key_of(raw)).second) {
        ++result_.repeated;
        return;
    }
    ++result_.findings;
    found(raw);
}

campaign_result campaign::run(const fuzzing::script& preamble, const report& found,
                              const watch& seen) {
    preamble_ = preamble;
    began_ = clock::now();
    const std::uint64_t end = limits_.first_case + limits_.cases;
    for (std::uint64_t number = limits_.first_case;
         number < end && !is_late() && !result_.endpoint_lost &&
         result_.findings < limits_.findings;
         ++number) {
        const fuzzing::fuzz_case now = make_case(cases_, number);
        attempt tried = try_case(now.steps);
        ++result_.cases;
        seen(now, tried.first.what);
        if (!tried.what)
            continue;
        if (!is_wanted(*tried.what)) {
            if (is_of_all(*tried.what))
                result_.endpoint_lost = !revive();
            continue;
        }
        finding_report raw;
        raw.what = *tried.what;
        raw.case_number = number;
        raw.case_text = now.what;
        raw.message = std::move(tried.message);
        raw.steps = now.steps;
        raw.entries = std::move(tried.first.entries);
        take(std::move(raw), found);
    }
    result_.seconds = std::chrono::duration<double>(clock::now() - began_).count();
    return result_;
}

}  // namespace nettcp::cli
