// Calls an operation of a WCF service: the blocking way, in one page.
//
//     01_call net.tcp://localhost:9000/none/echo
#include <nettcp/client/client.hpp>

#include <cstdio>
#include <string>

using namespace nettcp::nbfx::literals;

// [call]
std::string echo(nettcp::client& service, std::string_view text) {
    constexpr auto ns = "http://peers.test/svc"_dict;
    nettcp::reply reply =
        service.call("http://peers.test/svc/IEcho/Echo", [&](nettcp::nbfx::writer& out) {
            out.start_element("Echo"_dict, ns);
            out.start_element("text"_dict, ns);
            out.text(text);
            out.end_element();
            out.end_element();
        });
    if (reply.is_fault())
        return "fault: " + std::string(reply.fault().value().reason());
    nettcp::nbfx::reader& in = reply.body();
    in.read_start_element("EchoResponse", ns.text);
    return in.read_element_text();
}
// [call]

int main(int argc, char** argv) {
    try {
        nettcp::client service{
            nettcp::endpoint_address(argc > 1 ? argv[1] : "net.tcp://localhost:9000/none/echo")};
        std::puts(echo(service, "hello").c_str());
        service.close();
    } catch (const nettcp::failure& failed) {  // says which stage failed, why, and what to try
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    }
}
