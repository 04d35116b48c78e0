#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

using namespace nettcp;
using namespace nettcp::xml;
using nbfx::errc;

namespace {

struct outcome {
    boost::system::error_code code;
    std::uint64_t at = 0;
    std::string octets;
};

outcome convert(std::string_view text, const binary_options& options = {},
                nbfx::sent_dictionary* session = nullptr) {
    octet_buffer out;
    nbfx::writer writer;
    writer.open(out, session);
    const auto converted = text_to_nbfx(text, writer, options);
    const auto finished = writer.finish();
    CHECK(converted.has_value() == finished.has_value());
    if (!converted)
        return {converted.error().code, converted.error().at, to_hex(out.view())};
    return {{}, 0, to_hex(out.view())};
}

// Hex digits as `convert` gives them; spaces are for the reader.
std::string octets(std::string_view spaced) {
    return to_hex(hex(spaced));
}

constexpr binary_options plain{.dictionary = dictionary_use::none};

}  // namespace

TEST_CASE("text_to_nbfx writes what .NET writes of the same text") {
    struct row {
        const char* text;
        const char* octets;
    };
    const row rows[] = {
        {"<a/>", "40016101"},
        {"<a></a>", "40016101"},
        {"<a b=\"1\">hello</a>", "400161040162829905 68656c6c6f"},
        {"<a>x<![CDATA[<y>]]>&amp;&#x41;</a>", "400161 9906783c793e2641"},
        {"<p:a xmlns:p=\"u\"><p:b p:c=\"\"/></p:a>", "6d01610901700175 6d01623501 63a801 01"},
        {"<a><!--x--> <b/></a>", "400161 020178 980120 400162 0101"},
        {"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a/>\n", "40016101"},
        {"\xef\xbb\xbf<a/>", "40016101"},
        {"<a xml:lang=\"en\"/>", "400161 0503786d6c046c616e67 9802656e 01"},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        const auto made = convert(r.text, plain);
        CHECK_FALSE(made.code);
        CHECK(made.octets == octets(r.octets));
    }
}

TEST_CASE("text_to_nbfx takes strings from the static dictionary") {
    const binary_options options{.dictionary = dictionary_use::static_strings};
    const auto made =
        convert("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
                "<x nil=\"true\">Action</x></s:Body></s:Envelope>",
                options);
    CHECK(made.octets == octets("56020b017304 560e 40017806f606 980474727565 ab0a 0101"));
}

TEST_CASE("text_to_nbfx puts names into the session in the order of the octets") {
    nbfx::sent_dictionary session;
    const auto made = convert("<Echo xmlns=\"urn:t\"><text z=\"q\">hi</text></Echo>", {}, &session);
    CHECK(made.octets == octets("42010a03 42050607 980171 99026869 01"));
    std::vector<std::byte> table(session.table_size());
    session.write_table(table.data());
    CHECK(to_hex(table) == octets("12 044563686f 0575726e3a74 0474657874 017a"));
}

TEST_CASE("text_to_nbfx reads UTF-16 with a byte order mark") {
    const std::string text("\xff\xfe<\0a\0>\0\xe5\x65<\0/\0a\0>\0", 18);
    CHECK(convert(text, plain).octets == octets("400161 9903e697a5"));
}

TEST_CASE("text_to_nbfx refuses what is no document, and says where") {
    struct row {
        const char* text;
        boost::system::error_code code;
        std::uint64_t at;
    };
    const row rows[] = {
        {"", errc::xml_malformed, 0},
        {"<a>", errc::xml_malformed, 3},
        {"<a></b>", errc::xml_malformed, 5},
        {"<a/><b/>", errc::xml_malformed, 4},
        {"<a>&x;</a>", errc::xml_malformed, 3},
        {"<a b=\"1\" b=\"2\"/>", errc::xml_malformed, 9},
        {"<!DOCTYPE a><a/>", errc::xml_dtd_refused, 11},
        {"<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", errc::xml_dtd_refused, 12},
        {"<a><?pi x?></a>", errc::xml_construct_unsupported, 3},
        {"<p:a/>", errc::namespace_prefix_undeclared, 0},
        {"<a p:b=\"\"/>", errc::namespace_prefix_undeclared, 0},
        {"<a><b xmlns:p=\"u\"/><p:c/></a>", errc::namespace_prefix_undeclared, 19},
        {"<a xmlns:p=\"u\" xmlns:q=\"u\" p:b=\"1\" q:b=\"2\"/>", errc::attribute_duplicate, 0},
        {"<a xmlns:p=\"\"/>", errc::prefix_unbindable, 0},
        {"<a xmlns:xml=\"u\"/>", errc::prefix_reserved, 0},
        {"<a xmlns:xmlns=\"u\"/>", errc::prefix_reserved, 0},
        {"<a xmlns:p=\"http://www.w3.org/2000/xmlns/\"/>", errc::prefix_reserved, 0},
        {"<xmlns:a/>", errc::namespace_prefix_undeclared, 0},
        {"<a:b:c/>", errc::name_invalid, 0},
        {"<a xmlns:p=\"u\"><p:1/></a>", errc::name_invalid, 15},
        {"<a>\x01</a>", errc::xml_malformed, 3},
        {"<a>\xff</a>", errc::xml_malformed, 3},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        const auto made = convert(r.text);
        CHECK(made.code == r.code);
        CHECK(made.at == r.at);
        CHECK(made.octets.empty());
    }
}

TEST_CASE("text_to_nbfx keeps to its limits") {
    std::string deep;
    for (int i = 0; i != 128; ++i)
        deep += "<a>";
    std::string closed = deep;
    for (int i = 0; i != 128; ++i)
        closed += "</a>";
    CHECK_FALSE(convert(closed).code);
    CHECK(convert(deep + "<a/>").code == errc::depth_exceeded);

    std::string wide = "<a";
    for (int i = 0; i != 1024; ++i)
        wide += " a" + std::to_string(i) + "=''";
    CHECK_FALSE(convert(wide + "/>").code);
    CHECK(convert(wide + " b=''/>").code == errc::attributes_exceeded);

    std::string bound = "<a";
    for (int i = 0; i != 100; ++i)
        bound += " xmlns:p" + std::to_string(i) + "='u'";
    bound += ">";
    CHECK_FALSE(convert(bound + "</a>").code);
    CHECK_FALSE(convert("<r>" + bound + "</a>" + bound + "</a></r>").code);
    CHECK(convert(bound + bound + "</a></a>").code == errc::attributes_exceeded);

    CHECK(convert("<abc/>", {.max_size = 5}).code == base_errc::limit_exceeded);
}

TEST_CASE("text_to_nbfx writes a fragment into an open element") {
    octet_buffer out;
    nbfx::writer writer;
    writer.open(out);
    writer.start_element("", "r", "urn:r");
    REQUIRE(text_to_nbfx("<p:a xmlns:p=\"urn:r\"><b/></p:a>", writer, plain).has_value());
    writer.end_element();
    REQUIRE(writer.finish().has_value());
    // Unprefixed names of the fragment stay without a namespace.
    CHECK(to_hex(out.view()) ==
          octets("400172 080575726e3a72 6d0161 0901700575726e3a72 400162 0800 010101"));
}

TEST_CASE("position_in counts lines and columns from one") {
    CHECK(position_in("ab\ncd", 0) == text_position{1, 1});
    CHECK(position_in("ab\ncd", 2) == text_position{1, 3});
    CHECK(position_in("ab\ncd", 3) == text_position{2, 1});
    CHECK(position_in("ab\ncd", 99) == text_position{2, 3});
}
