#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/utf8.hpp>

using namespace nettcp;

namespace {

std::string octets(std::string_view digits) {
    return std::string(as_text(hex(digits)));
}

}  // namespace

TEST_CASE("UTF-8 check finds the first octet that is not well-formed") {
    const std::string ascii(20, 'a');
    for (const char* bad : {"80", "bf", "c0 80", "c1 bf", "e0 80 80", "e0 9f bf", "ed a0 80",
                            "ed bf bf", "f0 80 80 80", "f0 8f bf bf", "f4 90 80 80", "f5 80 80 80",
                            "ff", "fe", "c3", "e2 82", "f0 9f 98", "c3 28", "e2 28 a1"}) {
        CAPTURE(bad);
        CHECK(find_invalid_utf8(octets(bad)) == 0);
        CHECK(find_invalid_utf8(ascii + octets(bad)) == 20);
        CHECK(find_invalid_utf8(ascii + octets(bad) + ascii) == 20);
    }
}

TEST_CASE("UTF-8 check accepts every code point at the ends of its ranges") {
    for (const char* good : {"", "00", "7f", "c2 80", "df bf", "e0 a0 80", "ed 9f bf", "ee 80 80",
                             "ef bf bf", "f0 90 80 80", "f4 8f bf bf"}) {
        CAPTURE(good);
        CHECK(is_utf8(octets(good)));
    }
}

TEST_CASE("UTF-16 becomes UTF-8, code point by code point") {
    std::string text = "x";
    CHECK(append_utf16le(text, hex("6100 e900 ac20 3dd800de")));
    CHECK(text == "xa\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    CHECK(utf16_length(text) == 6);
}

TEST_CASE("UTF-16 units are counted wherever characters of each size stand") {
    const std::pair<std::string_view, std::size_t> characters[] = {
        {"a", 1}, {"\xc3\xa9", 1}, {"\xe2\x82\xac", 1}, {"\xf0\x9f\x98\x80", 2}};
    for (const auto& [first, units] : characters)
        for (const auto& [second, more_units] : characters)
            for (std::size_t before = 0; before != 20; ++before)
                for (std::size_t behind = 0; behind != 20; ++behind) {
                    std::string text(before, 'x');
                    text += first;
                    text += second;
                    text.append(behind, 'y');
                    CHECK(is_utf8(text));
                    CHECK(utf16_length(text) == before + units + more_units + behind);
                    const std::size_t last = text.size() - behind - 1;
                    text[last] = '\xff';
                    CHECK(find_invalid_utf8(text) == last + 1 - second.size());
                }
}

TEST_CASE("UTF-16 with half a pair or half a unit is refused") {
    for (const char* bad : {"61", "3dd8", "00de", "3dd86100", "00de3dd8", "3dd83dd8"}) {
        CAPTURE(bad);
        std::string text;
        CHECK(!append_utf16le(text, hex(bad)));
    }
}

TEST_CASE("UTF-8 of a code point has the shortest length") {
    for (const char32_t code_point :
         {0x0u, 0x7fu, 0x80u, 0x7ffu, 0x800u, 0xffffu, 0x10000u, 0x10ffffu}) {
        std::string text;
        append_code_point(text, code_point);
        CHECK(is_utf8(text));
        CHECK(text.size() == (code_point < 0x80      ? 1u
                              : code_point < 0x800   ? 2u
                              : code_point < 0x10000 ? 3u
                                                     : 4u));
    }
}

TEST_CASE("a peer's words are made fit to print") {
    CHECK(printable("plain text") == "plain text");
    CHECK(printable("a\x01"
                    "b\n") == "a\\x01b\\x0a");
    CHECK(printable("caf\xc3\xa9 \xff") == "caf\xc3\xa9 \\xff");
    CHECK(printable("say \"x\"") == "say \\x22x\\x22");
    CHECK(printable("\xc2\x9b"
                    "31m \xc2\xa0") == "\\xc2\\x9b31m \xc2\xa0");  // C1 controls move cursors too
    const std::string cut = printable(std::string(300, 'a'), 10);
    CHECK(cut == "aaaaaaaaaa...");
}
