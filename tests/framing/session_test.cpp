#include "support/catch.hpp"

#include "framing/script.hpp"

using namespace nettcp;
using namespace nettcp::framing;

namespace {

const std::string preamble_octets = "000100 0102 020d6e65742e7463703a2f2f682f73 0308 ";
const std::string opening = preamble_octets + "0c ";
const std::string singleton = "000100 0101 020d6e65742e7463703a2f2f682f73 0307 0c ";

std::string fault_octets(fault_code code) {
    octet_buffer out;
    encode_record(out, fault_record{uri(code)});
    return to_hex(out.view());
}

void ack(session& s) {
    CHECK(s.ack_preamble().has_value());
}

void send(session& s, std::string_view digits) {
    const auto out = s.begin_envelope(1);
    REQUIRE(out.has_value());
    (*out)->append(hex(digits));
    CHECK(s.end_envelope().has_value());
}

void open(session& s) {
    CHECK(s.start({mode::duplex, "net.tcp://h/s", "", encoding::binary_session}).has_value());
    CHECK(s.end_preamble().has_value());
}

void end(session& s) {
    CHECK(s.end().has_value());
}

/// An acceptor that has just opened a duplex session.
script accepted(const framing_limits& limits = {}) {
    script s(role::acceptor, limits);
    s.peer_sends(opening)
        .expect("addressed")
        .expect("preamble_ended")
        .then(ack)
        .expect_output("0b");
    return s;
}

script initiated(const framing_limits& limits = {}) {
    script s(role::initiator, limits);
    s.then(open).expect_output(opening).peer_sends("0b").expect("preamble_acked");
    return s;
}

}  // namespace

TEST_CASE("An acceptor serves a duplex session and the next one on the connection") {
    accepted()
        .then([](session& s) {
            CHECK(s.preamble().via == "net.tcp://h/s");
            CHECK(s.preamble().mode == mode::duplex);
            CHECK(s.preamble().encoding == encoding::binary_session);
            CHECK(s.preamble().content_type == "application/soap+msbinsession1");
        })
        .peer_sends("06 03 005602 06 02 0056")
        .expect("envelope 005602")
        .expect("envelope 0056")
        .then([](session& s) { send(s, "00aabb"); })
        .then([](session& s) { send(s, "00cc"); })
        .expect_output("06 03 00aabb 06 02 00cc")
        .peer_sends("07")
        .expect("peer_ended")
        .then([](session& s) { send(s, "dd"); })
        .then(end)
        .expect("closed")
        .expect_output("06 01 dd 07")
        .then([](session& s) { CHECK_FALSE(s.finished()); })
        .peer_sends(singleton)
        .expect("addressed")
        .expect("preamble_ended")
        .then([](session& s) { CHECK(s.preamble().mode == mode::singleton_unsized); })
        .then(ack)
        .expect_output("0b")
        .run();
}

TEST_CASE("An initiator may start again with the preamble in force") {
    initiated()
        .then(end)
        .expect_output("07")
        .peer_sends("07")
        .expect("peer_ended")
        .expect("closed")
        .then([](session& s) { CHECK(s.start(s.preamble()).has_value()); })
        .expect_output(preamble_octets)
        .run();
}

TEST_CASE("An initiator opens, talks and closes") {
    initiated()
        .then([](session& s) { send(s, "0056"); })
        .expect_output("06 02 0056")
        .peer_sends("06 04 00112233")
        .expect("envelope 00112233")
        .then(end)
        .expect_output("07")
        .peer_sends("06 01 aa 07")
        .expect("envelope aa")
        .expect("peer_ended")
        .expect("closed")
        .then(open)
        .expect_output(opening)
        .peer_sends("0b")
        .expect("preamble_acked")
        .run();
}

TEST_CASE("A preamble pipelined behind an end waits for our own end") {
    accepted()
        .peer_sends("07 " + opening)
        .expect("peer_ended")
        .then([](session& s) {
            CHECK_FALSE(s.failed());
            CHECK(s.wants_input());
        })
        .then(end)
        .expect("closed")
        .expect("addressed")
        .expect("preamble_ended")
        .then(ack)
        .expect_output("07 0b")
        .run();
}

TEST_CASE("An acceptor takes a singleton's chunks as one envelope and answers in chunks") {
    script(role::acceptor)
        .peer_sends(singleton)
        .expect("addressed")
        .expect("preamble_ended")
        .then(ack)
        .expect_output("0b")
        .peer_sends("05 01 aa 03 bbccdd 00 07")
        .expect("chunk aabbccdd")
        .expect("envelope_ended")
        .expect("peer_ended")
        .then([](session& s) {
            CHECK(s.write_chunk(hex("1122")).has_value());
            CHECK(s.write_chunk({}).has_value());
            CHECK(s.write_chunk(hex("33")).has_value());
            CHECK(s.end().error().code == errc::record_not_ours);  // inside an envelope
            CHECK(s.end_chunks().has_value());
        })
        .then(end)
        .expect("closed")
        .expect_output("05 02 1122 01 33 00 07")
        .peer_sends(singleton)
        .expect("addressed")
        .expect("preamble_ended")
        .run();
}

TEST_CASE("A whole envelope goes into a singleton as one chunk") {
    script(role::initiator)
        .then([](session& s) {
            CHECK(s.start({mode::singleton_unsized, "net.tcp://h/s", "", encoding::binary})
                      .has_value());
            CHECK(s.end_preamble().has_value());
        })
        .expect_output(singleton)
        .peer_sends("0b")
        .expect("preamble_acked")
        .then([](session& s) { send(s, "aabbcc"); })
        .then(end)
        .expect_output("05 03 aabbcc 00 07")
        .peer_sends("07")
        .expect("peer_ended")
        .expect("closed")
        .run();
}

TEST_CASE("Simplex sessions carry envelopes one way, without answers") {
    const std::string begin = "000100 0103 020d6e65742e7463703a2f2f682f73 0308 ";
    script(role::acceptor)
        .peer_sends(begin + "06 01 aa 07")
        .expect("addressed")
        .expect("envelope aa")
        .expect("peer_ended")
        .expect("closed")
        .then([](session& s) { CHECK(s.finished()); })
        .expect_output("")
        .run();
    script(role::initiator)
        .then([](session& s) {
            CHECK(s.start({mode::simplex, "net.tcp://h/s", "", encoding::binary_session})
                      .has_value());
            send(s, "aa");
        })
        .then(end)
        .expect("closed")
        .expect_output(begin + "06 01 aa 07")
        .then([](session& s) { CHECK(s.finished()); })
        .run();
}

TEST_CASE("Singleton sized sessions end where the stream ends") {
    const std::string begin = "000100 0104 020d6e65742e7463703a2f2f682f73 0307 ";
    script(role::acceptor)
        .peer_sends(begin + "0702 0c")
        .expect("addressed")
        .expect("chunk 07020c")
        .peer_ends()
        .expect("envelope_ended")
        .expect("closed")
        .then([](session& s) { CHECK(s.finished()); })
        .run();
    script(role::initiator)
        .then([](session& s) {
            CHECK(s.start({mode::singleton_sized, "net.tcp://h/s", "", encoding::binary})
                      .has_value());
            send(s, "07");
            CHECK(s.write_chunk(hex("020c")).has_value());
        })
        .then(end)
        .expect("closed")
        .expect_output(begin + "07020c")
        .then([](session& s) { CHECK(s.finished()); })
        .run();
}

TEST_CASE("An acceptor's owner refuses modes, endpoints, content types and upgrades by a fault") {
    const struct {
        fault_code code;
        errc reason;
    } refusals[] = {
        {fault_code::unsupported_mode, errc::mode_unsupported},
        {fault_code::endpoint_not_found, errc::via_unmatched},
        {fault_code::content_type_invalid, errc::content_type_unsupported},
        {fault_code::upgrade_invalid, errc::upgrade_invalid},
        {fault_code::server_too_busy, errc::session_refused},
    };
    for (const auto& r : refusals) {
        for (const char* mode : {"01", "02", "03", "04"}) {
            script(role::acceptor)
                .peer_sends("000100 01" + std::string(mode) + "020d6e65742e7463703a2f2f682f73 0308")
                .expect("addressed")
                .then([r](session& s) { CHECK(s.send_fault(r.code).has_value()); })
                .expect_failure(make_error_code(r.reason), 22)
                .then([](session& s) {
                    CHECK(s.must_drain());
                    CHECK(s.wants_input());
                })
                .expect_output(fault_octets(r.code))
                .peer_sends("0c 06 01 aa ff ff ff")  // nobody listens any more
                .then([](session& s) { CHECK_FALSE(s.finished()); })
                .peer_ends()
                .then([](session& s) { CHECK(s.finished()); })
                .run();
        }
    }
}

TEST_CASE("An acceptor answers broken rules with the fault that fits, if one does") {
    const struct {
        const char* octets;
        errc code;
        std::uint64_t at;
        std::optional<fault_code> answer;
    } broken[] = {
        {"00 02 00", errc::version_unsupported, 1, fault_code::unsupported_version},
        {"00 01 00 01 05", errc::mode_unknown, 4, fault_code::unsupported_mode},
        {"00 01 00 01 02 02 81 10", errc::via_too_long, 7, fault_code::via_too_long},
        {"00 01 00 01 02 02 01 2f", errc::via_not_absolute, 7, {}},
        {"00 01 00 01 02 02 01 ff", errc::text_invalid, 7, {}},
        {"00 01 00 01 02 02 0d 6e65742e7463703a2f2f682f73 04 81 02", errc::content_type_too_long,
         22, fault_code::content_type_too_long},
        {"00 01 00 01 02 02 0d 6e65742e7463703a2f2f682f73 04 02 61 80", errc::text_invalid, 23, {}},
        {"00 01 00 01 02 02 0d 6e65742e7463703a2f2f682f73 03 08 09 81 02",
         errc::upgrade_name_too_long, 24, fault_code::upgrade_invalid},
        {"47", errc::record_unknown, 0, {}},
        {"06", errc::record_not_allowed, 0, {}},
        {"01 02", errc::record_not_allowed, 0, {}},
    };
    for (const auto& b : broken) {
        CAPTURE(b.octets);
        script s(role::acceptor);
        s.peer_sends(b.octets);
        if (b.code == errc::upgrade_name_too_long)
            s.expect("addressed");
        s.expect_failure(make_error_code(b.code), b.at)
            .then([b](session& failed) { CHECK(failed.must_drain() == b.answer.has_value()); })
            .then([b](session& failed) { CHECK(failed.must_abort() != b.answer.has_value()); })
            .expect_output(b.answer ? fault_octets(*b.answer) : "")
            .run();
    }
}

TEST_CASE("A large envelope is refused at its size, by a fault from the acceptor only") {
    accepted({.max_message_size = 4})
        .peer_sends("06 04 00000000")
        .expect("envelope 00000000")
        .peer_sends("06 05")
        .expect_failure(make_error_code(errc::envelope_too_large), 30)
        .expect_output(fault_octets(fault_code::max_message_size_exceeded))
        .run();
    initiated({.max_message_size = 4})
        .peer_sends("06 05")
        .expect_failure(make_error_code(errc::envelope_too_large), 2)
        .then([](session& s) { CHECK(s.must_abort()); })
        .expect_output("")
        .run();
}

TEST_CASE("A fault goes behind what was lent, never inside an envelope of ours") {
    session s(role::acceptor);
    const auto receive = [&](std::string_view digits) {
        feed(s, hex(digits), 1u << 20, [&] {
            while (s.next_event().type != event_type::none) {
            }
        });
    };
    receive(opening);
    ack(s);
    const bytes_view lent = s.output();
    CHECK(to_hex(lent) == "0b");
    send(s, "aa");  // not lent yet: dropped with the failure
    receive("06 ff ff ff ff 07");
    CHECK(s.must_drain());
    CHECK(to_hex(lent) == "0b");
    CHECK(to_hex(s.output()) == "0b");
    s.output_sent(1);
    CHECK(to_hex(s.output()) == fault_octets(fault_code::max_message_size_exceeded));

    session streaming(role::acceptor);
    feed(streaming, hex(singleton), 1u << 20, [&] {
        while (streaming.next_event().type != event_type::none) {
        }
    });
    ack(streaming);
    feed(streaming, hex("05 01 aa"), 1u << 20, [&] {
        while (streaming.next_event().type != event_type::none) {
        }
    });
    CHECK(streaming.write_chunk(hex("bb")).has_value());
    CHECK(streaming.send_fault(fault_code::server_too_busy).error().code == errc::record_not_ours);
    streaming.fail(make_error_code(errc::premature_end));
    CHECK(streaming.must_abort());
    CHECK(streaming.output().empty());
}

TEST_CASE("The drain after a fault has an end") {
    session s(role::acceptor);
    feed(s, hex("00 02 00"), 3, [&] { s.next_event(); });
    REQUIRE(s.must_drain());
    s.output_sent(s.output().size());
    std::size_t drained = 0;
    while (!s.finished()) {
        const auto space = s.input_space();
        REQUIRE_FALSE(space.empty());
        s.received(space.size());
        drained += space.size();
    }
    CHECK(drained >= session::drain_size);
    CHECK(drained < 2 * session::drain_size + input_buffer::largest_space);
    CHECK_FALSE(s.wants_input());
}

TEST_CASE("An initiator reports what the peer's fault says and keeps its words") {
    for (int value = 1; value <= 12; ++value) {
        const auto code = static_cast<fault_code>(value);
        script(role::initiator)
            .then(open)
            .peer_sends(fault_octets(code))
            .expect("faulted_by_peer " + std::string(uri(code)))
            .expect_failure(make_error_code(errc_of(code)), 0)
            .then([code](session& s) {
                CHECK(s.peer_fault() == uri(code));
                CHECK_FALSE(s.must_abort());
                CHECK_FALSE(s.wants_input());
                CHECK(s.finished());
            })
            .run();
    }
    initiated()
        .peer_sends("08 06 75726e3a78 0a")
        .expect("faulted_by_peer urn:x\\x0a")
        .expect_failure(make_error_code(errc::peer_said_unknown_fault), 1)
        .run();
    initiated()
        .peer_sends("08 81 02")
        .expect_failure(make_error_code(errc::fault_too_long), 3)
        .run();
}

TEST_CASE("An initiator names a web server when it meets one") {
    for (const char* octets : {"48545450", "68"}) {
        script(role::initiator)
            .then(open)
            .peer_sends(octets)
            .expect_failure(make_error_code(errc::peer_is_http), 0)
            .run();
    }
    initiated().peer_sends("48").expect_failure(make_error_code(errc::record_unknown), 1).run();
}

TEST_CASE("The end of the stream is an end only between envelopes after one") {
    accepted().peer_ends().expect_failure(make_error_code(errc::premature_end), 23).run();
    accepted()
        .peer_sends("06 01 aa")
        .expect("envelope aa")
        .peer_ends()
        .expect("peer_ended")
        .then(end)
        .expect("closed")
        .expect_output("07")
        .then([](session& s) { CHECK(s.finished()); })
        .run();
    accepted()
        .peer_sends("06 01 aa 06")
        .expect("envelope aa")
        .peer_ends()
        .expect_failure(make_error_code(errc::premature_end), 27)
        .run();
    script(role::initiator)
        .then([](session& s) {
            CHECK(
                s.start({mode::duplex, "net.tcp://h/s", "", encoding::binary_session}).has_value());
            CHECK(s.request_upgrade("application/ssl-tls").has_value());
        })
        .peer_ends()
        .expect_failure(make_error_code(errc::upgrade_refused), 0)
        .run();
    script(role::acceptor)
        .peer_ends()
        .then([](session& s) {
            CHECK_FALSE(s.failed());
            CHECK(s.finished());
        })
        .run();
}

TEST_CASE("Envelopes are checked for octets, order and the peer's end") {
    accepted()
        .peer_sends("06 00")
        .expect_failure(make_error_code(errc::envelope_empty), 23)
        .then([](session& s) { CHECK(s.must_abort()); })
        .run();
    accepted().peer_sends("05").expect_failure(make_error_code(errc::record_not_allowed), 23).run();
    accepted()
        .peer_sends("07 06")
        .expect("peer_ended")
        .expect_failure(make_error_code(errc::message_after_end), 24)
        .run();
    script(role::initiator)
        .then([](session& s) {
            CHECK(s.start({mode::singleton_unsized, "net.tcp://h", "", encoding::binary})
                      .has_value());
            CHECK(s.end_preamble().has_value());
        })
        .peer_sends("0b 05")
        .expect("preamble_acked")
        .expect_failure(make_error_code(errc::reply_unexpected), 1)
        .run();
}

TEST_CASE("Commands out of order fail and leave the session as it was") {
    session s(role::initiator);
    CHECK(s.end_preamble().error().code == errc::record_not_ours);
    CHECK(s.begin_envelope().error().code == errc::record_not_ours);
    CHECK(s.end_envelope().error().code == errc::record_not_ours);
    CHECK(s.end().error().code == errc::record_not_ours);
    CHECK(s.ack_preamble().error().code == errc::record_not_ours);
    CHECK(s.accept_upgrade().error().code == errc::record_not_ours);
    CHECK(s.upgrade_completed().error().code == errc::record_not_ours);
    CHECK(s.send_fault(fault_code::server_too_busy).error().code == errc::record_not_ours);
    CHECK(s.write_chunk(hex("aa")).error().code == errc::record_not_ours);
    CHECK(s.end_chunks().error().code == errc::record_not_ours);
    CHECK(s.start({mode::duplex, "", "", encoding::binary}).error().code ==
          base_errc::invalid_argument);
    CHECK(s.start({mode::duplex, "net.tcp://h", "", {}}).error().code ==
          base_errc::invalid_argument);
    CHECK_FALSE(s.failed());
    CHECK(s.output().empty());
    open(s);
    CHECK(s.start({mode::duplex, "net.tcp://h", "", encoding::binary}).error().code ==
          errc::record_not_ours);
    CHECK(to_hex(s.output()) == to_hex(hex(opening)));
}

TEST_CASE("An encoding without an octet of its own is written by its content type") {
    session s(role::initiator);
    CHECK(s.start({mode::duplex, "net.tcp://h", "", encoding::binary_session_gzip}).has_value());
    const auto written = to_hex(s.output());
    CHECK(written.ends_with("0423" + to_hex(as_bytes("application/soap+msbinsession1+gzip"))));
    session other(role::initiator);
    CHECK(other.start({mode::duplex, "net.tcp://h", "a/b", {}}).has_value());
    CHECK(to_hex(other.output()).ends_with("0403612f62"));
}

TEST_CASE("A session tells while the peer is in the middle of something") {
    const auto is_mid = [](bool wanted) {
        return [wanted](session& s) { CHECK(s.mid_record() == wanted); };
    };
    accepted()
        .then(is_mid(false))
        .peer_sends("06 02 aa")
        .then(is_mid(true))
        .peer_sends("bb")
        .expect("envelope aabb")
        .then(is_mid(false))
        .run();
    script(role::acceptor)
        .peer_sends(singleton)
        .expect("addressed")
        .expect("preamble_ended")
        .then(ack)
        .peer_sends("05 01 aa")
        .expect("chunk aa")
        .then(is_mid(true))
        .peer_sends("00")
        .expect("envelope_ended")
        .then(is_mid(false))
        .run();
}

TEST_CASE("The end of the stream is judged anew in each session") {
    accepted()
        .peer_sends("06 01 aa 07")
        .expect("envelope aa")
        .expect("peer_ended")
        .then(end)
        .expect("closed")
        .peer_sends(opening)
        .expect("addressed")
        .expect("preamble_ended")
        .then(ack)
        .peer_ends()
        .expect_failure(make_error_code(errc::premature_end), 50)
        .run();
}

TEST_CASE("A failure while an envelope is being written resets the connection") {
    accepted({.max_message_size = 4})
        .then([](session& s) {
            (*s.begin_envelope())->append(hex("aa"));
            CHECK(s.send_fault(fault_code::server_too_busy).error().code == errc::record_not_ours);
        })
        .peer_sends("06 05")
        .expect_failure(make_error_code(errc::envelope_too_large), 24)
        .then([](session& s) {
            CHECK(s.must_abort());
            CHECK(s.end_envelope().error().code == errc::session_over);
        })
        .expect_output("")
        .run();
}
