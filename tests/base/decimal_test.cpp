#include "support/catch.hpp"

#include <nettcp/base/decimal.hpp>
#include <nettcp/base/errc.hpp>

using namespace nettcp;

namespace {

std::string text_of(const decimal& value) {
    std::string text;
    append_text(text, value);
    return text;
}

boost::system::error_code code_of(std::string_view text) {
    const auto parsed = parse_decimal(text);
    return parsed ? boost::system::error_code{} : parsed.error().code;
}

}  // namespace

TEST_CASE("decimal has a text for any scale that its member can hold") {
    CHECK(text_of({.low = 7, .scale = 255}) == "0." + std::string(254, '0') + "7");
}

TEST_CASE("decimal keeps the digits of its text") {
    for (const char* text :
         {"0", "1", "-1", "0.0", "-1.50", "0.001", "10", "123456789012345678901234567.89",
          "79228162514264337593543950335", "-79228162514264337593543950335",
          "7.9228162514264337593543950335", "0.0000000000000000000000000001"}) {
        CAPTURE(text);
        const auto parsed = parse_decimal(text);
        REQUIRE(parsed.has_value());
        CHECK(text_of(*parsed) == text);
    }
}

TEST_CASE("decimal has the parts that .NET stores") {
    CHECK(*parse_decimal("-1.50") == decimal{.low = 150, .scale = 2, .negative = true});
    CHECK(*parse_decimal("18446744073709551616") == decimal{.low = 0, .high = 1});
    CHECK(text_of({.low = 0, .scale = 2, .negative = true}) == "0.00");
    CHECK(text_of({.low = 5, .scale = 28}) == "0.0000000000000000000000000005");
}

TEST_CASE("decimal takes the forms that .NET takes") {
    CHECK(text_of(*parse_decimal("+5")) == "5");
    CHECK(text_of(*parse_decimal(".5")) == "0.5");
    CHECK(text_of(*parse_decimal("5.")) == "5");
    CHECK(text_of(*parse_decimal("007.10")) == "7.10");
}

TEST_CASE("decimal rounds what does not fit behind the point to even") {
    CHECK(text_of(*parse_decimal("0.00000000000000000000000000005")) ==
          "0.0000000000000000000000000000");
    CHECK(text_of(*parse_decimal("0.00000000000000000000000000015")) ==
          "0.0000000000000000000000000002");
    CHECK(text_of(*parse_decimal("0.000000000000000000000000000050001")) ==
          "0.0000000000000000000000000001");
    CHECK(text_of(*parse_decimal("79228162514264337593543950335.4")) ==
          "79228162514264337593543950335");
    CHECK(text_of(*parse_decimal("7922816251426433759354395033.55")) ==
          "7922816251426433759354395034");
}

TEST_CASE("decimal rejects what is no number and what is too large") {
    for (const char* text : {"", "-", ".", "1e5", "1 ", " 1", "1.2.3", "--1", "x", "0x1"}) {
        CAPTURE(text);
        CHECK(code_of(text) == base_errc::text_invalid);
    }
    for (const char* text : {"79228162514264337593543950336", "100000000000000000000000000000",
                             "79228162514264337593543950335.5"}) {
        CAPTURE(text);
        CHECK(code_of(text) == base_errc::value_out_of_range);
    }
}
