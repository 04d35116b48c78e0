#include "hostile/cost.hpp"

#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>

namespace hostile {

namespace {

/// Sizes to try: with time that grows as their square the larger one takes 64 times as long.
constexpr std::size_t small = 16 * 1024;
constexpr std::size_t large = 8 * small;
/// How much more an octet of the larger input may take than one of the smaller.
constexpr double most_growth = 4;
/// Times are measured until they are good, so often at most.
constexpr int rounds = 6;
constexpr double least_seconds = 0.002;

double processor_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Seconds that it takes once, by doing it as often as can be measured.
double seconds_of(const workload& work) {
    const double begun = processor_seconds();
    for (int times = 1;; ++times) {
        work.done();
        const double taken = processor_seconds() - begun;
        if (taken >= least_seconds)
            return taken / times;
    }
}

/// Most memory at a time.
std::size_t memory_of(const workload& work) {
    const std::size_t before = nettcp::allocated_memory().octets;
    nettcp::forget_allocation_peak();
    work.done();
    return nettcp::allocated_memory().peak - before;
}

struct measured {
    explicit measured(const kind_of_input& what)
        : kind(what), works{what.made(small), what.made(large)}, memory(memory_of(works[1])) {}

    void measure() {
        for (int i = 0; i != 2; ++i)
            seconds[i] = std::min(seconds[i], seconds_of(works[i]));
    }
    double octets(int which) const { return static_cast<double>(works[which].octets); }
    /// Octets that the bounds go by.
    double charged(int which) const {
        return std::max(octets(which) * kind.expands, static_cast<double>(kind.becomes));
    }
    double growth() const { return seconds[1] / octets(1) / (seconds[0] / octets(0)); }
    double ratio_to(const measured& benign) const {
        return seconds[1] / charged(1) / (benign.seconds[1] / benign.charged(1));
    }
    bool is_good(const measured& benign) const {
        return ratio_to(benign) < kind.time_bound && (!kind.grows || growth() < most_growth);
    }

    const kind_of_input& kind;
    workload works[2];
    std::size_t memory;
    double seconds[2] = {1e9, 1e9};
};

void print(const measured& one, const measured& benign) {
    std::printf(
        "| %-58s | %8.0f | %9.2f | %8.2f | %6.1f | %6.2f |\n", one.kind.name.c_str(), one.octets(1),
        static_cast<double>(one.memory) / one.octets(1), one.seconds[1] / one.octets(1) * 1e9,
        one.seconds[1] / one.octets(1) / (benign.seconds[1] / benign.octets(1)), one.growth());
}

void check(const measured& one, const measured& benign) {
    INFO(one.kind.name);
    CHECK(static_cast<double>(one.memory) <=
          one.kind.memory_bound * one.charged(1) + static_cast<double>(fixed_memory));
    CHECK(one.ratio_to(benign) < one.kind.time_bound);
    if (one.kind.grows)
        CHECK(one.growth() < most_growth);
}

}  // namespace

void check_costs(const std::string& title, const kind_of_input& benign,
                 const std::vector<kind_of_input>& hostile) {
    measured usual(benign);
    std::vector<measured> all;
    for (const kind_of_input& kind : hostile)
        all.emplace_back(kind);
    usual.measure();
    for (measured& one : all)
        one.measure();
    for (int round = 1; round != rounds; ++round) {
        usual.measure();
        for (measured& one : all)
            if (round < 2 || !one.is_good(usual))
                one.measure();
    }
    std::printf("\n| %-58s | octets   | memory/o. | ns/octet | ratio  | growth |\n", title.c_str());
    std::printf("|---|---|---|---|---|---|\n");
    print(usual, usual);
    for (const measured& one : all)
        print(one, usual);
    std::fflush(stdout);
    for (const measured& one : all)
        check(one, usual);
}

std::string repeated(std::string_view what, std::size_t times) {
    std::string out;
    out.reserve(what.size() * times);
    for (std::size_t i = 0; i != times; ++i)
        out += what;
    return out;
}

}  // namespace hostile
