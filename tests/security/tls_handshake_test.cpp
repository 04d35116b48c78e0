#include "security/tls_player.hpp"
#include "support/catch.hpp"

#include <openssl/pem.h>

using namespace nettcp;
using namespace nettcp::security;

namespace {

std::string long_text(std::size_t size) {
    std::string out;
    for (std::size_t i = 0; out.size() < size; ++i)
        out += std::to_string(i) + ' ';
    out.resize(size);
    return out;
}

}  // namespace

TEST_CASE("TLS joins our client and our service in strokes of every size") {
    const tls_files files;
    const std::size_t stroke = GENERATE(1u, 2u, 5u, 64u, 1000u, 1u << 20);
    CAPTURE(stroke);
    tls_pair pair = join(files.mutual_client(), files.mutual_service());
    pair.stroke = stroke;
    pair.shake_hands();
    REQUIRE(pair.is_established());

    const std::string text = long_text(100'000);
    REQUIRE(pair.client->write(as_bytes(text)).has_value());
    std::string seen;
    const std::string octets = take(*pair.client);
    for (std::size_t at = 0; at < octets.size(); at += stroke) {
        give(*pair.service, as_bytes(std::string_view(octets).substr(at, stroke)));
        seen += read_all(*pair.service);
    }
    CHECK(seen == text);
    CHECK(pair.service->surplus().empty());
    // 16 KiB in each record.
    CHECK(octets.size() < text.size() + 7 * 64);
}

TEST_CASE("TLS tells each side who the other is") {
    const tls_files files;
    tls_pair pair = join(files.mutual_client(), files.mutual_service());
    pair.shake_hands();
    REQUIRE(pair.is_established());

    const party& caller = pair.service->peer();
    CHECK(caller.name == "CN=alice, O=Peers");
    CHECK(caller.mechanism == "X509");
    CHECK(caller.mutual);
    CHECK(caller.protection == protection_level::encrypt_and_sign);
    CHECK(caller.thumbprint == sha1_of(files.client));
    CHECK(!caller.certificate.empty());
    CHECK(caller.tls_version == "TLSv1.3");
    CHECK(caller.tls_cipher.starts_with("TLS_"));

    const party& service = pair.client->peer();
    CHECK(service.name == "CN=server");
    CHECK(service.thumbprint == sha1_of(files.server));
    CHECK(service.mutual);
}

TEST_CASE("TLS without client certificates authenticates the service alone") {
    const tls_files files;
    // That the client has one does not matter when it is not asked for.
    tls_pair pair = join(files.mutual_client(), files.service_choices());
    pair.shake_hands();
    REQUIRE(pair.is_established());
    CHECK(pair.service->peer().name.empty());
    CHECK(pair.service->peer().mechanism.empty());
    CHECK(pair.service->peer().thumbprint.empty());
    CHECK(pair.service->peer().protection == protection_level::encrypt_and_sign);
    CHECK(pair.client->peer().mechanism == "X509");
    CHECK_FALSE(pair.client->peer().mutual);
}

TEST_CASE("TLS that verifies nothing says that nobody is authenticated") {
    const tls_files files;
    tls_client client;
    client.trust.insecure = true;
    tls_pair pair = join(client, files.service_choices(), "elsewhere.test");
    pair.shake_hands();
    REQUIRE(pair.is_established());
    CHECK(pair.client->peer().mechanism.empty());
    CHECK(pair.client->peer().name.empty());
    CHECK(pair.client->peer().thumbprint == sha1_of(files.server));
}

TEST_CASE("TLS meets OpenSSL in both roles, versions 1.2 and 1.3, whole and octet by octet") {
    const tls_files files;
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    const bool we_serve = GENERATE(false, true);
    const std::size_t stroke = GENERATE(1u, 1u << 20);
    CAPTURE(version, we_serve, stroke);
    openssl_peer peer(!we_serve, we_serve ? files.client_file : files.server_file);
    SSL_CTX_set_min_proto_version(peer.ctx(), version);
    SSL_CTX_set_max_proto_version(peer.ctx(), version);
    const auto ours = we_serve ? factory(files.mutual_service())->make()
                               : factory(files.client_choices(), "localhost")->make();
    REQUIRE(peer.meet(*ours, stroke));
    CHECK(ours->peer().tls_version == SSL_get_version(peer.ssl()));
    CHECK(ours->peer().tls_cipher == SSL_CIPHER_standard_name(SSL_get_current_cipher(peer.ssl())));
    CHECK(ours->peer().thumbprint == sha1_of(we_serve ? files.client : files.server));

    const std::string text = long_text(50'000);
    peer.write(text);
    const std::string octets = peer.take();
    std::string seen;
    for (std::size_t at = 0; at < octets.size(); at += stroke) {
        give(*ours, as_bytes(std::string_view(octets).substr(at, stroke)));
        seen += read_all(*ours);
    }
    CHECK(seen == text);
    REQUIRE(ours->write(as_bytes(text)).has_value());
    peer.receive(take(*ours));
    CHECK(peer.read() == text);
}

TEST_CASE("TLS sends no ticket, no server name and no close_notify of its own accord") {
    const tls_files files;
    openssl_peer peer(false);
    const auto service = factory(files.service_choices())->make();
    REQUIRE(peer.meet(*service));
    static int sessions = 0;
    sessions = 0;
    SSL_CTX_sess_set_new_cb(peer.ctx(), [](SSL*, SSL_SESSION*) { return ++sessions, 0; });
    REQUIRE(service->write(as_bytes("x")).has_value());
    peer.receive(take(*service));
    CHECK(peer.read() == "x");
    CHECK(sessions == 0);
    CHECK(service->output_size() == 0);

    openssl_peer server(true, files.server_file);
    const auto client = factory(files.client_choices(), "localhost")->make();
    REQUIRE(server.meet(*client));
    CHECK(SSL_get_servername(server.ssl(), TLSEXT_NAMETYPE_host_name) == nullptr);
    CHECK(client->output_size() == 0);
}

TEST_CASE("TLS sends the server name where that is chosen, but never a number") {
    const tls_files files;
    tls_client choices = files.client_choices();
    choices.trust.insecure = true;
    choices.send_server_name = true;
    for (const auto& [host, sent] : {std::pair{"localhost", true}, {"127.0.0.1", false}}) {
        openssl_peer server(true, files.server_file);
        const auto client = factory(choices, host)->make();
        REQUIRE(server.meet(*client));
        const char* name = SSL_get_servername(server.ssl(), TLSEXT_NAMETYPE_host_name);
        REQUIRE((name != nullptr) == sent);
        if (sent)
            CHECK(std::string(name) == host);
    }
}

TEST_CASE("TLS hands the key log to whoever asked for it, and to nobody else") {
    const tls_files files;
    std::vector<std::string> lines;
    tls_client client = files.client_choices();
    client.key_log = [&](std::string_view line) { lines.emplace_back(line); };
    tls_pair pair = join(client, files.service_choices());
    pair.shake_hands();
    REQUIRE(pair.is_established());
    REQUIRE(!lines.empty());
    CHECK(std::ranges::any_of(
        lines, [](const auto& l) { return l.starts_with("CLIENT_TRAFFIC_SECRET_0 "); }));
}

TEST_CASE("A certificate is accepted for its DNS names, its SPN and its thumbprint") {
    const tls_files files;
    std::string spaced;
    for (const char c : sha1_of(files.server))
        spaced += std::string(spaced.size() % 3 == 2 ? ":" : "") + c;
    for (const endpoint_identity& identity :
         {endpoint_identity{}, endpoint_identity{dns_identity{"peer.test"}},
          endpoint_identity{dns_identity{"PEER.test"}},
          endpoint_identity{spn_identity{"host/peer.test"}},
          endpoint_identity{thumbprint_identity{sha1_of(files.server)}},
          endpoint_identity{thumbprint_identity{spaced}}}) {
        tls_client client = files.client_choices();
        client.identity = identity;
        tls_pair pair = join(client, files.service_choices());
        pair.shake_hands();
        CAPTURE(identity.index(), pair.client->said());
        CHECK(pair.is_established());
    }
}

TEST_CASE("A certificate without DNS names is for its common name, and for its addresses") {
    tls_files files;
    const auto with_address = make_certificate(
        {.subject = "O=Peers/CN=by-name.test", .names = {"IP:127.0.0.1", "IP:::1"}}, &files.ca);
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("ip.pem", with_address.both());
    for (const auto& [host, accepted] : {std::pair{"by-name.test", true},
                                         {"127.0.0.1", true},
                                         {"[::1]", true},
                                         {"127.0.0.2", false},
                                         {"localhost", false}}) {
        CAPTURE(host);
        tls_pair pair = join(files.client_choices(), service, host);
        pair.shake_hands();
        CHECK(pair.is_established() == accepted);
    }
}

TEST_CASE("A wildcard names only itself, as with WCF") {
    tls_files files;
    const auto wild = make_certificate({.names = {"DNS:*.peer.test"}}, &files.ca);
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("wild.pem", wild.both());
    for (const auto& [host, accepted] : {std::pair{"a.peer.test", false}, {"*.peer.test", true}}) {
        tls_pair pair = join(files.client_choices(), service, host);
        pair.shake_hands();
        CHECK(pair.is_established() == accepted);
    }
}

TEST_CASE("A certificate that is itself among the trusted files needs no CA") {
    tls_files files;
    const auto own = make_certificate({.names = {"DNS:localhost"}});
    tls_service service = files.service_choices();
    service.certificate.certificate_file = files.folder.write("own.pem", own.both());
    tls_client client;
    client.trust.ca_files = {files.folder.write("trusted.pem", own.certificate)};
    tls_pair pair = join(client, service);
    pair.shake_hands();
    CHECK(pair.is_established());
}

TEST_CASE("A chain is sent as far as its file has it, and judged to the root") {
    tls_files files;
    const auto middle =
        make_certificate({.subject = "CN=Middle CA", .is_authority = true}, &files.ca);
    const auto leaf = make_certificate({.names = {"DNS:localhost"}}, &middle);
    tls_service service = files.service_choices();
    SECTION("from PEM") {
        service.certificate.certificate_file =
            files.folder.write("chain.pem", leaf.certificate + middle.certificate);
        service.certificate.key_file = files.folder.write("chain.key", leaf.key);
    }
    SECTION("from PKCS#12") {
        service.certificate.certificate_file =
            files.folder.write("chain.p12", make_pkcs12(leaf, "pass word", &middle));
        service.certificate.password = "pass word";
    }
    tls_pair pair = join(files.client_choices(), service);
    pair.shake_hands();
    CHECK(pair.is_established());
}

TEST_CASE("A subject is printed as .NET prints it") {
    const auto printed = [](const std::string& subject) {
        const auto made = make_certificate({.subject = subject});
        const bio_ptr text{BIO_new_mem_buf(made.certificate.data(), -1)};
        const x509_ptr read{PEM_read_bio_X509(text.get(), nullptr, nullptr, nullptr)};
        return subject_name(read.get());
    };
    CHECK(printed("CN=alice") == "CN=alice");
    CHECK(printed("C=DE/ST=Bayern/L=M\xc3\xbcnchen/O=Peers, Ltd./OU=IT/CN=alice") ==
          "CN=alice, OU=IT, O=\"Peers, Ltd.\", L=M\xc3\xbcnchen, S=Bayern, C=DE");
    CHECK(printed("CN=say \"hi\"/emailAddress=a@b.test") == "E=a@b.test, CN=\"say \"\"hi\"\"\"");
    CHECK(printed("DC=test/DC=peers/CN= blank/serialNumber=7") ==
          "SERIALNUMBER=7, CN=\" blank\", DC=peers, DC=test");
    CHECK(printed("UID=u/CN=x") == "CN=x, OID.0.9.2342.19200300.100.1.1=u");
}
