// Kerberos between two of our sides. All cases tagged [.kdc] need the realm of
// tests/interop/kdc.sh: tests/interop/run_kerberos.sh runs them.
#include "support/catch.hpp"
#include "gssapi_realm.hpp"

namespace nettcp::security {

TEST_CASE("Kerberos: default credentials and an SPN give mutual authentication", "[.kdc]") {
    const auto wrapper = GENERATE(package::negotiate, package::kerberos);
    auto by = caller_of("host/localhost");
    by.package = wrapper;
    handshake met(by, {});
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.tokens == 2);

    const party& caller = met.service->peer();
    CHECK(caller.name == "alice@NETTCP.TEST");
    CHECK(caller.mechanism == "Kerberos");
    CHECK(caller.protection == protection_level::encrypt_and_sign);
    CHECK(caller.impersonation == impersonation_level::identification);
    CHECK(caller.mutual);
    const party& service = met.caller->peer();
    CHECK(service.name == "host/localhost");
    CHECK(service.mechanism == "Kerberos");
    CHECK(service.protection == protection_level::encrypt_and_sign);
    CHECK(service.mutual);
    CHECK(met.caller->octets() == framing_of_octets::frames);
    CHECK(met.service->octets() == framing_of_octets::frames);
}

TEST_CASE("Kerberos: frames go both ways and are encrypted", "[.kdc]") {
    handshake met(caller_of("host/localhost"), {});
    REQUIRE(met.done());
    error why;
    const std::string large(64512, 'x');
    for (const std::string& text : {std::string("hello"), std::string("x"), large}) {
        CHECK(carry(*met.caller, *met.service, text, &why) == text);
        CHECK(carry(*met.service, *met.caller, text, &why) == text);
    }
    octet_buffer frame;
    REQUIRE(met.caller->wrap(as_bytes("a secret"), frame).has_value());
    CHECK(as_text(frame.view()).find("secret") == std::string_view::npos);
}

TEST_CASE("Kerberos: altered, repeated and missing frames are refused", "[.kdc]") {
    handshake met(caller_of("host/localhost"), {});
    REQUIRE(met.done());
    octet_buffer first;
    octet_buffer second;
    octet_buffer third;
    REQUIRE(met.caller->wrap(as_bytes("first"), first).has_value());
    REQUIRE(met.caller->wrap(as_bytes("second"), second).has_value());
    REQUIRE(met.caller->wrap(as_bytes("third"), third).has_value());
    const auto take = [&](octet_buffer& frame) {
        return met.service->unwrap({frame.data(), frame.size()});
    };
    REQUIRE(take(first).has_value());

    SECTION("an octet altered") {
        second.data()[second.size() / 2] ^= std::byte{1};
        CHECK(take(second).error().code == errc::frame_invalid);
        CHECK_FALSE(met.service->said().empty());
    }
    SECTION("repeated") {
        CHECK(take(first).error().code == errc::frame_out_of_sequence);
    }
    SECTION("missing") {
        CHECK(take(third).error().code == errc::frame_out_of_sequence);
    }
    SECTION("cut short") {
        for (std::size_t size = 0; size < second.size(); ++size) {
            CAPTURE(size);
            CHECK(met.service->unwrap({second.data(), size}).error().code == errc::frame_invalid);
        }
    }
    SECTION("our own frame comes back") {
        octet_buffer ours;
        REQUIRE(met.service->wrap(as_bytes("ours"), ours).has_value());
        CHECK_FALSE(take(ours).has_value());
    }
}

TEST_CASE("Kerberos: a password logs in without touching the ticket cache", "[.kdc]") {
    const variable no_cache("KRB5CCNAME", "FILE:/nonexistent/cache");
    auto by = caller_of("host/localhost");
    const auto [user, domain] = GENERATE(table<std::string, std::string>({{"bob", ""},
                                                                          {"bob@NETTCP.TEST", ""},
                                                                          {"NETTCP\\bob", ""},
                                                                          {"bob", "NETTCP"},
                                                                          {"bob", "nettcp.test"}}));
    CAPTURE(user, domain);
    by.credentials = password_credentials{user, "bob-password", domain};
    handshake met(by, {});
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.service->peer().name == "bob@NETTCP.TEST");
}

TEST_CASE("Kerberos: named caches and keytabs are used, the default cache is not", "[.kdc]") {
    auto by = caller_of("host/localhost");
    SECTION("cache") {
        by.credentials = cache_credentials{"FILE:" + in_realm("bob.ccache")};
        handshake met(by, {});
        REQUIRE(met.done());
        CHECK(met.service->peer().name == "bob@NETTCP.TEST");
    }
    SECTION("keytab, by its first principal and by name") {
        const variable no_cache("KRB5CCNAME", "FILE:/nonexistent/cache");
        const auto* name = GENERATE("", "alice");
        by.credentials = keytab_credentials{in_realm("client.keytab"), name};
        handshake met(by, {});
        CAPTURE(met.called.said);
        REQUIRE(met.done());
        CHECK(met.service->peer().name == "alice@NETTCP.TEST");
    }
}

TEST_CASE("Kerberos: the client keytab of the environment is not used unasked", "[.kdc]") {
    const variable no_cache("KRB5CCNAME", "FILE:" + in_realm("none.ccache"));
    const variable keytab("KRB5_CLIENT_KTNAME", "FILE:" + in_realm("client.keytab"));
    const auto allow_ntlm = GENERATE(false, true);
    const variable no_users("NTLM_USER_FILE", "/nonexistent");
    auto by = caller_of("host/localhost");
    by.allow_ntlm = allow_ntlm;
    const auto met = handshake(by, {});
    CHECK(met.called.outcome == step_outcome::failed);
    CHECK(met.called.why.code == errc::no_ticket);
}

TEST_CASE("Kerberos: connections of one client share the tickets of its log-in", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.credentials = password_credentials{"bob", "bob-password", ""};
    const auto shared = std::make_shared<caller_configuration>(
        by, name_of_service(by.identity, "localhost").value());
    handshake first(std::make_shared<gssapi_initiator>(shared), make_service({}));
    first.run();
    REQUIRE(first.done());
    // The KDC could not be asked again; the service's ticket is in memory, too.
    const variable silent("KRB5_CONFIG", in_realm("krb5.silent.conf"));
    handshake second(std::make_shared<gssapi_initiator>(shared), make_service({}));
    second.run();
    CAPTURE(second.called.said);
    REQUIRE(second.done());
    CHECK(second.service->peer().name == "bob@NETTCP.TEST");
}

TEST_CASE("Kerberos: the identity names the service, else the address's host does", "[.kdc]") {
    windows_client by;
    SECTION("nothing") {}
    SECTION("DNS") {
        by.identity = dns_identity{"localhost"};
    }
    SECTION("SPN with realm") {
        by.identity = spn_identity{"host/localhost@NETTCP.TEST"};
    }
    SECTION("UPN") {
        by.identity = upn_identity{"host/localhost@NETTCP.TEST"};
    }
    handshake met(by, {});
    REQUIRE(met.done());
    CHECK(met.caller->peer().name.starts_with("host/localhost"));
}

TEST_CASE("Kerberos: names are taken as they are, not as DNS has them", "[.kdc]") {
    // 127.0.0.1 is called localhost by /etc/hosts; the ticket must be for 127.0.0.1 all the same.
    handshake met(caller_of("HTTP/127.0.0.1"), {});
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.caller->peer().name == "HTTP/127.0.0.1");
}

TEST_CASE("Kerberos: impersonation levels arrive, delegation with a forwardable ticket", "[.kdc]") {
    const auto level =
        GENERATE(impersonation_level::identification, impersonation_level::impersonation,
                 impersonation_level::delegation);
    auto by = caller_of("host/localhost");
    by.impersonation = level;
    handshake met(by, {});
    REQUIRE(met.done());
    CHECK(met.service->peer().impersonation == level);

    windows_service strict;
    strict.impersonation = impersonation_level::delegation;
    const handshake refused(by, strict);
    if (level == impersonation_level::delegation) {
        CHECK(refused.done());
    } else {
        CHECK(refused.served.why.code == errc::impersonation_too_low);
        CHECK(refused.served.peer_code == 1790);
    }
}

TEST_CASE("Kerberos: less protection than encryption may be asked for and more be given",
          "[.kdc]") {
    const auto level = GENERATE(protection_level::none, protection_level::sign);
    auto by = caller_of("host/localhost");
    by.protection = level;
    windows_service with;
    with.protection = level;
    handshake met(by, with);
    REQUIRE(met.done());
    CHECK(met.caller->peer().protection >= level);
    CHECK(met.caller->peer().protection == met.service->peer().protection);
    CHECK(met.caller->peer().mutual);
    error why;
    CHECK(carry(*met.caller, *met.service, "hello", &why) == "hello");
    CHECK(carry(*met.service, *met.caller, "hello", &why) == "hello");
}

TEST_CASE("Kerberos: a service with an SPN takes no ticket for another one", "[.kdc]") {
    windows_service with;
    with.spn = "HOST/localhost";
    CHECK(handshake(caller_of("host/localhost"), with).done());
    with.spn = "host/localhost@NETTCP.TEST";
    CHECK(handshake(caller_of("host/localhost"), with).done());
    const handshake other(caller_of("HTTP/localhost"), with);
    CHECK(other.served.why.code == errc::service_name_refused);
    CHECK(other.served.said == "HTTP/localhost@NETTCP.TEST");
}

}  // namespace nettcp::security
