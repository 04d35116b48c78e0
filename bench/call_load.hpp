#pragma once

#include "echo_hosts.hpp"
#include "measure.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace nettcp::bench {

/// Calls made one after the other, or many at a time, and what they took: CPU of both sides, how
/// many a second, and how long half and all but a hundredth of them had to wait.
class call_load {
public:
    /// Makes so many calls, and appends the microseconds that each took.
    using runner = std::function<void(int calls, std::vector<float>& waits)>;

    /// The host must outlive this.
    call_load(const host_process& host, runner run) : host_(host), run_(std::move(run)) {}

    /// Makes calls until that much CPU time is used. Microseconds of CPU for each.
    figure cpu(double seconds);
    /// What the calls of the last such turn took besides.
    double rate(double seconds);
    double wait(double seconds, double part);

private:
    void at_least_once(double seconds);

    const host_process& host_;
    runner run_;
    std::vector<float> waits_;  ///< of the last turn, in microseconds
    double rate_ = 0;
};

/// Adds the four figures of a load to those of a program; CPU comes first, since it takes them.
void add_load(std::vector<measurement>& all, const std::string& name, const host_process& host,
              call_load::runner run);

}  // namespace nettcp::bench
