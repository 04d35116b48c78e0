#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/reader.hpp>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

/// A reader on the root element of a document of its own.
struct opened {
    explicit opened(std::string_view octets, const reader_quotas& quotas = {})
        : document(hex(octets)), in(quotas) {
        in.open(document);
        in.move_to_content();
    }

    std::string rule() const { return std::string(rule_of(in.failure().code)); }

    std::vector<std::byte> document;
    reader in;
};

}  // namespace

TEST_CASE("reading by expectation walks a document") {
    // <a> <!--c--> <b xmlns="u">x</b> <c/> </a>
    opened d("400161 980120 020163 400162 080175 990178 980120 400163 01 01");
    REQUIRE(d.in.is_start_element("a", ""));
    d.in.read_start_element("a", "");
    CHECK(d.in.is_start_element("b", "u"));
    CHECK(!d.in.is_start_element("b", ""));
    CHECK(d.in.read_element_text() == "x");
    CHECK(d.in.is_start_element("c", ""));
    d.in.skip();
    d.in.read_end_element();
    CHECK(d.in.ok());
    CHECK(d.in.current() == node::end_of_document);
}

TEST_CASE("reading by expectation fails at what is something else, and stays failed") {
    opened d("400161 400162 01 01");
    d.in.read_start_element("a", "");
    d.in.read_start_element("x", "");
    CHECK(d.rule() == "element_unexpected");
    CHECK(d.in.failure().at == 3);
    d.in.read_start_element("b", "");
    d.in.read_end_element();
    d.in.skip();
    CHECK(d.in.read_element_text() == "");
    CHECK(d.in.read_element_int32() == 0);
    CHECK(d.in.read_element_bytes().empty());
    CHECK(d.rule() == "element_unexpected");

    opened text("400161 990178");
    text.in.read_start_element("a", "");
    text.in.read_end_element();
    CHECK(text.rule() == "element_unexpected");
}

TEST_CASE("skip passes over whatever an element holds") {
    opened d("400161 400162 400163 990178 03 400164 01 8b 02 0100 0200 01 990179");
    d.in.read_start_element("a", "");
    d.in.skip();
    CHECK(d.in.current() == node::text);
    d.in.skip();
    CHECK(d.in.current() == node::end_element);
}

TEST_CASE("element content joins records and comments as one value") {
    CHECK(opened("400161 980133 020163 990131").in.read_element_int32() == 31);
    CHECK(opened("400161 80 83").in.read_element_text() == "01");
    CHECK(opened("400161 80 83").in.read_element_int32() == 1);
    CHECK(opened("400161 01").in.read_element_text() == "");
    CHECK(opened("400161 8b feff").in.read_element_int64() == -2);
    CHECK(opened("400161 980120 8905").in.read_element_int32() == 5);
    CHECK(opened("400161 b3 ffffffffffffffff").in.read_element_uint64() == ~std::uint64_t{0});
    CHECK(opened("400161 87").in.read_element_boolean());
    CHECK(opened("400161 91 0000c03f").in.read_element_float32() == 1.5f);
    CHECK(opened("400161 91 0000c03f").in.read_element_float64() == 1.5);
    CHECK(opened("400161 8905").in.read_element_decimal() == nettcp::decimal{.low = 5});
    CHECK(opened("400161 97 0040e4470222c148").in.read_element_date_time().kind ==
          date_time_kind::utc);
    CHECK(opened("400161 af 8096980000000000").in.read_element_time_span().ticks == 10'000'000);
    std::string guid;
    append_text(guid, opened("400161 b1 33221100554477668899aabbccddeeff").in.read_element_uuid());
    CHECK(guid == "00112233-4455-6677-8899-aabbccddeeff");
}

TEST_CASE("element content joins octets of several records, and text as base64") {
    CHECK(to_hex(opened("400161 9e0101 9f020203").in.read_element_bytes()) == "010203");
    CHECK(to_hex(opened("400161 9904 41514944").in.read_element_bytes()) == "010203");
    CHECK(to_hex(opened("400161 9e03010203 9904 42415547").in.read_element_bytes()) ==
          "010203040506");
    CHECK(opened("400161 9e020102 9f020304").in.read_element_text() == "AQI=AwQ=");
    opened bad("400161 9901 41");
    CHECK(bad.in.read_element_bytes().empty());
    CHECK(bad.rule() == "conversion_invalid");
    CHECK(bad.in.failure().at == 3);
}

TEST_CASE("element content moves behind the end tag") {
    opened d("400161 400162 8905 400163 9f0101 400164 01 01");
    d.in.read_start_element("a", "");
    CHECK(d.in.read_element_int32() == 5);
    CHECK(to_hex(d.in.read_element_bytes()) == "01");
    CHECK(d.in.read_element_text() == "");
    d.in.read_end_element();
    CHECK(d.in.current() == node::end_of_document);
}

TEST_CASE("element content says where it is not what was asked for") {
    opened child("400161 400162 01 01");
    CHECK(child.in.read_element_int32() == 0);
    CHECK(child.rule() == "content_not_simple");
    CHECK(child.in.failure().at == 3);

    opened word("400161 020163 990178");
    CHECK(word.in.read_element_int32() == 0);
    CHECK(word.rule() == "conversion_invalid");
    CHECK(word.in.failure().at == 6);

    opened empty("400161 01");
    CHECK(empty.in.read_element_int32() == 0);
    CHECK(empty.rule() == "conversion_invalid");

    opened broken("400161 9901ff");
    CHECK(broken.in.read_element_text() == "");
    CHECK(broken.rule() == "utf8_invalid");
    CHECK(broken.in.failure().at == 3);

    opened split("400161 9801c3 9901a9");
    CHECK(split.in.read_element_int32() == 0);
    CHECK(split.rule() == "utf8_invalid");
}

TEST_CASE("element content obeys the quotas") {
    const reader_quotas four{.max_string_content_length = 4, .max_array_length = 4};
    CHECK(opened("400161 980261 61 990261 61", four).in.read_element_text() == "aaaa");
    opened text("400161 980261 61 9903616161", four);
    CHECK(text.in.read_element_text() == "");
    CHECK(text.rule() == "string_too_long");
    CHECK(text.in.failure().got == 5);
    CHECK(text.in.failure().limit == 4);
    opened number("400161 990530 30303035", four);
    CHECK(number.in.read_element_int32() == 0);
    CHECK(number.rule() == "string_too_long");
    CHECK(opened("400161 9e0201 02 9f020304", four).in.read_element_bytes().size() == 4);
    opened octets("400161 9e0201 02 9f03030405", four);
    CHECK(octets.in.read_element_bytes().empty());
    CHECK(octets.rule() == "array_too_long");
    CHECK(octets.in.failure().limit == 4);
    opened array("400161 03 400162 01 b5 05 0101010101 01", four);
    array.in.next();
    CHECK(array.rule() == "array_too_long");
    CHECK(array.in.failure().got == 5);
    CHECK(array.in.failure().limit == 4);
}

TEST_CASE("a failed reader has consumed what came before the failure") {
    // An array of one decimal, whose scale no decimal has.
    const auto document = hex("400161 03 400162 01 95 01 00001d00 00000000 0000000000000000 01");
    reader in;
    in.open_streamed();
    in.next();
    in.supply(document, true);
    while (in.ok() && in.current() != node::end_of_document)
        in.next();
    CHECK(in.failure().code == errc::decimal_invalid);
    CHECK(in.failure().at == 12);
    CHECK(in.consumed() == 10);
}

TEST_CASE("reading by expectation refuses a streamed document") {
    reader in;
    in.open_streamed();
    CHECK(in.move_to_content() == node::failed);
    CHECK(rule_of(in.failure().code) == "needs_whole_document");
}
