#pragma once

// What hostile octets cost, in memory and in time of the processor, and what they may cost.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace hostile {

/// Work on octets that were made before, and how many they are. `done` does it once, on an engine
/// of its own, and gives a number that tells whether it came as far as it should.
struct workload {
    std::size_t octets = 0;
    std::function<std::size_t()> done;
};

/// A kind of input: a workload of about so many octets.
struct kind_of_input {
    std::string name;
    std::function<workload(std::size_t)> made;
    /// Octets of memory at a time that each octet may take, beside `fixed_memory`.
    double memory_bound = 4;
    /// How many octets each may become, where a limit lets it be more than one; or all of them
    /// together. The bounds on memory and time go by these.
    double expands = 1;
    std::size_t becomes = 0;
    /// How much more than benign octets these may take of the processor's time. What is known to
    /// be good takes at most half as much; the rest is for machines that are busy.
    double time_bound = 30;
    /// Whether input eight times as large must take eight times the time.
    bool grows = true;
};

/// What an engine takes at most before it has seen anything.
inline constexpr std::size_t fixed_memory = 64 * 1024;

/// Measures all of these, prints a table of them, and checks memory, time beside what `benign`
/// takes for as many octets, and that time grows with the octets and not with their square.
void check_costs(const std::string& title, const kind_of_input& benign,
                 const std::vector<kind_of_input>& hostile);

/// The same octets so many times.
std::string repeated(std::string_view what, std::size_t times);

}  // namespace hostile
