#include "call_load.hpp"

#include <algorithm>

namespace nettcp::bench {
namespace {

/// So many that starting 256 callers does not count.
constexpr int batch = 2048;

}  // namespace

figure call_load::cpu(double seconds) {
    run_(batch / 2, waits_);  // what other measurements pushed out of caches comes back
    waits_.clear();
    const figure taken = seconds_per_turn(
        seconds, [this] { return seconds_of_both(host_); }, [this] { run_(batch, waits_); }, batch);
    rate_ = 1 / taken.by_clock;
    return taken / 1e-6;
}

void call_load::at_least_once(double seconds) {
    if (waits_.empty())
        cpu(seconds);
}

double call_load::rate(double seconds) {
    at_least_once(seconds);
    return rate_;
}

double call_load::wait(double seconds, double part) {
    at_least_once(seconds);
    const auto at = static_cast<std::ptrdiff_t>(static_cast<double>(waits_.size() - 1) * part);
    std::nth_element(waits_.begin(), waits_.begin() + at, waits_.end());
    return static_cast<double>(waits_[static_cast<std::size_t>(at)]);
}

void add_load(std::vector<measurement>& all, const std::string& name, const host_process& host,
              call_load::runner run) {
    const auto load = std::make_shared<call_load>(host, std::move(run));
    all.push_back({name + ": CPU", "us", [load](double s) { return load->cpu(s); }});
    all.push_back({name + ": rate", "calls/s", [load](double s) { return load->rate(s); }});
    all.push_back({name + ": p50", "us", [load](double s) { return load->wait(s, 0.5); }});
    all.push_back({name + ": p99", "us", [load](double s) { return load->wait(s, 0.99); }});
}

}  // namespace nettcp::bench
