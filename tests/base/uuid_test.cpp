#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/base/uuid.hpp>

#include <array>
#include <set>

using namespace nettcp;

TEST_CASE("GUID travels with its first three groups little-endian") {
    const auto parsed = parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
    REQUIRE(parsed.has_value());
    std::array<std::byte, 16> wire;
    CHECK(uuid_to_wire(wire.data(), *parsed) == wire.data() + 16);
    CHECK(to_hex(wire) == "33221100554477668899aabbccddeeff");
    CHECK((uuid_from_wire(wire.data()) == *parsed));
    std::string text;
    append_text(text, *parsed);
    CHECK(text == "00112233-4455-6677-8899-aabbccddeeff");
}

TEST_CASE("A random GUID is of version 4, and another one each time") {
    std::set<nettcp::uuid> seen;
    for (int i = 0; i != 1000; ++i) {
        const nettcp::uuid made = random_uuid();
        CHECK(made.version() == boost::uuids::uuid::version_random_number_based);
        CHECK(made.variant() == boost::uuids::uuid::variant_rfc_4122);
        seen.insert(made);
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE("GUID text may have capital letters") {
    CHECK((*parse_uuid("00112233-4455-6677-8899-AABBCCDDEEFF") ==
           *parse_uuid("00112233-4455-6677-8899-aabbccddeeff")));
}

TEST_CASE("GUID text must have every digit and hyphen") {
    for (const char* text :
         {"", "00112233-4455-6677-8899-aabbccddeef", "00112233-4455-6677-8899-aabbccddeeff0",
          "00112233445566778899aabbccddeeff", "00112233-4455-6677-8899-aabbccddeefg",
          "00112233-4455-66778-899-aabbccddeeff", "0011223344-55-6677-8899-aabbccddeeff"}) {
        CAPTURE(text);
        const auto parsed = parse_uuid(text);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().code == base_errc::text_invalid);
    }
}
