// Counters, durations and health of a host: a page as Prometheus reads it, from numbers that are
// there anyway, and a histogram that an observer fills.
//
//     10_metrics
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <string>

namespace desk {
inline constexpr nettcp::contract::service_contract i_desk{"IDesk", "urn:desk"};
inline constexpr nettcp::contract::operation<std::string(std::string)> greet{
    i_desk, "Greet", {"greeting"}};
}  // namespace desk

// [observer]
/// Durations of the calls that a host has served, as a histogram. Any thread may read it.
class durations final : public nettcp::call_observer {
public:
    static constexpr std::array<double, 4> bounds = {0.001, 0.01, 0.1, 1};  // seconds

    void* call_began(const nettcp::call_info&) override { return nullptr; }  // or make a span
    void call_ended(const nettcp::call_info& call, void*, nettcp::call_outcome,
                    std::chrono::nanoseconds took) override {
        if (!call.incoming)
            return;
        const double seconds = std::chrono::duration<double>(took).count();
        for (std::size_t i = 0; i != bounds.size(); ++i)
            if (seconds <= bounds[i])
                ++counts[i];
        ++all;
    }

    std::array<std::atomic<std::uint64_t>, bounds.size()> counts{};
    std::atomic<std::uint64_t> all = 0;
};
// [observer]

// [page]
/// What a GET of /metrics would be answered with.
std::string page(const nettcp::service_host& host, const durations& served) {
    const nettcp::host_metrics now = host.metrics();
    std::string text;
    const auto line = [&text](const std::string& name, auto value) {
        text += "nettcp_" + name + ' ' + std::to_string(value) + '\n';
    };
    line("sessions", now.sessions);
    line("sessions_opened_total", now.sessions_opened);
    line("sessions_failed_total", now.sessions_failed);
    for (std::size_t i = 0; i != nettcp::refusal_count; ++i)
        line("sessions_refused_total{reason=\"" +
                 std::string(to_string(static_cast<nettcp::refusal>(i))) + "\"}",
             now.sessions_refused[i]);
    line("calls_in_progress", now.calls.in_progress);
    line("calls_total{outcome=\"replied\"}", now.calls.replied);
    line("calls_total{outcome=\"faulted\"}", now.calls.faulted);
    line("calls_total{outcome=\"cancelled\"}", now.calls.cancelled);
    line("throttled_total", now.throttled);
    line("received_octets_total", now.octets.received);
    line("sent_octets_total", now.octets.sent);
    for (std::size_t i = 0; i != durations::bounds.size(); ++i)
        line("call_seconds_bucket{le=\"" + std::to_string(durations::bounds[i]) + "\"}",
             served.counts[i].load());
    line("call_seconds_bucket{le=\"+Inf\"}", served.all.load());
    line("ready", host.health().is_ready() ? 1 : 0);  // for a readiness probe
    return text;
}
// [page]

int main() {
    try {
        nettcp::service operations;
        nettcp::serve(operations, desk::greet, [](const std::string& greeting) {
            if (greeting.empty()) {
                nettcp::soap::fault why;
                why.reasons = {{"say something", "en"}};
                throw nettcp::fault_exception(why);
            }
            return greeting + " to you";
        });
        const auto served = std::make_shared<durations>();
        nettcp::host_options options;
        options.observer = served;
        nettcp::service_host host(options);
        host.add_endpoint("/desk", operations);
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();

        nettcp::client service(nettcp::endpoint_address("net.tcp://127.0.0.1:" + port + "/desk"));
        for (int i = 0; i != 100; ++i)
            nettcp::call(service, desk::greet("hello")).value();
        std::puts("an empty greeting is a fault:");
        try {
            nettcp::call(service, desk::greet("")).value();
        } catch (const nettcp::service_fault& fault) {
            std::puts(fault.what());
        }
        std::fputs(page(host, *served).c_str(), stdout);
        std::printf("the client waits for %llu calls, %llu have faulted\n",
                    static_cast<unsigned long long>(service.metrics().calls.in_progress),
                    static_cast<unsigned long long>(service.metrics().calls.faulted));
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
