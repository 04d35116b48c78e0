#include <channel/pair.hpp>
#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/channel/duplex_session.hpp>
#include <nettcp/base/errc.hpp>
#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

using namespace nettcp;
using namespace nettcp::channel;
using events = std::vector<event_type>;

TEST_CASE("Sessions open, carry messages both ways and close") {
    for (const std::size_t step : {std::size_t{65536}, std::size_t{1}}) {
        session_pair pair({}, step);
        CHECK(pair.initiator.session.current_phase() == phase::idle);
        CHECK(pair.acceptor.session.current_phase() == phase::idle);
        REQUIRE(
            pair.initiator.session.open(some_via, framing::encoding::binary_session).has_value());
        CHECK(pair.initiator.session.current_phase() == phase::opening);
        pair.run();
        CHECK(pair.initiator.events == events{event_type::opened});
        CHECK(pair.acceptor.events == events{event_type::preamble_addressed, event_type::opened});
        CHECK(pair.acceptor.session.preamble().via == some_via);
        CHECK(pair.acceptor.session.preamble().mode == framing::mode::duplex);
        CHECK(pair.acceptor.session.preamble().content_type == "application/soap+msbinsession1");
        CHECK(pair.acceptor.session.current_phase() == phase::open);

        for (const std::string text : {"one", "two", "three"})
            REQUIRE(send_text(pair.initiator.session, text).has_value());
        REQUIRE(send_text(pair.acceptor.session, "four").has_value());
        pair.run();
        for (const std::string text : {"one", "two", "three"})
            CHECK(session_pair::next_text(pair.acceptor) == text);
        CHECK(session_pair::next_text(pair.initiator) == "four");

        pair.initiator.session.end();
        pair.run();
        CHECK(pair.acceptor.events.back() == event_type::peer_ended);
        CHECK(pair.acceptor.session.current_phase() == phase::closing);
        CHECK_FALSE(pair.initiator.session.is_open());
        REQUIRE(pair.acceptor.session.is_open());
        REQUIRE(send_text(pair.acceptor.session, "late").has_value());
        pair.acceptor.session.end();
        pair.run();
        CHECK(session_pair::next_text(pair.initiator) == "late");
        CHECK(pair.initiator.events.back() == event_type::closed);
        CHECK(pair.acceptor.events.back() == event_type::closed);
        CHECK(pair.initiator.session.is_closed());
        CHECK(pair.acceptor.session.is_closed());
        CHECK(pair.acceptor.session.current_phase() == phase::idle);
    }
}

TEST_CASE("A connection carries one session after another, each with new dictionaries") {
    session_pair pair;
    std::vector<std::byte> first;
    for (int n = 0; n < 3; ++n) {
        pair.initiator.sent.clear();
        pair.open();
        REQUIRE(send_text(pair.initiator.session, "again").has_value());
        pair.run();
        CHECK(session_pair::next_text(pair.acceptor) == "again");
        pair.initiator.session.end();
        pair.acceptor.session.end();
        pair.run();
        REQUIRE(pair.acceptor.session.is_closed());
        if (n == 0)
            first = pair.initiator.sent;
        CHECK(pair.initiator.sent == first);
    }
}

TEST_CASE("A second session may begin in the octets that end the first") {
    session_pair pair;
    pair.open();
    pair.initiator.session.end();
    auto octets = take_output(pair.initiator.session);
    duplex_session next(role::initiator, {});
    REQUIRE(next.open(some_via, framing::encoding::binary_session).has_value());
    const auto preamble = take_output(next);
    octets.insert(octets.end(), preamble.begin(), preamble.end());

    duplex_session& acceptor = pair.acceptor.session;
    events seen;
    feed(acceptor, octets, [&](event_type what) { seen.push_back(what); });
    CHECK(seen == events{event_type::peer_ended});
    acceptor.end();
    for (event_type what = acceptor.next_event(); what != event_type::none;
         what = acceptor.next_event()) {
        seen.push_back(what);
        if (what == event_type::preamble_addressed)
            acceptor.accept_preamble();
    }
    CHECK(seen == events{event_type::peer_ended, event_type::closed, event_type::preamble_addressed,
                         event_type::opened});
    CHECK(to_hex(take_output(acceptor)) == "070b");
}

TEST_CASE("Session dictionaries learn a string once") {
    session_pair pair;
    pair.open();
    std::vector<std::size_t> sizes;
    for (int n = 0; n < 3; ++n) {
        pair.initiator.sent.clear();
        REQUIRE(send_text(pair.initiator.session, "x").has_value());
        pair.run();
        sizes.push_back(pair.initiator.sent.size());
        CHECK(session_pair::next_text(pair.acceptor) == "x");
    }
    CHECK(sizes[0] > sizes[1]);
    CHECK(sizes[1] == sizes[2]);
}

TEST_CASE("Strings beyond the budget of the session dictionary are written out") {
    session_pair pair;
    pair.open();
    for (int n = 0; n < 200; ++n) {
        const std::string action =
            "urn:echo/an-action-with-a-rather-long-name/" + std::to_string(n);
        REQUIRE(send_text(pair.initiator.session, action,
                          nbfx::dictionary_string{action, nbfx::no_static_id})
                    .has_value());
        pair.run();
        REQUIRE(pair.acceptor.messages.size() == 1);
        CHECK(pair.acceptor.messages.front().headers().action == action);
        CHECK(session_pair::next_text(pair.acceptor) == action);
    }
}

TEST_CASE("A message that fails leaves nothing behind") {
    session_pair reference;
    reference.open();
    reference.initiator.sent.clear();
    REQUIRE(send_text(reference.initiator.session, "good").has_value());
    reference.run();

    session_pair pair;
    pair.open();
    pair.initiator.sent.clear();
    duplex_session& from = pair.initiator.session;
    SECTION("for an element left open") {
        from.begin_message({.action = "urn:other"_dict}).start_element("", "Open"_dict, "");
        CHECK(from.end_message().error().code == nbfx::errc::write_element_open);
    }
    SECTION("for an element too many closed") {
        from.begin_message({.action = "urn:other"_dict}).end_element();
        CHECK(from.end_message().has_error());
    }
    SECTION("for a failure of the caller's own") {
        from.begin_message({.action = "urn:other"_dict})
            .fail(make_error_code(base_errc::invalid_argument));
        CHECK(from.end_message().error().code == base_errc::invalid_argument);
    }
    SECTION("for lack of an action") {
        from.begin_message({});
        CHECK(from.end_message().error().code == soap::errc::action_empty);
    }
    SECTION("abandoned") {
        from.begin_message({.action = "urn:other"_dict}).start_element("", "Open"_dict, "");
        from.abandon_message();
    }
    SECTION("abandoned under the hands of its writer") {
        nbfx::writer& late = from.begin_message({.action = "urn:other"_dict});
        from.abandon_message();
        late.start_element("", "Late"_dict, "");
        late.text(std::string(10'000, 'x'));
        CHECK_FALSE(late.ok());
    }
    SECTION("abandoned by an exception") {
        const auto broken = [](nbfx::writer&) { throw std::runtime_error("broken"); };
        CHECK_THROWS(from.begin_message({.action = "urn:other"_dict}, broken));
    }
    SECTION("abandoned for the next one") {
        from.begin_message({.action = "urn:other"_dict}).start_element("", "Open"_dict, "");
    }
    SECTION("never begun") {
        CHECK(from.end_message().error().code == base_errc::invalid_state);
    }
    REQUIRE(send_text(from, "good").has_value());
    pair.run();
    CHECK(to_hex(pair.initiator.sent) == to_hex(reference.initiator.sent));
    CHECK(session_pair::next_text(pair.acceptor) == "good");
}

TEST_CASE("Messages need an open session") {
    session_pair pair;
    duplex_session& from = pair.initiator.session;
    CHECK(send_text(from, "early").error().code == channel::errc::session_not_open);
    REQUIRE(from.open(some_via, framing::encoding::binary_session).has_value());
    CHECK(send_text(from, "early").error().code == channel::errc::session_not_open);
    pair.run();
    from.end();
    CHECK(send_text(from, "late").error().code == channel::errc::session_closed);
    pair.acceptor.session.end();
    pair.run();
    CHECK(send_text(from, "late").error().code == channel::errc::session_closed);
    CHECK(pair.acceptor.messages.empty());
    from.fail(make_error_code(channel::errc::receive_expired));
    CHECK(send_text(from, "dead").error().code == channel::errc::session_faulted);
}

TEST_CASE("Sessions open with encodings they can speak") {
    duplex_session s(role::initiator, {});
    CHECK(s.open(some_via, framing::encoding{0x0e}).error().code ==
          channel::errc::encoding_unsupported);
    CHECK(s.output().empty());
    CHECK(s.open(some_via, framing::encoding::binary_session).has_value());
    CHECK(s.open(some_via, framing::encoding::binary_session).has_error());
    duplex_session acceptor(role::acceptor, {});
    CHECK(acceptor.open(some_via, framing::encoding::binary_session).has_error());
}

TEST_CASE("A refused preamble fails both sides in their own words") {
    session_pair pair;
    pair.acceptor.accepts = false;
    REQUIRE(pair.initiator.session.open(some_via, framing::encoding::binary_session).has_value());
    pair.run();
    CHECK(pair.acceptor.events == events{event_type::preamble_addressed});
    CHECK(pair.acceptor.session.current_phase() == phase::opening);
    pair.acceptor.session.refuse(framing::fault_code::endpoint_not_found);
    pair.run();
    CHECK(pair.acceptor.events.back() == event_type::failed);
    CHECK(pair.acceptor.session.current_phase() == phase::failed);
    CHECK(pair.acceptor.session.drain_after_failure());
    CHECK(pair.initiator.events == events{event_type::failed});
    CHECK(pair.initiator.session.failure().code == framing::errc::peer_said_endpoint_not_found);
    CHECK(pair.initiator.session.peer_fault() ==
          framing::uri(framing::fault_code::endpoint_not_found));
    CHECK(pair.initiator.session.next_event() == event_type::none);
}

TEST_CASE("Preambles that cannot be spoken are refused with the fault that says so") {
    const auto answer = [](std::string_view preamble) {
        duplex_session s(role::acceptor, {});
        feed(s, hex(preamble), [&](event_type what) {
            if (what == event_type::preamble_addressed)
                s.accept_preamble();
        });
        REQUIRE(s.failure().code);
        const auto octets = take_output(s);
        return octets.size() < 2 ? std::string()
                                 : std::string(as_text(bytes_view(octets).subspan(2)));
    };
    const std::string via = "02 0c" + to_hex(as_bytes("net.tcp://h/"));
    CHECK(answer("00 01 00 01 01" + via + "03 07 0c") ==
          framing::uri(framing::fault_code::unsupported_mode));
    CHECK(answer("00 01 00 01 02" + via + "03 07 0c") ==
          framing::uri(framing::fault_code::content_type_invalid));
    CHECK(answer("00 01 00 01 02" + via + "04 03 782f79 0c") ==
          framing::uri(framing::fault_code::content_type_invalid));
    CHECK(
        answer("00 01 00 01 02" + via + "03 08 09 13" + to_hex(as_bytes("application/ssl-tls"))) ==
        framing::uri(framing::fault_code::upgrade_invalid));
    CHECK(answer("00 02 00") == framing::uri(framing::fault_code::unsupported_version));
}

TEST_CASE("The content type may also come as text") {
    duplex_session s(role::acceptor, {});
    events seen;
    const std::string type = "application/soap+msbinsession1";
    feed(s,
         hex("00 01 00 01 02 02 0c" + to_hex(as_bytes("net.tcp://h/")) + "04 1e" +
             to_hex(as_bytes(type)) + "0c"),
         [&](event_type what) {
             seen.push_back(what);
             if (what == event_type::preamble_addressed)
                 s.accept_preamble();
         });
    CHECK(seen == events{event_type::preamble_addressed, event_type::opened});
    CHECK(to_hex(take_output(s)) == "0b");
}

TEST_CASE("Messages above the limit end the session before they arrive") {
    session_options small;
    small.framing.max_message_size = 1000;
    const std::string text(2000, 'x');
    SECTION("the acceptor says so and drains") {
        session_pair pair(session_options{}, small);
        pair.open();
        REQUIRE(send_text(pair.initiator.session, text).has_value());
        pair.run();
        CHECK(pair.acceptor.events == events{event_type::failed});
        CHECK(pair.acceptor.session.failure().code == framing::errc::envelope_too_large);
        CHECK(pair.acceptor.session.drain_after_failure());
        CHECK(pair.initiator.events == events{event_type::failed});
        CHECK(pair.initiator.session.failure().code ==
              framing::errc::peer_said_max_message_size_exceeded);
    }
    SECTION("the initiator leaves") {
        session_pair pair(small, session_options{});
        pair.open();
        REQUIRE(send_text(pair.acceptor.session, text).has_value());
        pair.run();
        CHECK(pair.initiator.events == events{event_type::failed});
        CHECK(pair.initiator.session.failure().code == framing::errc::envelope_too_large);
        CHECK_FALSE(pair.initiator.session.drain_after_failure());
        CHECK(pair.initiator.session.output().empty());
    }
    SECTION("a claim costs nothing") {
        session_pair pair(session_options{}, small);
        pair.open();
        feed(pair.acceptor.session, hex("06 ff ff ff ff 07"),
             [&](event_type what) { CHECK(what == event_type::failed); });
        CHECK(pair.acceptor.session.failure().code == framing::errc::envelope_too_large);
    }
}

TEST_CASE("An envelope that cannot be read ends the connection without a word") {
    session_pair pair;
    pair.open();
    duplex_session& s = pair.acceptor.session;
    const auto envelope = [&](std::string_view payload) {
        const auto octets = hex(payload);
        std::vector<std::byte> record(
            1 + multi_byte_int31_size(static_cast<std::uint32_t>(octets.size())));
        record[0] = std::byte{6};
        write_multi_byte_int31(&record[1], static_cast<std::uint32_t>(octets.size()));
        record.insert(record.end(), octets.begin(), octets.end());
        events seen;
        feed(s, record, [&](event_type what) { seen.push_back(what); });
        CHECK(seen == events{event_type::failed});
        CHECK_FALSE(s.drain_after_failure());
        CHECK(s.output().empty());
        CHECK_FALSE(s.wants_input());
        return s.failure().code;
    };
    SECTION("no octets") {
        CHECK(envelope("") == framing::errc::envelope_empty);
    }
    SECTION("no document") {
        CHECK(envelope("00"));
    }
    SECTION("no XML") {
        CHECK(envelope("00 ff ff ff") == nbfx::errc::record_unknown);
    }
    SECTION("no envelope") {
        CHECK(envelope("00 40 01 78 01") == soap::errc::not_an_envelope);
    }
    SECTION("a string table beyond its payload") {
        CHECK(envelope("05 04 61 62"));
    }
    SECTION("a string table beyond its budget") {
        std::string table = "81 10";
        for (int n = 0; n < 2049; ++n)
            table += "00";  // as many empty strings
        CHECK(envelope(table) == nbfx::errc::string_table_budget_exceeded);
    }
    SECTION("a dictionary id that was never sent") {
        CHECK(envelope("00 42 63 01") == nbfx::errc::dictionary_id_undefined);
    }
    SECTION("SOAP 1.1") {
        // The namespace http://schemas.xmlsoap.org/soap/envelope/ is 0x3c2 in the dictionary.
        CHECK(envelope("00 56 02 0b 01 73 c2 07 56 0e 01 01") == soap::errc::version_mismatch);
    }
    SECTION("two actions") {
        CHECK(envelope("00 56 02 0b 01 73 04 0b 01 61 06 56 08 44 0a 99 01 78 44 0a 99 01 78 01"
                       "56 0e 01 01") == soap::errc::header_duplicate);
    }
}

TEST_CASE("What a peer leaves undone at the end of its octets is a failure") {
    // A whole conversation of an initiator, cut off behind each of its octets.
    session_pair whole;
    whole.open();
    REQUIRE(send_text(whole.initiator.session, "hello").has_value());
    REQUIRE(send_text(whole.acceptor.session, "hello").has_value());
    whole.run();
    whole.initiator.session.end();
    whole.acceptor.session.end();
    whole.run();

    const auto cut = [&](role side, const std::vector<std::byte>& octets, std::size_t size) {
        duplex_session s(side, {});
        if (side == role::initiator)
            REQUIRE(s.open(some_via, framing::encoding::binary_session).has_value());
        int failures = 0;
        int arrived = 0;
        const auto note = [&](event_type what) {
            if (what == event_type::preamble_addressed)
                s.accept_preamble();
            arrived += what == event_type::message_arrived;
            failures += what == event_type::failed;
            if (what == event_type::peer_ended)
                s.end();
        };
        feed(s, bytes_view(octets).first(size), note);
        s.received_eof();
        for (event_type what = s.next_event(); what != event_type::none; what = s.next_event())
            note(what);
        CHECK_FALSE(s.wants_input());
        const bool clean = size == octets.size() || (size == 0 && side == role::acceptor);
        // Between envelopes an end of stream stands for an End record, as in WCF.
        if (clean || (size + 1 == octets.size() && arrived == 1)) {
            CHECK(failures == 0);
        } else {
            CHECK(failures == 1);
            CHECK(s.failure().code == framing::errc::premature_end);
        }
    };
    for (std::size_t n = 0; n <= whole.initiator.sent.size(); ++n) {
        CAPTURE(n);
        cut(role::acceptor, whole.initiator.sent, n);
    }
    for (std::size_t n = 0; n <= whole.acceptor.sent.size(); ++n) {
        CAPTURE(n);
        cut(role::initiator, whole.acceptor.sent, n);
    }
}

TEST_CASE("Damage to any octet is met without surprise") {
    session_pair whole;
    whole.open();
    REQUIRE(send_text(whole.initiator.session, "hello").has_value());
    REQUIRE(send_text(whole.initiator.session, "hello again").has_value());
    whole.run();
    whole.initiator.session.end();
    whole.run();
    int failed = 0;
    for (std::size_t at = 0; at < whole.initiator.sent.size(); ++at) {
        for (const unsigned flip : {0x01u, 0x02u, 0x80u, 0xffu}) {
            auto octets = whole.initiator.sent;
            octets[at] ^= static_cast<std::byte>(flip);
            duplex_session s(role::acceptor, {});
            int failures = 0;
            const auto note = [&](event_type what) {
                CHECK(failures == 0);  // nothing follows a failure
                failures += what == event_type::failed;
                if (what == event_type::preamble_addressed)
                    s.accept_preamble();
                if (what == event_type::message_arrived) {
                    message m = s.take_message();
                    (void)m.read_end();
                }
            };
            feed(s, octets, note, 5);
            s.received_eof();
            for (event_type what = s.next_event(); what != event_type::none; what = s.next_event())
                note(what);
            failed += failures;
        }
    }
    CHECK(failed > 0);
}

TEST_CASE("Queued output is measured") {
    session_options options;
    options.max_pending_output = 1000;
    session_pair pair(options);
    pair.open();
    CHECK_FALSE(pair.initiator.session.output_full());
    REQUIRE(send_text(pair.initiator.session, std::string(2000, 'x')).has_value());
    CHECK(pair.initiator.session.output_full());
    CHECK(pair.initiator.session.output_size() > 2000);
    pair.run();
    CHECK_FALSE(pair.initiator.session.output_full());
    CHECK(pair.initiator.session.output_size() == 0);
}

TEST_CASE("Output lent to a write stays where it is while more is queued") {
    session_pair pair;
    pair.open();
    duplex_session& from = pair.initiator.session;
    REQUIRE(send_text(from, "first").has_value());
    const bytes_view lent = from.output();
    const std::vector<std::byte> copy(lent.begin(), lent.end());
    for (int n = 0; n < 100; ++n)
        REQUIRE(send_text(from, std::string(500, 'x')).has_value());
    CHECK(std::ranges::equal(lent, copy));
    CHECK(from.output().data() == lent.data());
    from.output_sent(lent.size());
    feed(pair.acceptor.session, copy, [&](event_type what) { pair.acceptor.note(what); });
    pair.run();
    CHECK(pair.acceptor.messages.size() == 101);
}

TEST_CASE("A record that has come in part shows, so that slow senders can be told") {
    session_pair pair;
    pair.open();
    REQUIRE(send_text(pair.initiator.session, "slow").has_value());
    const auto octets = take_output(pair.initiator.session);
    duplex_session& s = pair.acceptor.session;
    CHECK_FALSE(s.mid_record());
    for (std::size_t n = 0; n < octets.size(); ++n) {
        CHECK(s.mid_record() == (n != 0));
        feed(s, bytes_view(octets).subspan(n, 1),
             [&](event_type what) { pair.acceptor.note(what); });
    }
    CHECK_FALSE(s.mid_record());
    CHECK(session_pair::next_text(pair.acceptor) == "slow");
}
