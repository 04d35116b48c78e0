#pragma once

#include "measure.hpp"

#include <nettcp/service/service_host.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include <sys/types.h>

namespace nettcp::bench {

/// What an echo of "hello" takes on the wire once the session's strings are known.
constexpr std::size_t request_size = 74;
constexpr std::size_t reply_size = 67;

/// How many octets a call and its answer have.
struct echo_sizes {
    std::size_t request;
    std::size_t reply;
};

constexpr std::string_view echo_action = "http://peers.test/svc/IEcho/Echo";

/// Pins this process to the `number`th CPU that it may use, if there are so many.
void run_on_cpu(int number);

/// A host in a child process on one CPU, ended with this object.
class host_process {
public:
    /// `serve` gets a function to say its port with, once it listens.
    using say_port = std::function<void(std::uint16_t)>;
    host_process(const std::function<void(const say_port&)>& serve, int cpu);
    host_process(const host_process&) = delete;
    host_process& operator=(const host_process&) = delete;
    ~host_process();

    std::uint16_t port = 0;
    /// CPU time it has used, in seconds.
    double seconds() const;

private:
    pid_t process_;
};

void serve_raw_sockets(const host_process::say_port& say);
void serve_asio(const host_process::say_port& say);
/// Handlers that are plain functions, and handlers that are coroutines.
void serve_nettcp(const host_process::say_port& say);
void serve_nettcp_coroutines(const host_process::say_port& say);
/// Handlers that are plain functions, on an endpoint with security.
void serve_nettcp_secured(const host_process::say_port& say, service_security security);

/// Serves these operations at `path` until the process ends.
void serve_nettcp_service(const char* path, service operations, endpoint_options options,
                          const host_options& limits, const host_process::say_port& say);

/// CPU time that this process and the host have used.
double seconds_of_both(const host_process& host);

/// CPU of this process and of the host for each of the calls that `calls(n)` makes, `batch` of them
/// between two looks at the clock.
figure microseconds_per_call(double seconds, const host_process& host,
                             const std::function<void(int)>& calls, int batch = 256);

/// How many such calls are over in a second.
double calls_per_second(double seconds, const std::function<void(int)>& calls);

}  // namespace nettcp::bench
