#include "support/catch.hpp"

#include <nettcp/nbfx/static_dictionary.hpp>

using namespace nettcp::nbfx;

TEST_CASE("static_string knows the strings of the specification by their even ids") {
    CHECK(static_string(0) == "mustUnderstand");
    CHECK(static_string(4) == "http://www.w3.org/2003/05/soap-envelope");
    CHECK(static_string(0xa2) == "");
    CHECK(static_string(0x1a8) == " http://schemas.xmlsoap.org/ws/2005/02/trust/tlsnego");
    CHECK(static_string(0x376) == "nil");
    CHECK(static_string(0x3cc) == "detail");
    CHECK_FALSE(static_string(0x3ce));
    CHECK_FALSE(static_string(1));
    CHECK_FALSE(static_string(0xfffffffe));
}

TEST_CASE("static_id finds every static string but the one with the doubtful space") {
    for (std::uint32_t id = 0; id <= 0x3cc; id += 2) {
        CAPTURE(id);
        const auto text = *static_string(id);
        if (id == 0x1a8)
            CHECK_FALSE(static_id(text));
        else
            CHECK(static_id(text) == id);
    }
    CHECK_FALSE(static_id("mustUnderstan"));
    CHECK_FALSE(static_id("mustUnderstand "));
    CHECK_FALSE(static_id("zzz"));
}
