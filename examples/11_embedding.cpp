// A host and a client inside a program that has an io_context and threads of its own: they start
// none, block none, and end when they are told to.
//
//     11_embedding             serves itself a few calls, then stops
//     11_embedding --serve     until SIGINT or SIGTERM
#include <nettcp/calls/typed_call.hpp>
#include <nettcp/client/client.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/service_of.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdio>
#include <string>
#include <string_view>
#include <thread>

namespace asio = boost::asio;

namespace counter {
inline constexpr nettcp::contract::service_contract i_counter{"ICounter", "urn:counter"};
inline constexpr nettcp::contract::operation<std::int32_t(std::int32_t)> add{
    i_counter, "Add", {"number"}};
inline constexpr nettcp::contract::operation<std::int32_t()> slow_total{i_counter, "SlowTotal"};
}  // namespace counter

// [service]
/// One for each session; its calls take turns, wherever they run, so it needs no lock.
class adder {
public:
    std::int32_t add(std::int32_t number) { return total_ += number; }
    std::int32_t slow_total() {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));  // a database, say
        return total_;
    }

private:
    std::int32_t total_ = 0;
};
// [service]

// [client]
/// Owns its client, and so ends it on the executor that the client runs on.
asio::awaitable<void> use(nettcp::client service) {
    for (int i = 1; i <= 3; ++i)
        co_await nettcp::async_call(service, counter::add(i));
    auto total = co_await nettcp::async_call(service, counter::slow_total());
    std::printf("1 + 2 + 3 = %d\n", total.value());
    co_await service.async_close();
}
// [client]

int main(int argc, char** argv) {
    const bool serves_on = argc > 1 && std::string_view(argv[1]) == "--serve";
    try {
        // [program]
        asio::io_context context;      // the program's own, run by two threads
        asio::thread_pool workers(2);  // for what blocks

        nettcp::service_of<adder> operations;  // one instance per session, one call at a time
        operations.serve(counter::add, &adder::add)
            .serve_on(workers.get_executor(), counter::slow_total, &adder::slow_total);

        // Several threads run the context, so the host gets a strand of it.
        const auto strand = asio::make_strand(context);
        nettcp::service_host host(strand);
        host.add_endpoint("/counter", operations);
        const auto where = host.listen("127.0.0.1", 0);
        const std::string uri = "net.tcp://127.0.0.1:" + std::to_string(where.port) + "/counter";

        asio::signal_set signals(strand, SIGINT, SIGTERM);
        const auto stop = [&] {
            signals.cancel();
            host.async_stop(std::chrono::seconds(10), [](const boost::system::error_code& code) {
                std::puts(code ? "stopped by force" : "stopped");
            });
        };
        signals.async_wait([&](const boost::system::error_code& code, int) {
            if (!code)
                stop();
        });
        const auto own = asio::make_strand(context);  // the client's
        if (serves_on)
            std::printf("%s\n", uri.c_str());
        else
            asio::co_spawn(
                own, [&] { return use(nettcp::client(own, nettcp::endpoint_address(uri))); },
                asio::bind_executor(strand, [&](const std::exception_ptr& why) {
                    if (why != nullptr)
                        std::puts("the client has failed");
                    stop();
                }));

        std::thread second([&] { context.run(); });
        context.run();  // returns when the host has stopped and nothing else is left to do
        second.join();
        workers.join();
        // [program]
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
