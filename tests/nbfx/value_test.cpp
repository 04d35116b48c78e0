#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/value.hpp>

#include <bit>
#include <cmath>
#include <limits>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

std::string text_of(const value& v) {
    const auto text = v.to_text();
    REQUIRE(text.has_value());
    return *text;
}

value chars(std::string_view text) {
    return value::of_chars(text);
}

template <class T>
std::string rule(const result<T>& outcome) {
    return outcome ? "" : std::string(rule_of(outcome.error().code));
}

}  // namespace

TEST_CASE("value shows a double as .NET does") {
    constexpr std::pair<double, const char*> cases[] = {
        {0.0, "0"},
        {-0.0, "-0"},
        {1.5, "1.5"},
        {-2.25e100, "-2.25E+100"},
        {0.0001, "0.0001"},
        {0.00012345, "0.00012345"},
        {0.00001, "1E-05"},
        {1.25e-7, "1.25E-07"},
        {1e16, "10000000000000000"},
        {1e17, "1E+17"},
        {12345678901234567.0, "12345678901234568"},
        {123.456, "123.456"},
        {0.1, "0.1"},
        {100.0, "100"},
        {5e-324, "5E-324"},
        {1.7976931348623157e308, "1.7976931348623157E+308"},
        {1.0 / 3, "0.3333333333333333"},
        {std::numeric_limits<double>::infinity(), "INF"},
        {-std::numeric_limits<double>::infinity(), "-INF"},
        {std::numeric_limits<double>::quiet_NaN(), "NaN"},
        {-std::numeric_limits<double>::quiet_NaN(), "NaN"},
    };
    for (const auto& [number, text] : cases)
        CHECK(text_of(value::of(number)) == text);
}

TEST_CASE("value shows a float as .NET does") {
    constexpr std::pair<float, const char*> cases[] = {
        {900000000.f, "900000000"},
        {1e9f, "1E+09"},
        {0.1f, "0.1"},
        {16777216.f, "16777216"},
        {3.4028235e38f, "3.4028235E+38"},
        {1e-45f, "1E-45"},
        {-0.f, "-0"},
        {0.0001f, "0.0001"},
        {0.00001f, "1E-05"},
        {std::numeric_limits<float>::infinity(), "INF"},
    };
    for (const auto& [number, text] : cases)
        CHECK(text_of(value::of(number)) == text);
}

TEST_CASE("value shows every real number so that it reads back") {
    std::uint64_t bits = 0x123456789abcdef;
    for (int i = 0; i != 20000; ++i) {
        bits = bits * 6364136223846793005u + 1442695040888963407u;
        const auto number = std::bit_cast<double>(bits ^ bits >> 32);
        if (std::isfinite(number))
            CHECK(*chars(text_of(value::of(number))).to_float64() == number);
        const auto narrow = std::bit_cast<float>(static_cast<std::uint32_t>(bits >> 32));
        if (std::isfinite(narrow))
            CHECK(*chars(text_of(value::of(narrow))).to_float32() == narrow);
    }
}

TEST_CASE("value shows each kind in its canonical text") {
    CHECK(text_of(value::of(true)) == "true");
    CHECK(text_of(value::of(false)) == "false");
    CHECK(text_of(value::of(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
    CHECK(text_of(value::of(~std::uint64_t{0})) == "18446744073709551615");
    CHECK(text_of(value::of(nettcp::decimal{.low = 150, .scale = 2, .negative = true})) == "-1.50");
    CHECK(text_of(value::of(time_span{10'000'000})) == "PT1S");
    CHECK(text_of(value::of(prefixed_name{'a', "Env"})) == "a:Env");
    const auto octets = hex("01 02 03 04");
    CHECK(text_of(value::of_bytes(octets)) == "AQIDBA==");
    const auto id = *parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
    CHECK(text_of(value::of(id)) == "00112233-4455-6677-8899-aabbccddeeff");
    CHECK(text_of(value::of_unique_id(id)) == "urn:uuid:00112233-4455-6677-8899-aabbccddeeff");
    const auto utf16 = hex("e565 2c67");
    CHECK(text_of(value::of_utf16(utf16)) == "\xe6\x97\xa5\xe6\x9c\xac");
    const auto items = hex("80 86 9803616263 a8 8805");
    CHECK(text_of(value::of_list(items, nullptr)) == "0 true abc  5");
    CHECK(text_of(value::of_list({}, nullptr)) == "");
}

TEST_CASE("value refuses text that is not Unicode and leaves the output alone") {
    std::string out = "before";
    CHECK(rule(chars("ab\xff").append_text(out)) == "utf8_invalid");
    CHECK(chars("ab\xff").append_text(out).error().at == 2);
    const auto lone = hex("6100 3dd8");
    CHECK(rule(value::of_utf16(lone).append_text(out)) == "utf16_invalid");
    CHECK(value::of_utf16(lone).append_text(out).error().at == 2);
    const auto items = hex("80 9801ff");
    CHECK(rule(value::of_list(items, nullptr).append_text(out)) == "utf8_invalid");
    CHECK(out == "before");
}

TEST_CASE("value converts integers with .NET's leniency") {
    CHECK(*chars(" +5\r\n").to_int32() == 5);
    CHECK(*chars("-2147483648").to_int32() == std::numeric_limits<std::int32_t>::min());
    CHECK(*chars("-0").to_uint64() == 0);
    CHECK(*chars("18446744073709551615").to_uint64() == ~std::uint64_t{0});
    CHECK(*value::of(5.0).to_int32() == 5);
    CHECK(*value::of(std::int64_t{-7}).to_int64() == -7);
    CHECK(*value::of(std::uint64_t{7}).to_int64() == 7);
    for (const char* text : {"", " ", "+", "5.0", "1e2", "0x1", "5 5", "- 5", "\xd9\xa5"})
        CHECK(rule(chars(text).to_int32()) == "conversion_invalid");
    CHECK(rule(value::of(1.5f).to_int32()) == "conversion_invalid");
    CHECK(rule(value::of(true).to_int32()) == "conversion_invalid");
    CHECK(rule(chars("2147483648").to_int32()) == "value_out_of_range");
    CHECK(rule(value::of(std::int64_t{1} << 31).to_int32()) == "value_out_of_range");
    CHECK(rule(value::of(~std::uint64_t{0}).to_int64()) == "value_out_of_range");
    CHECK(rule(chars("-1").to_uint64()) == "value_out_of_range");
    CHECK(rule(value::of(std::int64_t{-1}).to_uint64()) == "value_out_of_range");
    CHECK(rule(chars("99999999999999999999").to_uint64()) == "value_out_of_range");
}

TEST_CASE("value converts truth values") {
    CHECK(*value::of(true).to_boolean());
    CHECK(*chars(" true ").to_boolean());
    CHECK(!*chars("0").to_boolean());
    CHECK(*value::of(std::int64_t{1}).to_boolean());
    CHECK(rule(chars("TRUE").to_boolean()) == "conversion_invalid");
    CHECK(rule(value::of(std::int64_t{2}).to_boolean()) == "conversion_invalid");
    CHECK(rule(chars("").to_boolean()) == "conversion_invalid");
    CHECK(rule(chars("true\v").to_boolean()) == "conversion_invalid");
    CHECK(*chars("5\v").to_int32() == 5);
}

TEST_CASE("value converts real numbers") {
    CHECK(*chars(" +1.5e3 ").to_float64() == 1500);
    CHECK(*chars(".5").to_float64() == .5);
    CHECK(*chars("5.").to_float64() == 5);
    CHECK(std::signbit(*chars("-0").to_float64()));
    CHECK(*chars("INF").to_float64() == std::numeric_limits<double>::infinity());
    CHECK(*chars("-INF").to_float32() == -std::numeric_limits<float>::infinity());
    CHECK(std::isnan(*chars("NaN").to_float64()));
    CHECK(*chars("1e400").to_float64() == std::numeric_limits<double>::infinity());
    CHECK(*chars("-1e400").to_float64() == -std::numeric_limits<double>::infinity());
    CHECK(*chars("1e-400").to_float64() == 0);
    CHECK(*chars("0.00000001e-39").to_float32() == 0);
    CHECK(*chars("1" + std::string(400, '0')).to_float64() ==
          std::numeric_limits<double>::infinity());
    CHECK(*chars("1\v").to_float64() == 1);
    CHECK(rule(chars("1\v").to_float32()) == "conversion_invalid");  // nor does .NET
    CHECK(*value::of(1.5).to_float32() == 1.5f);
    CHECK(*value::of(1e300).to_float32() == std::numeric_limits<float>::infinity());
    CHECK(*value::of(0.1f).to_float64() == 0.1f);
    CHECK(*value::of(std::int64_t{3}).to_float64() == 3);
    for (const char* text : {"", "inf", "nan", "+INF", "1,5", "0x10", "1e", "--1", "."})
        CHECK(rule(chars(text).to_float64()) == "conversion_invalid");
}

TEST_CASE("value converts decimals, dates and spans through their texts") {
    CHECK(*chars(" -1.50 ").to_decimal() ==
          nettcp::decimal{.low = 150, .scale = 2, .negative = true});
    CHECK(*value::of(std::numeric_limits<std::int64_t>::min()).to_decimal() ==
          nettcp::decimal{.low = std::uint64_t{1} << 63, .negative = true});
    CHECK(*value::of(~std::uint64_t{0}).to_decimal() == nettcp::decimal{.low = ~std::uint64_t{0}});
    CHECK(rule(chars("1e3").to_decimal()) == "conversion_invalid");
    CHECK(rule(chars(std::string(30, '9')).to_decimal()) == "value_out_of_range");
    CHECK(chars("\t2000-01-01T00:00:00Z\n").to_date_time()->kind == date_time_kind::utc);
    CHECK(rule(chars("yesterday").to_date_time()) == "conversion_invalid");
    CHECK(chars(" PT1S ").to_time_span()->ticks == 10'000'000);
    CHECK(rule(value::of(std::int64_t{1}).to_time_span()) == "conversion_invalid");
}

TEST_CASE("value converts a GUID from each of .NET's forms") {
    const auto id = *parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
    for (const char* text :
         {"00112233-4455-6677-8899-AABBCCDDEEFF", "00112233445566778899aabbccddeeff",
          " {00112233-4455-6677-8899-aabbccddeeff} ", "(00112233-4455-6677-8899-aabbccddeeff)"}) {
        CAPTURE(text);
        const auto parsed = chars(text).to_uuid();
        REQUIRE(parsed.has_value());
        CHECK((*parsed == id));
    }
    CHECK((*value::of(id).to_uuid() == id));
    CHECK(rule(value::of_unique_id(id).to_uuid()) == "conversion_invalid");
    CHECK(rule(chars("{00112233-4455-6677-8899-aabbccddeeff)").to_uuid()) == "conversion_invalid");
}

TEST_CASE("value gives octets as they are and text as base64") {
    const auto octets_of = [](const value& v) {
        std::vector<std::byte> out;
        const auto done = v.append_octets(out);
        return done ? to_hex(out) : rule(done);
    };
    const auto raw = hex("01 02 03 04 05");
    CHECK(octets_of(value::of_bytes(raw)) == "0102030405");
    CHECK(octets_of(chars("AQIDBAU=")) == "0102030405");
    CHECK(octets_of(chars(" AQ ID\r\nBA = = ")) == "01020304");
    CHECK(octets_of(chars("AQJ=")) == "0102");  // bits that padding leaves over
    CHECK(octets_of(chars("AQ==Ag==")) == "0102");  // as .NET
    CHECK(octets_of(chars("")) == "");
    CHECK(octets_of(chars(" ")) == "");
    for (const char* text :
         {"A", "AQ", "AQI", "AQ=", "=", "A===", "AQ=x", "AQI=AQ=", "A*ID", "AQI=="})
        CHECK(octets_of(chars(text)) == "conversion_invalid");
}

TEST_CASE("value knows white space in each form of text") {
    CHECK(chars("").is_white_space());
    CHECK(chars(" \t\r\n").is_white_space());
    CHECK(!chars("\v").is_white_space());
    const auto wide = hex("2000 0a00"), letter = hex("2000 6100");
    CHECK(value::of_utf16(wide).is_white_space());
    CHECK(!value::of_utf16(letter).is_white_space());
    const auto blanks = hex("a8 980120"), number = hex("a8 80");
    CHECK(value::of_list(blanks, nullptr).is_white_space());
    CHECK(!value::of_list(number, nullptr).is_white_space());
    CHECK(!value::of(false).is_white_space());
}
