#pragma once

#include <functional>
#include <string>
#include <vector>

namespace nettcp::bench {

/// One figure that a program can take, again and again.
struct measurement {
    std::string name;
    std::string unit;
    /// Takes it once. The argument is how long that should last, in seconds.
    std::function<double(double)> take;
};

/// The main part of every program here.
///
/// Without arguments: takes all in turns for some seconds and prints medians. With `--smoke`: takes
/// each once and briefly, to see that it works. With `--list`: prints names and units. With
/// `--serve`: reads names from standard input, answers each with its figure, so that
/// `bench/run.py` can take turns among several programs.
int run(int argc, char** argv, const std::vector<measurement>& all);

/// CPU time this thread has used, in seconds.
double thread_seconds() noexcept;

/// Nanoseconds of CPU for one `turn`, which is called for about `seconds`.
double nanoseconds_per_turn(double seconds, const std::function<void()>& turn);

/// Ends the program if a claim does not hold: no figure comes from a wrong answer.
void expect(bool holds, const char* claim);

/// Keeps the compiler from leaving out what made `value`.
template <class T>
void keep(const T& value) noexcept {
    asm volatile("" : : "g"(&value) : "memory");
}

}  // namespace nettcp::bench
