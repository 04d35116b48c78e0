// Tokens that no honest peer sends, and services that take less than they are offered. All cases
// are tagged [.kdc]: tests/interop/run_kerberos.sh.
#include "gssapi_realm.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

namespace nettcp::security {
namespace {

constexpr std::string_view negoex("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e", 10);

step_result served(const windows_service& with, std::string_view token) {
    return make_service(with)->step(as_bytes(token));
}

std::string text_of_hex(std::string_view digits) {
    return std::string(as_text(hex(digits)));
}

}  // namespace

TEST_CASE("NEGOEX is neither offered nor accepted", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.allow_ntlm = GENERATE(false, true);
    const step_result offer = make_caller(by)->step({});
    REQUIRE(offer.outcome == step_outcome::continue_needed);
    const std::string first(as_text(offer.token.view()));
    CHECK(first.find("\x2a\x86\x48\x86\xf7\x12\x01\x02\x02") != std::string::npos);
    CHECK(first.find(negoex) == std::string::npos);
    CHECK(first.find("NEGOEXTS") == std::string::npos);

    // SPNEGO with nothing but NEGOEX, and the beginning of a message of it.
    windows_service with;
    with.allow_ntlm = by.allow_ntlm;
    const step_result result =
        served(with, text_of_hex("6028 06062b0601050502 a01e 301c a00e 300c 060a"
                                 "2b06010401823702021e a20a 0408 4e45474f45585453"));
    CAPTURE(result.said);
    CHECK(result.outcome == step_outcome::failed);
    CHECK(result.why.code == errc::mechanism_mismatch);
}

TEST_CASE("A service takes no mechanism that it does not allow", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.package = GENERATE(package::negotiate, package::kerberos);
    const step_result offer = make_caller(by)->step({});
    windows_service with;
    with.allow_kerberos = false;
    SECTION("none at all") {
        const auto result = served(with, as_text(offer.token.view()));
        CHECK(result.outcome == step_outcome::failed);
        CHECK(result.why.code == errc::mechanism_refused);
    }
    SECTION("Kerberos") {
        with.allow_ntlm = true;
        const auto result = served(with, as_text(offer.token.view()));
        CAPTURE(result.said);
        CHECK(result.outcome == step_outcome::failed);
        CHECK(result.why.code == (by.package == package::kerberos ? errc::mechanism_refused
                                                                  : errc::mechanism_mismatch));
    }
    SECTION("Kerberos through a service that speaks to the KDC for it") {
        with.allow_kerberos = true;  // IAKERB is none of both
        const auto result = served(with, text_of_hex("600a 06062b0601050205 0501"));
        CAPTURE(result.said);
        CHECK(result.outcome == step_outcome::failed);
    }
}

TEST_CASE("A service that says yes without its proof is not believed", "[.kdc]") {
    // accept-completed, and no token of Kerberos's.
    auto by = caller_of("host/localhost");
    const auto caller = make_caller(by);
    REQUIRE(caller->step({}).outcome == step_outcome::continue_needed);
    const step_result result = caller->step(hex("a107 3005 a003 0a0100"));
    CAPTURE(result.said);
    CHECK(result.outcome == step_outcome::failed);
    CHECK(result.why.code == errc::token_invalid);
}

TEST_CASE("A service refuses keys of a kind that it does not permit", "[.kdc]") {
    auto by = caller_of("host/aes128.test");
    by.package = package::kerberos;
    const step_result offer = make_caller(by)->step({});
    REQUIRE(offer.outcome == step_outcome::continue_needed);
    const variable strict("KRB5_CONFIG", in_realm("krb5.aes256.conf"));
    const step_result result = served({}, as_text(offer.token.view()));
    CAPTURE(result.said, result.why.got);
    CHECK(result.outcome == step_outcome::failed);
    // Kerberos's library does not tell the two apart: it has a key, and may not use it.
    CHECK(result.why.code == errc::service_key_wrong);
}

TEST_CASE("A service refuses callers by NTLM without a name", "[.kdc]") {
    windows_service with;
    with.allow_ntlm = true;
    const auto service = make_service(with);
    const step_result challenge =
        service->step(as_bytes(text_of_hex("4e544c4d53535000 01000000 15820822"
                                           "0000000000000000 0000000000000000"
                                           "0601b11d0000000f")));
    CAPTURE(challenge.said);
    REQUIRE(challenge.outcome == step_outcome::continue_needed);
    // No user, no domain, no response but the octet of anonymous ones.
    const step_result result =
        service->step(as_bytes(text_of_hex("4e544c4d53535000 03000000"
                                           "0100010058000000 0000000059000000"
                                           "0000000058000000 0000000058000000"
                                           "0000000058000000 0000000059000000"
                                           "158a0822 0601b11d0000000f"
                                           "00000000000000000000000000000000 00")));
    CAPTURE(result.said, result.why.got);
    CHECK(result.outcome == step_outcome::failed);
    CHECK(result.why.code == errc::caller_refused);  // by the mechanism itself, before we look
}

}  // namespace nettcp::security
