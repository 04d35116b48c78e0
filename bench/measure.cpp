#include "measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include <time.h>

namespace nettcp::bench {
namespace {

constexpr double usual_seconds = 0.05;
constexpr double smoke_seconds = 0.005;
constexpr int rounds = 15;

void take_all(const std::vector<measurement>& all) {
    std::vector<std::vector<double>> figures(all.size());
    for (int round = 0; round != rounds; ++round)
        for (std::size_t i = 0; i != all.size(); ++i)
            figures[i].push_back(all[i].take(usual_seconds).value);
    for (std::size_t i = 0; i != all.size(); ++i) {
        auto& of_one = figures[i];
        std::sort(of_one.begin(), of_one.end());
        std::printf("%-44s %12.4g %-10s (%.4g to %.4g)\n", all[i].name.c_str(),
                    of_one[of_one.size() / 2], all[i].unit.c_str(), of_one.front(), of_one.back());
    }
}

void serve(const std::vector<measurement>& all) {
    for (std::string name; std::getline(std::cin, name);) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const measurement& m) { return m.name == name; });
        expect(found != all.end(), "asked for a measurement that is not here");
        const figure taken = found->take(usual_seconds);
        std::printf("%.6g %.6g\n", taken.value, taken.by_clock);
        std::fflush(stdout);
    }
}

}  // namespace

int run(int argc, char** argv, const std::vector<measurement>& all) {
    const std::string mode = argc > 1 ? argv[1] : "";
    if (mode.empty()) {
        take_all(all);
    } else if (mode == "--serve") {
        serve(all);
    } else if (mode == "--list") {
        for (const measurement& m : all)
            std::printf("%s\t%s\n", m.name.c_str(), m.unit.c_str());
    } else if (mode == "--smoke") {
        for (const measurement& m : all)
            std::printf("%-44s %12.4g %s\n", m.name.c_str(), m.take(smoke_seconds).value,
                        m.unit.c_str());
    } else {
        std::fprintf(stderr, "usage: %s [--smoke | --list | --serve]\n", argv[0]);
        return 2;
    }
    return 0;
}

double thread_seconds() noexcept {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

figure seconds_per_turn(double seconds, const std::function<double()>& cpu_seconds,
                        const std::function<void()>& turn, int turns, bool growing) {
    using clock = std::chrono::steady_clock;
    const auto begun = clock::now();
    const double before = cpu_seconds();
    double used = 0;
    double made = 0;
    for (std::size_t batch = 1; used < seconds; batch *= growing ? 2 : 1) {
        for (std::size_t i = 0; i != batch; ++i)
            turn();
        made += static_cast<double>(batch) * turns;
        used = cpu_seconds() - before;
    }
    const std::chrono::duration<double> taken = clock::now() - begun;
    return figure(used, taken.count()) / made;
}

figure nanoseconds_per_turn(double seconds, const std::function<void()>& turn) {
    return seconds_per_turn(seconds, thread_seconds, turn, 1, true) / 1e-9;
}

void expect(bool holds, const char* claim) {
    if (holds)
        return;
    std::fprintf(stderr, "bench: %s\n", claim);
    std::exit(1);
}

}  // namespace nettcp::bench
