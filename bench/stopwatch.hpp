#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>

namespace nettcp::bench {

/// Calls `turn` for about half a second and prints the time of one turn and, when a turn moves
/// `octets`, the throughput. The fastest of five rounds counts: what is slower was disturbed.
template <class Turn>
void measure(const char* name, std::size_t octets, Turn turn) {
    using clock = std::chrono::steady_clock;
    constexpr auto round = std::chrono::milliseconds(100);

    double best = 0;
    for (int i = 0; i < 5; ++i) {
        std::size_t turns = 0;
        const auto start = clock::now();
        auto now = start;
        for (std::size_t batch = 1; now - start < round; batch *= 2) {
            for (std::size_t n = 0; n < batch; ++n)
                turn();
            turns += batch;
            now = clock::now();
        }
        const double ns = std::chrono::duration<double, std::nano>(now - start).count() /
                          static_cast<double>(turns);
        if (best == 0 || ns < best)
            best = ns;
    }
    std::printf("%-40s %12.0f ns", name, best);
    if (octets != 0)
        std::printf(" %10.1f MB/s", static_cast<double>(octets) * 1000 / best);
    std::printf("\n");
}

}  // namespace nettcp::bench
