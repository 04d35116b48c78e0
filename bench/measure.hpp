#pragma once

#include <functional>
#include <string>
#include <vector>

namespace nettcp::bench {

/// What was measured. Mostly of CPU time, and then the same by the clock beside it.
struct figure {
    // Not explicit: many are by the clock by nature, or no times at all.
    figure(double what) : value(what) {}
    figure(double by_cpu, double by_the_clock) : value(by_cpu), by_clock(by_the_clock) {}

    double value;
    double by_clock = 0;  ///< in the same unit; 0: not taken

    figure operator/(double by) const { return {value / by, by_clock / by}; }
    /// How many fit into a second, for figures in nanoseconds.
    figure per_second() const { return {1e9 / value, 1e9 / by_clock}; }
};

/// One figure that a program can take, again and again.
struct measurement {
    std::string name;
    std::string unit;
    /// Takes it once. The argument is how long that should last, in seconds.
    std::function<figure(double)> take;
};

/// The main part of every program here.
///
/// Without arguments: takes all in turns for some seconds and prints medians. With `--smoke`: takes
/// each once and briefly, to see that it works. With `--list`: prints names and units. With
/// `--serve`: reads names from standard input, answers each with its figure and what that is by the
/// clock, so that `bench/run.py` can take turns among several programs.
int run(int argc, char** argv, const std::vector<measurement>& all);

/// CPU time this thread has used, in seconds.
double thread_seconds() noexcept;

/// Calls `turn` until `cpu_seconds` has grown by `seconds`, and returns by how many seconds for
/// each turn. Each call counts for `turns`; `growing` doubles the number of calls between looks at
/// the clocks each time.
figure seconds_per_turn(double seconds, const std::function<double()>& cpu_seconds,
                        const std::function<void()>& turn, int turns = 1, bool growing = false);

/// Nanoseconds of this thread's CPU for one `turn`, which is called for about `seconds`.
figure nanoseconds_per_turn(double seconds, const std::function<void()>& turn);

/// Ends the program if a claim does not hold: no figure comes from a wrong answer.
void expect(bool holds, const char* claim);

/// Keeps the compiler from leaving out what made `value`.
template <class T>
void keep(const T& value) noexcept {
    asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace nettcp::bench
