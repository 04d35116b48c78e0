// What an echo costs with gSOAP: SOAP 1.2 as text over HTTP on a connection that is kept. CPU of
// client and host together, both on one core, as in `echo`.

#include "echo_hosts.hpp"
#include "measure.hpp"

#include <echo.nsmap>
#include <soapechoProxy.h>
#include <soapechoService.h>

#include <csignal>
#include <string>

#include <netinet/in.h>
#include <sys/socket.h>

namespace {

using namespace nettcp::bench;

constexpr soap_mode kept = SOAP_IO_KEEPALIVE;

class service final : public echoService {
public:
    service() : echoService(kept) {}
    echoService* copy() override { return new service(); }
    int Echo(const std::string& text, std::string& result) override {
        result = text;
        return SOAP_OK;
    }
};

void serve(const host_process::say_port& say) {
    service host;
    host.soap->max_keep_alive = 0;  // it would close the connection after so many calls
    expect(soap_valid_socket(host.bind("127.0.0.1", 0, 16)), "gSOAP's host cannot listen");
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    expect(getsockname(host.soap->master, reinterpret_cast<sockaddr*>(&bound), &size) == 0,
           "no port");
    say(ntohs(bound.sin_port));
    while (soap_valid_socket(host.accept())) {
        host.serve();
        host.destroy();
    }
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const host_process host(serve, 0);
    run_on_cpu(0);

    const std::string address = "http://127.0.0.1:" + std::to_string(host.port) + "/echo";
    echoProxy caller(address.c_str(), kept);
    const std::string text = "hello";
    const auto call = [&](int times) {
        while (times-- > 0) {
            std::string result;
            expect(caller.Echo(text, result) == SOAP_OK && result == text, "gSOAP's call failed");
            caller.destroy();
        }
    };
    return run(argc, argv, {{"echo, gSOAP over HTTP", "us", [&](double seconds) {
                                 return microseconds_per_call(seconds, host, call);
                             }}});
}
