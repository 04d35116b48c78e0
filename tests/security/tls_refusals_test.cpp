// Each certificate, version and key that must be refused, made for real.
#include "security/tls_player.hpp"
#include "support/catch.hpp"

#include <openssl/conf.h>
#include <stdlib.h>

using namespace nettcp;
using namespace nettcp::security;

namespace {

/// A client meets a service, and refuses it; both sides say why.
void check_client_refuses(const tls_client& client, const tls_service& service, errc rule,
                          std::string_view said, std::string_view alert,
                          std::string_view host = "localhost") {
    tls_pair pair = join(client, service, host);
    pair.shake_hands();
    CHECK_FALSE(pair.client_established);
    CHECK(pair.client->failure().code == make_error_code(rule));
    CAPTURE(pair.client->said(), pair.service->said());
    CHECK(pair.client->said().find(said) != said.npos);
    // What we know about why was sent before we failed.
    CHECK_FALSE(pair.service_established);
    CHECK(pair.service->failure().code == make_error_code(errc::tls_alert));
    CHECK(pair.service->said() == alert);
}

struct with_server : tls_files {
    explicit with_server(const certificate_contents& contents)
        : own(make_certificate(contents, &ca)) {
        service = service_choices();
        service.certificate.certificate_file = folder.write("own.pem", own.both());
    }
    issued_certificate own;
    tls_service service;
};

}  // namespace

TEST_CASE("A client refuses a certificate that has expired, or is not valid yet") {
    const with_server expired({.names = {"DNS:localhost"}, .begins = -7200, .ends = -3600});
    check_client_refuses(expired.client_choices(), expired.service, errc::certificate_expired,
                         "certificate has expired: CN=localhost", "alert certificate expired");
    const with_server early({.names = {"DNS:localhost"}, .begins = 3600});
    check_client_refuses(early.client_choices(), early.service, errc::certificate_not_yet_valid,
                         "certificate is not yet valid", "alert bad certificate");
}

TEST_CASE("A client refuses a certificate of a CA it does not trust") {
    tls_files files;
    const auto other = make_certificate({.subject = "CN=Other CA", .is_authority = true});
    tls_client client = files.client_choices();
    client.trust.ca_files = {files.folder.write("other.pem", other.certificate)};
    check_client_refuses(client, files.service_choices(), errc::certificate_untrusted,
                         "unable to get local issuer certificate", "alert unknown CA");
}

TEST_CASE("A client takes no service without a certificate, whatever ciphers the machine allows") {
    const tls_files files;
    const std::string words =
        files.folder.write("weak.cnf", "weak = modules\n[modules]\nssl_conf = ssl\n"
                                       "[ssl]\nsystem_default = all\n[all]\n"
                                       "CipherString = ALL:COMPLEMENTOFDEFAULT:"
                                       "@SECLEVEL=0\n");
    REQUIRE(CONF_modules_load_file(words.c_str(), "weak", 0) == 1);
    const bool insecure = GENERATE(false, true);
    tls_client choices = files.client_choices();
    choices.trust.insecure = insecure;
    const auto client = factory(choices, "localhost")->make();
    CONF_modules_load_file(nullptr, nullptr, CONF_MFLAGS_IGNORE_MISSING_FILE);  // the machine's own
    openssl_peer peer(true);
    SSL_CTX_set_max_proto_version(peer.ctx(), TLS1_2_VERSION);
    SSL_CTX_set_security_level(peer.ctx(), 0);
    REQUIRE(SSL_CTX_set_cipher_list(peer.ctx(), "aNULL") == 1);
    SSL_CTX_set_dh_auto(peer.ctx(), 1);
    CHECK(peer.meet(*client) == insecure);  // with that, anybody will do
    if (!insecure)
        CHECK(client->failure().code == make_error_code(errc::certificate_required));
}

TEST_CASE("A client that trusts the machine's store refuses what is not in it") {
    tls_files files;
    setenv("SSL_CERT_FILE", files.client_file.c_str(), 1);  // some store without our CA
    setenv("SSL_CERT_DIR", files.folder.path().c_str(), 1);
    tls_client client;
    check_client_refuses(client, files.service_choices(), errc::certificate_untrusted, "",
                         "alert unknown CA");
    setenv("SSL_CERT_FILE", files.ca_file.c_str(), 1);
    tls_pair pair = join(client, files.service_choices());
    pair.shake_hands();
    CHECK(pair.is_established());
    // Turned off, or replaced by files, the store does not count.
    client.trust.system_store = false;
    check_client_refuses(client, files.service_choices(), errc::certificate_untrusted, "",
                         "alert unknown CA");
    client.trust.system_store = true;
    client.trust.ca_files = {files.client_file};
    check_client_refuses(client, files.service_choices(), errc::certificate_untrusted, "",
                         "alert unknown CA");
    unsetenv("SSL_CERT_FILE");
    unsetenv("SSL_CERT_DIR");
}

TEST_CASE("A client refuses a self-signed certificate that it does not trust") {
    tls_files files;
    const auto own = make_certificate({.names = {"DNS:localhost"}});
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("own.pem", own.both());
    check_client_refuses(files.client_choices(), service, errc::certificate_self_signed,
                         "self-signed certificate", "alert unknown CA");
    // Its thumbprint says who is expected, not that it is trusted.
    tls_client pinned = files.client_choices();
    pinned.identity = thumbprint_identity{sha1_of(own)};
    check_client_refuses(pinned, service, errc::certificate_self_signed, "", "alert unknown CA");
}

TEST_CASE("A client refuses a certificate for another name or thumbprint") {
    const tls_files files;
    check_client_refuses(files.client_choices(), files.service_choices(),
                         errc::certificate_name_mismatch,
                         R"(it is for "localhost", "peer.test", expected "elsewhere.test")",
                         "alert bad certificate", "elsewhere.test");
    // The common name does not count where there are DNS names.
    check_client_refuses(files.client_choices(), files.service_choices(),
                         errc::certificate_name_mismatch, "expected \"server\"",
                         "alert bad certificate", "server");
    tls_client client = files.client_choices();
    client.identity = thumbprint_identity{std::string(40, 'A')};
    check_client_refuses(client, files.service_choices(), errc::certificate_thumbprint_mismatch,
                         sha1_of(files.server), "alert handshake failure");
}

TEST_CASE("Names that look alike up to a zero octet are different names") {
    tls_files files;
    tls_client client = files.client_choices();
    std::string said;
    CHECK(make_upgrades(client, std::string_view("localhost\0.evil.test", 20), said).error().code ==
          make_error_code(errc::name_invalid));
    CHECK(make_upgrades(client, "", said).error().code == make_error_code(errc::name_invalid));
}

TEST_CASE("A client refuses a certificate for another use, a service likewise") {
    const with_server wrong({.names = {"DNS:localhost"}, .usage = "clientAuth"});
    check_client_refuses(wrong.client_choices(), wrong.service, errc::certificate_usage_wrong,
                         "purpose", "alert unsupported certificate");
    tls_files files;
    tls_client client = files.mutual_client();
    client.certificate.certificate_file = files.server_file;
    tls_pair pair = join(client, files.mutual_service());
    pair.shake_hands();
    CHECK(pair.service->failure().code == make_error_code(errc::certificate_usage_wrong));
}

TEST_CASE("An ordinary certificate makes no CA") {
    tls_files files;
    const auto leaf = make_certificate({.names = {"DNS:localhost"}}, &files.client);
    tls_service service = files.service_choices();
    service.certificate.certificate_file =
        files.folder.write("leaf.pem", leaf.certificate + files.client.certificate);
    service.certificate.key_file = files.folder.write("leaf.key", leaf.key);
    check_client_refuses(files.client_choices(), service, errc::certificate_invalid,
                         "invalid CA certificate: CN=alice, O=Peers", "alert unknown CA");
}

TEST_CASE("A chain that is too long is refused") {
    tls_files files;
    std::string chain;
    issued_certificate issuer = files.ca;
    for (int i = 0; i != 10; ++i) {
        issuer = make_certificate({.subject = "CN=CA " + std::to_string(i), .is_authority = true},
                                  &issuer);
        chain.insert(0, issuer.certificate);
    }
    const auto leaf = make_certificate({.names = {"DNS:localhost"}}, &issuer);
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("long.pem", leaf.both() + chain);
    tls_pair pair = join(files.client_choices(), service);
    pair.shake_hands();
    CAPTURE(pair.client->said());
    CHECK_FALSE(pair.client_established);
    CHECK(pair.client->failure().code == make_error_code(errc::certificate_invalid));
    CHECK(pair.client->said().find("chain too long") != std::string_view::npos);
}

TEST_CASE("Revoked certificates, and those that no list speaks of, are refused") {
    tls_files files;
    tls_client client = files.client_choices();
    client.trust.crl_files = {
        files.folder.write("revoked.crl", make_revocation_list(files.ca, {files.server}))};
    check_client_refuses(client, files.service_choices(), errc::certificate_revoked,
                         "certificate revoked: CN=server", "alert certificate revoked");

    client.trust.crl_files = {files.folder.write("none.crl", make_revocation_list(files.ca, {}))};
    tls_pair fine = join(client, files.service_choices());
    fine.shake_hands();
    CHECK(fine.is_established());

    const auto other = make_certificate({.subject = "CN=Other CA", .is_authority = true});
    client.trust.crl_files = {files.folder.write("other.crl", make_revocation_list(other, {}))};
    check_client_refuses(client, files.service_choices(), errc::certificate_crl_missing,
                         "unable to get certificate CRL", "alert unknown CA");

    client.trust.crl_files = {
        files.folder.write("old.crl", make_revocation_list(files.ca, {}, -60))};
    check_client_refuses(client, files.service_choices(), errc::certificate_crl_missing,
                         "CRL has expired", "alert certificate expired");

    // A root that is trusted by itself needs no list: nobody else could have issued one.
    const auto own = make_certificate({.names = {"DNS:localhost"}});
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("own.pem", own.both());
    client.trust.ca_files = {files.folder.write("own.crt", own.certificate)};
    tls_pair pinned = join(client, service);
    pinned.shake_hands();
    CHECK(pinned.is_established());
}

TEST_CASE("A service refuses callers without a certificate, or with one it does not trust") {
    tls_files files;
    tls_pair missing = join(files.client_choices(), files.mutual_service());
    missing.shake_hands();
    CHECK(missing.service->failure().code == make_error_code(errc::certificate_required));
    // With TLS 1.3 the client is done before the service has judged: it learns when it reads.
    CHECK(missing.client_established);
    CHECK(read_all(*missing.client).empty());
    CHECK(missing.client->failure().code == make_error_code(errc::tls_alert));
    CHECK(missing.client->said() == "alert certificate required");
    CHECK_FALSE(missing.client->write(as_bytes("x")).has_value());

    tls_service service = files.mutual_service();
    const auto other = make_certificate({.subject = "CN=Other CA", .is_authority = true});
    service.client_trust.ca_files = {files.folder.write("other.pem", other.certificate)};
    tls_pair untrusted = join(files.mutual_client(), service);
    untrusted.shake_hands();
    CHECK(untrusted.service->failure().code == make_error_code(errc::certificate_untrusted));
    CHECK(read_all(*untrusted.client).empty());
    CHECK(untrusted.client->said() == "alert unknown CA");
}

TEST_CASE("With TLS 1.2 a service's refusal ends the client's handshake") {
    const tls_files files;
    openssl_peer peer(true, files.server_file);
    SSL_CTX_set_max_proto_version(peer.ctx(), TLS1_2_VERSION);
    SSL_CTX_set_verify(peer.ctx(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    const auto client = factory(files.client_choices(), "localhost")->make();
    CHECK_FALSE(peer.meet(*client));
    CHECK(client->failure().code == make_error_code(errc::tls_alert));
    CHECK(client->said() == "alert handshake failure");
}

TEST_CASE("Both sides must share a version") {
    const tls_files files;
    openssl_peer old_server(true, files.server_file);
    SSL_CTX_set_max_proto_version(old_server.ctx(), TLS1_2_VERSION);
    tls_client client_choices = files.client_choices();
    client_choices.minimum_version = tls_version::tls_1_3;
    const auto client = factory(client_choices, "localhost")->make();
    CHECK_FALSE(old_server.meet(*client));
    CHECK(client->failure().code == make_error_code(errc::tls_version_mismatch));
    CHECK(client->said() == "alert protocol version");

    openssl_peer old_client(false);
    SSL_CTX_set_max_proto_version(old_client.ctx(), TLS1_2_VERSION);
    tls_service service_choices = files.service_choices();
    service_choices.minimum_version = tls_version::tls_1_3;
    const auto service = factory(service_choices)->make();
    CHECK_FALSE(old_client.meet(*service));
    CHECK(service->failure().code == make_error_code(errc::tls_version_mismatch));
    CHECK(service->said().find("unsupported protocol") != std::string_view::npos);
}

TEST_CASE("TLS 1.1 is refused by both roles") {
    const tls_files files;
    for (const bool we_serve : {false, true}) {
        openssl_peer peer(!we_serve, we_serve ? std::string() : files.server_file);
        SSL_CTX_set_security_level(peer.ctx(), 0);
        SSL_CTX_set_min_proto_version(peer.ctx(), TLS1_VERSION);
        SSL_CTX_set_max_proto_version(peer.ctx(), TLS1_1_VERSION);
        const auto ours = we_serve ? factory(files.service_choices())->make()
                                   : factory(files.client_choices(), "localhost")->make();
        CHECK_FALSE(peer.meet(*ours));
        CHECK(ours->failure().code == make_error_code(errc::tls_version_mismatch));
    }
}

TEST_CASE("Both sides must share a cipher suite") {
    const tls_files files;
    openssl_peer peer(false);
    SSL_CTX_set_ciphersuites(peer.ctx(), "TLS_AES_128_CCM_SHA256");
    SSL_CTX_set_min_proto_version(peer.ctx(), TLS1_3_VERSION);
    const auto service = factory(files.service_choices())->make();
    CHECK_FALSE(peer.meet(*service));
    CAPTURE(service->said());
    CHECK(service->failure().code == make_error_code(errc::tls_no_shared_cipher));
}

TEST_CASE("Identities that no certificate proves are refused before any connection") {
    const tls_files files;
    for (const endpoint_identity& identity :
         {endpoint_identity{upn_identity{"svc@REALM"}}, endpoint_identity{spn_identity{"http/x"}},
          endpoint_identity{spn_identity{"host/"}}, endpoint_identity{spn_identity{"host/a:808"}},
          endpoint_identity{thumbprint_identity{"00"}},
          endpoint_identity{thumbprint_identity{std::string(40, 'x')}}}) {
        tls_client client = files.client_choices();
        client.identity = identity;
        std::string said;
        const auto made = make_upgrades(client, "localhost", said);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == make_error_code(errc::name_invalid));
        CHECK(!said.empty());
    }
}

TEST_CASE("A thumbprint copied from Windows' dialog is one") {
    const tls_files files;
    tls_client client = files.client_choices();
    client.identity = thumbprint_identity{"\xe2\x80\x8e" + sha1_of(files.server)};
    tls_pair pair = join(client, files.service_choices());
    pair.shake_hands();
    CHECK(pair.is_established());
}
