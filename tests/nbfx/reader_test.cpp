#include "nbfx_vectors.inc"
#include "support/catch.hpp"
#include "support/document_text.hpp"
#include "support/hex.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <memory>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

/// A session dictionary with the strings of a vector; null when it has none.
std::unique_ptr<received_dictionary> session_of(std::span<const std::string_view> strings) {
    if (strings.empty())
        return nullptr;
    std::vector<std::byte> body, table;
    const auto append_size = [](std::vector<std::byte>& out, std::size_t size) {
        std::byte octets[5];
        out.insert(out.end(), octets,
                   write_multi_byte_int31(octets, static_cast<std::uint32_t>(size)));
    };
    for (const std::string_view text : strings) {
        append_size(body, text.size());
        const auto octets = as_bytes(text);
        body.insert(body.end(), octets.begin(), octets.end());
    }
    append_size(table, body.size());
    table.insert(table.end(), body.begin(), body.end());
    auto session = std::make_unique<received_dictionary>(65536);
    REQUIRE(session->read_table(table).has_value());
    return session;
}

std::string rule(const reader& in) {
    return std::string(rule_of(in.failure().code));
}

shown_document whole(std::string_view octets, const reader_quotas& quotas = {}) {
    const auto document = hex(octets);
    return show_whole(document, nullptr, quotas);
}

}  // namespace

TEST_CASE("reader shows every accepted vector as its text") {
    for (const nbfx_vector& vector : nbfx_vectors) {
        if (!vector.code.empty())
            continue;
        CAPTURE(vector.name);
        const auto session = session_of(vector.session);
        const auto shown = show_whole(hex(vector.hex), session.get());
        CHECK(shown.failed == "");
        CHECK(shown.text == vector.xml);
    }
}

TEST_CASE("reader names the rule and the octet of every rejected vector") {
    for (const nbfx_vector& vector : nbfx_vectors) {
        if (vector.code.empty())
            continue;
        CAPTURE(vector.name);
        const auto session = session_of(vector.session);
        const auto shown = show_whole(hex(vector.hex), session.get());
        CHECK(shown.failed == vector.code);
        CHECK(shown.at == vector.at);
    }
}

TEST_CASE("reader gives the same nodes in windows of every size") {
    for (const nbfx_vector& vector : nbfx_vectors) {
        CAPTURE(vector.name);
        const auto session = session_of(vector.session);
        const auto document = hex(vector.hex);
        const auto at_once = show_whole(document, session.get());
        // A text that is no UTF-8 may fail at a later part than at its record.
        const bool within_text =
            vector.code == "nbfx.utf8_invalid" || vector.code == "nbfx.utf16_invalid";
        const std::size_t widest = std::min<std::size_t>(document.size() + 1, 40);
        for (std::size_t step = 1; step <= widest; ++step) {
            CAPTURE(step);
            // A limit would be known to break before the document is known to be cut.
            const auto in_windows =
                show_in_windows(document, session.get(), step, {.max_bytes_per_read = 0xffffffff});
            CHECK(in_windows.failed == at_once.failed);
            if (at_once.failed.empty()) {
                CHECK(in_windows.text == at_once.text);
                CHECK(in_windows.nodes == at_once.nodes);
            } else if (!within_text) {
                CHECK(in_windows.at == at_once.at);
            }
        }
    }
}

TEST_CASE("reader finds every proper prefix of a document unfinished") {
    for (const nbfx_vector& vector : nbfx_vectors) {
        if (!vector.code.empty())
            continue;
        CAPTURE(vector.name);
        const auto session = session_of(vector.session);
        const auto document = hex(vector.hex);
        const std::size_t most = std::min<std::size_t>(document.size(), 400);
        for (std::size_t size = 0; size != most; ++size) {
            CAPTURE(size);
            // In storage of its own, so that the sanitizer sees a read past the end.
            const std::vector<std::byte> prefix(document.begin(),
                                                document.begin() + static_cast<long>(size));
            const auto shown = show_whole(prefix, session.get());
            if (shown.failed.empty()) {
                // Only what stands around the root may be missing.
                CHECK(std::ranges::count(shown.nodes, '<') == std::ranges::count(shown.nodes, '>'));
            } else if (shown.failed != "nbfx.utf8_invalid" &&
                       shown.failed != "nbfx.utf16_invalid") {
                const bool unfinished =
                    shown.failed == "base.truncated" || shown.failed == "nbfx.element_unclosed";
                CHECK(unfinished);
                CHECK(shown.at == size);
            }
        }
    }
}

TEST_CASE("reader stops nesting at the limit") {
    std::string octets;
    for (int depth = 0; depth != 32; ++depth)
        octets += "400161";
    CHECK(whole(octets, {.max_depth = 32}).failed == "nbfx.element_unclosed");
    const auto deeper = whole(octets + "400161", {.max_depth = 32});
    CHECK(deeper.failed == "nbfx.depth_exceeded");
    CHECK(deeper.at == 96);
}

TEST_CASE("reader counts attributes and declarations in scope against one limit") {
    const reader_quotas two{.max_attributes = 2};
    CHECK(whole("400161 040162a8 040163a8 01", two).failed == "");
    const auto three = whole("400161 040162a8 040163a8 040164a8 01", two);
    CHECK(three.failed == "nbfx.attributes_exceeded");
    CHECK(three.at == 11);
    CHECK(whole("400161 090170 0175 400162 090171 0175 400163 090172 0175 010101", two).failed ==
          "nbfx.attributes_exceeded");
    // Declarations by themselves may be an eighth of it, since each look-up compares them.
    const auto declared = [](int count, const reader_quotas& quotas) {
        std::string tag = "400161";
        for (int i = 0; i != count; ++i)
            tag += "0902" +
                   to_hex(as_bytes(std::string{static_cast<char>('a' + i / 26),
                                               static_cast<char>('a' + i % 26)})) +
                   "0175";
        return whole(tag + "01", quotas);
    };
    CHECK(declared(128, {}).failed == "");
    CHECK(declared(129, {}).failed == "nbfx.attributes_exceeded");
    CHECK(declared(129, {}).at == 3 + 6 * 128);
    CHECK(declared(32, {.max_attributes = 40}).failed == "");
    CHECK(declared(33, {.max_attributes = 40}).failed == "nbfx.attributes_exceeded");
    // Left elements do not count.
    CHECK(
        whole("400161 400162 090170 0175 090171 0175 01 400162 090170 0175 090171 0175 01 01", two)
            .failed == "");
}

TEST_CASE("reader limits the octets of start tags, comments and lists") {
    const reader_quotas ten{.max_bytes_per_read = 10};
    CHECK(whole("400161 0401629803787878 01", {.max_bytes_per_read = 11}).failed == "");
    for (const char* octets : {"400161 0401629803787878 01", "400161 02 0a 78787878787878787878 01",
                               "400161 a4 8001 a6 01", "400161 a4 80808080 80808080 80 a6 01",
                               "400161 03 400162 0401629801 78 01 8b 01 0100 01"}) {
        CAPTURE(octets);
        const auto document = hex(octets);
        const auto at_once = show_whole(document, nullptr, ten);
        for (std::size_t step = 1; step != document.size(); ++step) {
            const auto in_windows = show_in_windows(document, nullptr, step, ten);
            CHECK(in_windows.failed == at_once.failed);
            CHECK(in_windows.at == at_once.at);
        }
    }
    CHECK(whole("400161 0401629803787878 01", ten).failed == "nbfx.start_tag_too_large");
    CHECK(whole("400161 02 0a 78787878787878787878 01", ten).failed == "nbfx.start_tag_too_large");
    CHECK(whole("400161 a4 80808080 80808080 80 a6 01", ten).failed == "nbfx.start_tag_too_large");
}

TEST_CASE("streamed reader refuses a size above the limit before its octets arrive") {
    reader in(reader_quotas{.max_bytes_per_read = 4096});
    in.open_streamed();
    const auto start = hex("40ffffffff07");
    in.supply(start, false);
    CHECK(in.next() == node::failed);
    CHECK(rule(in) == "start_tag_too_large");
}

TEST_CASE("reader bounds what repeated elements expand to") {
    // One octet per item repeats a tag of 2000 octets.
    const std::string name(2000, 'n');
    std::string octets = "400161 03 40 d00f ";
    octets += to_hex(as_bytes(name)) + " 01 b5 ";
    const auto array_of = [&](std::uint32_t count) {
        std::string document = octets;
        std::byte size[5];
        const auto* end = write_multi_byte_int31(size, count);
        document += to_hex({size, static_cast<std::size_t>(end - size)});
        document.append(count * 2, '0');
        return document + "01";
    };
    CHECK(whole(array_of(40)).failed == "");
    const auto bomb = whole(array_of(20000));
    CHECK(bomb.failed == "nbfx.expansion_exceeded");
    CHECK(bomb.nodes == "<");
}

TEST_CASE("reader bounds what dictionary strings expand to") {
    auto session = session_of(std::vector<std::string_view>{std::string_view(
        "a string of more than two times sixty-four characters, which is what the two octets of "
        "its id may stand for when the allowance is used up")});
    std::string octets = "400161";
    for (int i = 0; i != 2000; ++i)
        octets += "aa01";
    octets += "01";
    CHECK(show_whole(hex(octets), session.get(), {.max_expansion = 64}).failed == "");
    const auto bomb = show_whole(hex(octets), session.get(), {.max_expansion = 1});
    CHECK(bomb.failed == "nbfx.expansion_exceeded");
}

TEST_CASE("reader finds duplicates among few and among many names") {
    for (const unsigned count : {2u, 8u, 9u, 120u}) {
        CAPTURE(count);
        std::string tag = "400161";
        const auto attribute = [](unsigned number) {
            const char digits[] = {static_cast<char>('a' + number / 26),
                                   static_cast<char>('a' + number % 26)};
            return "0402" + to_hex(as_bytes({digits, 2})) + "a8";
        };
        const auto declaration = [](unsigned number) {
            const char digits[] = {static_cast<char>('a' + number / 26),
                                   static_cast<char>('a' + number % 26)};
            return "0902" + to_hex(as_bytes({digits, 2})) + "0175";
        };
        std::string attributes, declarations;
        for (unsigned i = 0; i != count; ++i) {
            attributes += attribute(i);
            declarations += declaration(i);
        }
        CHECK(whole(tag + attributes + "01").failed == "");
        CHECK(whole(tag + declarations + "01").failed == "");
        const auto twice = whole(tag + attributes + attribute(count / 2) + attribute(0) + "01");
        CHECK(twice.failed == "nbfx.attribute_duplicate");
        CHECK(twice.at == 3 + 5 * count);
        const auto declared = whole(tag + declarations + declaration(count / 2) + "01");
        CHECK(declared.failed == "nbfx.xmlns_prefix_duplicate");
        CHECK(declared.at == 3 + 6 * count);
    }
}

TEST_CASE("reader resolves names by the declarations around them") {
    const auto document =
        hex("400161 080175"              // <a xmlns="u">
            "  5e0162 26 0163a8 0901610176"  // <a:b a:c="" xmlns:a="v"> with the declaration last
            "    400164 01"  //   <d/>
            "  01"
            "  400165 0800 01"  // <e xmlns=""/>
            "01");
    reader in;
    in.open(document);
    REQUIRE(in.next() == node::element);
    CHECK(in.namespace_uri() == "u");
    CHECK(in.find_namespace("") == std::string_view("u"));
    CHECK(!in.find_namespace("a"));
    REQUIRE(in.next() == node::element);
    CHECK(in.prefix() == "a");
    CHECK(in.namespace_uri() == "v");
    REQUIRE(in.attributes().size() == 1);
    CHECK(in.attributes()[0].ns == "v");
    CHECK(in.find_attribute("c", "v") == &in.attributes()[0]);
    CHECK(in.find_attribute("c", "") == nullptr);
    REQUIRE(in.declarations().size() == 1);
    CHECK(in.declarations()[0].prefix == "a");
    REQUIRE(in.next() == node::element);
    CHECK(in.namespace_uri() == "u");
    CHECK(in.depth() == 3);
    CHECK(in.next() == node::end_element);
    REQUIRE(in.next() == node::end_element);
    CHECK(in.local_name() == "b");
    CHECK(in.attributes().empty());
    REQUIRE(in.next() == node::element);
    CHECK(in.namespace_uri() == "");
    CHECK(!in.find_namespace("a"));
    CHECK(in.find_namespace("xml") == std::string_view("http://www.w3.org/XML/1998/namespace"));
    CHECK(in.next() == node::end_element);
    CHECK(in.next() == node::end_element);
    CHECK(in.next() == node::end_of_document);
    CHECK(in.next() == node::end_of_document);
}

TEST_CASE("reader accepts whole text around the root only when it is white space") {
    CHECK(whole("9803200d0a 400161 01 a8 a4a6 b6020900").failed == "");
    CHECK(whole("82 400161 01").failed == "nbfx.text_outside_root");
    CHECK(whole("400161 01 a4 a8 80 a6").failed == "nbfx.text_outside_root");
    CHECK(whole("").nodes == "");
    CHECK(whole("").failed == "");
}

TEST_CASE("reader repeats attributes and declarations for each item of an array") {
    const auto shown = whole("400161 03 6d0169 0901700175 040178a8 01 8b 02 0100 feff 01");
    CHECK(shown.text ==
          "<a><p:i xmlns:p=\"u\" x=\"\">1</p:i><p:i xmlns:p=\"u\" x=\"\">-2</p:i></a>");
}

TEST_CASE("reader keeps the names of a streamed array's items") {
    const auto document = hex("400161 03 6d0469746d73 0901700175 0401789803787978 01 97 03"
                              "0040e4470222c148 0040e4470222c108 0040e4470222c188 01");
    const auto at_once = show_whole(document, nullptr);
    CHECK(at_once.failed == "");
    for (std::size_t step = 1; step != 20; ++step)
        CHECK(show_in_windows(document, nullptr, step).text == at_once.text);
}

TEST_CASE("reader takes the caller's failure as its own and stays there") {
    const auto document = hex("400161 400162 01 01");
    reader in;
    in.open(document);
    in.next();
    in.next();
    in.fail(make_error_code(errc::element_unexpected), 7);
    CHECK(in.next() == node::failed);
    CHECK(rule(in) == "element_unexpected");
    CHECK(in.failure().at == 3);
    CHECK(in.failure().got == 7);
    in.fail(make_error_code(errc::name_invalid));
    CHECK(rule(in) == "element_unexpected");
    in.open(document);
    CHECK(in.ok());
    CHECK(in.next() == node::element);
}

TEST_CASE("reader may be moved and used again") {
    const auto document = hex("400161 9901 78");
    reader first;
    first.open(document);
    first.next();
    reader second(std::move(first));
    CHECK(second.local_name() == "a");
    CHECK(second.next() == node::text);
    CHECK(second.value().chars() == "x");
    second.open(document);
    CHECK(second.next() == node::element);
}
