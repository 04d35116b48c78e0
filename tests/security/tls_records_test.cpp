// Where records begin and end, what does not belong there, and what stays in memory.
#include "security/tls_context.hpp"
#include "security/tls_player.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <malloc.h>

using namespace nettcp;
using namespace nettcp::security;

namespace {

std::string text_of_hex(std::string_view digits) {
    return std::string(as_text(hex(digits)));
}

const std::string next_preamble = text_of_hex("00 01 00 01 02 02 0d");

tls_pair established(const tls_files& files) {
    tls_pair pair = join(files.client_choices(), files.service_choices());
    pair.shake_hands();
    REQUIRE(pair.is_established());
    return pair;
}

std::string protect(upgrade& by, std::string_view plain) {
    REQUIRE(by.write(as_bytes(plain)).has_value());
    return take(by);
}

errc rule_of(const upgrade& of) {
    return static_cast<errc>(of.failure().code.value());
}

}  // namespace

TEST_CASE("TLS leaves what follows the record it has read") {
    const tls_files files;
    const std::size_t stroke = GENERATE(1u, 7u, 1u << 20);
    tls_pair pair = established(files);
    std::string octets = protect(*pair.client, "message");
    octets += protect(*pair.client, "\x07") + next_preamble;
    std::string seen;
    for (std::size_t at = 0; at < octets.size(); at += stroke) {
        give(*pair.service, as_bytes(std::string_view(octets).substr(at, stroke)));
        if (seen != "message\x07") {  // after it, whoever reads on would read a record
            std::array<std::byte, 100> part;
            const auto size = pair.service->read(part);
            REQUIRE(size.has_value());
            seen += as_text(bytes_view(part).first(*size));
        }
    }
    if (seen == "message") {
        std::array<std::byte, 100> part;
        seen += as_text(bytes_view(part).first(*pair.service->read(part)));
    }
    CHECK(seen == "message\x07");
    CHECK(as_text(pair.service->surplus()) == next_preamble);
    CHECK_FALSE(pair.service->ended());
}

TEST_CASE("TLS gives one record at a time, in portions as small as asked for") {
    const tls_files files;
    tls_pair pair = established(files);
    give(*pair.service, as_bytes(protect(*pair.client, "abc")));
    give(*pair.service, as_bytes(protect(*pair.client, "def")));
    std::array<std::byte, 2> part;
    std::vector<std::size_t> sizes;
    for (int i = 0; i != 5; ++i)
        sizes.push_back(*pair.service->read(part));
    CHECK(sizes == std::vector<std::size_t>{2, 1, 2, 1, 0});
}

TEST_CASE("TLS refuses plain octets among records, and says so to the peer") {
    const tls_files files;
    tls_pair pair = established(files);
    give(*pair.service, as_bytes(protect(*pair.client, "fine") + next_preamble));
    CHECK(read_all(*pair.service) == "fine");
    CHECK(rule_of(*pair.service) == errc::tls_protocol_error);
    CHECK_FALSE(pair.service->said().empty());
    CHECK(pair.service->next_event() == upgrade_event::failed);
    CHECK(pair.service->next_event() == upgrade_event::none);
    CHECK_FALSE(pair.service->write(as_bytes("x")).has_value());
    give(*pair.client, as_bytes(take(*pair.service)));
    CHECK(read_all(*pair.client).empty());
    CHECK(pair.client->failure().code == cause::refused);
}

TEST_CASE("TLS refuses records that were altered, repeated or left out") {
    const tls_files files;
    const int how = GENERATE(0, 1, 2);
    tls_pair pair = established(files);
    const std::string first = protect(*pair.client, "first");
    const std::string second = protect(*pair.client, "second");
    std::string altered = first;
    altered[altered.size() - 3] ^= 1;
    const std::string octets = how == 0 ? altered : how == 1 ? first + first : second;
    give(*pair.service, as_bytes(octets));
    CHECK(read_all(*pair.service) == (octets.starts_with(first) ? "first" : ""));
    CHECK(rule_of(*pair.service) == errc::frame_invalid);
    give(*pair.client, as_bytes(take(*pair.service)));
    CHECK(read_all(*pair.client).empty());
    CHECK(pair.client->said() == "alert bad record mac");
}

TEST_CASE("TLS tells the end that the peer announces") {
    const tls_files files;
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    openssl_peer peer(false);
    SSL_CTX_set_max_proto_version(peer.ctx(), version);
    const auto service = factory(files.service_choices())->make();
    REQUIRE(peer.meet(*service));
    peer.write("last");
    SSL_shutdown(peer.ssl());
    give(*service, as_bytes(peer.take() + next_preamble));
    CHECK(read_all(*service) == "last");
    CHECK(service->ended());
    CHECK(as_text(service->surplus()) == next_preamble);
    CHECK(service->output_size() == 0);  // no close_notify in return
}

TEST_CASE("TLS answers new keys") {
    const tls_files files;
    openssl_peer peer(false);
    const auto service = factory(files.service_choices())->make();
    REQUIRE(peer.meet(*service));
    for (int i = 0; i != 3; ++i) {
        REQUIRE(SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
        peer.write("after");
        give(*service, as_bytes(peer.take()));
        CHECK(read_all(*service) == "after");
        peer.receive(protect(*service, "answer"));
        CHECK(peer.read() == "answer");
        CHECK(SSL_get_key_update_type(peer.ssl()) == SSL_KEY_UPDATE_NONE);
    }
}

TEST_CASE("TLS does not renegotiate, and goes on") {
    const tls_files files;
    openssl_peer peer(true, files.server_file);
    SSL_CTX_set_max_proto_version(peer.ctx(), TLS1_2_VERSION);
    const auto client = factory(files.client_choices(), "localhost")->make();
    REQUIRE(peer.meet(*client));
    SSL_renegotiate(peer.ssl());
    SSL_do_handshake(peer.ssl());
    give(*client, as_bytes(peer.take()));
    CHECK(read_all(*client).empty());
    CHECK_FALSE(client->failure().code);
    CHECK(client->output_size() < 100);  // a refusal
    CHECK(client->write(as_bytes("still here")).has_value());
}

TEST_CASE("TLS endures a few records without content, not an endless row of them") {
    const tls_files files;
    openssl_peer peer(false);
    const auto service = factory(files.service_choices())->make();
    REQUIRE(peer.meet(*service));
    const auto update_keys = [&](unsigned times) {
        for (unsigned i = 0; i != times; ++i) {
            SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED);
            peer.shake();
        }
        give(*service, as_bytes(peer.take()));
        read_all(*service);
    };
    update_keys(max_tls_idle_records / 2);
    CHECK_FALSE(service->failure().code);
    update_keys(max_tls_idle_records);
    CHECK(rule_of(*service) == errc::tls_protocol_error);
    CHECK(service->said() == "too many records without content");
}

TEST_CASE("TLS does not queue answers without end for a peer that does not read them") {
    const tls_files files;
    openssl_peer peer(false);
    const auto service = factory(files.service_choices())->make();
    REQUIRE(peer.meet(*service));
    const auto ask = [&](unsigned times) {
        for (unsigned i = 0; i != times; ++i) {
            SSL_key_update(peer.ssl(), SSL_KEY_UPDATE_REQUESTED);
            peer.shake();
        }
        peer.write("x");  // so that it is no endless row of records without content
        give(*service, as_bytes(peer.take()));
        read_all(*service);
    };
    SECTION("for one that does") {
        for (int i = 0; i != 500 && !service->failure().code; ++i) {
            ask(1);
            peer.receive(take(*service));
            peer.read();
        }
        CHECK_FALSE(service->failure().code);
    }
    SECTION("but for one that does not") {
        for (int i = 0; i != 2000 && !service->failure().code; ++i)
            ask(32);
        CHECK(rule_of(*service) == errc::tls_protocol_error);
        CHECK(service->output_size() < 16'384);
    }
}

TEST_CASE("TLS takes an outside server's tickets without leaving any of them over") {
    const tls_files files;
    openssl_peer peer(true, files.server_file);
    SSL_CTX_set_num_tickets(peer.ctx(), 4);
    const auto client = factory(files.client_choices(), "localhost")->make();
    REQUIRE(peer.meet(*client));
    peer.write("\x0b");
    give(*client, as_bytes(peer.take() + next_preamble));
    std::array<std::byte, 10> part;
    CHECK(*client->read(part) == 1);
    CHECK(as_text(client->surplus()) == next_preamble);
}

TEST_CASE("TLS refuses what is no TLS at once, in both roles") {
    const tls_files files;
    for (const char* octets : {"00 01 00 01 02 02 16", "47 45 54 20 2f 20", "16 07 03 00 10",
                               "16 03 01 ff ff", "80 2e 01 03 01 00 15", "ff ff ff ff ff",
                               "17 03 03 00 01 00", "16 03 03 00 04 63 00 00 00"}) {
        CAPTURE(octets);
        for (const bool we_serve : {false, true}) {
            const auto ours = we_serve ? factory(files.service_choices())->make()
                                       : factory(files.client_choices(), "localhost")->make();
            CHECK(ours->next_event() == upgrade_event::none);
            give(*ours, hex(octets));
            CHECK(ours->next_event() == upgrade_event::failed);
            CHECK(rule_of(*ours) == errc::tls_protocol_error);
            CHECK(ours->failure().code == cause::peer);
            CHECK_FALSE(ours->said().empty());
        }
    }
}

TEST_CASE("TLS tells a handshake that is cut short, wherever that is") {
    const tls_files files;
    std::string hello;
    {
        openssl_peer peer(false);
        peer.shake();
        hello = peer.take();
    }
    for (std::size_t size = 0; size <= hello.size(); ++size) {
        const auto service = factory(files.service_choices())->make();
        give(*service, as_bytes(hello).first(size));
        REQUIRE(service->next_event() == upgrade_event::none);
        service->received_eof();
        CHECK(service->next_event() == upgrade_event::failed);
        CHECK(rule_of(*service) == errc::tls_cut_short);
        CHECK(service->next_event() == upgrade_event::none);
    }
    const auto client = factory(files.client_choices(), "localhost")->make();
    CHECK(client->next_event() == upgrade_event::none);
    give(*client, hex("15 03 03 00 02 01 00"));  // close_notify
    CHECK(client->next_event() == upgrade_event::failed);
    CHECK(rule_of(*client) == errc::tls_cut_short);
}

TEST_CASE("TLS reports an alert in the handshake with its name and number") {
    const tls_files files;
    for (const auto& [octets, name, number] :
         {std::tuple{"15 03 03 00 02 02 28", "alert handshake failure", 40u},
          {"15 03 03 00 02 02 30", "alert unknown CA", 48u},
          {"15 03 03 00 02 02 74", "alert certificate required", 116u},
          {"15 03 03 00 02 02 c8", "alert 200", 200u}}) {
        const auto client = factory(files.client_choices(), "localhost")->make();
        client->next_event();
        give(*client, hex(octets));
        CHECK(client->next_event() == upgrade_event::failed);
        CHECK(rule_of(*client) == errc::tls_alert);
        CHECK(client->said() == name);
        CHECK(client->failure().got == number);
        CHECK(client->failure().at == 7);
    }
}

TEST_CASE("TLS bounds what a handshake may bring") {
    const tls_files files;
    openssl_peer peer(false);
    peer.shake();
    const auto service = factory(files.service_choices())->make();
    give(*service, as_bytes(peer.take()));
    CHECK(service->next_event() == upgrade_event::none);
    // Octets that TLS 1.3 has everybody ignore, for as long as the handshake lasts.
    const std::string ignored = text_of_hex("14 03 03 00 01 01");
    std::size_t given = 0;
    upgrade_event event = upgrade_event::none;
    while (event == upgrade_event::none && given < 2 * max_tls_handshake) {
        give(*service, as_bytes(ignored));
        given += ignored.size();
        event = service->next_event();
    }
    CHECK(event == upgrade_event::failed);
    CHECK(given <= max_tls_handshake + 100);
    CAPTURE(service->said());
    CHECK(service->failure().code == cause::peer);
}

TEST_CASE("TLS bounds the certificates of a peer") {
    tls_files files;
    std::string many = files.server.both();
    while (many.size() < 2 * static_cast<std::size_t>(max_tls_certificates))
        many += files.ca.certificate;
    openssl_peer peer(true, files.folder.write("many.pem", many));
    const auto client = factory(files.client_choices(), "localhost")->make();
    CHECK_FALSE(peer.meet(*client));
    CAPTURE(client->said());
    CHECK(rule_of(*client) == errc::tls_protocol_error);
    CHECK(client->said().find("excessive message size") != std::string_view::npos);
}

TEST_CASE("TLS lends output that stays where it is while more is written") {
    const tls_files files;
    tls_pair pair = established(files);
    REQUIRE(pair.client->write(as_bytes("first")).has_value());
    const bytes_view lent = pair.client->output();
    const std::string before(as_text(lent));
    REQUIRE(pair.client->write(as_bytes(std::string(100'000, 'x'))).has_value());
    CHECK(as_text(lent) == before);
    pair.client->output_sent(1);
    CHECK(as_text(pair.client->output()) == before.substr(1));
    std::string octets = before.substr(0, 1) + take(*pair.client);
    give(*pair.service, as_bytes(octets));
    CHECK(read_all(*pair.service) == "first" + std::string(100'000, 'x'));
}

TEST_CASE("An idle TLS session holds at most 20 KiB, and little more with two certificates") {
    if (mallinfo2().uordblks == 0) {
        WARN("memory cannot be measured in this build");
        return;
    }
    const bool is_mutual = GENERATE(false, true);
    const tls_files files;
    const auto clients = factory(files.mutual_client(), "localhost");
    const auto services = factory(is_mutual ? files.mutual_service() : files.service_choices());
    const auto make_pair = [&] {
        tls_pair pair{clients->make(), services->make()};
        pair.shake_hands();
        REQUIRE(pair.is_established());
        for (upgrade* side : {pair.client.get(), pair.service.get()}) {
            upgrade& other = side == pair.client.get() ? *pair.service : *pair.client;
            give(other, as_bytes(protect(*side, std::string(16384, 'x'))));
            REQUIRE(read_all(other).size() == 16384);
        }
        pair.client->release_memory();
        pair.service->release_memory();
        return pair;
    };
    const tls_pair warm = make_pair();
    constexpr std::size_t count = 32;
    std::vector<tls_pair> pairs;
    pairs.reserve(count);
    const std::size_t before = mallinfo2().uordblks;
    for (std::size_t i = 0; i != count; ++i)
        pairs.push_back(make_pair());
    const std::size_t each = (mallinfo2().uordblks - before) / (2 * count);
    CAPTURE(each, is_mutual);
    CHECK(each > 1000);
    CHECK(each <= (is_mutual ? 21 : 20) * 1024u);
}
