// Many short sessions on few connections: each caller makes a client of its own, as code for WCF
// makes a channel for each call, and a pool keeps the connections between them.
//
//     08_pooling              against a host of its own
//     08_pooling net.tcp://localhost:9000/none/echo
#include <nettcp/client/client.hpp>
#include <nettcp/client/connection_pool.hpp>
#include <nettcp/service/service_host.hpp>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

using namespace nettcp::nbfx::literals;

constexpr auto ns = "http://peers.test/svc"_dict;
constexpr std::string_view action = "http://peers.test/svc/IEcho/Echo";

void echo(nettcp::incoming_call& call) {
    call.body().read_start_element("Echo", ns.text);
    const std::string text = call.body().read_element_text();
    call.end_body();
    call.reply([&](nettcp::nbfx::writer& out) {
        out.start_element("EchoResponse"_dict, ns);
        out.start_element("EchoResult"_dict, ns);
        out.text(text);
        out.end_element();
        out.end_element();
    });
}

// [pool]
/// Opens a session, calls, and closes: the connection goes back to the pool.
void call_once(const nettcp::endpoint_address& where, const nettcp::client_options& options) {
    nettcp::client service(where, options);
    service.call(action, [](nettcp::nbfx::writer& out) {
        out.start_element("Echo"_dict, ns);
        out.start_element("text"_dict, ns);
        out.text("hello");
        out.end_element();
        out.end_element();
    });
    service.close();  // without it the connection goes with the client
}

void call_from_threads(const nettcp::endpoint_address& where, int threads, int calls) {
    nettcp::client_options options;
    options.pool = std::make_shared<nettcp::connection_pool>(nettcp::connection_pool_options{
        .max_outbound_connections_per_endpoint = 10, .idle_timeout = std::chrono::seconds(30)});
    std::atomic<bool> good = true;
    std::vector<std::thread> callers;
    for (int i = 0; i < threads; ++i)
        callers.emplace_back([&] {
            try {
                for (int k = 0; k < calls; ++k)
                    call_once(where, options);
            } catch (const nettcp::failure& failed) {
                good = false;
                std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
            }
        });
    for (auto& each : callers)
        each.join();
    if (good)
        std::printf("%d sessions, at most %d at a time; idle connections now: %zu\n",
                    threads * calls, threads, options.pool->idle());
}
// [pool]

int main(int argc, char** argv) {
    if (argc > 1) {
        call_from_threads(nettcp::endpoint_address(argv[1]), 4, 25);
        return 0;
    }
    std::atomic<int> connections = 0;
    nettcp::host_options options;
    options.tap = [&connections](const nettcp::session_info&) {
        ++connections;
        return nettcp::octet_tap();
    };
    nettcp::service operations;
    operations.on(action, echo);
    nettcp::service_host host(options);
    host.add_endpoint("/none/echo", operations);
    const std::string port = std::to_string(host.listen("127.0.0.1", 0).port);
    host.start();
    call_from_threads("net.tcp://127.0.0.1:" + port + "/none/echo", 4, 25);
    std::printf("connections that the host has seen: %d\n", connections.load());
}
