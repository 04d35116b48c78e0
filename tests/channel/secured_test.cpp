#include <channel/pair.hpp>
#include <channel/secured_framing.hpp>
#include <support/catch.hpp>
#include <support/fake_upgrade.hpp>
#include <support/hex.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>

#include <optional>

using namespace nettcp;
using namespace nettcp::channel;
using events = std::vector<event_type>;

namespace {

/// Two sides whose sessions run inside a fake upgrade. Steps are run when the test says so.
struct secured_pair {
    explicit secured_pair(fake_agreement agreement = {}, std::size_t step_size = 65536,
                          const session_options& options = {})
        : callers(std::make_shared<fake_factory>(security::role::initiator, agreement)),
          hosts(std::make_shared<fake_factory>(security::role::acceptor, agreement)),
          caller(role::initiator, options),
          host(role::acceptor, options),
          step(step_size) {}

    struct side {
        side(role which, const session_options& options) : session(which, options) {}

        duplex_session session;
        std::vector<event_type> events;
        std::vector<std::string> texts;
        std::vector<std::byte> sent;
        std::uint64_t retired = 0;  ///< as a shell counts: by what `output_size()` shrinks
        std::unique_ptr<security::mechanism_step> waiting;
    };

    std::shared_ptr<const fake_factory> callers;
    std::shared_ptr<const fake_factory> hosts;
    side caller;
    side host;
    std::size_t step;
    bool runs_steps = true;
    security::shared_upgrade_factory required{hosts};

    void note(side& at, event_type what) {
        at.events.push_back(what);
        if (what == event_type::preamble_addressed)
            at.session.accept_preamble(framing::encoding::binary_session, required);
        if (what == event_type::message_arrived) {
            message m = at.session.take_message();
            at.texts.push_back(text_of(m));
        }
        if (what == event_type::step_wanted) {
            at.waiting = at.session.take_step();
            if (runs_steps)
                run_step(at);
        }
    }

    static void run_step(side& at) {
        REQUIRE(at.waiting != nullptr);
        at.waiting->run();
        at.session.stepped(std::move(at.waiting));
    }

    void drain(side& at) {
        for (event_type what = at.session.next_event(); what != event_type::none;
             what = at.session.next_event())
            note(at, what);
    }

    /// Takes what a side wants to send, some octets at a time, and keeps the shell's books.
    std::vector<std::byte> take(side& from) {
        std::vector<std::byte> all;
        for (bytes_view out = from.session.output(); !out.empty(); out = from.session.output()) {
            out = out.first(std::min(out.size(), step));
            all.insert(all.end(), out.begin(), out.end());
            const std::size_t before = from.session.output_size();
            from.session.output_sent(out.size());
            REQUIRE(from.session.output_size() <= before);
            from.retired += before - from.session.output_size();
        }
        from.sent.insert(from.sent.end(), all.begin(), all.end());
        return all;
    }

    void give(side& to, bytes_view octets) {
        feed(to.session, octets, [&](event_type what) { note(to, what); }, step);
    }

    bool move(side& from, side& to) {
        drain(from);
        const auto octets = take(from);
        give(to, octets);
        drain(to);
        return !octets.empty();
    }

    void run() {
        while (move(caller, host) || move(host, caller)) {
        }
    }

    void begin() {
        REQUIRE(caller.session.open(some_via, framing::encoding::binary_session, {}, callers)
                    .has_value());
    }

    void open() {
        begin();
        run();
        REQUIRE(caller.session.is_open());
        REQUIRE(host.session.is_open());
    }

    void close() {
        caller.session.end();
        run();
        host.session.end();
        run();
        REQUIRE(caller.session.is_closed());
        REQUIRE(host.session.is_closed());
    }
};

const std::string preamble_hex = "000100"
                                 "0102"
                                 "0222" +
                                 to_hex(as_bytes(some_via)) + "0308";
const std::string request_hex =
    "0915" + to_hex(as_bytes(std::string_view("application/negotiate")));

bool contains(const std::vector<std::byte>& octets, std::string_view text) {
    return as_text(octets).find(text) != std::string_view::npos;
}

}  // namespace

TEST_CASE("A session within an upgrade sends each octet in its turn") {
    secured_pair pair;
    pair.begin();
    CHECK(pair.caller.session.current_phase() == phase::upgrading);
    auto octets = pair.take(pair.caller);
    CHECK(to_hex(octets) == preamble_hex + request_hex);
    CHECK(pair.take(pair.caller).empty());  // nothing more before the answer

    pair.give(pair.host, octets);
    pair.drain(pair.host);
    CHECK(pair.host.session.current_phase() == phase::authenticating);
    octets = pair.take(pair.host);
    CHECK(to_hex(octets) == "0a");

    pair.give(pair.caller, octets);
    pair.drain(pair.caller);
    CHECK(pair.caller.session.current_phase() == phase::authenticating);
    octets = pair.take(pair.caller);
    CHECK(to_hex(octets) == "1601000003"
                            "54012e");
    pair.give(pair.host, octets);
    pair.drain(pair.host);
    CHECK(pair.host.session.current_phase() == phase::secured);
    CHECK(pair.host.session.peer() != nullptr);
    octets = pair.take(pair.host);
    CHECK(to_hex(octets) == "1401000003"
                            "54022e");

    pair.give(pair.caller, octets);
    pair.drain(pair.caller);
    CHECK(pair.caller.session.current_phase() == phase::secured);
    octets = pair.take(pair.caller);
    REQUIRE(octets.size() == 10);  // one frame with the end of the preamble
    CHECK(to_hex(bytes_view(octets).first(7)) == "06000000"
                                                 "694600");

    pair.give(pair.host, octets);
    pair.run();
    CHECK(pair.caller.session.is_open());
    CHECK(pair.host.session.is_open());
    CHECK(pair.caller.events ==
          events{event_type::step_wanted, event_type::step_wanted, event_type::opened});
    CHECK(pair.host.events ==
          events{event_type::preamble_addressed, event_type::step_wanted, event_type::opened});
}

TEST_CASE("Sessions within upgrades carry messages and follow one another on a connection") {
    for (const auto octets :
         {security::framing_of_octets::frames, security::framing_of_octets::raw}) {
        for (const unsigned tokens : {1u, 2u, 3u, 4u}) {
            for (const std::size_t step : {std::size_t{65536}, std::size_t{1}, std::size_t{7}}) {
                fake_agreement agreement;
                agreement.tokens = tokens;
                agreement.octets = octets;
                agreement.who.name = "alice";
                secured_pair pair(agreement, step);
                for (int n = 0; n != 3; ++n) {
                    pair.open();
                    REQUIRE(pair.host.session.peer() != nullptr);
                    CHECK(pair.host.session.peer()->name == "alice");
                    REQUIRE(send_text(pair.caller.session, "to the host").has_value());
                    REQUIRE(send_text(pair.host.session, "to the caller").has_value());
                    pair.run();
                    CHECK(pair.host.texts.size() == static_cast<std::size_t>(n + 1));
                    CHECK(pair.caller.texts.size() == static_cast<std::size_t>(n + 1));
                    pair.close();
                    CHECK(pair.host.session.peer() == nullptr);
                    CHECK(pair.caller.session.peer() == nullptr);
                    CHECK(pair.caller.session.output_size() == 0);
                    CHECK(pair.host.session.output_size() == 0);
                }
                const bool is_raw = octets == security::framing_of_octets::raw;
                CHECK(contains(pair.caller.sent, "to the host") == is_raw);
                CHECK(contains(pair.caller.sent, some_via));
            }
        }
    }
}

TEST_CASE("The books of queued output are kept in octets before protection") {
    secured_pair pair;
    pair.open();
    const std::uint64_t before = pair.caller.retired;
    const std::string text(300'000, 'x');
    REQUIRE(send_text(pair.caller.session, text).has_value());
    const std::size_t queued = pair.caller.session.output_size();
    CHECK(queued > text.size());
    const auto part = pair.caller.session.output();
    CHECK(pair.caller.session.output_size() == queued);
    REQUIRE(part.size() > 200'000);
    const std::byte* const front = part.data();
    pair.caller.session.output_sent(100);
    CHECK(pair.caller.session.output().data() == front + 100);  // it stays where it is
    CHECK(pair.caller.session.output_size() <= queued);
    pair.caller.retired += queued - pair.caller.session.output_size();
    pair.take(pair.caller);
    CHECK(pair.caller.session.output_size() == 0);
    CHECK(pair.caller.retired - before == queued);
}

TEST_CASE("Octets in clear around an upgrade are refused") {
    secured_pair pair;
    SECTION("behind the request, before its answer") {
        pair.begin();
        auto octets = pair.take(pair.caller);
        octets.push_back(std::byte{0x0c});
        pair.give(pair.host, octets);
        CHECK(pair.host.events.back() == event_type::failed);
        CHECK(pair.host.session.failure().code == framing::errc::octets_before_upgrade_answer);
        CHECK(pair.take(pair.host).empty());
    }
    SECTION("behind the answer, for the handshake to judge") {
        pair.begin();
        pair.give(pair.host, pair.take(pair.caller));
        pair.drain(pair.host);
        auto octets = pair.take(pair.host);
        octets.push_back(std::byte{0x0b});
        pair.give(pair.caller, octets);
        pair.drain(pair.caller);
        CHECK(pair.caller.events.back() == event_type::failed);
        CHECK(pair.caller.session.failure().code == security::errc::handshake_message_unknown);
    }
    SECTION("records in clear instead of frames") {
        pair.open();
        pair.give(pair.host, hex("07"));
        pair.give(pair.host, hex("070707"));
        CHECK(pair.host.events.back() == event_type::failed);
        CHECK(pair.host.session.failure().code == security::errc::frame_size_invalid);
        CHECK(pair.host.session.failure().code != framing::errc::record_not_allowed);
    }
}

TEST_CASE("A caller without the upgrade that an endpoint requires is turned away") {
    secured_pair pair;
    REQUIRE(pair.caller.session.open(some_via, framing::encoding::binary_session).has_value());
    pair.run();
    CHECK(pair.host.events.back() == event_type::failed);
    CHECK(pair.host.session.failure().code == framing::errc::upgrade_required);
    CHECK_FALSE(pair.host.session.drain_after_failure());
    CHECK(pair.host.sent.empty());
}

TEST_CASE("An upgrade is required anew on a connection that had one") {
    secured_pair pair;
    pair.open();
    pair.close();
    pair.host.sent.clear();
    REQUIRE(pair.caller.session.open(some_via, framing::encoding::binary_session).has_value());
    pair.run();
    CHECK(pair.host.events.back() == event_type::failed);
    CHECK(pair.host.session.failure().code == framing::errc::upgrade_required);
    CHECK(pair.host.sent.empty());
}

TEST_CASE("A service that skips the upgrade is not believed") {
    secured_pair pair;
    SECTION("at first") {}
    SECTION("on a connection that had one") {
        pair.open();
        pair.close();
    }
    pair.begin();
    pair.take(pair.caller);
    pair.give(pair.caller, hex("0b"));
    CHECK(pair.caller.events.back() == event_type::failed);
    CHECK(pair.caller.session.failure().code == framing::errc::record_not_allowed);
    CHECK(pair.take(pair.caller).empty());
}

TEST_CASE("Upgrades that an endpoint does not have are refused with a fault") {
    secured_pair pair;
    SECTION("it has none") {
        pair.required = nullptr;
    }
    SECTION("it has another") {
        pair.required = std::make_shared<fake_factory>(security::role::acceptor, fake_agreement{},
                                                       "application/ssl-tls");
    }
    pair.begin();
    pair.run();
    CHECK(pair.host.session.failure().code == framing::errc::upgrade_invalid);
    CHECK(pair.host.session.drain_after_failure());
    CHECK(pair.caller.session.failure().code == framing::errc::peer_said_upgrade_invalid);
    CHECK(pair.caller.session.peer_fault().ends_with("UpgradeInvalid"));
}

TEST_CASE("A service that closes instead of answering has refused the upgrade") {
    secured_pair pair;
    pair.begin();
    pair.take(pair.caller);
    pair.caller.session.received_eof();
    pair.drain(pair.caller);
    CHECK(pair.caller.session.failure().code == framing::errc::upgrade_refused);
}

TEST_CASE("A failed step tells the peer and says why") {
    fake_agreement fails;
    fails.failing_step = 1;
    secured_pair pair;
    const bool by_caller = GENERATE(true, false);
    const auto side = by_caller ? security::role::initiator : security::role::acceptor;
    const auto bad = std::make_shared<fake_factory>(side, fails);
    if (by_caller)
        pair.callers = bad;
    else
        pair.required = bad;
    pair.begin();
    pair.run();
    auto& ours = by_caller ? pair.caller : pair.host;
    auto& theirs = by_caller ? pair.host : pair.caller;
    CHECK(ours.events.back() == event_type::failed);
    CHECK(ours.session.failure().code == security::errc::no_ticket);
    CHECK(ours.session.said() == "fake words");
    CHECK(ours.session.drain_after_failure() == false);  // by now all has been sent
    CHECK(ours.session.finished());
    CHECK(theirs.session.failure().code == security::errc::peer_said_no_credentials);
    CHECK_FALSE(theirs.session.said().empty());
    CHECK(ours.session.peer() == nullptr);
    CHECK(theirs.session.peer() == nullptr);
}

TEST_CASE("A side whose step is out reads nothing, and may go") {
    secured_pair pair;
    pair.runs_steps = false;
    pair.begin();
    pair.run();
    REQUIRE(pair.caller.waiting != nullptr);
    CHECK_FALSE(pair.caller.session.wants_input());
    CHECK(pair.caller.session.next_event() == event_type::none);
    std::unique_ptr<security::mechanism_step> left;
    SECTION("the step comes back") {
        pair.runs_steps = true;
        secured_pair::run_step(pair.caller);
        pair.run();
        CHECK(pair.caller.session.is_open());
    }
    SECTION("the session goes first") {
        left = std::move(pair.caller.waiting);
        pair.caller.session = duplex_session(role::initiator, {});
        left->run();
        CHECK(left->result.outcome == security::step_outcome::continue_needed);
    }
}

TEST_CASE("Octets that fail their check end the session") {
    secured_pair pair;
    pair.open();
    REQUIRE(send_text(pair.caller.session, "good").has_value());
    auto octets = pair.take(pair.caller);
    octets[20] ^= std::byte{1};
    pair.give(pair.host, octets);
    CHECK(pair.host.events.back() == event_type::failed);
    CHECK(pair.host.session.failure().code == security::errc::frame_invalid);
    CHECK(pair.host.texts.empty());
    CHECK(pair.take(pair.host).empty());
}

TEST_CASE("Octets that cannot be protected end the session when they are to be sent") {
    secured_pair pair;
    pair.open();
    pair.callers->last->fails_to_wrap = true;
    REQUIRE(send_text(pair.caller.session, "never sent").has_value());
    CHECK_FALSE(pair.caller.session.failure_untold());
    CHECK(pair.take(pair.caller).empty());
    CHECK(pair.caller.session.failure_untold());
    pair.drain(pair.caller);
    CHECK(pair.caller.events.back() == event_type::failed);
    CHECK(pair.caller.session.failure().code == security::errc::mechanism_failed);
    CHECK_FALSE(pair.caller.session.failure_untold());
}

TEST_CASE("An end of stream stands for no end record within an upgrade") {
    secured_pair pair;
    pair.open();
    REQUIRE(send_text(pair.caller.session, "one").has_value());
    pair.run();
    pair.host.session.received_eof();
    pair.drain(pair.host);
    CHECK(pair.host.events.back() == event_type::failed);
    CHECK(pair.host.session.failure().code == framing::errc::premature_end);
}

TEST_CASE("A peer may leave with its end record, and the end of the stream behind it") {
    secured_pair pair;
    pair.open();
    pair.caller.session.end();
    pair.give(pair.host, pair.take(pair.caller));
    CHECK(pair.host.events.back() == event_type::peer_ended);
    REQUIRE(send_text(pair.host.session, "late").has_value());
    pair.host.session.end();
    pair.run();
    CHECK(pair.caller.texts == std::vector<std::string>{"late"});
    CHECK(pair.host.events.back() == event_type::closed);
    pair.host.session.received_eof();
    pair.drain(pair.host);
    CHECK(pair.host.events.back() == event_type::closed);
    CHECK(pair.host.session.finished());
}

TEST_CASE("What a peer's TLS says after the session ends the connection in peace") {
    secured_pair pair;
    pair.open();
    const auto alert = hex("1503030002"
                           "0100");
    SECTION("later") {
        pair.close();
        pair.give(pair.host, alert);
    }
    SECTION("at once") {
        pair.caller.session.end();
        auto octets = pair.take(pair.caller);
        octets.insert(octets.end(), alert.begin(), alert.end());
        pair.give(pair.host, octets);
        pair.host.session.end();
        pair.run();
    }
    CHECK(pair.host.events.back() == event_type::closed);
    CHECK(pair.host.session.finished());
    CHECK_FALSE(pair.host.session.wants_input());
}

TEST_CASE("The next preamble may follow the end of the session before in the same octets") {
    secured_pair pair;
    pair.open();
    pair.caller.session.end();
    auto octets = pair.take(pair.caller);
    duplex_session next(role::initiator, {});
    REQUIRE(next.open(some_via, framing::encoding::binary_session, {}, pair.callers).has_value());
    const auto preamble = take_output(next);
    octets.insert(octets.end(), preamble.begin(), preamble.end());
    pair.give(pair.host, octets);
    CHECK(pair.host.events.back() == event_type::peer_ended);
    pair.host.session.end();
    pair.drain(pair.host);
    CHECK(pair.host.session.current_phase() == phase::authenticating);
    const auto answer = pair.take(pair.host);
    REQUIRE(answer.size() == 11);  // the end record in its frame, and the answer in clear
    CHECK(answer.back() == std::byte{0x0a});
}

TEST_CASE("A fault within an upgrade is protected like everything else") {
    session_options narrow;
    narrow.framing.max_message_size = 1000;
    secured_pair pair({}, 65536, narrow);
    pair.open();
    pair.host.sent.clear();
    REQUIRE(send_text(pair.caller.session, std::string(2000, 'x')).has_value());
    pair.run();
    CHECK(pair.host.session.failure().code == framing::errc::envelope_too_large);
    CHECK(pair.caller.session.failure().code == framing::errc::peer_said_max_message_size_exceeded);
    CHECK_FALSE(contains(pair.host.sent, "MaxMessageSize"));
}

TEST_CASE("A mode whose preamble has no end gets nothing past a required upgrade") {
    secured_framing host(framing::role::acceptor, {});
    const auto octets = hex("000100 0104 020d 6e65742e7463703a2f2f682f73 0308" + std::string("41"));
    std::ranges::copy(octets, host.input_space().begin());
    host.received(octets.size());
    REQUIRE(host.next_event().type == framing::event_type::addressed);
    host.require(std::make_shared<fake_factory>(security::role::acceptor));
    CHECK(host.next_event().type == framing::event_type::none);
    CHECK(host.failure().code == framing::errc::upgrade_required);
}
