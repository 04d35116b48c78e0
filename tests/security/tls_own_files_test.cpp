// Certificates, keys and lists of our own that cannot be used: told before any connection.
#include "security/tls_player.hpp"
#include "support/catch.hpp"

#include <openssl/pem.h>

using namespace nettcp;
using namespace nettcp::security;

namespace {

void check_unusable(const tls_certificate& certificate, std::string_view words) {
    std::string said;
    tls_service service;
    service.certificate = certificate;
    const auto made = make_upgrades(service, said);
    REQUIRE_FALSE(made.has_value());
    CAPTURE(said);
    CHECK(made.error().code == make_error_code(errc::certificate_unusable));
    CHECK(said.find(words) != said.npos);
    // A client's certificate is read by the same rules.
    tls_client client;
    client.certificate = certificate;
    if (!certificate.certificate_file.empty())
        CHECK(make_upgrades(client, "localhost", said).error().code ==
              make_error_code(errc::certificate_unusable));
}

std::string encrypted(const issued_certificate& of, const std::string& password) {
    const bio_ptr in{BIO_new_mem_buf(of.key.data(), -1)};
    const private_key_ptr key{PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr)};
    const bio_ptr out{BIO_new(BIO_s_mem())};
    REQUIRE(PEM_write_bio_PKCS8PrivateKey(out.get(), key.get(), EVP_aes_256_cbc(), password.data(),
                                          static_cast<int>(password.size()), nullptr,
                                          nullptr) == 1);
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

}  // namespace

TEST_CASE("A service needs a certificate, and one that is there") {
    check_unusable({}, "needs a certificate");
    check_unusable({.certificate_file = "/nowhere/server.pem"}, "No such file");
}

TEST_CASE("A certificate needs a key that fits") {
    tls_files files;
    const auto bare = files.folder.write("bare.pem", files.server.certificate);
    const auto other = files.folder.write("other.key", files.client.key);
    const auto rsa = files.folder.write("rsa.key", make_certificate({.rsa = true}).key);
    check_unusable({.certificate_file = bare}, "key cannot be read");
    check_unusable({.certificate_file = bare, .key_file = "/nowhere/key"}, "No such file");
    check_unusable({.certificate_file = bare, .key_file = other}, "does not fit");
    check_unusable({.certificate_file = bare, .key_file = rsa}, "does not fit");
    check_unusable({.certificate_file = other}, "has no certificate");
    check_unusable({.certificate_file = files.folder.write("x.pem", "not a certificate")},
                   "has no certificate");
    check_unusable({.certificate_file = files.folder.write("empty.pem", "")}, "has no certificate");
}

TEST_CASE("An encrypted key needs its password, and nobody is asked for it at the terminal") {
    tls_files files;
    tls_certificate own{.certificate_file = files.folder.write("c.pem", files.server.certificate),
                        .key_file = files.folder.write("k.pem", encrypted(files.server, "open"))};
    check_unusable(own, "key cannot be read");
    own.password = "wrong";
    check_unusable(own, "key cannot be read");
    own.password = std::string(5000, 'x').c_str();
    check_unusable(own, "key cannot be read");
    own.password = "open";
    std::string said;
    tls_service service;
    service.certificate = own;
    CHECK(make_upgrades(service, said).has_value());
}

TEST_CASE("A PKCS#12 file needs its password, and must be one") {
    tls_files files;
    const std::string bundle = make_pkcs12(files.server, "open", &files.ca);
    tls_certificate own{.certificate_file = files.folder.write("server.p12", bundle)};
    check_unusable(own, "mac verify failure");
    own.password = "wrong";
    check_unusable(own, "mac verify failure");
    own.password = "open";
    std::string said;
    tls_service service;
    service.certificate = own;
    CHECK(make_upgrades(service, said).has_value());
    own.certificate_file = files.folder.write("cut.p12", bundle.substr(0, bundle.size() / 2));
    check_unusable(own, "neither PEM nor PKCS#12");
}

TEST_CASE("Trust and revocation files must hold what they are for") {
    tls_files files;
    const auto check = [&](const tls_trust& trust, std::string_view words) {
        tls_client client;
        client.trust = trust;
        std::string said;
        const auto made = make_upgrades(client, "localhost", said);
        REQUIRE_FALSE(made.has_value());
        CAPTURE(said);
        CHECK(made.error().code == make_error_code(errc::certificate_unusable));
        CHECK(said.find(words) != said.npos);
        tls_service service = files.mutual_service();
        service.client_trust = trust;
        CHECK_FALSE(make_upgrades(service, said).has_value());
    };
    check({.ca_files = {"/nowhere/ca.pem"}}, "No such file");
    check({.ca_files = {files.folder.write("k.pem", files.ca.key)}}, "has no certificate");
    check({.ca_files = {files.ca_file}, .crl_files = {files.ca_file}}, "has no revocation list");
    check({.ca_files = {files.ca_file}, .crl_files = {"/nowhere/x.crl"}}, "No such file");
    std::string damaged = files.ca.certificate;
    damaged[damaged.size() / 2] = '*';
    check({.ca_files = {files.folder.write("damaged.pem", files.ca.certificate + damaged)}}, "pem");
}

TEST_CASE("No words about a failure hold a password") {
    tls_files files;
    tls_certificate own{.certificate_file =
                            files.folder.write("server.p12", make_pkcs12(files.server, "open")),
                        .password = "s3cret"};
    std::string said;
    tls_service service;
    service.certificate = own;
    CHECK_FALSE(make_upgrades(service, said).has_value());
    CHECK(said.find("s3cret") == said.npos);
}
