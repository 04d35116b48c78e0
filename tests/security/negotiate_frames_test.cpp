#include <security/negotiate_player.hpp>
#include <support/allocation_count.hpp>
#include <support/catch.hpp>
#include <support/fake_mechanism.hpp>

using namespace nettcp;
using namespace nettcp::security;

namespace {

/// Two players that have met.
struct couple {
    explicit couple(const fake_agreement& agreement = {})
        : client_fake(std::make_shared<fake_mechanism>(role::initiator, agreement)),
          client(role::initiator, client_fake),
          server(role::acceptor, std::make_shared<fake_mechanism>(role::acceptor, agreement)) {
        converse(client, server);
        REQUIRE(client.state() == "established");
        REQUIRE(server.state() == "established");
    }

    std::string client_writes(std::string_view text) {
        REQUIRE(client.engine->write(as_bytes(text)).has_value());
        return client.sends();
    }

    std::shared_ptr<fake_mechanism> client_fake;
    player client;
    player server;
};

}  // namespace

TEST_CASE("Negotiate frames what is written, at most 64,512 octets to a frame") {
    struct row {
        std::size_t size;
        std::vector<std::size_t> frames;
    };
    for (const bool elsewhere : {false, true}) {
        for (const auto& [size, frames] :
             {row{0, {}}, row{1, {1}}, row{64512, {64512}}, row{64513, {64512, 1}},
              row{200000, {64512, 64512, 64512, 6464}}}) {
            CAPTURE(size, elsewhere);
            couple both({.unwraps_elsewhere = elsewhere});
            std::string text(size, 'x');
            for (std::size_t i = 0; i < size; ++i)
                text[i] = static_cast<char>('a' + i % 23);
            const auto sent = hex(both.client_writes(text));
            std::vector<std::size_t> found;
            for (std::size_t at = 0; at < sent.size(); at += 9 + found.back())
                found.push_back((std::to_integer<std::size_t>(sent[at]) |
                                 std::to_integer<std::size_t>(sent[at + 1]) << 8) -
                                5);
            CHECK(found == frames);
            both.server.at_once = 1000;
            both.server.gets(sent);
            CHECK((both.server.plain == text));
            CHECK(both.server.engine->surplus().empty());
        }
    }
}

TEST_CASE("Negotiate reads a frame only when it is whole, and nothing behind it") {
    for (const bool elsewhere : {false, true}) {
        couple both({.unwraps_elsewhere = elsewhere});
        const std::string first = both.client_writes("first");
        const std::string second = both.client_writes("second");
        const auto octets = hex(first + second);
        const std::size_t first_size = first.size() / 2;
        for (std::size_t n = 0; n < octets.size(); ++n) {
            const std::size_t behind = n < first_size ? n : n - first_size;
            CHECK(both.server.engine->surplus().size() == behind);
            CHECK(both.server.plain == (n < first_size ? "" : "first"));
            both.server.gets(bytes_view(octets).subspan(n, 1));
        }
        CHECK(both.server.plain == "firstsecond");
    }
}

TEST_CASE("Negotiate keeps what was not read while more is received") {
    couple both;
    const std::string first = both.client_writes("0123456789");
    const auto octets = hex(first + both.client_writes("abc"));
    upgrade& server = *both.server.engine;
    std::string got;
    std::byte one;
    for (const std::byte octet : octets) {  // one octet in, at most one out
        server.input_space()[0] = octet;
        server.received(1);
        const auto read = server.read({&one, 1});
        REQUIRE(read.has_value());
        if (*read == 1)
            got += std::to_integer<char>(one);
        server.release_memory();
    }
    while (*server.read({&one, 1}) == 1)
        got += std::to_integer<char>(one);
    CHECK(got == "0123456789abc");
}

TEST_CASE("Negotiate skips frames that hold nothing") {
    couple both;
    // The fake's frame number 0 of the initiator, without octets, twice; then "x".
    both.server.gets("05000000 6946 00 00 2e");
    CHECK(both.server.state() == "established");
    both.server.gets("05000000 6946 01 01 2e");
    CHECK(both.server.plain.empty());
    both.client_writes("a");
    both.client_writes("b");
    both.server.gets(both.client_writes("x"));
    CHECK(both.server.plain == "x");
}

TEST_CASE("Negotiate refuses frames that are wrong in size or content") {
    struct row {
        const char* name;
        const char* octets;
        errc code;
        std::uint64_t at;  ///< behind the handshake's 8 octets
        std::uint32_t got;
    };
    constexpr row rows[] = {
        {"size 0", "00000000", errc::frame_size_invalid, 8, 0},
        {"size 4", "04000000", errc::frame_size_invalid, 8, 4},
        {"size 65537", "01000100", errc::frame_size_invalid, 8, 65537},
        {"a negative size", "ffffffff", errc::frame_size_invalid, 8, 0xffffffff},
        {"an error message of the handshake", "15010000080d030980ffffffff", errc::frame_invalid, 8,
         0},
        {"plain octets", "050000004946002e2e", errc::frame_invalid, 8, 0},
        {"octets not sealed", "05000000690000002e", errc::frame_not_sealed, 8, 0},
        {"a frame repeated", "05000000694600002e 05000000694600002e", errc::frame_out_of_sequence,
         19, 1},
        {"a frame altered", "06000000694600012e00", errc::frame_invalid, 11, 0x5a},
        {"a frame reflected", "05000000614600002e", errc::frame_invalid, 8, 0},
    };
    for (const row& r : rows) {
        CAPTURE(r.name);
        couple both;
        auto octets = hex(r.octets);
        if (octets[0] == std::byte{0x15})
            octets.resize(4 + 0x115);  // what its size says as a frame
        both.server.gets(octets);
        CHECK(both.server.state() == "failed");
        CHECK(both.server.failure() == r.code);
        CHECK(both.server.engine->failure().at == r.at);
        CHECK(both.server.engine->failure().got == r.got);
        CHECK(both.server.sends().empty());
        CHECK(both.server.engine->input_space().empty());
        CHECK(both.server.engine->write(as_bytes("x")).error().code == r.code);
    }
}

TEST_CASE("Negotiate gives what was plain before a frame that is wrong") {
    couple both;
    const auto octets = hex(both.client_writes("good") + "00000000");
    upgrade& server = *both.server.engine;
    std::ranges::copy(octets, server.input_space().begin());
    server.received(octets.size());
    std::byte into[64];
    CHECK(*server.read(into) == 4);
    CHECK(server.read(into).error().code == errc::frame_size_invalid);
}

TEST_CASE("Negotiate passes octets on as they are when nothing protects them") {
    couple both({.tokens = 3, .octets = framing_of_octets::raw});
    CHECK(both.client_writes("hello") == to_hex(as_bytes("hello")));
    both.server.gets(as_bytes("hello"));
    CHECK(both.server.plain == "hello");
    both.server.gets_eof();
    CHECK(both.server.state() == "established");
}

TEST_CASE("Negotiate fails with a mechanism that cannot protect, and sends nothing of it") {
    couple both;
    CHECK_FALSE(both.client_writes("one").empty());
    both.client_fake->fails_to_wrap = true;
    CHECK(both.client.engine->write(as_bytes("two")).error().code == errc::mechanism_failed);
    CHECK(both.client.engine->said() == "fake words");
    CHECK(both.client.sends().empty());
    CHECK(both.client.engine->next_event() == upgrade_event::failed);
}

TEST_CASE("Negotiate allocates nothing to carry octets once it has warmed up") {
    couple both;
    upgrade& client = *both.client.engine;
    upgrade& server = *both.server.engine;
    const std::string text(5000, 'x');
    std::byte into[3000];
    const auto carry = [&] {
        std::size_t got = 0;
        if (!client.write(as_bytes(text)))
            return got;
        for (bytes_view out = client.output(); !out.empty(); out = client.output()) {
            const auto space = server.input_space();
            const std::size_t size = std::min(out.size(), space.size());
            std::ranges::copy(out.first(size), space.begin());
            client.output_sent(size);
            server.received(size);
            for (auto n = server.read(into); n && *n != 0; n = server.read(into))
                got += *n;
        }
        return got;
    };
    for (int warm = 0; warm < 40; ++warm)
        CHECK(carry() == text.size());
    const std::size_t before = allocation_count();
    std::size_t got = 0;
    for (int i = 0; i < 50; ++i)
        got += carry();
    CHECK(allocation_count() == before);
    CHECK(got == 50 * text.size());
}
