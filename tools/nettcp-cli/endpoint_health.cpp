#include "endpoint_health.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>

namespace nettcp::cli {
namespace {

using clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

void rest_until(clock::time_point until) {
    boost::asio::io_context context;
    boost::asio::steady_timer(context, until).wait();
}

void rest(clock::duration time) {
    rest_until(clock::now() + time);
}

/// What is the same in each healthy answer.
std::string shape_of(const fuzzing::outcome& what) {
    std::string text;
    for (const std::string& one : fuzzing::answers_of(what.received))
        text += one + " ";
    return text;
}

}  // namespace

pace::pace(unsigned per_second) noexcept
    : gap_(std::chrono::duration_cast<clock::duration>(1s) / per_second) {}

void pace::wait() {
    const auto now = clock::now();
    if (next_ > now)
        rest_until(next_);
    next_ = std::max(next_, now) + gap_;
    ++count_;
}

health_check::health_check(const play_route& route, pace& turns, fuzzing::script probe)
    : route_(route), turns_(turns), probe_(std::move(probe)) {}

bool health_check::learn() {
    turns_.wait();
    const played first = play(route_, probe_);
    said_ = fuzzing::to_text(first.what);
    const auto answers = fuzzing::answers_of(first.what.received);
    if (answers.empty() || answers.front().starts_with("fault") || !first.what.overdue.empty())
        return false;
    wanted_ = shape_of(first.what);
    return ask() == health::good;
}

health health_check::ask_once() {
    turns_.wait();
    const played now = play(route_, probe_);
    if (shape_of(now.what) == wanted_ && now.what.overdue.empty())
        return health::good;
    said_ = fuzzing::to_text(now.what);
    if (now.what.end == fuzzing::ending::refused)
        return health::gone;
    return now.what.received.empty() ? health::silent : health::changed;
}

health health_check::ask() {
    constexpr std::array pauses{100ms, 500ms, 1500ms};
    for (const auto pause : pauses) {
        const health now = ask_once();
        if (now == health::good || now == health::gone)
            return now;
        rest(pause);
        ++hiccups_;
    }
    const health last = ask_once();
    if (last != health::good)
        hiccups_ -= pauses.size();
    return last;
}

bool health_check::await(std::chrono::milliseconds patience) {
    const auto until = clock::now() + patience;
    do {
        if (ask_once() == health::good)
            return true;
        rest(100ms);
    } while (clock::now() < until);
    return false;
}

}  // namespace nettcp::cli
