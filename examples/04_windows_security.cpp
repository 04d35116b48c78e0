// Windows security: a service that wants to know who calls, and a client that calls as whoever is
// logged in and wants to know whom.
//
//     04_windows_security [SPN]
//
// Needs a Kerberos ticket (kinit) and a keytab with the SPN's key (KRB5_KTNAME); on a machine
// without a realm, `tools/dev demo` makes one.
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <cstdio>

namespace contract = nettcp::contract;
namespace security = nettcp::security;

inline constexpr contract::service_contract i_desk{"IDesk", "urn:desk"};
inline constexpr contract::operation<std::string(std::string)> greet{i_desk, "Greet", {"greeting"}};

// [service]
void add_desk(nettcp::service_host& host) {
    nettcp::service operations;
    nettcp::serve(operations, greet, [](nettcp::incoming_call& call, const std::string& greeting) {
        const security::party& caller = *call.session().caller;
        return greeting + ", " + caller.name + ", known by " + caller.mechanism;
    });
    nettcp::endpoint_options options;
    options.security = security::windows_service{};  // keys from KRB5_KTNAME; no NTLM
    options.authorize = [](const nettcp::session_info& session, std::string_view) {
        return session.caller->name.starts_with("alice@");
    };
    host.add_endpoint("/desk", operations, options);
}
// [service]

// [client]
void call_desk(const std::string& address, const std::string& spn) {
    nettcp::client_options options;
    options.security = security::windows_client{.identity = security::spn_identity{spn}};
    nettcp::client desk{nettcp::endpoint_address(address), options};

    std::printf("%s\n", nettcp::call(desk, greet("Hello")).value().c_str());
    const auto service = desk.peer().value();
    std::printf("answered by %s (%s), protection %s\n", service.name.c_str(),
                service.mechanism.c_str(), std::string(to_string(service.protection)).c_str());
}
// [client]

int main(int count, char** words) {
    try {
        nettcp::service_host host;
        add_desk(host);
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();
        call_desk("net.tcp://localhost:" + port + "/desk", count > 1 ? words[1] : "host/localhost");
        host.stop();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    } catch (const nettcp::service_fault& refused) {  // to anybody but alice
        std::fprintf(stderr, "%s\n", refused.what());
        return 1;
    }
}
