// What a call costs and how long it takes when 1, 32 or 256 sessions call at a time: our client and
// host, and the same octets on bare sockets with Asio's coroutines. One session runs with both
// sides on one core, more with each side on its own. `grpc` takes the same of gRPC.

#include "session_clients.hpp"

#include <csignal>
#include <memory>

int main(int argc, char** argv) {
    using namespace nettcp::bench;
    std::signal(SIGPIPE, SIG_IGN);

    // All hosts start before anything else, so that each child process is a small one.
    const host_process asio_here(serve_asio, 0);
    const host_process nettcp_here(serve_nettcp_coroutines, 0);
    const host_process asio_there(serve_asio, 1);
    const host_process nettcp_there(serve_nettcp_coroutines, 1);
    run_on_cpu(0);

    std::vector<measurement> all;
    const auto add = [&](const std::string& name, const host_process& host,
                         std::shared_ptr<callers> made) {
        add_load(all, name, host, [made](int n, auto& waits) { made->call(n, waits); });
    };
    for (const int sessions : {1, 32, 256}) {
        const std::string with =
            std::to_string(sessions) + (sessions == 1 ? " session, " : " sessions, ");
        const host_process& asio = sessions == 1 ? asio_here : asio_there;
        const host_process& ours = sessions == 1 ? nettcp_here : nettcp_there;
        add(with + "Asio coroutines", asio, std::make_shared<asio_callers>(asio.port, sessions));
        add(with + "nettcp", ours, std::make_shared<nettcp_callers>(ours.port, sessions));
    }
    return run(argc, argv, all);
}
