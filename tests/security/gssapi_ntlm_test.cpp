// NTLM between two of our sides, by gss-ntlmssp. See gssapi_kerberos_test.cpp for [.kdc].
#include "support/catch.hpp"
#include "gssapi_realm.hpp"

namespace nettcp::security {
namespace {

windows_client ntlm_caller() {
    windows_client by = caller_of("host/localhost");
    by.package = package::ntlm;
    by.allow_ntlm = true;
    by.credentials = password_credentials{"NETTCP\\bob", "bob-password", ""};
    return by;
}

windows_service ntlm_service() {
    windows_service with;
    with.allow_ntlm = true;
    return with;
}

}  // namespace

TEST_CASE("NTLM: bare or by SPNEGO, it tells who calls and is never mutual", "[.kdc]") {
    auto by = ntlm_caller();
    auto with = ntlm_service();
    by.package = GENERATE(package::ntlm, package::negotiate);
    with.allow_kerberos = false;
    handshake met(by, with);
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.service->peer().name == "NETTCP\\bob");
    CHECK(met.service->peer().mechanism == "NTLM");
    CHECK(met.service->peer().protection == protection_level::encrypt_and_sign);
    CHECK(met.service->peer().impersonation == impersonation_level::identification);
    CHECK_FALSE(met.service->peer().mutual);
    CHECK_FALSE(met.caller->peer().mutual);
    CHECK(met.caller->peer().mechanism == "NTLM");
    error why;
    for (int i = 0; i < 3; ++i) {
        CHECK(carry(*met.caller, *met.service, "hello", &why) == "hello");
        CHECK(carry(*met.service, *met.caller, "world", &why) == "world");
    }
    octet_buffer frame;
    REQUIRE(met.caller->wrap(as_bytes("a secret"), frame).has_value());
    CHECK(frame.size() == 16 + 8);
    CHECK(as_text(frame.view()).find("secret") == std::string_view::npos);
}

TEST_CASE("NTLM: the default user is the first that the machine has", "[.kdc]") {
    auto by = ntlm_caller();
    by.credentials = default_credentials{};
    by.package = GENERATE(package::ntlm, package::negotiate);
    const variable no_cache("KRB5CCNAME", "FILE:/nonexistent/cache");
    handshake met(by, ntlm_service());
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.service->peer().name == "NETTCP\\alice");
}

TEST_CASE("NTLM: signed frames are 16 octets of signature and the plain text", "[.kdc]") {
    auto by = ntlm_caller();
    auto with = ntlm_service();
    by.protection = with.protection = protection_level::sign;
    handshake met(by, with);
    REQUIRE(met.done());
    CHECK(met.service->peer().protection == protection_level::sign);
    octet_buffer frame;
    REQUIRE(met.caller->wrap(as_bytes("hello"), frame).has_value());
    CHECK(frame.size() == 16 + 5);
    CHECK(as_text(frame.view()).ends_with("hello"));
    const auto plain = met.service->unwrap({frame.data(), frame.size()});
    REQUIRE(plain.has_value());
    CHECK(as_text(*plain) == "hello");
    SECTION("repeated") {
        CHECK(met.service->unwrap({frame.data(), frame.size()}).error().code ==
              errc::frame_invalid);
    }
    SECTION("altered") {
        octet_buffer next;
        REQUIRE(met.caller->wrap(as_bytes("hello"), next).has_value());
        next.data()[20] ^= std::byte{1};
        CHECK(met.service->unwrap({next.data(), next.size()}).error().code == errc::frame_invalid);
    }
    SECTION("shorter than a signature") {
        CHECK(met.service->unwrap({frame.data(), 15}).error().code == errc::frame_invalid);
    }
}

TEST_CASE("NTLM: repeated and altered encrypted frames are refused", "[.kdc]") {
    handshake met(ntlm_caller(), ntlm_service());
    REQUIRE(met.done());
    octet_buffer frame;
    REQUIRE(met.caller->wrap(as_bytes("hello"), frame).has_value());
    SECTION("altered") {
        frame.data()[18] ^= std::byte{1};
        CHECK_FALSE(met.service->unwrap({frame.data(), frame.size()}).has_value());
    }
    SECTION("repeated") {
        REQUIRE(met.service->unwrap({frame.data(), frame.size()}).has_value());
        CHECK_FALSE(met.service->unwrap({frame.data(), frame.size()}).has_value());
    }
    SECTION("cut short") {
        CHECK_FALSE(met.service->unwrap({frame.data(), 15}).has_value());
    }
}

TEST_CASE("NTLM: no protection means bare NTLM and raw octets, as .NET has it", "[.kdc]") {
    auto by = ntlm_caller();
    auto with = ntlm_service();
    by.package = package::negotiate;
    by.protection = with.protection = protection_level::none;
    handshake met(make_caller(by), make_service(with));
    met.called = met.caller->step({});
    REQUIRE(met.called.outcome == step_outcome::continue_needed);
    CHECK(as_text(met.called.token.view()).starts_with("NTLMSSP"));
    handshake whole(by, with);
    CAPTURE(whole.called.said, whole.served.said);
    REQUIRE(whole.done());
    CHECK(whole.caller->octets() == framing_of_octets::raw);
    CHECK(whole.service->octets() == framing_of_octets::raw);
    CHECK(whole.service->peer().protection == protection_level::none);
}

TEST_CASE("NTLM: a caller that may use both goes over to it when the service wants that",
          "[.kdc]") {
    auto by = ntlm_caller();
    by.package = package::negotiate;
    auto with = ntlm_service();
    const auto no_keytab = GENERATE(true, false);
    if (no_keytab)
        with.keytab = "FILE:/nonexistent/keytab";
    else
        with.allow_kerberos = false;
    const auto explicitly = GENERATE(true, false);
    if (!explicitly)
        by.credentials = default_credentials{};
    handshake met(by, with);
    CAPTURE(no_keytab, explicitly, met.called.said, met.served.said, met.called.why.code,
            met.served.why.code);
    REQUIRE(met.done());
    CHECK(met.service->peer().mechanism == "NTLM");
    error why;
    CHECK(carry(*met.caller, *met.service, "hello", &why) == "hello");
    CHECK(carry(*met.service, *met.caller, "hello", &why) == "hello");
}

TEST_CASE("NTLM: a service with a keytab of its own takes both", "[.kdc]") {
    auto by = ntlm_caller();
    auto with = ntlm_service();
    with.keytab = "FILE:" + in_realm("service.keytab");
    by.package = GENERATE(package::ntlm, package::negotiate, package::kerberos);
    handshake met(by, with);
    CAPTURE(met.called.said, met.served.said);
    REQUIRE(met.done());
    CHECK(met.service->peer().mechanism == (by.package == package::ntlm ? "NTLM" : "Kerberos"));
    by.package = package::negotiate;
    by.identity = spn_identity{"host/nosuch.test"};
    CHECK(handshake(by, with).done());
}

TEST_CASE("NTLM: a caller that may use both takes Kerberos where it can", "[.kdc]") {
    auto by = ntlm_caller();
    by.package = package::negotiate;
    handshake met(by, ntlm_service());
    REQUIRE(met.done());
    CHECK(met.service->peer().mechanism == "Kerberos");
    by.identity = spn_identity{"host/nosuch.test"};
    handshake fallen_back(by, ntlm_service());
    REQUIRE(fallen_back.done());
    CHECK(fallen_back.service->peer().mechanism == "NTLM");
}

TEST_CASE("NTLM: it is refused unless it is allowed, on either side", "[.kdc]") {
    auto by = ntlm_caller();
    auto with = ntlm_service();
    SECTION("the caller requires that the service proves who it is") {
        by.allow_ntlm = false;
        CHECK(handshake(by, with).called.why.code == errc::ntlm_refused);
        by.package = package::negotiate;
        by.identity = spn_identity{"host/nosuch.test"};
        CHECK(handshake(by, with).called.why.code == errc::spn_unknown);
        with.allow_kerberos = false;
        by.identity = spn_identity{"host/localhost"};
        const handshake met(by, with);
        CHECK_FALSE(met.done());
        CHECK(met.served.why.code == errc::mechanism_mismatch);
    }
    SECTION("the caller requires no proof at all") {
        by.allow_ntlm = false;
        by.require_server_auth = false;
        CHECK(handshake(by, with).done());
    }
    SECTION("the service") {
        with.allow_ntlm = false;
        CHECK(handshake(by, with).served.why.code == errc::ntlm_refused);
        by.package = package::negotiate;
        by.identity = spn_identity{"host/nosuch.test"};
        CHECK(handshake(by, with).served.why.code == errc::mechanism_mismatch);
    }
}

TEST_CASE("NTLM: a service that requires encryption takes no less", "[.kdc]") {
    auto by = ntlm_caller();
    by.protection = GENERATE(protection_level::none, protection_level::sign);
    const handshake met(by, ntlm_service());
    CHECK(met.served.outcome == step_outcome::failed);
    CHECK(met.served.why.code == errc::protection_too_low);
    CHECK(met.served.peer_code == 1790);
}

}  // namespace nettcp::security
