#include "support/catch.hpp"

#include "framing/script.hpp"

using namespace nettcp;
using namespace nettcp::framing;

namespace {

const std::string preamble_octets = "000100 0102 020d6e65742e7463703a2f2f682f73 0308 ";
const std::string tls_request = "09136170706c69636174696f6e2f73736c2d746c73 ";

std::string fault_octets(fault_code code) {
    octet_buffer out;
    encode_record(out, fault_record{uri(code)});
    return to_hex(out.view());
}

void ack(session& s) {
    CHECK(s.ack_preamble().has_value());
}

void end(session& s) {
    CHECK(s.end().has_value());
}

}  // namespace

TEST_CASE("An upgrade's octets never mix with framing") {
    SECTION("an acceptor accepts") {
        script(role::acceptor)
            .peer_sends(preamble_octets + tls_request)
            .expect("addressed")
            .expect("upgrade_requested application/ssl-tls")
            .expect_output("")
            .then([](session& s) { CHECK(s.accept_upgrade().has_value()); })
            .expect_output("0a")
            .peer_sends("16 03 01")  // what a handshake looks like: not framing's business
            .then([](session& s) {
                CHECK(to_hex(s.surplus()) == "160301");
                s.take_surplus(3);
                CHECK(s.surplus().empty());
                CHECK(s.upgrade_completed().has_value());
                CHECK(s.is_upgraded());
            })
            .peer_sends("0c")
            .expect("preamble_ended")
            .then(ack)
            .expect_output("0b")
            .peer_sends("07")
            .expect("peer_ended")
            .then(end)
            .expect("closed")
            .expect_output("07")
            .then([](session& s) { CHECK_FALSE(s.is_upgraded()); })
            .peer_sends(preamble_octets + tls_request)
            .expect("addressed")
            .expect("upgrade_requested application/ssl-tls")
            .run();
    }
    SECTION("an acceptor meets octets that were sent before its answer") {
        for (const char* injected : {"0c", "16", "00"}) {
            script(role::acceptor)
                .peer_sends(preamble_octets + tls_request + injected)
                .expect("addressed")
                .expect("upgrade_requested application/ssl-tls")
                .then([](session& s) {
                    CHECK(s.accept_upgrade().error().code == errc::octets_before_upgrade_answer);
                })
                .expect_failure(make_error_code(errc::octets_before_upgrade_answer), 43)
                .then([](session& s) { CHECK(s.must_abort()); })
                .expect_output("")
                .run();
        }
    }
    SECTION("an acceptor is left with octets when the handshake ends") {
        script(role::acceptor)
            .peer_sends(preamble_octets + tls_request)
            .expect("addressed")
            .expect("upgrade_requested application/ssl-tls")
            .then([](session& s) { CHECK(s.accept_upgrade().has_value()); })
            .peer_sends("0c")
            .then([](session& s) { CHECK_FALSE(s.upgrade_completed().has_value()); })
            .expect_failure(make_error_code(errc::octets_before_upgrade_answer), 43)
            .run();
    }
    SECTION("an initiator reads exactly one octet") {
        script(role::initiator)
            .then([](session& s) {
                CHECK(s.start({mode::duplex, "net.tcp://h/s", "", encoding::binary_session})
                          .has_value());
                CHECK(s.request_upgrade("application/ssl-tls").has_value());
                CHECK(s.end_preamble().error().code == errc::record_not_ours);
            })
            .expect_output(preamble_octets + tls_request)
            .peer_sends("0a 0b")
            .expect("upgrade_accepted")
            .then([](session& s) {
                CHECK(to_hex(s.surplus()) == "0b");
                s.take_surplus(1);
                CHECK(s.upgrade_completed().has_value());
                CHECK(s.end_preamble().has_value());
            })
            .expect_output("0c")
            .peer_sends("0b")
            .expect("preamble_acked")
            .run();
    }
    SECTION("octets behind the end of an upgraded session are not taken for raw ones") {
        script(role::acceptor)
            .peer_sends(preamble_octets + tls_request)
            .expect("addressed")
            .expect("upgrade_requested application/ssl-tls")
            .then([](session& s) {
                CHECK(s.accept_upgrade().has_value());
                CHECK(s.upgrade_completed().has_value());
            })
            .peer_sends("0c")
            .expect("preamble_ended")
            .then(ack)
            .peer_sends("07 00")
            .expect("peer_ended")
            .expect_failure(make_error_code(errc::record_not_allowed), 45)
            .run();
    }
}

TEST_CASE("Limits of one preamble do not reach into the next") {
    const auto upgraded = [](script& s) -> script& {
        return s.peer_sends(preamble_octets + tls_request)
            .expect("addressed")
            .expect("upgrade_requested application/ssl-tls")
            .then([](session& e) {
                CHECK(e.accept_upgrade().has_value());
                CHECK(e.upgrade_completed().has_value());
            });
    };
    script s(role::acceptor);
    upgraded(s).peer_sends("0c 07").expect("preamble_ended").then(ack).expect("peer_ended");
    s.then(end).expect("closed");
    upgraded(s)
        .peer_sends(tls_request)
        .expect_failure(make_error_code(errc::too_many_upgrades), 88)
        .expect_output(fault_octets(fault_code::upgrade_invalid))
        .run();
}

TEST_CASE("A preamble inside the upgrade of the session before is refused") {
    script(role::acceptor)
        .peer_sends(preamble_octets + tls_request)
        .expect("addressed")
        .expect("upgrade_requested application/ssl-tls")
        .then([](session& s) {
            CHECK(s.accept_upgrade().has_value());
            CHECK(s.upgrade_completed().has_value());
        })
        .peer_sends("0c")
        .expect("preamble_ended")
        .then(ack)
        .then(end)
        .then([](session& s) {
            // In one reception: come octet by octet, the second would be raw.
            const auto octets = hex("07 00 01 00");
            const auto space = s.input_space();
            REQUIRE(space.size() >= octets.size());
            std::copy(octets.begin(), octets.end(), space.begin());
            s.received(octets.size());
        })
        .expect("peer_ended")
        .expect_failure(make_error_code(errc::record_not_allowed), 45)
        .run();
}

TEST_CASE("A new start does not carry octets out of an upgrade either") {
    session s(role::initiator);
    const framing::preamble ours{mode::duplex, "net.tcp://h/s", "", encoding::binary_session};
    CHECK(s.start(ours).has_value());
    CHECK(s.request_upgrade("application/ssl-tls").has_value());
    feed(s, hex("0a"), 1, [&] { CHECK(s.next_event().type == event_type::upgrade_accepted); });
    CHECK(s.upgrade_completed().has_value());
    CHECK(s.end_preamble().has_value());
    feed(s, hex("0b"), 1, [&] { CHECK(s.next_event().type == event_type::preamble_acked); });
    CHECK(s.end().has_value());
    feed(s, hex("07 0b"), 2, [&] { CHECK(s.next_event().type == event_type::peer_ended); });
    CHECK(s.start(ours).error().code == errc::record_not_allowed);
    CHECK(s.must_abort());
}
