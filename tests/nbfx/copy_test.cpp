#include "support/catch.hpp"
#include "support/document_text.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/copy.hpp>
#include <nettcp/nbfx/errc.hpp>

#include <functional>
#include <limits>

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
octet_buffer copied(bytes_view document) {
    reader in;
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
