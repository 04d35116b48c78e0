#include <security/negotiate_player.hpp>
#include <support/catch.hpp>
#include <support/fake_mechanism.hpp>

using namespace nettcp;
using namespace nettcp::security;

namespace {

std::shared_ptr<fake_mechanism> fake(role side, fake_agreement agreement = {}) {
    return std::make_shared<fake_mechanism>(side, std::move(agreement));
}

player play(role side, fake_agreement agreement = {}, const negotiate_limits& limits = {}) {
    return player(side, fake(side, std::move(agreement)), limits);
}

/// The message that tells the peer that its token is invalid.
const std::string invalid_token = "150100000808030980ffffffff";

}  // namespace

TEST_CASE("Negotiate carries sequences of any length") {
    struct sequence {
        unsigned tokens;
        const char* client;
        const char* server;
    };
    constexpr sequence sequences[] = {
        {1, "140100000354012e", "1401000000"},  // Kerberos that is not mutual
        {2, "160100000354012e", "140100000354022e"},  // Kerberos
        {3, "160100000354012e140100000354032e", "160100000354022e1401000000"},  // NTLM
        {4, "160100000354012e160100000354032e", "160100000354022e140100000354042e"},
        {6, "160100000354012e160100000354032e160100000354052e",
         "160100000354022e160100000354042e140100000354062e"},
    };
    for (const auto& [tokens, said_by_client, said_by_server] : sequences) {
        CAPTURE(tokens);
        player client = play(role::initiator, {.tokens = tokens});
        player server = play(role::acceptor, {.tokens = tokens});
        std::string client_said = client.sends();
        std::string server_said;
        for (int turn = 0; turn < 8; ++turn) {
            const std::string heard = server.sends();
            server_said += heard;
            client.gets(heard);
            const std::string said = turn == 0 ? client_said : client.sends();
            client_said += turn == 0 ? "" : said;
            server.gets(said);
        }
        CHECK(client_said == said_by_client);
        CHECK(server_said == said_by_server);
        CHECK(client.state() == "established");
        CHECK(server.state() == "established");
        CHECK(client.steps + server.steps == tokens + 1);
        CHECK(client.engine->peer().mechanism == "Fake");
    }
}

TEST_CASE("Negotiate ignores version numbers") {
    player server = play(role::acceptor);
    CHECK(server.gets("16 ff 07 0003 54012e").state() == "established");
}

TEST_CASE("Negotiate takes what follows the acceptor's done message for protected octets") {
    player client = play(role::initiator);
    player server = play(role::acceptor);
    server.gets(client.sends());
    REQUIRE(server.engine->write(as_bytes("early")).has_value());
    CHECK(client.gets(server.sends()).plain == "early");
}

TEST_CASE("Negotiate tells a peer that breaks the handshake's rules, and stops") {
    struct breach {
        const char* name;
        role side;
        unsigned tokens;
        const char* octets;
        errc code;
        std::uint64_t at;
        std::uint32_t got;
        bool is_told;
    };
    const breach breaches[] = {
        {"a message that does not exist", role::acceptor, 2, "17", errc::handshake_message_unknown,
         0, 0x17, true},
        {"no message at all", role::initiator, 2, "0b", errc::handshake_message_unknown, 0, 0x0b,
         true},
        {"the second message does not exist", role::acceptor, 4, "16 0100 0003 54012e 00",
         errc::handshake_message_unknown, 8, 0, true},
        {"a token of no octets", role::acceptor, 2, "16 0100 0000", errc::handshake_out_of_order, 0,
         0x16, true},
        {"done too early", role::initiator, 4, "14 0100 0000", errc::handshake_out_of_order, 0,
         0x14, false},
        {"done with a token too early", role::initiator, 4, "14 0100 0003 54022e",
         errc::handshake_out_of_order, 8, 0x14, false},
        {"the initiator is done too early", role::acceptor, 4, "14 0100 0003 54012e",
         errc::handshake_out_of_order, 8, 0x14, true},
        {"going on with a context that is complete", role::initiator, 1, "16 0100 0003 54022e",
         errc::handshake_out_of_order, 0, 0x16, true},
        {"done, though the initiator still has a token", role::initiator, 3, "14 0100 0003 54022e",
         errc::handshake_out_of_order, 8, 0x14, false},
    };
    for (const breach& b : breaches) {
        CAPTURE(b.name);
        player us = play(b.side, {.tokens = b.tokens});
        us.sends();
        us.gets(b.octets);
        CHECK(us.state() == "failed");
        CHECK(us.failure() == b.code);
        CHECK(us.engine->failure().at == b.at);
        CHECK(us.engine->failure().got == b.got);
        const std::string said = us.sends();
        if (b.is_told)
            CHECK(said.ends_with(invalid_token));
        else
            CHECK(said.empty());
        CHECK(us.engine->input_space().empty());
        CHECK(us.engine->peer().mechanism.empty());
    }
}

TEST_CASE("Negotiate bounds tokens, messages, and what is held") {
    SECTION("all tokens together") {
        player server = play(role::acceptor, {.tokens = 6}, {.max_tokens_size = 5});
        server.gets("16 0100 0003 54012e");
        CHECK(server.state().empty());
        server.gets("16 0100 0003");
        CHECK(server.failure() == errc::handshake_message_too_large);
        CHECK(server.engine->failure().at == 11);
        CHECK(server.engine->failure().got == 3);
        CHECK(server.sends().ends_with(invalid_token));
    }
    SECTION("a single token of the largest size") {
        player client = play(role::initiator, {.token_size = 65535});
        player server = play(role::acceptor, {.token_size = 65535});
        converse(client, server);
        CHECK(client.state() == "established");
        CHECK(server.state() == "established");
    }
    SECTION("a token too large for a message is the mechanism's fault") {
        player client = play(role::initiator, {.token_size = 65536});
        CHECK(client.failure() == errc::mechanism_failed);
        CHECK(client.sends() == "150100000804030980ffffffff");
    }
    SECTION("messages") {
        player server = play(role::acceptor, {.tokens = 100}, {.max_messages = 3});
        for (const char* message :
             {"16 0100 0003 54012e", "16 0100 0003 54032e", "16 0100 0003 54052e"})
            CHECK(server.gets(message).state().empty());
        server.gets("16");
        CHECK(server.failure() == errc::too_many_handshake_messages);
        CHECK(server.engine->failure().got == 4);
    }
    SECTION("octets while a step is out") {
        const auto engine = make_negotiate_upgrade(role::initiator, fake(role::initiator),
                                                   {.max_tokens_size = 1000});
        REQUIRE(engine->next_event() == upgrade_event::step_wanted);
        auto step = engine->take_step();
        std::size_t size = 0;
        for (auto space = engine->input_space(); !space.empty(); space = engine->input_space()) {
            size += space.size();
            engine->received(space.size());
            REQUIRE(size < 200'000);
        }
        CHECK(engine->next_event() == upgrade_event::failed);
        CHECK(engine->failure().code == errc::surplus_octets);
        step->run();
        engine->stepped(std::move(step));  // too late
        CHECK(engine->next_event() == upgrade_event::none);
        CHECK(engine->output().empty());
    }
}

TEST_CASE("Negotiate reads error messages of every age") {
    struct message {
        const char* octets;
        errc code;
        std::uint32_t got;
        const char* said;
    };
    constexpr message messages[] = {
        {"15 0100 0008 04030980ffffffff", errc::peer_said_logon_failed, 0x80090304,
         "0x80090304 SEC_E_INTERNAL_ERROR"},
        {"15 0100 0008 000000008009030c", errc::peer_said_logon_failed, 0x8009030c,
         "0x8009030C SEC_E_LOGON_DENIED"},
        {"15 0100 0008 fe06000000000000", errc::peer_said_level_too_low, 0x6fe,
         "0x000006FE ERROR_TRUST_FAILURE"},
        {"15 0100 0008 00000000000006fe", errc::peer_said_level_too_low, 0x6fe,
         "0x000006FE ERROR_TRUST_FAILURE"},
        {"15 0100 0008 0d030980ffffffff", errc::peer_said_no_credentials, 0x8009030d,
         "0x8009030D SEC_E_UNKNOWN_CREDENTIALS"},
        {"15 0100 0008 08030980ffffffff", errc::peer_said_token_invalid, 0x80090308,
         "0x80090308 SEC_E_INVALID_TOKEN"},
        {"15 0100 0008 0100000000000000", errc::peer_said_failure, 1, "0x00000001"},
        {"15 0000 0000", errc::peer_said_failure, 0, ""},
        {"15 0100 0004 04030980", errc::peer_said_failure, 0, ""},
        // No more is waited for than is read.
        {"15 0100 ffff 04030980ffffffff", errc::peer_said_logon_failed, 0x80090304,
         "0x80090304 SEC_E_INTERNAL_ERROR"},
    };
    for (const auto& [octets, code, got, said] : messages) {
        CAPTURE(octets);
        for (const role side : {role::initiator, role::acceptor}) {
            player us = play(side);
            us.sends();
            const auto whole = hex(octets);
            us.gets(bytes_view(whole).first(whole.size() - 1));
            CHECK(us.state().empty());
            us.gets(bytes_view(whole).last(1));
            CHECK(us.state() == "failed");
            CHECK(us.failure() == code);
            CHECK(us.failure() == cause::refused);
            CHECK(us.engine->failure().got == got);
            CHECK(us.engine->said() == said);
            CHECK(us.sends().empty());
        }
    }
}

TEST_CASE("Negotiate tells the peer why its own mechanism failed") {
    SECTION("at the initiator's first step") {
        player client = play(role::initiator, {.failing_step = 1});
        CHECK(client.state() == "failed");
        CHECK(client.failure() == errc::no_ticket);
        CHECK(client.engine->failure().got == 7);
        CHECK(client.engine->said() == "fake words");
        CHECK(client.sends() == "15010000080d030980ffffffff");
    }
    SECTION("at the acceptor, with a positive code") {
        player server = play(role::acceptor, {.failing_step = 1, .peer_code = 0x6fe});
        server.gets("16 0100 0003 54012e");
        CHECK(server.sends() == "1501000008fe06000000000000");
        CHECK(server.engine->failure().at == 8);
    }
    SECTION("at the acceptor, without a code") {
        player server = play(role::acceptor, {.failing_step = 1, .peer_code = 0});
        server.gets("16 0100 0003 54012e");
        CHECK(server.sends() == "150100000804030980ffffffff");
    }
    SECTION(
        "at the initiator when the acceptor is done: what it said now would be taken for data") {
        player client = play(role::initiator, {.failing_step = 2});
        client.sends();
        client.gets("14 0100 0003 54022e");
        CHECK(client.failure() == errc::no_ticket);
        CHECK(client.sends().empty());
    }
}

TEST_CASE("Negotiate leaves nothing behind when it goes away while a step is out") {
    const auto by = fake(role::initiator);
    auto engine = make_negotiate_upgrade(role::initiator, by);
    REQUIRE(engine->next_event() == upgrade_event::step_wanted);
    auto step = engine->take_step();
    CHECK(engine->take_step() == nullptr);
    CHECK(engine->next_event() == upgrade_event::none);
    engine.reset();
    step->run();
    CHECK(step->result.outcome == step_outcome::continue_needed);
    step.reset();
    CHECK(by.use_count() == 1);
}
