#include "echo_hosts.hpp"

#include "measure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <chrono>
#include <csignal>
#include <vector>

#include <netinet/tcp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

namespace nettcp::bench {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace nbfx::literals;

double cpu_seconds(clockid_t clock) {
    timespec now{};
    expect(clock_gettime(clock, &now) == 0, "no clock of CPU time");
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

tcp::endpoint any_port() {
    return {asio::ip::address_v4::loopback(), 0};
}

asio::awaitable<void> echo(tcp::socket socket) {
    std::array<std::byte, 8192> buffer;
    const std::array<std::byte, reply_size> answer{};
    std::size_t arrived = 0;
    for (;;) {
        while (arrived < request_size)
            arrived += co_await socket.async_read_some(asio::buffer(buffer), asio::use_awaitable);
        arrived -= request_size;
        co_await asio::async_write(socket, asio::buffer(answer), asio::use_awaitable);
    }
}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), echo(std::move(socket)), asio::detached);
    }
}

constexpr auto contract = "http://peers.test/svc"_dict;

void answer(incoming_call& call) {
    call.body().read_start_element("Echo", contract.text);
    const std::string text = call.body().read_element_text();
    call.end_body();
    call.reply([&](nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, contract);
        out.start_element("EchoResult"_dict, contract);
        out.text(text);
        out.end_element();
        out.end_element();
    });
}

/// For as many sessions as we want to see at a time.
host_options many_sessions() {
    host_options limits;
    limits.max_connections = 4096;
    limits.max_pending_connections = 4096;
    limits.listen_backlog = 4096;
    return limits;
}

}  // namespace

void serve_nettcp_service(const char* path, service operations, endpoint_options options,
                          const host_options& limits, const host_process::say_port& say) {
    asio::io_context context(1);
    service_host host(context.get_executor(), limits);
    host.add_endpoint(path, std::move(operations), std::move(options));
    say(host.listen("127.0.0.1", 0).port);
    context.run();
}

void run_on_cpu(int number) {
    static const cpu_set_t allowed = [] {
        cpu_set_t set;
        expect(sched_getaffinity(0, sizeof set, &set) == 0, "no affinity");
        return set;
    }();
    number %= CPU_COUNT(&allowed);
    for (int cpu = 0; cpu != CPU_SETSIZE; ++cpu)
        if (CPU_ISSET(cpu, &allowed) && number-- == 0) {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof one, &one);
        }
}

host_process::host_process(const std::function<void(const say_port&)>& serve, int cpu) {
    int ends[2];
    expect(pipe(ends) == 0, "no pipe");
    process_ = fork();
    expect(process_ >= 0, "no process");
    if (process_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        run_on_cpu(cpu);
        serve([&ends](std::uint16_t listening) {
            expect(write(ends[1], &listening, sizeof listening) == sizeof listening, "no reader");
        });
        _exit(0);
    }
    expect(read(ends[0], &port, sizeof port) == sizeof port, "a host did not start");
    close(ends[0]);
    close(ends[1]);
}

host_process::~host_process() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
}

double host_process::seconds() const {
    clockid_t clock{};
    expect(clock_getcpuclockid(process_, &clock) == 0, "no clock of a host");
    return cpu_seconds(clock);
}

void serve_raw_sockets(const host_process::say_port& say) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, any_port());
    say(acceptor.local_endpoint().port());
    const int socket = ::accept(acceptor.native_handle(), nullptr, nullptr);
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    std::array<std::byte, 8192> buffer;
    std::size_t arrived = 0;
    for (;;) {
        const ssize_t n = read(socket, buffer.data(), buffer.size());
        if (n <= 0)
            return;
        for (arrived += static_cast<std::size_t>(n); arrived >= request_size;
             arrived -= request_size)
            if (write(socket, buffer.data(), reply_size) != reply_size)
                return;
    }
}

void serve_asio(const host_process::say_port& say) {
    asio::io_context context(1);
    tcp::acceptor acceptor(context, any_port());
    say(acceptor.local_endpoint().port());
    asio::co_spawn(context, accept_all(acceptor), asio::detached);
    context.run();
}

void serve_nettcp(const host_process::say_port& say) {
    service operations;
    operations.on(echo_action, answer);
    serve_nettcp_service("/echo", std::move(operations), {}, many_sessions(), say);
}

void serve_nettcp_coroutines(const host_process::say_port& say) {
    service operations;
    operations.on(echo_action, [](incoming_call& call) -> asio::awaitable<void> {
        answer(call);
        co_return;
    });
    serve_nettcp_service("/echo", std::move(operations), {}, many_sessions(), say);
}

void serve_nettcp_secured(const host_process::say_port& say, service_security security) {
    service operations;
    operations.on(echo_action, answer);
    endpoint_options options;
    options.security = std::move(security);
    serve_nettcp_service("/echo", std::move(operations), std::move(options), many_sessions(), say);
}

double seconds_of_both(const host_process& host) {
    return cpu_seconds(CLOCK_PROCESS_CPUTIME_ID) + host.seconds();
}

figure microseconds_per_call(double seconds, const host_process& host,
                             const std::function<void(int)>& calls, int batch) {
    calls(batch);  // what other measurements pushed out of caches comes back
    return seconds_per_turn(
               seconds, [&host] { return seconds_of_both(host); }, [&] { calls(batch); }, batch) /
           1e-6;
}

double calls_per_second(double seconds, const std::function<void(int)>& calls) {
    using clock = std::chrono::steady_clock;
    constexpr int batch = 1024;
    calls(batch);
    const auto begun = clock::now();
    std::chrono::duration<double> taken{};
    double made = 0;
    for (; taken.count() < seconds; taken = clock::now() - begun) {
        calls(batch);
        made += batch;
    }
    return made / taken.count();
}

}  // namespace nettcp::bench
