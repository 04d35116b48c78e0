#include "support/catch.hpp"

#include "framing/session_rules.inc"

#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/record_type.hpp>
#include <nettcp/framing/upgrade_name.hpp>

#include <algorithm>
#include <set>
#include <string>

using namespace nettcp::framing;

TEST_CASE("The records are 00 to 0c and have names of their own") {
    std::set<std::string_view> names;
    for (int octet = 0; octet < 256; ++octet) {
        const auto type = static_cast<record_type>(octet);
        CHECK(is_defined(type) == (octet <= 0x0c));
        CHECK(to_string(type).empty() == (octet > 0x0c));
        names.insert(to_string(type));
    }
    CHECK(names.size() == 14);  // 13 names and the empty one
}

TEST_CASE("The modes are 1 to 4") {
    for (int octet = 0; octet < 256; ++octet)
        CHECK(is_defined(static_cast<mode>(octet)) == (octet >= 1 && octet <= 4));
}

TEST_CASE("Every encoding is found again by its content type, whatever the letter case") {
    for (std::uint8_t octet = 0; octet <= 0x0c; ++octet) {
        const auto known = encoding_from_octet(octet);
        REQUIRE(known);
        std::string text(content_type(*known));
        CHECK(encoding_from_content_type(text) == known);
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
        CHECK(encoding_from_content_type(text) == known);
        CHECK_FALSE(encoding_from_content_type(text + ";"));
        if (octet <= 8)
            CHECK(known_octet(*known) == octet);
        else
            CHECK_FALSE(known_octet(*known));
    }
    CHECK_FALSE(encoding_from_octet(0x0d));
    CHECK_FALSE(encoding_from_content_type(""));
    CHECK_FALSE(encoding_from_content_type("application/soap+msbin"));
}

TEST_CASE("Every fault is found again by its URI and reported as an error of its own") {
    std::set<int> reported;
    for (int value = 1; value <= 12; ++value) {
        const auto code = static_cast<fault_code>(value);
        CHECK(fault_code_from_uri(uri(code)) == code);
        reported.insert(static_cast<int>(errc_of(code)));
    }
    CHECK(reported.size() == 12);
    CHECK(reported.count(static_cast<int>(errc::peer_said_unknown_fault)) == 0);
    CHECK(uri(fault_code::max_message_size_exceeded) ==
          "http://schemas.microsoft.com/ws/2006/05/framing/faults/MaxMessageSizeExceededFault");
    CHECK_FALSE(fault_code_from_uri("urn:no"));
    CHECK_FALSE(fault_code_from_uri(""));
}

TEST_CASE("Upgrades are found by their exact name") {
    CHECK(upgrade_from_name("application/ssl-tls") == upgrade::tls);
    CHECK(upgrade_from_name("application/negotiate") == upgrade::negotiate);
    CHECK_FALSE(upgrade_from_name("application/ssl-tl"));
}

TEST_CASE("No two session rules answer the same event") {
    for (const session_rule& a : session_rules) {
        const auto same = std::ranges::count_if(session_rules, [&](const session_rule& b) {
            return (a.modes & b.modes) != 0 && a.from == b.from && a.sender == b.sender &&
                   a.event == b.event;
        });
        CHECK(same == 1);
    }
}

TEST_CASE("Every state can be reached in one of the modes that leave it") {
    for (unsigned m = 1; m <= 4; ++m) {
        std::set<state> reached{state::start};
        for (std::size_t before = 0; before != reached.size();) {
            before = reached.size();
            for (const session_rule& rule : session_rules) {
                if ((rule.modes >> m & 1u) != 0 && reached.count(rule.from) != 0)
                    reached.insert(rule.to);
            }
        }
        CAPTURE(m);
        CHECK(reached.count(state::open) == 1);
        CHECK(reached.count(state::closed) == 1);
        for (const session_rule& rule : session_rules) {
            if ((rule.modes >> m & 1u) != 0)
                CHECK(reached.count(rule.from) == 1);
        }
    }
}
