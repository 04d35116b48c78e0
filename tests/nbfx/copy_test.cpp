#include "support/catch.hpp"
#include "support/document_text.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/copy.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <ctime>
#include <functional>
#include <limits>
#include <string>
#include <vector>

using namespace nettcp;
using namespace nettcp::nbfx;
using nettcp::nbfx::literals::operator""_dict;

namespace {

constexpr std::string_view xsi = "http://www.w3.org/2001/XMLSchema-instance";

octet_buffer written(const std::function<void(writer&)>& write,
                     sent_dictionary* session = nullptr) {
    octet_buffer out;
    writer w;
    w.open(out, session);
    write(w);
    REQUIRE(w.finish().has_value());
    return out;
}

/// A copy of the document's root.
octet_buffer copied(bytes_view document, const reader_quotas& quotas = {}) {
    reader in(quotas);
    in.open(document);
    in.next();
    return written([&](writer& out) { copy_element(in, out); });
}

bool same(const octet_buffer& a, const octet_buffer& b) {
    return std::ranges::equal(a.view(), b.view());
}

/// Every kind of value, as a writer makes it.
void write_values(writer& out) {
    const auto one = [&](const char* name, const auto& content) {
        out.start_element("", name, "urn:v");
        content();
        out.end_element();
    };
    one("boolean", [&] { out.boolean(true); });
    one("small", [&] { out.int64(-7); });
    one("large", [&] { out.int64(std::numeric_limits<std::int64_t>::min()); });
    one("unsigned", [&] { out.uint64(std::numeric_limits<std::uint64_t>::max()); });
    one("float", [&] { out.float32(1.5f); });
    one("double", [&] { out.float64(0.1); });
    one("decimal", [&] { out.decimal({110, 0, 2, true}); });
    one("date", [&] { out.date_time({630822816000000000, date_time_kind::utc}); });
    one("span", [&] { out.time_span({-1}); });
    one("uuid", [&] { out.uuid(uuid{{1, 2, 3}}); });
    one("id", [&] { out.unique_id(uuid{{4, 5, 6}}); });
    one("octets", [&] { out.bytes(hex("00 01 02 fd fe ff 07")); });
    one("text", [&] { out.text("h\u00e9llo \u4f60\u597d"); });
    one("empty", [] {});
}

}  // namespace

TEST_CASE("copying an element keeps the kinds of its values") {
    const auto document = written([](writer& out) {
        out.start_element("v", "root", "urn:v");
        write_values(out);
        out.end_element();
    });
    CHECK(same(copied(document.view()), document));
}

TEST_CASE("copying an element keeps prefixes, declarations, attributes and comments") {
    const auto document = written([](writer& out) {
        out.start_element("p", "root", "urn:a");
        out.declare_namespace("q", "urn:b");
        out.attribute("q", "plain", "urn:b", "text");
        out.start_attribute("", "number", "");
        out.int64(300);
        out.end_attribute();
        out.comment("what follows is in another namespace");
        out.start_element("", "child", "urn:c");
        out.text("before");
        out.start_element("q", "inner", "urn:b");
        out.end_element();
        out.text("behind");
        out.end_element();
        out.end_element();
    });
    CHECK(same(copied(document.view()), document));
}

TEST_CASE("copying puts the reader behind the element") {
    const auto document = written([](writer& out) {
        out.start_element("", "root", "");
        out.start_element("", "first", "");
        out.text("x");
        out.end_element();
        out.start_element("", "second", "");
        out.end_element();
        out.end_element();
    });
    reader in;
    in.open(document.view());
    in.next();
    in.next();
    const auto copy = written([&](writer& out) { copy_element(in, out); });
    CHECK(in.current() == node::element);
    CHECK(in.local_name() == "second");
    CHECK(same(copy, written([](writer& out) {
                   out.start_element("", "first", "");
                   out.text("x");
                   out.end_element();
               })));
}

TEST_CASE("copied content goes into an element of another name") {
    const auto document = written([](writer& out) {
        out.start_element("p", "old", "urn:a");
        out.attribute("", "kept", "", "yes");
        out.text("inside");
        out.end_element();
    });
    reader in;
    in.open(document.view());
    in.next();
    const auto copy = written([&](writer& out) {
        out.start_element(in.prefix(), "new", "urn:a");
        copy_element_content(in, out);
        out.end_element();
    });
    CHECK(in.current() == node::end_of_document);
    CHECK(same(copy, written([](writer& out) {
                   out.start_element("p", "new", "urn:a");
                   out.attribute("", "kept", "", "yes");
                   out.text("inside");
                   out.end_element();
               })));
}

TEST_CASE("copied names go through dictionaries only when the vocabulary has them") {
    const auto document = written([](writer& out) {
        out.start_element("", "known", "urn:k");
        out.start_element("", "unknown", "urn:k");
        out.end_element();
        out.end_element();
    });
    constexpr dictionary_string vocabulary[] = {"known"_dict, "urn:k"_dict};
    reader in;
    in.open(document.view());
    in.next();
    sent_dictionary ours(1000);
    const auto copy = written([&](writer& out) { copy_element(in, out, vocabulary); }, &ours);
    sent_dictionary wanted(1000);
    CHECK(same(copy, written(
                         [](writer& out) {
                             out.start_element("", "known"_dict, "urn:k"_dict);
                             out.start_element("", "unknown", "urn:k"_dict);
                             out.end_element();
                             out.end_element();
                         },
                         &wanted)));
}

TEST_CASE("a copied xsi:type brings the declaration it needs from further out") {
    const auto document = written([](writer& out) {
        out.start_element("", "root", "");
        out.declare_namespace("far", "urn:far");
        out.start_element("", "value", "");
        out.attribute("i", "type", xsi, "far:Special");
        out.end_element();
        out.end_element();
    });
    reader in;
    in.open(document.view());
    in.next();
    in.next();
    const auto copy = written([&](writer& out) { copy_element(in, out); });
    reader again;
    again.open(copy.view());
    REQUIRE(again.next() == node::element);
    CHECK(again.find_namespace("far") == "urn:far");
}

TEST_CASE("a copy fails where its document is broken") {
    const auto broken = hex("40 01 61 99 02 78");  // a text of two octets, of which one is there
    reader in;
    in.open(broken);
    in.next();
    octet_buffer octets;
    writer out;
    out.open(octets);
    copy_element(in, out);
    CHECK(out.failure().code == make_error_code(base_errc::truncated));
    CHECK_FALSE(out.finish().has_value());
}

TEST_CASE("a copy fails when the reader stands on no element") {
    const auto document = hex("40 01 61 01");
    reader in;
    in.open(document);
    octet_buffer octets;
    writer out;
    out.open(octets);
    copy_element(in, out);
    CHECK(out.failure().code == make_error_code(base_errc::invalid_state));
}

TEST_CASE("Prefixes that are hidden further in cost a copy no time") {
    // As many octets as a message may hold by default: names by prefixes of two namespaces in turn,
    // behind hundreds of declarations of the same namespaces whose prefixes mean something else by
    // now.
    const auto prefix = [](int i) { return "q" + std::to_string(1000 + i); };
    constexpr int hidden = 500;
    const auto name = hex("bc 00 02 bc 01 02");
    auto document = hex("40 01 72 09 01 61 01 55 09 01 62 01 56");  // r, a is U, b is V
    const auto append = [&](bytes_view octets) {
        document.insert(document.end(), octets.begin(), octets.end());
    };
    const auto declare = [&](const std::string& declared, std::string_view uri) {
        append(hex("09 05"));
        append(as_bytes(declared));
        append(hex("01"));
        append(as_bytes(uri));
    };
    for (int i = 0; i != hidden; ++i)
        declare(prefix(i), i % 2 == 0 ? "U" : "V");
    append(hex("40 01 65"));
    for (int i = 0; i != hidden; ++i)
        declare(prefix(i), "W");
    while (document.size() < 65000)
        append(name);
    append(hex("01 01"));

    const std::clock_t start = std::clock();
    const octet_buffer copy = copied(document, {.max_attributes = 1u << 14});
    const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    CHECK(seconds < 10);  // a tenth of a second, and a minute when each look-up compared all pairs
    CHECK(copy.size() > document.size());
}

TEST_CASE("Prefixes come back when what hid them has ended") {
    const octet_buffer out = written([](writer& w) {
        w.start_element("p", "r", "urn:1");
        w.start_element("p", "hides", "urn:2");
        CHECK(w.ensure_prefix("urn:1") == "a");
        w.end_element();
        w.start_element("", "inside", "");
        CHECK(w.ensure_prefix("urn:1") == "p");
        w.end_element();
        w.end_element();
    });
    CHECK(out.size() != 0);
}

TEST_CASE("Generated prefixes take the first number that is free") {
    (void)written([](writer& w) {
        w.start_element("", "r", "");
        for (char letter = 'a'; letter <= 'z'; ++letter)
            w.declare_namespace(std::string(1, letter), "urn:" + std::string(1, letter));
        for (const char* taken : {"d1p0", "d1p01", "d1p2", "d1p", "d1p1x", "d1p4294967297"})
            w.declare_namespace(taken, std::string("urn:") + taken);
        CHECK(w.ensure_prefix("urn:new") == "d1p1");
        CHECK(w.ensure_prefix("urn:newer") == "d1p3");
        w.end_element();
    });
}
