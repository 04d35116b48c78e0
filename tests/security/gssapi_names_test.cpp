#include "support/catch.hpp"
#include "security/gssapi_names.hpp"

#include <nettcp/security/factories.hpp>

namespace nettcp::security {

TEST_CASE("A service is named by its identity, or by the address's host") {
    const auto name = [](const endpoint_identity& identity, std::string_view host = "server") {
        const auto found = name_of_service(identity, host);
        return found ? found->principal + " " + found->host_service : std::string("none");
    };
    CHECK(name({}) == "host/server@ host@server");
    CHECK(name({}, "[::1]") == "host/::1@ host@::1");
    CHECK(name(dns_identity{"other"}) == "host/other@ host@other");
    CHECK(name(spn_identity{"HTTP/web"}) == "HTTP/web@ HTTP@web");
    CHECK(name(spn_identity{"HTTP/web@REALM"}) == "HTTP/web@REALM HTTP@web");
    CHECK(name(spn_identity{"MSSQL/db:1433/x"}) == "MSSQL/db:1433/x@ MSSQL@db:1433/x");
    CHECK(name(upn_identity{"svc@REALM"}) == "svc@REALM svc");
    CHECK(name(upn_identity{"svc"}) == "svc@ svc");
}

TEST_CASE("What cannot name a service is refused before anything is sent") {
    for (const endpoint_identity& identity :
         {endpoint_identity(spn_identity{""}), endpoint_identity(spn_identity{"host/a b"}),
          endpoint_identity(spn_identity{"host/a\n"}), endpoint_identity(spn_identity{"a\\b"}),
          endpoint_identity(spn_identity{"@REALM"}), endpoint_identity(spn_identity{"/server"}),
          endpoint_identity(spn_identity{std::string(2000, 'x')}),
          endpoint_identity(dns_identity{""}), endpoint_identity(upn_identity{""}),
          endpoint_identity(thumbprint_identity{"00"})}) {
        windows_client choices;
        choices.identity = identity;
        std::string said;
        const auto made = make_upgrades(choices, "server", said);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == errc::name_invalid);
    }
    std::string said;
    CHECK_FALSE(make_upgrades(windows_client{}, "", said).has_value());
    CHECK(make_upgrades(windows_client{}, "server", said).value()->name() ==
          "application/negotiate");
    CHECK(make_upgrades(windows_service{}, said).value()->name() == "application/negotiate");
}

TEST_CASE("Users are written in three ways, with the domain beside them or not") {
    const auto name = [](std::string user, std::string domain = "") {
        const user_name found = name_of_user({std::move(user), "", std::move(domain)});
        return found.user + "|" + found.realm + "|" + found.domain;
    };
    CHECK(name("alice") == "alice||");
    CHECK(name("alice@Realm.Test") == "alice|Realm.Test|Realm.Test");
    CHECK(name("CORP\\alice") == "alice||CORP");
    CHECK(name("alice", "CORP") == "alice||CORP");
    CHECK(name("alice", "corp.test") == "alice|CORP.TEST|corp.test");
    CHECK(name("corp.test\\alice") == "alice|CORP.TEST|corp.test");
    CHECK(name("OTHER\\alice", "CORP") == "alice||CORP");
}

TEST_CASE("An SPN is compared without letter case, and without a realm that it does not have") {
    CHECK(is_service("host/server@REALM", "HOST/Server"));
    CHECK(is_service("host/server@REALM", "host/server@realm"));
    CHECK_FALSE(is_service("host/server@REALM", "host/server@OTHER"));
    CHECK_FALSE(is_service("host/server@REALM", "host/serve"));
    CHECK_FALSE(is_service("host/server.evil@REALM", "host/server"));
}

TEST_CASE("Names with control characters or broken UTF-8 are not plain") {
    CHECK(is_plain("DOMAIN\\J\xc3\xb6rg"));
    CHECK_FALSE(is_plain("alice\n"));
    CHECK_FALSE(is_plain(std::string_view("alice\0bob", 9)));
    CHECK_FALSE(is_plain("\xff"));
}

}  // namespace nettcp::security
