#include "minimizer.hpp"

#include "duty_watch.hpp"
#include "piece.hpp"

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

class search {
public:
    search(script from, const still_found& found, unsigned max_tries)
        : found_(found), max_tries_(max_tries) {
        best_.steps = std::move(from);
    }

    minimized run() {
        by_record();
        without_steps();
        while (without_octets()) {
        }
        if (best_.steps != without_tail())
            attempt(without_tail());
        return std::move(best_);
    }

private:
    bool spent() const noexcept { return best_.tries >= max_tries_; }

    bool attempt(script candidate) {
        if (spent() || octets_of(candidate).empty())
            return false;
        mark_due(candidate);
        ++best_.tries;
        if (!found_(candidate))
            return false;
        best_.steps = std::move(candidate);
        return true;
    }

    /// One write for each record, however many there were.
    void by_record() {
        script joined;
        octets run;
        const auto flush = [&] {
            for (piece& one : cut(run))
                joined.push_back({step_type::send, std::move(one.content), {}});
            run.clear();
        };
        for (const step& one : best_.steps) {
            if (one.type == step_type::send) {
                run.insert(run.end(), one.content.begin(), one.content.end());
                continue;
            }
            flush();
            joined.push_back(one);
        }
        flush();
        if (joined != best_.steps)
            attempt(std::move(joined));
    }

    /// Leaves out runs of steps, halves first, single ones last; the end of the script first, since
    /// what follows the cause is seldom needed.
    void without_steps() {
        for (std::size_t size = (best_.steps.size() + 1) / 2; size != 0; size /= 2) {
            std::size_t end = best_.steps.size();
            while (end != 0 && !spent()) {
                const std::size_t begin = end > size ? end - size : 0;
                script candidate = best_.steps;
                candidate.erase(candidate.begin() + static_cast<std::ptrdiff_t>(begin),
                                candidate.begin() + static_cast<std::ptrdiff_t>(end));
                attempt(std::move(candidate));
                end = std::min(begin, best_.steps.size());
            }
        }
    }

    /// The same with the octets of each write, the largest write first. Whether any went.
    bool without_octets() {
        const std::size_t before = octets_of(best_.steps).size();
        std::vector<std::size_t> order(best_.steps.size());
        for (std::size_t i = 0; i < order.size(); ++i)
            order[i] = i;
        std::ranges::sort(order, [this](std::size_t a, std::size_t b) {
            const std::size_t one = best_.steps[a].content.size();
            const std::size_t other = best_.steps[b].content.size();
            return one != other ? one > other : a < b;
        });
        for (const std::size_t index : order) {
            for (std::size_t size = best_.steps[index].content.size() / 2; size != 0; size /= 2) {
                std::size_t end = best_.steps[index].content.size();
                while (end != 0 && !spent()) {
                    const std::size_t begin = end > size ? end - size : 0;
                    script candidate = best_.steps;
                    octets& content = candidate[index].content;
                    content.erase(content.begin() + static_cast<std::ptrdiff_t>(begin),
                                  content.begin() + static_cast<std::ptrdiff_t>(end));
                    if (!content.empty())
                        attempt(std::move(candidate));
                    end = begin;
                }
            }
        }
        return octets_of(best_.steps).size() < before;
    }

    /// Waits at the end find nothing.
    script without_tail() const {
        script shorter = best_.steps;
        while (!shorter.empty() && shorter.back().type == step_type::await)
            shorter.pop_back();
        return shorter;
    }

    const still_found& found_;
    unsigned max_tries_;
    minimized best_;
};

}  // namespace

minimized minimize(script from, const still_found& found, unsigned max_tries) {
    return search(std::move(from), found, max_tries).run();
}

}  // namespace nettcp::fuzzing
