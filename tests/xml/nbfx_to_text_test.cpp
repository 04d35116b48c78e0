#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

using namespace nettcp;
using namespace nettcp::xml;
using nbfx::errc;

namespace {

struct outcome {
    boost::system::error_code code;
    std::uint64_t at = 0;
    std::string text;
};

outcome show(std::string_view octets, const text_options& options = {}) {
    const auto document = hex(octets);
    nbfx::reader reader;
    reader.open(document);
    outcome made;
    if (const auto done = nbfx_to_text(reader, made.text, options); !done) {
        made.code = done.error().code;
        made.at = done.error().at;
    }
    return made;
}

std::vector<std::byte> binary(std::string_view text) {
    octet_buffer out;
    nbfx::writer writer;
    writer.open(out);
    REQUIRE(text_to_nbfx(text, writer, {.dictionary = dictionary_use::static_strings}).has_value());
    REQUIRE(writer.finish().has_value());
    return {out.view().begin(), out.view().end()};
}

constexpr text_options indented{.layout = layout::indented};
constexpr text_options lenient{.unwritable = unwritable::replace};

}  // namespace

TEST_CASE("nbfx_to_text writes compact text") {
    struct row {
        const char* octets;
        const char* text;
    };
    const row rows[] = {
        {"40016101", "<a/>"},
        {"400161 a9", "<a/>"},
        {"400161 99 05 68656c6c6f", "<a>hello</a>"},
        {"400161 99 04 3c3e260d", "<a>&lt;&gt;&amp;&#xD;</a>"},
        {"400161 04 0162 98 06 223c0a090d27 01", "<a b=\"&quot;&lt;&#xA;&#x9;&#xD;'\"/>"},
        {"56020b017304 01", "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"/>"},
        {"400161 81", "<a>0</a>"},
        {"400161 a4 88 05 86 a6 01", "<a>5 true</a>"},
        {"400161 9e 03 010203 9f 01 04", "<a>AQIDBA==</a>"},
        {"400172 03 400161 01 8b 02 0100 ff7f 01", "<r><a>1</a><a>32767</a></r>"},
        {"02 01 78 40016101 02 01 79", "<!--x--><a/><!--y-->"},
        // Own prefix first, then the order of the document.
        {"5e0161 09 01 62 01 75 09 01 61 01 76 01", "<a:a xmlns:a=\"v\" xmlns:b=\"u\"/>"},
    };
    for (const row& r : rows) {
        CAPTURE(r.octets);
        const auto made = show(r.octets);
        CHECK_FALSE(made.code);
        CHECK(made.text == r.text);
    }
}

TEST_CASE("nbfx_to_text refuses what text cannot hold, or shows something for it") {
    struct row {
        const char* octets;
        boost::system::error_code code;
        const char* shown;
    };
    const row rows[] = {
        {"400161 99 01 01", errc::character_not_xml, "<a>\xef\xbf\xbd</a>"},
        {"400161 99 03 efbfbf", errc::character_not_xml, "<a>\xef\xbf\xbd</a>"},
        {"400161 99 02 61ff", errc::utf8_invalid, "<a>a\xef\xbf\xbd</a>"},
        {"400161 b7 02 00d8", errc::utf16_invalid, "<a>\xef\xbf\xbd</a>"},
        {"5e0161 09 01 61 24 687474703a2f2f7777772e77332e6f72672f584d4c2f313939382f6e616d65737061"
         "6365 01",
         errc::prefix_reserved, "<a:a xmlns:a=\"http://www.w3.org/XML/1998/namespace\"/>"},
        {"400161 02 04 612d2d62 01", errc::character_not_xml, "<a><!--a- -b--></a>"},
        {"400161 02 01 2d 01", errc::character_not_xml, "<a><!--- --></a>"},
        {"400161 02 01 0b 01", errc::character_not_xml, "<a><!--\xef\xbf\xbd--></a>"},
        {"4003612062 01", errc::name_invalid, "<_a_b/>"},
        {"400161 04 05 786d6c6e73 98 01 75 01", errc::name_invalid, "<a _xmlns=\"u\"/>"},
    };
    for (const row& r : rows) {
        CAPTURE(r.octets);
        CHECK(show(r.octets).code == r.code);
        const auto shown = show(r.octets, lenient);
        CHECK_FALSE(shown.code);
        CHECK(shown.text == r.shown);
    }
}

TEST_CASE("nbfx_to_text refuses a document without an element") {
    CHECK(show("").code == errc::root_missing);
    CHECK(show("02 00").code == errc::root_missing);
}

TEST_CASE("nbfx_to_text keeps what came before damage") {
    const auto made = show("400161 400162 99 02 6869 00");
    CHECK(made.code == errc::record_unknown);
    CHECK(made.at == 10u);
    CHECK(made.text == "<a><b>hi</b>");
    CHECK(show("400161 400162 99 02 6869 00", indented).text == "<a>\n  <b>hi</b>");
}

TEST_CASE("nbfx_to_text wants the start of something") {
    const auto document = hex("400161 980178 020179 01");
    nbfx::reader reader;
    reader.open(document);
    reader.next();
    for (const auto where : {nbfx::node::text, nbfx::node::comment, nbfx::node::end_element}) {
        REQUIRE(reader.next() == where);
        std::string out;
        CHECK(nbfx_to_text(reader, out).error().code == base_errc::invalid_state);
        CHECK(out.empty());
    }
    REQUIRE(reader.next() == nbfx::node::end_of_document);
    std::string out;
    CHECK(nbfx_to_text(reader, out).has_error());
}

TEST_CASE("nbfx_to_text indents no further than 64 levels") {
    constexpr int depth = 100;
    std::string octets;
    for (int i = 0; i != depth; ++i)
        octets += "400161";
    for (int i = 0; i != depth; ++i)
        octets += "01";
    const std::string text = show(octets, indented).text;
    const std::string deepest = "\n" + std::string(128, ' ');
    CHECK(text.find(deepest + "<a/>" + deepest + "</a>") != text.npos);
    CHECK(text.find(deepest + ' ') == text.npos);
}

TEST_CASE("nbfx_to_text indents elements that hold only elements") {
    const auto show_indented = [](std::string_view text) {
        const auto document = binary(text);
        nbfx::reader reader;
        reader.open(document);
        std::string out;
        REQUIRE(nbfx_to_text(reader, out, indented).has_value());
        return out;
    };
    CHECK(show_indented("<a/>") == "<a/>");
    CHECK(show_indented("<a><b>x</b><c/></a>") == "<a>\n  <b>x</b>\n  <c/>\n</a>");
    CHECK(show_indented("<a><b/>mixed<c><d/></c></a>") == "<a><b/>mixed<c>\n    <d/>\n  </c></a>");
    CHECK(show_indented("<!--x--><a><!--y--><b/></a><!--z-->") ==
          "<!--x-->\n<a>\n  <!--y-->\n  <b/>\n</a>\n<!--z-->");
}

TEST_CASE("nbfx_to_text takes a fragment out of its document with the declarations it needs") {
    const auto document = binary("<r xmlns=\"d\" xmlns:p=\"u\" xmlns:q=\"v\" xmlns:n=\"w\">"
                                 "<p:a q:t=\"n:T\"><b/></p:a><c/></r>");
    nbfx::reader reader;
    reader.open(document);
    reader.read_start_element("r", "d");
    REQUIRE(reader.move_to_content() == nbfx::node::element);
    std::string out;
    REQUIRE(nbfx_to_text(reader, out).has_value());
    CHECK(out == "<p:a xmlns:p=\"u\" xmlns:q=\"v\" xmlns:n=\"w\" q:t=\"n:T\">"
                 "<b xmlns=\"d\"/></p:a>");
    CHECK(reader.current() == nbfx::node::element);
    CHECK(reader.local_name() == "c");
}

TEST_CASE("nbfx_to_text keeps to its limit") {
    CHECK(show("400161 99 05 68656c6c6f", {.max_size = 12}).text == "<a>hello</a>");
    CHECK(show("400161 99 05 68656c6c6f", {.max_size = 11}).code == errc::expansion_exceeded);
}

TEST_CASE("text made from text is the same text") {
    for (const char* text : {
             "<a/>",
             "<p:a xmlns:p=\"u\" xmlns:q=\"u\" q:b=\"1\" p:c=\"x\">t<p:b xmlns:p=\"u\" "
             "xmlns:z=\"y\"/>u<!-- c --></p:a>",
             "<a xmlns=\"u\"><b xmlns=\"\"><c xmlns=\"\"/></b><d xmlns=\"u\"/></a>",
             "<a xml:lang=\"de\" xml:space=\"preserve\"> \n\t<b> </b>&#xD;&lt;</a>",
             "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>Action"
             "</s:Body></s:Envelope>",
         }) {
        CAPTURE(text);
        const auto document = binary(text);
        nbfx::reader reader;
        reader.open(document);
        std::string again;
        REQUIRE(nbfx_to_text(reader, again).has_value());
        CHECK(again == text);
    }
}
