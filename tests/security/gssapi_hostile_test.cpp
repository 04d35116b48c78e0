// Tokens that no honest peer sends, and services that take less than they are offered. All cases
// are tagged [.kdc]: tests/interop/run_kerberos.sh.
#include "gssapi_realm.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/security/handshake_error.hpp>

#include <dlfcn.h>
#include <krb5/krb5.h>

#include <ctime>

namespace {

bool forgets_proof = false;

}  // namespace

// Of MIT's library, for its own KDC and in no header: seal a ticket, and write it as octets.
extern "C" krb5_error_code krb5_encrypt_tkt_part(krb5_context library, const krb5_keyblock* key,
                                                 krb5_ticket* ticket);
extern "C" krb5_error_code encode_krb5_ticket(const krb5_ticket* ticket, krb5_data** octets);

/// In front of the library's own function: an established context as a library would show it that
/// went on without the service's proof, which MIT's never does when it has been asked for one.
extern "C" OM_uint32 gss_inquire_context(OM_uint32* minor, gss_ctx_id_t context, gss_name_t* source,
                                         gss_name_t* target, OM_uint32* lifetime,
                                         gss_OID* mechanism, OM_uint32* flags, int* ours,
                                         int* is_open) {
    static const auto library =
        reinterpret_cast<decltype(&gss_inquire_context)>(::dlsym(RTLD_NEXT, "gss_inquire_context"));
    const OM_uint32 major =
        library(minor, context, source, target, lifetime, mechanism, flags, ours, is_open);
    if (forgets_proof && flags != nullptr)
        *flags &= ~static_cast<OM_uint32>(GSS_C_MUTUAL_FLAG);
    return major;
}

namespace nettcp::security {
namespace {

constexpr std::string_view negoex("\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x1e", 10);

step_result served(const windows_service& with, std::string_view token) {
    return make_service(with)->step(as_bytes(token));
}

std::string text_of_hex(std::string_view digits) {
    return std::string(as_text(hex(digits)));
}

void succeed(krb5_error_code code) {
    INFO("Kerberos says " << code);
    REQUIRE(code == 0);
}

/// A cache in the realm's folder with one ticket for a service, of our own making: that service's
/// key is in its keytab, and whom the ticket is of, no KDC has looked at.
std::string forged_cache(const char* of, const char* service) {
    krb5_context library = nullptr;
    succeed(krb5_init_context(&library));
    krb5_creds made = {};
    succeed(krb5_parse_name(library, of, &made.client));
    succeed(krb5_parse_name(library, service, &made.server));
    krb5_keytab keytab = nullptr;
    krb5_keytab_entry entry = {};
    succeed(krb5_kt_default(library, &keytab));
    succeed(krb5_kt_get_entry(library, keytab, made.server, 0, 0, &entry));
    succeed(krb5_c_make_random_key(library, entry.key.enctype, &made.keyblock));
    const auto now = static_cast<krb5_timestamp>(std::time(nullptr));
    made.times = {now, now, now + 3600, 0};
    made.ticket_flags = TKT_FLG_INITIAL;

    krb5_enc_tkt_part inside = {};
    inside.flags = made.ticket_flags;
    inside.session = &made.keyblock;
    inside.client = made.client;
    inside.transited.tr_type = KRB5_DOMAIN_X500_COMPRESS;
    inside.times = made.times;
    krb5_ticket ticket = {};
    ticket.server = made.server;
    ticket.enc_part2 = &inside;
    succeed(krb5_encrypt_tkt_part(library, &entry.key, &ticket));
    ticket.enc_part.kvno = entry.vno;
    krb5_data* octets = nullptr;
    succeed(encode_krb5_ticket(&ticket, &octets));
    made.ticket = *octets;

    const std::string name = "FILE:" + in_realm("forged.ccache");
    krb5_ccache cache = nullptr;
    succeed(krb5_cc_resolve(library, name.c_str(), &cache));
    succeed(krb5_cc_initialize(library, cache, made.client));
    succeed(krb5_cc_store_cred(library, cache, &made));
    krb5_cc_close(library, cache);
    krb5_free_data_contents(library, &ticket.enc_part.ciphertext);
    krb5_kt_free_entry(library, &entry);
    krb5_kt_close(library, keytab);
    made.ticket = {};
    krb5_free_cred_contents(library, &made);
    krb5_free_data(library, octets);
    krb5_free_context(library);
    return name;
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

TEST_CASE("A context without the service's proof is refused by a caller that requires one",
          "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.package = GENERATE(package::negotiate, package::kerberos);
    forgets_proof = true;
    SECTION("required") {
        const handshake met(by, {});
        CAPTURE(met.called.said);
        CHECK(met.called.outcome == step_outcome::failed);
        CHECK(met.called.why.code == errc::server_not_authenticated);
    }
    SECTION("not required") {
        by.require_server_auth = false;
        const handshake met(by, {});
        CAPTURE(met.called.said);
        CHECK(met.done());
        CHECK_FALSE(met.caller->peer().mutual);
    }
    forgets_proof = false;
}

TEST_CASE("A service refuses a caller whose ticket says that it is nobody", "[.kdc]") {
    auto by = caller_of("host/localhost");
    by.package = GENERATE(package::negotiate, package::kerberos);
    SECTION("alice is somebody, with a ticket of the same make") {
        by.credentials =
            cache_credentials{forged_cache("alice@NETTCP.TEST", "host/localhost@NETTCP.TEST")};
        const handshake met(by, {});
        CAPTURE(met.called.said, met.served.said);
        REQUIRE(met.done());
        CHECK(met.service->peer().name == "alice@NETTCP.TEST");
        return;
    }
    by.credentials = cache_credentials{
        forged_cache("WELLKNOWN/ANONYMOUS@WELLKNOWN:ANONYMOUS", "host/localhost@NETTCP.TEST")};
    const handshake met(by, {});
    CAPTURE(met.called.said, met.served.said);
    CHECK(met.served.outcome == step_outcome::failed);
    CHECK(met.served.why.code == errc::anonymous_refused);
    CHECK(met.served.peer_code == static_cast<std::uint32_t>(handshake_error::logon_denied));
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
