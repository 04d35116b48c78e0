// Every failure that a user meets with Kerberos and NTLM, produced for real, must be told by its
// own code, in the library's words. See gssapi_kerberos_test.cpp for [.kdc].
#include "support/catch.hpp"
#include "gssapi_realm.hpp"

#include <filesystem>
#include <thread>

namespace nettcp::security {
namespace {

windows_client by_password(std::string user, const char* password) {
    windows_client by = caller_of("host/localhost");
    by.credentials = password_credentials{std::move(user), password, ""};
    return by;
}

windows_service with_keytab(std::string_view file) {
    windows_service with;
    with.keytab = in_realm(file);
    return with;
}

void check_caller(const windows_client& by, errc expected, std::string_view words,
                  std::uint32_t peer_code) {
    const handshake met(by, {});
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.called.outcome == step_outcome::failed);
    CHECK(met.called.why.code == expected);
    CHECK(met.called.said.find(words) != std::string::npos);
    CHECK(met.called.said.find("password\"") == std::string::npos);
    CHECK(met.called.peer_code == peer_code);
    CHECK(met.called.token.empty());
}

void check_service(const handshake& met, errc expected, std::string_view words,
                   std::uint32_t peer_code) {
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.served.outcome == step_outcome::failed);
    CHECK(met.served.why.code == expected);
    CHECK(met.served.said.find(words) != std::string::npos);
    CHECK(met.served.peer_code == peer_code);
    CHECK(met.served.token.empty());
}

}  // namespace

TEST_CASE("Failures of Kerberos at the caller say why", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.package = GENERATE(package::negotiate, package::kerberos);
    SECTION("no ticket cache") {
        const variable none("KRB5CCNAME", "FILE:" + in_realm("none.ccache"));
        check_caller(by, errc::no_ticket, "none.ccache", 0x8009030d);
    }
    SECTION("the named ticket cache does not exist") {
        by.credentials = cache_credentials{"FILE:" + in_realm("none.ccache")};
        check_caller(by, errc::no_ticket, "none.ccache", 0x8009030d);
    }
    SECTION("an expired ticket") {
        const shifted_clock tomorrow("+30h");
        check_caller(by, errc::ticket_expired, "expired", 0x8009030d);
    }
    SECTION("the clock differs from the KDC's") {
        const shifted_clock later("+3h");
        by.credentials = cache_credentials{"FILE:" + in_realm("bob.ccache")};
        by.identity = spn_identity{"HTTP/localhost"};  // asked for by no other test
        check_caller(by, errc::clock_skew, "Clock skew", 0x80090324);
    }
    SECTION("the SPN is unknown") {
        by.identity = spn_identity{"host/nosuch.test"};
        check_caller(by, errc::spn_unknown, "host/nosuch.test: ", 0x80090303);
        by.identity = spn_identity{"host/nosuch.test@NETTCP.TEST"};
        check_caller(by, errc::spn_unknown, "not found in Kerberos database", 0x80090303);
    }
    SECTION("the realm is unknown") {
        by.identity = spn_identity{"host/localhost@ELSEWHERE.TEST"};
        check_caller(by, errc::spn_unknown, "ELSEWHERE", 0x80090303);
    }
    SECTION("no KDC answers") {
        const variable silent("KRB5_CONFIG", in_realm("krb5.silent.conf"));
        by.identity = spn_identity{"HTTP/localhost"};
        by.credentials = cache_credentials{"FILE:" + in_realm("bob.ccache")};
        check_caller(by, errc::kdc_unreachable, "contact any KDC", 0x80090311);
    }
    SECTION("no encryption type in common with the service") {
        const variable strict("KRB5_CONFIG", in_realm("krb5.aes256.conf"));
        by.identity = spn_identity{"host/aes128.test@NETTCP.TEST"};
        check_caller(by, errc::encryption_type_mismatch, "encryption type", 0x80090331);
    }
}

TEST_CASE("Failures of a log-in by Kerberos say why", "[.kdc]") {
    SECTION("wrong password") {
        check_caller(by_password("bob", "not it"), errc::password_wrong, "Preauthentication",
                     0x8009030d);
    }
    SECTION("unknown user") {
        check_caller(by_password("nobody", "x"), errc::user_unknown, "nobody@NETTCP.TEST",
                     0x8009030d);
    }
    SECTION("no KDC answers") {
        const variable silent("KRB5_CONFIG", in_realm("krb5.silent.conf"));
        check_caller(by_password("bob", "bob-password"), errc::kdc_unreachable, "NETTCP.TEST",
                     0x80090311);
    }
    SECTION("no KDC is known") {
        const variable none("KRB5_CONFIG", in_realm("krb5.norealm.conf"));
        check_caller(by_password("bob", "bob-password"), errc::realm_unknown, "NETTCP.TEST",
                     0x80090311);
    }
    SECTION("the KDC's clock is elsewhere") {
        auto by = caller_of("host/localhost");
        by.credentials = keytab_credentials{in_realm("client.keytab"), "alice"};
        const shifted_clock later("+3h");
        // The caller goes by the KDC's clock from here on; the service, in this process, does not.
        const handshake met(by, {});
        check_service(met, errc::clock_skew, "Clock skew", 0x80090324);
    }
    SECTION("no client keytab") {
        auto by = caller_of("host/localhost");
        by.credentials = keytab_credentials{in_realm("none.keytab"), ""};
        check_caller(by, errc::keytab_missing, "none.keytab", 0x80090302);
        by.credentials = keytab_credentials{in_realm("none.keytab"), "alice"};
        check_caller(by, errc::keytab_missing, "none.keytab", 0x80090302);
    }
    SECTION("the client keytab is of somebody else") {
        auto by = caller_of("host/localhost");
        by.credentials = keytab_credentials{in_realm("client.keytab"), "bob"};
        check_caller(by, errc::keytab_missing, "bob@NETTCP.TEST", 0x80090302);
    }
}

TEST_CASE("Failures of Kerberos at the service say why", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.package = GENERATE(package::negotiate, package::kerberos);
    SECTION("no keytab") {
        check_service({by, with_keytab("none.keytab")}, errc::keytab_missing, "none.keytab",
                      0x80090302);
    }
    SECTION("no key for the name") {
        check_service({by, with_keytab("other.keytab")}, errc::service_key_missing,
                      "host/localhost", 0x80090322);
        by.identity = spn_identity{"host/unkeyed.test"};
        check_service({by, {}}, errc::service_key_missing, "host/unkeyed.test", 0x80090322);
    }
    SECTION("an old version of the key") {
        by.identity = spn_identity{"host/rekeyed.test"};
        check_service({by, with_keytab("stale.keytab")}, errc::service_key_wrong,
                      "host/rekeyed.test", 0x80090322);
    }
    SECTION("another key") {
        check_service({by, with_keytab("forged.keytab")}, errc::service_key_wrong, "host/localhost",
                      0x80090322);
    }
    SECTION("the clocks differ") {
        const auto caller = make_caller(by);
        const auto service = make_service({});
        const step_result first = caller->step({});
        REQUIRE(first.outcome == step_outcome::continue_needed);
        const shifted_clock later("+1h");
        handshake met(caller, service);
        met.served = service->step(first.token.view());
        check_service(met, errc::clock_skew, "Clock skew", 0x80090324);
    }
    SECTION("the caller's token comes again") {
        const auto caller = make_caller(by);
        const step_result first = caller->step({});
        handshake met(caller, make_service({}));
        met.served = met.service->step(first.token.view());
        REQUIRE(met.served.outcome == step_outcome::complete);
        handshake again(caller, make_service({}));
        again.served = again.service->step(first.token.view());
        check_service(again, errc::token_invalid, "replay", 0x80090308);
    }
}

TEST_CASE("Failures of NTLM say why", "[.kdc]") {
    auto by = by_password("NETTCP\\bob", "bob-password");
    by.allow_ntlm = true;
    by.package = GENERATE(package::ntlm, package::negotiate);
    const bool bare = by.package == package::ntlm;
    windows_service with;
    with.allow_ntlm = true;
    with.allow_kerberos = false;
    by.identity = spn_identity{"host/nosuch.test"};  // so that Kerberos does not begin
    SECTION("wrong password") {
        by.credentials = password_credentials{"NETTCP\\bob", "not it", ""};
        check_service({by, with}, errc::caller_refused, "", 0x8009030c);
    }
    SECTION("unknown user") {
        by.credentials = password_credentials{"NETTCP\\nobody", "x", ""};
        check_service({by, with}, errc::caller_refused, "", 0x8009030c);
    }
    SECTION("no default user") {
        by.credentials = default_credentials{};
        const variable none("NTLM_USER_FILE", "/nonexistent");
        const handshake met(by, with);
        CAPTURE(met.called.said);
        CHECK(met.called.why.code == (bare ? errc::credentials_unusable : errc::spn_unknown));
    }
    SECTION("a ticket cache is nothing for NTLM") {
        by.credentials = cache_credentials{"FILE:" + in_realm("ccache")};
        const handshake met(by, with);
        CHECK(met.called.why.code == (bare ? errc::credentials_unusable : errc::spn_unknown));
        CHECK(met.called.said.find("NTLM") != std::string::npos);
    }
}

TEST_CASE("Tokens that are none are refused", "[.kdc]") {
    windows_service with;
    with.allow_ntlm = true;
    const auto* token =
        GENERATE("", "x", "NTLMSSP", "60", "`\x82\xff\xff\x06\x06+\x06\x01\x05\x05\x02",
                 "\xa1\x03\x30\x01\xff");
    const auto service = make_service(with);
    const step_result result = service->step(as_bytes(token));
    CAPTURE(token, result.said, result.why.got);
    CHECK(result.outcome == step_outcome::failed);
    CHECK(result.why.code == errc::token_invalid);
    CHECK(result.peer_code == 0x80090308);
    // Nothing works after a failure, and nothing breaks.
    octet_buffer out;
    CHECK_FALSE(service->wrap(as_bytes("x"), out).has_value());
}

// These two need the environment of a whole process: run_kerberos.sh runs them on their own.
TEST_CASE("Without NTLM's mechanism on the machine the failure says so", "[.no_ntlm]") {
    auto by = by_password("NETTCP\\bob", "bob-password");
    by.allow_ntlm = true;
    by.package = package::ntlm;
    check_caller(by, errc::ntlm_missing, "mechanism", 0x8009030d);
}

TEST_CASE("Without MD4 in OpenSSL the failure of NTLM says so", "[.no_md4]") {
    auto by = by_password("NETTCP\\bob", "bob-password");
    by.allow_ntlm = true;
    by.package = package::ntlm;
    check_caller(by, errc::md4_unavailable, "Crypto routine failure", 0x8009030d);
}

}  // namespace nettcp::security
