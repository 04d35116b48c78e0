// Transport security: a service that wants to know who calls, and a client that wants to know whom
// it calls, by Windows credentials or by certificates.
//
//     07_security windows [SPN]
//     07_security tls FOLDER      with ca.crt, server.pem and client.pem
//
// The first needs a Kerberos ticket (kinit) and a keytab with the SPN's key (KRB5_KTNAME); on a
// machine without a realm, `tools/dev demo` makes one.
#include <nettcp/client/typed_call.hpp>
#include <nettcp/service/service_host.hpp>
#include <nettcp/service/typed_operation.hpp>

#include <cstdio>
#include <cstring>

namespace contract = nettcp::contract;
namespace security = nettcp::security;

inline constexpr contract::service_contract i_desk{"IDesk", "urn:desk"};
inline constexpr contract::operation<std::string(std::string)> greet{i_desk, "Greet", {"greeting"}};

// [windows]
// NetTcpBinding, SecurityMode.Transport, TcpClientCredentialType.Windows: its default.
security::windows_service windows_desk() {
    return {};  // keys from KRB5_KTNAME; no NTLM
}

security::windows_client windows_caller(const std::string& spn) {
    return {.identity = security::spn_identity{spn}};  // calls as whoever is logged in
}
// [windows]

// [tls]
// NetTcpBinding, SecurityMode.Transport, TcpClientCredentialType.Certificate.
security::tls_service tls_desk(const std::string& folder) {
    security::tls_service choices;
    choices.certificate.certificate_file = folder + "/server.pem";  // and its key
    choices.require_client_certificate = true;
    choices.client_trust.ca_files = {folder + "/ca.crt"};
    return choices;
}

security::tls_client tls_caller(const std::string& folder) {
    security::tls_client choices;  // the service's certificate must be for the address's host
    choices.trust.ca_files = {folder + "/ca.crt"};  // these, and not the machine's
    choices.certificate.certificate_file = folder + "/client.pem";
    return choices;
}
// [tls]

// [service]
void add_desk(nettcp::service_host& host, nettcp::service_security security) {
    nettcp::service operations;
    nettcp::serve(operations, greet, [](nettcp::incoming_call& call, const std::string& greeting) {
        const security::party& caller = *call.session().caller;
        return greeting + ", " + caller.name + ", known by " + caller.mechanism;
    });
    nettcp::endpoint_options options;
    options.security = std::move(security);
    options.authorize = [](const nettcp::session_info& session, std::string_view) {
        const std::string& name = session.caller->name;
        return name.starts_with("alice@") || name.starts_with("CN=alice");
    };
    host.add_endpoint("/desk", operations, options);
}
// [service]

// [client]
void call_desk(const std::string& address, nettcp::client_security security) {
    nettcp::client_options options;
    options.security = std::move(security);
    nettcp::client desk{nettcp::endpoint_address(address), options};

    std::printf("%s\n", nettcp::call(desk, greet("Hello")).value().c_str());
    const auto service = desk.peer().value();
    std::printf("answered by %s (%s), protection %s\n", service.name.c_str(),
                service.mechanism.c_str(), std::string(to_string(service.protection)).c_str());
}
// [client]

int main(int count, char** words) {
    const bool with_tls = count == 3 && std::strcmp(words[1], "tls") == 0;
    const bool with_windows = count > 1 && std::strcmp(words[1], "windows") == 0;
    if (!with_tls && !with_windows) {
        std::fprintf(stderr, "usage: %s windows [SPN] | tls FOLDER\n", words[0]);
        return 2;
    }
    const std::string name = count > 2 ? words[2] : "host/localhost";
    try {
        nettcp::service_host host;
        if (with_tls)
            add_desk(host, tls_desk(name));
        else
            add_desk(host, windows_desk());
        const auto port = std::to_string(host.listen("127.0.0.1", 0).port);
        host.start();
        const std::string address = "net.tcp://localhost:" + port + "/desk";
        if (with_tls)
            call_desk(address, tls_caller(name));
        else
            call_desk(address, windows_caller(name));
        host.stop();
    } catch (const nettcp::failure& failed) {
        std::fprintf(stderr, "%s\n", failed.diagnostics().message().c_str());
        return 1;
    } catch (const nettcp::service_fault& refused) {  // to anybody but alice
        std::fprintf(stderr, "%s\n", refused.what());
        return 1;
    }
}
