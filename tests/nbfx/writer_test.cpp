#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <cmath>
#include <functional>
#include <limits>

using namespace nettcp;
using namespace nettcp::nbfx;
using namespace nettcp::nbfx::literals;

namespace {

using calls = std::function<void(writer&)>;

std::string written(const calls& script, sent_dictionary* session = nullptr) {
    octet_buffer out;
    writer w;
    w.open(out, session);
    script(w);
    const auto finished = w.finish();
    if (!finished)
        return finished.error().code.message();
    return to_hex(out.view());
}

// Hex digits as `written` gives them; spaces are for the reader.
std::string octets(std::string_view spaced) {
    return to_hex(hex(spaced));
}

// What follows the start tag of <a>.
std::string content(const calls& script) {
    const std::string all = written([&](writer& w) {
        w.start_element("", "a", "");
        script(w);
        w.end_element();
    });
    CHECK(all.starts_with("400161"));
    return all.substr(6);
}

boost::system::error_code failure(const calls& script) {
    octet_buffer out;
    out.append(hex("c0de"));
    sent_dictionary session;
    writer w;
    w.open(out, &session);
    script(w);
    const auto finished = w.finish();
    CHECK(to_hex(out.view()).starts_with("c0de"));
    if (finished)
        return {};
    CHECK(out.size() == 2u);  // nothing of a failed document stays
    CHECK(session.table_size() == 1u);
    return finished.error().code;
}

constexpr dictionary_string envelope{"Envelope", 2};
constexpr dictionary_string soap12{"http://www.w3.org/2003/05/soap-envelope", 4};

}  // namespace

TEST_CASE("writer chooses the record of a value as .NET does") {
    struct row {
        const char* octets;
        calls script;
    };
    const auto infinity = std::numeric_limits<double>::infinity();
    const row rows[] = {
        {"01", [](writer&) {}},
        {"01", [](writer& w) { w.text(""); }},
        {"81", [](writer& w) { w.text("0"); }},
        {"83", [](writer& w) { w.text("1"); }},
        {"990130", [](writer& w) { w.chars("0"); }},
        {"990474727565", [](writer& w) { w.text("true"); }},
        {"b704e5652c67", [](writer& w) { w.text("日本"); }},
        {"9907e697a5e69cac78", [](writer& w) { w.text("日本x"); }},
        {"9903e282ac", [](writer& w) { w.text("€"); }},
        {"9904f09f9880", [](writer& w) { w.text("😀"); }},
        {"87", [](writer& w) { w.boolean(true); }},
        {"85", [](writer& w) { w.boolean(false); }},
        {"81", [](writer& w) { w.int64(0); }},
        {"89ff", [](writer& w) { w.int64(-1); }},
        {"8b8000", [](writer& w) { w.int64(128); }},
        {"8d00800000", [](writer& w) { w.int64(32768); }},
        {"8f0000008000000000", [](writer& w) { w.int64(2147483648); }},
        {"8fffffffffffffff7f", [](writer& w) { w.uint64(INT64_MAX); }},
        {"b3ffffffffffffffff", [](writer& w) { w.uint64(UINT64_MAX); }},
        {"83", [](writer& w) { w.float32(1); }},
        {"81", [](writer& w) { w.float32(-0.0f); }},
        {"910000c03f", [](writer& w) { w.float32(1.5f); }},
        {"8bff7f", [](writer& w) { w.float32(32767); }},
        {"9100000047", [](writer& w) { w.float32(32768); }},
        {"910000c03f", [](writer& w) { w.float64(1.5); }},
        {"910000807f", [=](writer& w) { w.float64(infinity); }},
        {"939a9999999999b93f", [](writer& w) { w.float64(0.1); }},
        {"939c7500883ce4377e", [](writer& w) { w.float64(1e300); }},
        {"9500000280000000009600000000000000",
         [](writer& w) { w.decimal({.low = 150, .high = 0, .scale = 2, .negative = true}); }},
        {"970040e4470222c148",
         [](writer& w) { w.date_time({630822816000000000, date_time_kind::utc}); }},
        {"af8096980000000000", [](writer& w) { w.time_span({10000000}); }},
        {"b133221100554477668899aabbccddeeff",
         [](writer& w) { w.uuid(*parse_uuid("00112233-4455-6677-8899-aabbccddeeff")); }},
        {"ad33221100554477668899aabbccddeeff",
         [](writer& w) { w.unique_id("urn:uuid:00112233-4455-6677-8899-aabbccddeeff"); }},
        {"9907 75726e3a666f6f", [](writer& w) { w.unique_id("urn:foo"); }},
        {"a4880586a6 01",
         [](writer& w) {
             w.start_list();
             w.int64(5);
             w.boolean(true);
             w.end_list();
         }},
        {"a4a8a6 01",
         [](writer& w) {
             w.start_list();
             w.text("");
             w.end_list();
         }},
        {"98036162639903646566",
         [](writer& w) {
             w.text("abc");
             w.text("def");
         }},
        {"0203686579 01", [](writer& w) { w.comment("hey"); }},
    };
    for (const row& r : rows) {
        CAPTURE(r.octets);
        CHECK(content(r.script) == octets(r.octets));
    }
    const auto upper =
        content([](writer& w) { w.unique_id("urn:uuid:00112233-4455-6677-8899-AABBCCDDEEFF"); });
    CHECK(upper.starts_with("992d"));
    const auto nan = content([](writer& w) { w.float64(std::nan("")); });
    CHECK(nan.starts_with("93"));
}

TEST_CASE("writer keeps base64 in groups of three octets") {
    const auto octets = hex("01020304050607");
    const auto calls_of = [&](std::initializer_list<std::size_t> sizes) {
        return content([&](writer& w) {
            std::size_t at = 0;
            for (const std::size_t size : sizes) {
                w.bytes(bytes_view(octets).subspan(at, size));
                at += size;
            }
        });
    };
    CHECK(calls_of({0}) == "01");
    CHECK(calls_of({3}) == "9f03010203");
    CHECK(calls_of({4}) == "9e030102039f0104");
    CHECK(calls_of({1, 2}) == "9f03010203");
    CHECK(calls_of({1, 1}) == "9f020102");
    CHECK(calls_of({2, 5}) == "9e060102030405069f0107");
    CHECK(content([&](writer& w) {
              w.bytes(bytes_view(octets).first(4));
              w.text("x");
          }) == "9e030102039e0104990178");
}

TEST_CASE("writer lets a text record take in the end only within a buffer of 512 octets") {
    const auto end_of = [](std::size_t size) {
        const auto octets = content([&](writer& w) {
            w.start_element("", "b", "");
            w.text(std::string(size, 'x'));
            w.end_element();
        });
        return octets.substr(6, 2);
    };
    CHECK(end_of(168) == "99");  // at offset 6: 6 + 2 + 3 * 168 is 512
    CHECK(end_of(169) == "98");
    CHECK(end_of(255) == "98");
}

TEST_CASE("writer names elements by prefix letter and dictionary id") {
    CHECK(written([](writer& w) {
              w.start_element("s", envelope, soap12);
              w.end_element();
          }) == octets("5602 0b017304 01"));
    CHECK(written([](writer& w) {
              w.start_element("", envelope, soap12);
              w.end_element();
          }) == octets("4202 0a04 01"));
    CHECK(written([](writer& w) {
              w.start_element("pre", envelope, soap12);
              w.end_element();
          }) == octets("430370726502 0b0370726504 01"));
    CHECK(written([](writer& w) {
              w.start_element("pre", "b", "u");
              w.end_element();
          }) == octets("41037072650162 09037072650175 01"));
    sent_dictionary session;
    CHECK(written(
              [](writer& w) {
                  w.start_element("", "Echo"_dict, "urn:t"_dict);
                  w.text("Echo"_dict);
                  w.end_element();
              },
              &session) == octets("42010a03 ab01"));
    CHECK(written(
              [](writer& w) {
                  w.start_element("", "Echo", "urn:t"_dict);
                  w.end_element();
              },
              &session) == octets("40044563686f 0a03 01"));
}

TEST_CASE("writer declares namespaces behind the attributes, and only where they are needed") {
    CHECK(written([](writer& w) {
              w.start_element("p", "a", "u");
              w.attribute("q", "b", "v", "1");
              w.start_element("p", "c", "u");
              w.end_element();
              w.end_element();
          }) == octets("6d0161 360162 82 0901700175 0901710176 6d0163 0101"));
    // The innermost prefix that stands for the namespace is used, else it becomes the default.
    CHECK(written([](writer& w) {
              w.start_element("p", "a", "u");
              w.start_element("b", "u");
              w.end_element();
              w.start_element("c", "v");
              w.end_element();
              w.start_element("d", "");
              w.end_element();
              w.end_element();
          }) == octets("6d0161 0901700175 6d0162 01 400163 080176 01 400164 01 01"));
}

TEST_CASE("writer makes prefixes for attributes, which have no default namespace") {
    CHECK(written([](writer& w) {
              w.start_element("", "r", "u");
              w.attribute("", "x", "u", "v");
              w.attribute("", "y", "w", "v");
              w.end_element();
          }) == octets("400172 260178980176 270179980176 080175 0901610175 0901620177 01"));
    const auto many = written([](writer& w) {
        w.start_element("", "r", "");
        for (int i = 0; i != 28; ++i)
            w.attribute("", "x" + std::to_string(i), "u" + std::to_string(i), "");
        w.end_element();
    });
    CHECK(many.find(octets("0504 64317030 03783236")) != std::string::npos);  // d1p0:x26
    CHECK(many.find(octets("0504 64317031 03783237")) != std::string::npos);  // d1p1:x27
    std::string_view made;
    CHECK(written([&](writer& w) {
              w.start_element("", "r", "");
              made = w.ensure_prefix("u");
              CHECK(made == w.ensure_prefix("u"));
              w.end_element();
          }) == octets("400172 0901610175 01"));
}

TEST_CASE("writer repeats a declaration only when told to") {
    const auto with = [](repeated same) {
        return written([=](writer& w) {
            w.start_element("p", "a", "u");
            w.start_element("p", "b", "u");
            w.declare_namespace("p", "u", same);
            w.end_element();
            w.end_element();
        });
    };
    CHECK(with(repeated::drop) == octets("6d0161 0901700175 6d0162 01 01"));
    CHECK(with(repeated::keep) == octets("6d0161 0901700175 6d0162 0901700175 01 01"));
}

TEST_CASE("writer writes one value for an attribute") {
    const auto value = [](const calls& script) {
        const auto all = content([&](writer& w) {
            w.start_attribute("", "x", "");
            script(w);
            w.end_attribute();
        });
        CHECK(all.starts_with("040178"));
        return all.substr(6, all.size() - 8);
    };
    CHECK(value([](writer&) {}) == "a8");
    CHECK(value([](writer& w) { w.text("1"); }) == "82");
    CHECK(value([](writer& w) {
              w.text("a");
              w.text("b");
          }) == "98026162");
    CHECK(value([](writer& w) { w.text(envelope); }) == "aa02");
    CHECK(value([](writer& w) {
              w.text(envelope);
              w.text(envelope);
          }) == octets("9810 456e76656c6f7065456e76656c6f7065"));
    CHECK(value([](writer& w) { w.int64(5); }) == "8805");
    CHECK(value([](writer& w) {
              w.bytes(hex("0102"));
              w.bytes(hex("0304"));
          }) == "9e0401020304");
    CHECK(value([](writer& w) {
              w.text("x");
              w.bytes(hex("01"));
              w.text("y");
          }) == octets("9806 7841513d3d79"));
    CHECK(value([](writer& w) {
              w.start_list();
              w.text("a");
              w.text("b");
              w.end_list();
          }) == octets("a4 980161 980162 a6"));
    CHECK(content([](writer& w) {
              w.start_attribute("xml", "lang", "http://www.w3.org/XML/1998/namespace");
              w.text("en");
          }) == octets("0503786d6c046c616e67 9802656e 01"));
}

TEST_CASE("writer writes qualified names with the prefix in force") {
    const auto name = [](xml_string local, xml_string ns) {
        return written([&](writer& w) {
            w.start_element("p", "r", "u");
            w.declare_namespace("pre", "v");
            w.text("-");
            w.qualified_name(local, ns);
            w.end_element();
        });
    };
    CHECK(name(envelope, "u").ends_with(octets("98012d bd0f02")));
    CHECK(name("Foo", "u").ends_with(octets("98012d 980170 98013a 9903466f6f")));
    CHECK(name(envelope, "v").ends_with(octets("98012d 9803707265 98013a ab02")));
    CHECK(name(envelope, "").ends_with(octets("98012d ab02")));
    CHECK(name(envelope, "w") == make_error_code(errc::write_namespace_undeclared).message());
    CHECK(content([](writer& w) {
              w.start_attribute("", "t", "");
              w.qualified_name("Foo", "u");
          }) == octets("040174 9805613a466f6f 0901610175 01"));
}

TEST_CASE("writer writes arrays of every item type") {
    const auto array = [](const auto& items) {
        return content([&](writer& w) { w.array("", "i", "", std::span(items)); });
    };
    const bool truths[] = {true, false};
    const std::int16_t shorts[] = {1, -1};
    const std::int32_t ints[] = {1, 2, 3};
    const std::int64_t longs[] = {1};
    const float floats[] = {1.5f};
    const double doubles[] = {1, 2.5};
    const decimal decimals[] = {{.low = 150, .high = 0, .scale = 2, .negative = false}};
    const date_time moments[] = {{1, date_time_kind::utc}};
    const time_span spans[] = {{-1}};
    const uuid ids[] = {*parse_uuid("00112233-4455-6677-8899-aabbccddeeff")};
    const std::string start = "0340016901";
    CHECK(array(truths) == start + octets("b5020100 01"));
    CHECK(array(shorts) == start + octets("8b020100ffff 01"));
    CHECK(array(ints) == start + octets("8d03010000000200000003000000 01"));
    CHECK(array(longs) == start + octets("8f010100000000000000 01"));
    CHECK(array(floats) == start + octets("91010000c03f 01"));
    CHECK(array(doubles) == start + octets("9302000000000000f03f0000000000000440 01"));
    CHECK(array(decimals) == start + octets("950100000200000000009600000000000000 01"));
    CHECK(array(moments) == start + octets("97010100000000000040 01"));
    CHECK(array(spans) == start + octets("af01ffffffffffffffff 01"));
    CHECK(array(ids) == start + octets("b10133221100554477668899aabbccddeeff 01"));
    CHECK(array(std::vector<std::int32_t>()) == "01");
    CHECK(written([&](writer& w) { w.array("p", "i", "u", std::span(shorts).first(1)); }) ==
          octets("036d0169 0901700175 01 8b010100"));
    // As captured from WCF: names of arrays take no dictionary ids.
    sent_dictionary session;
    CHECK(written(
              [&](writer& w) {
                  w.array("c", "double"_dict, "urn:c"_dict, std::span(doubles).first(1));
              },
              &session) == octets("036006646f75626c65 0901630575726e3a63 01 9301000000000000f03f"));
    CHECK(session.table_size() == 1u);
}

TEST_CASE("writer reports misuse as its first failure and leaves nothing behind") {
    struct row {
        const char* what;
        boost::system::error_code code;
        calls script;
    };
    const auto a = [](writer& w) { w.start_element("", "a", "urn:a"_dict); };
    const row rows[] = {
        {"nothing written", errc::write_element_open, [](writer&) {}},
        {"open element", errc::write_element_open, [=](writer& w) { a(w); }},
        {"end without start", errc::write_outside_element, [](writer& w) { w.end_element(); }},
        {"text before the root", errc::write_outside_element, [](writer& w) { w.text("x"); }},
        {"value before the root", errc::write_outside_element, [](writer& w) { w.int64(5); }},
        {"octets before the root", errc::write_outside_element,
         [](writer& w) { w.bytes(hex("01")); }},
        {"second root", errc::write_second_root,
         [=](writer& w) {
             a(w);
             w.end_element();
             a(w);
         }},
        {"array of two as root", errc::write_second_root,
         [](writer& w) { w.array("", "a", "", std::span<const bool>(std::array{true, true})); }},
        {"attribute after content", errc::write_attribute_too_late,
         [=](writer& w) {
             a(w);
             w.text("x");
             w.attribute("", "b", "", "c");
         }},
        {"declaration after content", errc::write_attribute_too_late,
         [=](writer& w) {
             a(w);
             w.text("x");
             w.declare_namespace("p", "u");
         }},
        {"empty name", errc::write_name_invalid, [](writer& w) { w.start_element("", "", ""); }},
        {"name with space", errc::write_name_invalid,
         [](writer& w) { w.start_element("", "a b", ""); }},
        {"name with colon", errc::write_name_invalid,
         [](writer& w) { w.start_element("", "a:b"_dict, ""); }},
        {"name in broken UTF-8", errc::write_name_invalid,
         [](writer& w) { w.start_element("", "a\xff", ""); }},
        {"prefix that is no name", errc::write_name_invalid,
         [](writer& w) { w.start_element("1", "a", "u"); }},
        {"attribute xmlns", errc::write_name_invalid,
         [=](writer& w) {
             a(w);
             w.attribute("", "xmlns", "", "u");
         }},
        {"attribute twice", errc::write_attribute_duplicate,
         [=](writer& w) {
             a(w);
             w.attribute("p", "b", "u", "");
             w.attribute("q", "b", "u", "");
         }},
        {"prefix for no namespace", errc::write_prefix_conflict,
         [](writer& w) { w.start_element("p", "a", ""); }},
        {"prefix for two namespaces", errc::write_prefix_conflict,
         [](writer& w) {
             w.start_element("p", "a", "u");
             w.declare_namespace("p", "v");
         }},
        {"prefix xml for another namespace", errc::write_prefix_conflict,
         [](writer& w) { w.start_element("xml", "a", "u"); }},
        {"prefix xmlns", errc::write_prefix_conflict,
         [](writer& w) { w.start_element("xmlns", "a", "u"); }},
        {"prefix xml elsewhere", errc::write_prefix_conflict,
         [](writer& w) { w.start_element("p", "a", "http://www.w3.org/XML/1998/namespace"); }},
        {"broken UTF-8", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.text("\xff");
         }},
        {"comment with hyphens", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.comment("a--b");
         }},
        {"comment that ends with a hyphen", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.comment("a-");
         }},
        {"two values in an attribute", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.start_attribute("", "b", "");
             w.int64(1);
             w.int64(2);
         }},
        {"text behind a value in an attribute", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.start_attribute("", "b", "");
             w.int64(1);
             w.text("x");
         }},
        {"element within an attribute", base_errc::invalid_state,
         [=](writer& w) {
             a(w);
             w.start_attribute("", "b", "");
             a(w);
         }},
        {"list within a list", base_errc::invalid_state,
         [=](writer& w) {
             a(w);
             w.start_list();
             w.start_list();
         }},
        {"element end within a list", base_errc::invalid_state,
         [=](writer& w) {
             a(w);
             w.start_list();
             w.end_element();
         }},
        {"decimal of 29 places", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.decimal({.low = 1, .high = 0, .scale = 29, .negative = false});
         }},
        {"date beyond the year 9999", errc::write_value_invalid,
         [=](writer& w) {
             a(w);
             w.date_time({max_date_time_ticks + 1, date_time_kind::utc});
         }},
        {"failure of the caller's own", base_errc::invalid_argument,
         [=](writer& w) {
             a(w);
             w.fail(base_errc::invalid_argument);
             w.end_element();
         }},
    };
    for (const row& r : rows) {
        CAPTURE(r.what);
        CHECK(failure(r.script) == r.code);
    }
}

TEST_CASE("writer counts attributes of one start tag alone, whatever way their names came") {
    const auto ns = "urn:n"_dict;
    const auto name = "x"_dict;
    const auto twice = [&](std::string_view prefix, const xml_string& again, const xml_string& of) {
        return failure([&](writer& w) {
            w.start_element("p", name, ns);
            w.attribute("p", name, ns, "1");
            w.attribute(prefix, again, of, "2");
            w.end_element();
        });
    };
    CHECK(twice("p", name, ns) == errc::write_attribute_duplicate);
    CHECK(twice("p", std::string("x"), std::string("urn:n")) == errc::write_attribute_duplicate);
    CHECK(twice("q", name, std::string("urn:n")) == errc::write_attribute_duplicate);
    CHECK(!twice("p", "y"_dict, ns));
    CHECK(!twice("q", name, "urn:other"_dict));
    CHECK(!failure([&](writer& w) {
        w.start_element("p", name, ns);
        w.attribute("p", name, ns, "1");
        w.start_element("p", name, ns);
        w.attribute("p", name, ns, "1");
        w.end_element();
        w.end_element();
    }));
}

TEST_CASE("writer gives an outer meaning of a prefix back when an element ends") {
    sent_dictionary session;
    const auto one = "urn:1"_dict;
    const auto two = "urn:2"_dict;
    const auto all = written(
        [&](writer& w) {
            w.start_element("p", "e"_dict, one);
            w.start_element("p", "e"_dict, two);
            w.start_element("p", "e"_dict, two);
            w.end_element();
            w.end_element();
            w.start_element("p", "e"_dict, one);
            w.end_element();
            w.start_element("", "e"_dict, one);
            w.start_element("", "e"_dict, "");
            w.end_element();
            w.end_element();
            w.end_element();
        },
        &session);
    // e is 1, urn:1 is 3, urn:2 is 5; the letter p makes type 0x53
    CHECK(all == octets("5301 0b017003 5301 0b017005 5301 01 01 5301 01"
                        " 4201 0a03 4201 0800 01 01 01"));
}

TEST_CASE("writer goes on after a failed document as if there had been none") {
    octet_buffer out;
    sent_dictionary session;
    writer w;
    w.open(out, &session);
    w.start_element("p", "lost"_dict, "urn:lost"_dict);
    w.attribute("", "x", "", "1");
    w.text("\xff");
    CHECK_FALSE(w.ok());
    CHECK_FALSE(w.finish().has_value());
    CHECK_FALSE(w.finish().has_value());
    w.open(out, &session);
    CHECK(w.ok());
    w.start_element("p", "kept"_dict, "u");
    w.attribute("", "x", "", "1");
    CHECK(w.depth() == 1u);
    w.end_element();
    REQUIRE(w.finish().has_value());
    CHECK(to_hex(out.view()) == octets("5301 04017882 0901700175 01"));
}

TEST_CASE("writer writes behind what the buffer holds, however large the document grows") {
    octet_buffer out;
    out.append(hex("c0de"));
    writer w;
    w.open(out);
    w.start_element("", "a", "");
    for (int i = 0; i != 2000; ++i) {
        w.start_element("p", "item", "urn:a/namespace");
        w.text("some text " + std::to_string(i));
        w.end_element();
    }
    w.end_element();
    REQUIRE(w.finish().has_value());
    CHECK(to_hex(out.view().first(5)) == "c0de400161");
    CHECK(to_hex(out.view().last(7)) == "74203139393901");
}
