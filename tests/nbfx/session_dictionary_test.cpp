#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>

#include <string>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

std::vector<std::byte> table_of(sent_dictionary& strings) {
    std::vector<std::byte> octets(strings.table_size());
    CHECK(strings.write_table(octets.data()) == octets.data() + octets.size());
    return octets;
}

// The table of a string of `size` octets: `size` is that of the table's content.
std::vector<std::byte> filled_table(std::size_t content) {
    REQUIRE(content > 300);  // sizes in two octets each
    std::vector<std::byte> table(2 + content, std::byte{'x'});
    write_multi_byte_int31(table.data(), static_cast<std::uint32_t>(content));
    write_multi_byte_int31(table.data() + 2, static_cast<std::uint32_t>(content - 2));
    return table;
}

}  // namespace

TEST_CASE("received_dictionary takes in the specification's table") {
    received_dictionary strings;
    const auto octets = hex("11 06 616374696f6e 09 496e76656e746f7279  ab 01");
    const auto used = strings.read_table(octets);
    REQUIRE(used.has_value());
    CHECK(*used == 18u);
    CHECK(strings.count() == 2u);
    CHECK(strings.find(1) == "action");
    CHECK(strings.find(3) == "Inventory");
    CHECK_FALSE(strings.find(5));
    CHECK_FALSE(strings.find(0));
    CHECK_FALSE(strings.find(0x7fffffff));
}

TEST_CASE("received_dictionary goes on where the last table ended") {
    received_dictionary strings;
    REQUIRE(strings.read_table(hex("02 01 61")).has_value());
    REQUIRE(strings.read_table(hex("00")).has_value());
    // An empty string, and one that is there already.
    REQUIRE(strings.read_table(hex("05 01 62 00 01 61")).has_value());
    CHECK(strings.find(1) == "a");
    CHECK(strings.find(3) == "b");
    CHECK(strings.find(5) == "");
    CHECK(strings.find(7) == "a");
}

TEST_CASE("received_dictionary never moves a string") {
    received_dictionary strings(1u << 20);
    REQUIRE(strings.read_table(hex("02 01 61")).has_value());
    const char* first = strings.find(1)->data();
    for (int i = 0; i != 5000; ++i)
        REQUIRE(strings.read_table(hex("03 00 01 62")).has_value());
    CHECK(strings.find(1)->data() == first);
    CHECK(strings.count() == 10001u);
    CHECK(strings.find(20001) == "b");
    CHECK(strings.find(19999) == "");
}

TEST_CASE("received_dictionary refuses damaged tables and everything after one") {
    struct rejected {
        const char* octets;
        boost::system::error_code code;
        std::uint64_t at;
    };
    const rejected cases[] = {
        {"", base_errc::truncated, 0},
        {"80", base_errc::truncated, 1},
        {"02 01", base_errc::truncated, 2},
        {"ff ff ff ff 08", base_errc::size_overflow, 4},
        {"03 03 61 62", errc::string_table_malformed, 1},
        {"03 01 61 80", errc::string_table_malformed, 3},
        {"06 ff ff ff ff 08 61", base_errc::size_overflow, 5},
        {"03 02 61 ff", errc::utf8_invalid, 3},
        {"04 03 ed a0 80", errc::utf8_invalid, 2},
    };
    for (const auto& [octets, code, at] : cases) {
        CAPTURE(octets);
        received_dictionary strings;
        const auto outcome = strings.read_table(hex(octets));
        REQUIRE_FALSE(outcome.has_value());
        CHECK(outcome.error().code == code);
        CHECK(outcome.error().at == at);
        CHECK(strings.count() == 0u);
        CHECK(strings.read_table(hex("00")).error().code == errc::session_invalid);
    }
}

TEST_CASE("received_dictionary accepts exactly its budget") {
    received_dictionary strings;
    REQUIRE(strings.read_table(filled_table(2048)).has_value());
    REQUIRE(strings.read_table(hex("00")).has_value());
    CHECK(strings.read_table(hex("01 00")).error().code == errc::string_table_budget_exceeded);
    CHECK(strings.read_table(hex("00")).error().code == errc::session_invalid);
    CHECK(strings.find(1)->size() == 2046u);

    received_dictionary other;
    CHECK(other.read_table(filled_table(2049)).error().code == errc::string_table_budget_exceeded);
}

TEST_CASE("received_dictionary accepts long spellings of sizes") {
    received_dictionary strings;
    CHECK(*strings.read_table(hex("83 80 00 81 00 61 ff")) == 6u);
    CHECK(strings.find(1) == "a");
}

TEST_CASE("sent_dictionary numbers strings and writes each once") {
    sent_dictionary strings;
    CHECK(table_of(strings) == hex("00"));
    CHECK(strings.find_or_add("action") == 1u);
    CHECK(strings.find_or_add("Inventory") == 3u);
    CHECK(strings.find_or_add("action") == 1u);
    CHECK(table_of(strings) == hex("11 06 616374696f6e 09 496e76656e746f7279"));
    CHECK(strings.find_or_add("Inventory") == 3u);
    CHECK(table_of(strings) == hex("00"));
    CHECK(strings.find_or_add("x") == 5u);
    CHECK(table_of(strings) == hex("02 01 78"));
}

TEST_CASE("sent_dictionary stops for good at the first string that does not fit") {
    sent_dictionary strings;
    std::uint32_t next = 1;
    for (int i = 0; i != 19; ++i, next += 2)  // 19 strings of 98 octets and their size octet
        REQUIRE(strings.find_or_add(std::string(96, 'n') + std::to_string(10 + i)) == next);
    const std::string last(165, 'l');
    REQUIRE(strings.find_or_add(last) == next);  // 19 * 99 + 167 == 2048
    CHECK_FALSE(strings.find_or_add(""));
    CHECK(strings.find_or_add(last) == next);
    CHECK(strings.table_size() == 2050u);
    received_dictionary peer;
    CHECK(peer.read_table(table_of(strings)).has_value());
    CHECK(peer.find(next) == last);

    sent_dictionary other;
    CHECK(other.find_or_add("fits") == 1u);
    CHECK_FALSE(other.find_or_add(std::string(3000, 'x')));
    CHECK_FALSE(other.find_or_add("y"));
    CHECK(other.find_or_add("fits") == 1u);
}

TEST_CASE("sent_dictionary forgets the strings of a document that is not sent") {
    sent_dictionary strings(20);
    REQUIRE(strings.find_or_add("kept") == 1u);
    table_of(strings);
    REQUIRE(strings.find_or_add("dropped") == 3u);
    strings.roll_back();
    CHECK(table_of(strings) == hex("00"));
    CHECK(strings.find_or_add("kept") == 1u);
    CHECK(strings.find_or_add("fourteen chars") == 3u);  // the budget came back
    CHECK(table_of(strings) == hex("0f 0e 666f75727465656e206368617273"));
}

TEST_CASE("sent_dictionary and received_dictionary agree on any number of strings") {
    sent_dictionary sent(1u << 22);
    received_dictionary received(1u << 22);
    for (std::uint32_t i = 0; i != 70000; ++i) {
        const std::string text = "string " + std::to_string(i);
        const auto id = sent.find_or_add(text);
        if (i < 0xfffe)
            REQUIRE(id == 2 * i + 1);
        else
            REQUIRE_FALSE(id);  // ids beyond what the index can number
        if (i % 1000 == 999)
            REQUIRE(received.read_table(table_of(sent)).has_value());
    }
    CHECK(received.count() == 0xfffeu);
    CHECK(received.find(2 * 65533 + 1) == "string 65533");
    CHECK(sent.find_or_add("string 40000") == 80001u);
}
