#include <soap/documents.hpp>
#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/envelope.hpp>

#include <algorithm>
#include <array>

using namespace nettcp;
using namespace nettcp::soap;

namespace {

constexpr std::string_view some_guid = "urn:uuid:00112233-4455-6677-8899-aabbccddeeff";

/// What the reader makes of a document: the headers, or the first failure; to the very end.
struct reading {
    std::vector<std::byte> octets;
    nbfx::reader reader;
    headers_view headers;
    boost::system::error_code code;

    explicit reading(std::vector<std::byte> document, const header_limits& limits = {})
        : octets(std::move(document)) {
        reader.open(octets);
        auto done = read_envelope(reader, headers, limits);
        if (done)
            done = read_envelope_end(reader);
        if (!done)
            code = done.error().code;
    }
};

/// A header element of nobody's, with the attributes that `attributes` writes.
void custom_header(nbfx::writer& out, const write_function& attributes = {},
                   std::string_view local = "Custom") {
    out.start_element("x", local, "urn:x");
    if (attributes)
        attributes(out);
    out.text("value");
    out.end_element();
}

write_function must_understand(std::string_view value) {
    return [value](nbfx::writer& out) {
        out.attribute("s", "mustUnderstand", names::ns_soap12, value);
    };
}

}  // namespace

TEST_CASE("The end of an envelope may have been read already") {
    const auto document = hex("56 02 0b 01 73 04 56 0e 40 01 62 01 01 01");
    for (const bool to_the_end : {true, false}) {
        CAPTURE(to_the_end);
        nbfx::reader reader;
        headers_view headers;
        reader.open(document);
        REQUIRE(read_envelope(reader, headers).has_value());
        while (reader.current() !=
                   (to_the_end ? nbfx::node::end_of_document : nbfx::node::end_element) ||
               (!to_the_end && reader.depth() != 1))
            reader.next();
        CHECK(read_envelope_end(reader).has_value());
        CHECK(reader.current() == nbfx::node::end_of_document);
    }
}

TEST_CASE("Envelope reader takes headers in any order") {
    std::array<write_function, 5> parts = {
        [](nbfx::writer& out) { addressing_text(out, "Action", "urn:a"); },
        [](nbfx::writer& out) { addressing_text(out, "MessageID", some_guid); },
        [](nbfx::writer& out) {
            addressing_element(out, "ReplyTo", [](nbfx::writer& w) {
                addressing_text(w, "Address", names::anonymous.text);
            });
        },
        [](nbfx::writer& out) { addressing_text(out, "To", "net.tcp://h/p"); },
        [](nbfx::writer& out) { custom_header(out); },
    };
    std::array<int, 5> order = {0, 1, 2, 3, 4};
    do {
        const reading r(envelope([&](nbfx::writer& out) {
            for (const int n : order)
                parts[static_cast<std::size_t>(n)](out);
        }));
        REQUIRE_FALSE(r.code);
        CHECK(r.headers.action == "urn:a");
        CHECK(r.headers.message_id->guid == *parse_uuid(some_guid.substr(9)));
        CHECK(*r.headers.reply_to == names::anonymous.text);
        CHECK(*r.headers.to == "net.tcp://h/p");
        REQUIRE(r.headers.others.size() == 1);
        CHECK(r.headers.others[0].local == "Custom");
    } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("Envelope reader tells other versions and other documents apart") {
    const auto root = [](std::string_view local, std::string_view ns) {
        return reading(document([&](nbfx::writer& out) {
                   out.start_element("s", local, ns);
                   out.start_element("s", "Body", ns);
                   out.end_element();
                   out.end_element();
               }))
            .code;
    };
    CHECK_FALSE(root("Envelope", names::ns_soap12.text));
    CHECK(root("Envelope", names::ns_soap11.text) == errc::version_mismatch);
    CHECK(root("Envelope", "urn:x") == errc::version_mismatch);
    CHECK(root("Echo", names::ns_soap12.text) == errc::not_an_envelope);
    CHECK(reading({}).code);
}

TEST_CASE("Envelope reader accepts what .NET accepts around header and body") {
    const auto space = [](nbfx::writer& out) { out.text(" \r\n"); };
    const auto body = [](nbfx::writer& out) { soap_element(out, "Body", {}); };
    const auto header = [](nbfx::writer& out) { soap_element(out, "Header", {}); };
    const auto comment = [](nbfx::writer& out) { out.comment("between"); };
    const auto code = [](std::vector<write_function> parts) {
        return reading(envelope_of([&](nbfx::writer& out) {
                   for (const auto& part : parts)
                       part(out);
               }))
            .code;
    };
    CHECK_FALSE(code({body}));
    CHECK_FALSE(code({header, body}));
    CHECK_FALSE(code({space, comment, header, space, comment, body, comment, space}));

    CHECK(code({}) == errc::body_missing);
    CHECK(code({header}) == errc::body_missing);
    CHECK(code({body, body}) == errc::body_duplicate);
    CHECK(code({header, header, body}) == errc::envelope_malformed);
    CHECK(code({body, header}) == errc::header_misplaced);
    const auto text = [](nbfx::writer& out) { out.text("x"); };
    CHECK(code({text, body}) == errc::envelope_malformed);
    CHECK(code({body, text}) == errc::envelope_malformed);
    const auto other = [](nbfx::writer& out) { custom_header(out); };
    CHECK(code({other, body}) == errc::envelope_malformed);
    CHECK(code({body, other}) == errc::envelope_malformed);
}

TEST_CASE("Envelope reader allows any children of the body") {
    const auto two = [](nbfx::writer& out) {
        custom_header(out, {}, "first");
        custom_header(out, {}, "second");
    };
    CHECK_FALSE(reading(envelope({}, two)).code);
    CHECK_FALSE(reading(envelope({}, {})).code);
}

TEST_CASE("Envelope reader looks at the octets behind the envelope") {
    auto octets = envelope({});
    SECTION("a comment may follow") {
        for (const auto octet : hex("02 01 78"))
            octets.push_back(octet);
        CHECK_FALSE(reading(octets).code);
    }
    SECTION("nothing else may") {
        octets.push_back(std::byte{0x01});
        CHECK(reading(octets).code);
    }
    SECTION("no second document may") {
        const auto again = octets;
        octets.insert(octets.end(), again.begin(), again.end());
        CHECK(reading(octets).code);
    }
    SECTION("an end tag may not be missing") {
        octets.pop_back();
        CHECK(reading(octets).code);
    }
}

TEST_CASE("Envelope reader fails at every proper prefix of an envelope") {
    const auto whole = envelope(
        [](nbfx::writer& out) {
            addressing_text(out, "Action", "urn:a");
            addressing_text(out, "MessageID", some_guid);
            custom_header(out, must_understand("1"));
            addressing_text(out, "To", "net.tcp://h/p");
        },
        [](nbfx::writer& out) { custom_header(out); });
    REQUIRE_FALSE(reading(whole).code);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        CHECK(reading({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n)}).code);
    }
}

TEST_CASE("Envelope reader refuses the second of an addressing header") {
    const auto code = [](const write_function& header) {
        return reading(envelope([&](nbfx::writer& out) {
                   header(out);
                   header(out);
               }))
            .code;
    };
    const auto text = [](std::string_view local, std::string_view value) {
        return [=](nbfx::writer& out) { addressing_text(out, local, value); };
    };
    const auto reference = [](std::string_view local) {
        return [=](nbfx::writer& out) {
            addressing_element(out, local, [](nbfx::writer& w) {
                addressing_text(w, "Address", names::anonymous.text);
            });
        };
    };
    CHECK(code(text("Action", "urn:a")) == errc::header_duplicate);
    CHECK(code(text("Action", "")) == errc::header_duplicate);
    CHECK(code(text("To", "urn:to")) == errc::header_duplicate);
    CHECK(code(text("MessageID", some_guid)) == errc::header_duplicate);
    CHECK(code(text("RelatesTo", some_guid)) == errc::header_duplicate);
    CHECK(code(reference("ReplyTo")) == errc::header_duplicate);
    CHECK(code(reference("FaultTo")) == errc::header_duplicate);
    CHECK(code(reference("From")) == errc::header_duplicate);
    CHECK_FALSE(code([](nbfx::writer& out) { custom_header(out); }));
}

TEST_CASE("Envelope reader takes the RelatesTo of the reply relationship") {
    const auto relates = [](nbfx::writer& out, std::string_view type, std::string_view id) {
        addressing_element(out, "RelatesTo", [&](nbfx::writer& w) {
            if (!type.empty())
                w.attribute("", "RelationshipType", "", type);
            must_understand("1")(w);
            w.text(id);
        });
    };
    const reading r(envelope([&](nbfx::writer& out) {
        relates(out, "urn:other", "urn:first");
        relates(out, names::reply_relationship.text, "urn:second");
        relates(out, "urn:other", "urn:third");
    }));
    REQUIRE_FALSE(r.code);
    CHECK(r.headers.relates_to->text == "urn:second");
    REQUIRE(r.headers.others.size() == 2);
    CHECK_FALSE(r.headers.others[0].must_understand);
}

TEST_CASE("Envelope reader reads mustUnderstand as a truth value") {
    const auto read = [](const write_function& attributes) {
        return reading(envelope([&](nbfx::writer& out) { custom_header(out, attributes); }));
    };
    const auto typed = [](const write_function& value) {
        return [value](nbfx::writer& out) {
            out.start_attribute("s", names::must_understand, names::ns_soap12);
            value(out);
            out.end_attribute();
        };
    };
    for (const char* yes : {"1", "true", " true "})
        CHECK(read(must_understand(yes)).headers.others.at(0).must_understand);
    for (const char* no : {"0", "false"})
        CHECK_FALSE(read(must_understand(no)).headers.others.at(0).must_understand);
    const auto on = typed([](nbfx::writer& out) { out.boolean(true); });
    const auto off = typed([](nbfx::writer& out) { out.boolean(false); });
    const auto chars = typed([](nbfx::writer& out) { out.chars("1"); });
    CHECK(read(on).headers.others.at(0).must_understand);
    CHECK_FALSE(read(off).headers.others.at(0).must_understand);
    CHECK(read(chars).headers.others.at(0).must_understand);
    CHECK_FALSE(read({}).headers.others.at(0).must_understand);
    for (const char* wrong : {"2", "TRUE", "yes", ""})
        CHECK(read(must_understand(wrong)).code == errc::must_understand_invalid);
}

TEST_CASE("Envelope reader sorts headers by role") {
    const auto role = [](std::string_view uri) {
        return [=](nbfx::writer& out) { out.attribute("s", "role", names::ns_soap12, uri); };
    };
    const reading r(envelope([&](nbfx::writer& out) {
        for (const std::string_view ours :
             {std::string_view(), names::role_next.text, names::role_ultimate_receiver.text})
            custom_header(out, role(ours));
        for (const std::string_view theirs : {names::role_none.text, std::string_view("urn:role")})
            custom_header(out, role(theirs));
        addressing_element(out, "To", [&](nbfx::writer& w) {
            role("urn:role")(w);
            w.text("urn:not-ours");
        });
        addressing_text(out, "To", "urn:ours");
    }));
    REQUIRE_FALSE(r.code);
    CHECK(*r.headers.to == "urn:ours");
    std::string for_us;
    for (const other_header& h : r.headers.others)
        for_us += h.for_us ? 'y' : 'n';
    CHECK(for_us == "yyynnn");
    CHECK(r.headers.others[4].role == "urn:role");
}

TEST_CASE("Message ids are equal however a GUID was written") {
    const auto id = [](const write_function& write) {
        return reading(
            envelope([&](nbfx::writer& out) { addressing_element(out, "MessageID", write); }));
    };
    const auto record = id([](nbfx::writer& out) { out.unique_id(some_guid); });
    const auto chars = id([](nbfx::writer& out) { out.chars(some_guid); });
    const auto spaced = id([](nbfx::writer& out) {
        out.chars("\n" + std::string(some_guid.substr(0, 20)));
        out.comment("in between");
        out.chars(std::string(some_guid.substr(20)) + " ");
    });
    REQUIRE(record.headers.message_id);
    CHECK(record.headers.message_id->guid);
    CHECK(chars.headers.message_id == record.headers.message_id);
    CHECK(spaced.headers.message_id == record.headers.message_id);
    const auto other = id([](nbfx::writer& out) { out.text("urn:any:id"); });
    CHECK_FALSE(other.headers.message_id->guid);
    CHECK(other.headers.message_id->text == "urn:any:id");
    CHECK(other.headers.message_id != record.headers.message_id);
    CHECK(id({}).code == errc::message_id_invalid);
    CHECK(id([](nbfx::writer& out) { out.text(std::string(1025, 'x')); }).code ==
          errc::message_id_invalid);
    CHECK(id([](nbfx::writer& out) { custom_header(out); }).code == errc::header_malformed);
}

TEST_CASE("Addresses are absolute") {
    const auto to = [](std::string_view address) {
        return reading(envelope([&](nbfx::writer& out) { addressing_text(out, "To", address); }))
            .code;
    };
    for (const char* good : {"net.tcp://h/p", "urn:x", "http://www.w3.org/2005/08/addressing/none",
                             " net.tcp://h/p ", "net.tcp://h\xc3\xb6st/"})
        CHECK_FALSE(to(good));
    for (const char* bad : {"", "/p", "p", "1a:b", ":", "urn:", "net.tcp://h/a b", "urn:a\x01"})
        CHECK(to(bad) == errc::address_invalid);
    CHECK(to("urn:" + std::string(8192, 'x')) == errc::address_too_long);
    auto octets = envelope([](nbfx::writer& out) { addressing_text(out, "To", "urn:?"); });
    *std::ranges::find(octets, std::byte{'?'}) = std::byte{0xc3};
    CHECK(reading(octets).code == nbfx::errc::utf8_invalid);
}

TEST_CASE("Endpoint references give their address") {
    const auto reply_to = [](const write_function& content) {
        return reading(
            envelope([&](nbfx::writer& out) { addressing_element(out, "ReplyTo", content); }));
    };
    const auto full = reply_to([](nbfx::writer& out) {
        out.comment("c");
        addressing_text(out, "Address", "urn:here");
        addressing_element(out, "ReferenceParameters", [](nbfx::writer& w) { custom_header(w); });
        custom_header(out);
    });
    REQUIRE_FALSE(full.code);
    CHECK(*full.headers.reply_to == "urn:here");
    CHECK(reply_to({}).code == errc::header_malformed);
    CHECK(reply_to([](nbfx::writer& out) { out.text("urn:here"); }).code == errc::header_malformed);
    CHECK(reply_to([](nbfx::writer& out) { addressing_text(out, "Address", "here"); }).code ==
          errc::address_invalid);
}

TEST_CASE("Header texts may be in pieces and in UTF-16") {
    const std::string japanese = "\xe6\x97\xa5\xe6\x9c\xac";
    const auto octets = envelope([&](nbfx::writer& out) {
        addressing_text(out, "Action", japanese);
        addressing_element(out, "To", [](nbfx::writer& w) {
            w.chars("urn:");
            w.comment("c");
            w.chars("to");
        });
    });
    REQUIRE(to_hex(octets).find("b704e5652c67") != std::string::npos);  // UnicodeChars8
    const reading r(octets);
    REQUIRE_FALSE(r.code);
    CHECK(r.headers.action == japanese);
    CHECK(*r.headers.to == "urn:to");
}

TEST_CASE("Headers are bounded in number and size") {
    const auto many = [](std::size_t count, const header_limits& limits) {
        return reading(envelope([&](nbfx::writer& out) {
                           for (std::size_t n = 0; n < count; ++n)
                               custom_header(out);
                       }),
                       limits)
            .code;
    };
    CHECK_FALSE(many(64, {}));
    CHECK(many(65, {}) == errc::headers_exceeded);
    CHECK(many(3, {.max_other_headers = 2}) == errc::headers_exceeded);
    CHECK(many(60, {.max_headers_size = 500}) == errc::headers_too_large);
}

TEST_CASE("Elements nest as deep as WCF lets them") {
    const auto nested = [](int depth) {
        return reading(envelope({},
                                [&](nbfx::writer& out) {
                                    for (int n = 0; n < depth; ++n)
                                        out.start_element("", "e", "");
                                    for (int n = 0; n < depth; ++n)
                                        out.end_element();
                                }))
            .code;
    };
    CHECK_FALSE(nested(126));
    CHECK(nested(127) == nbfx::errc::depth_exceeded);
}

TEST_CASE("A second pass finds headers and body again") {
    const auto octets = envelope(
        [](nbfx::writer& out) {
            custom_header(out, {}, "First");
            addressing_text(out, "To", "urn:to");
            custom_header(out, must_understand("1"), "Second");
        },
        [](nbfx::writer& out) { custom_header(out, {}, "Content"); });
    reading r(octets);
    REQUIRE_FALSE(r.code);
    REQUIRE(r.headers.others.size() == 2);
    nbfx::reader again;
    for (const other_header& h : r.headers.others) {
        again.open(octets);
        REQUIRE(open_header(again, h).has_value());
        CHECK(again.offset() == h.offset);
        CHECK(again.local_name() == h.local);
        CHECK(again.read_element_text() == "value");
        CHECK(again.offset() == h.offset + h.size);
    }
    again.open(octets);
    REQUIRE(open_body(again).has_value());
    CHECK(again.is_start_element("Content", "urn:x"));
    again.open(octets);
    CHECK_FALSE(open_header(again, {.ns = "urn:x", .local = "Third", .index = 3}).has_value());
}

TEST_CASE("Envelope writer writes what WCF writes") {
    const auto guid = *parse_uuid("00112233-4455-6677-8899-aabbccddeeff");
    octet_buffer out;
    nbfx::writer w;
    nbfx::sent_dictionary session;
    const auto written = [&](const outgoing_headers& headers) {
        out.clear();
        w.open(out, &session);
        write_envelope_start(w, headers, {});
        write_envelope_end(w);
        REQUIRE(w.finish().has_value());
        return to_hex(out.view());
    };
    using namespace nbfx::literals;
    const std::string start = "56020b0173040b0161065608";
    const std::string id = "33221100554477668899aabbccddeeff";
    const std::string body = "560e010101";  // the start tag's end, then those of both elements
    CHECK(written({.action = "urn:a"_dict,
                   .message_id = guid,
                   .relates_to = {},
                   .has_reply_to = true,
                   .reply_to = {},
                   .to = "urn:t"_dict}) == start + "440a1e0082ab01" + "441aad" + id +
                                               "442c442aab1401" + "440c1e0082ab03" + "01" +
                                               body.substr(0, 8));
    CHECK(written({.action = "urn:a"_dict,
                   .message_id = {},
                   .relates_to = unique_id_view{guid, {}},
                   .has_reply_to = false,
                   .reply_to = {},
                   .to = names::anonymous}) ==
          start + "440a1e0082ab01" + "4412ad" + id + "440c1e0082ab14" + "01" + body.substr(0, 8));
    CHECK(written({.action = "urn:b",
                   .message_id = {},
                   .relates_to = unique_id_view{guid, some_guid},
                   .has_reply_to = false,
                   .reply_to = {},
                   .to = {}}) ==
          start + "440a1e00829905" + "75726e3a62" + "4412ad" + id + "01" + body.substr(0, 8));
}

TEST_CASE("Envelope writer needs an action") {
    octet_buffer out;
    nbfx::writer w;
    w.open(out);
    write_envelope_start(w, {}, {});
    write_envelope_end(w);
    CHECK(w.finish().error().code == errc::action_empty);
}

TEST_CASE("Mandatory headers that nobody knows are named") {
    const reading r(envelope([](nbfx::writer& out) {
        custom_header(out, must_understand("1"), "Wanted");
        custom_header(out, {}, "Optional");
    }));
    const auto answer = document([&](nbfx::writer& out) {
        write_envelope_start(out, {.action = "urn:f"},
                             [&](nbfx::writer& w) { write_not_understood(w, r.headers.others); });
        write_fault(out, must_understand_fault());
        write_envelope_end(out);
    });
    reading back(answer);
    REQUIRE_FALSE(back.code);
    REQUIRE(back.headers.others.size() == 1);
    CHECK(back.headers.others[0].local == names::not_understood.text);
    nbfx::reader in;
    in.open(answer);
    REQUIRE(open_header(in, back.headers.others[0]).has_value());
    const auto* name = in.find_attribute(names::qname.text, "");
    REQUIRE(name != nullptr);
    const std::string text = *name->value.to_text();
    const auto colon = text.find(':');
    REQUIRE(colon != text.npos);
    CHECK(text.substr(colon + 1) == "Wanted");
    CHECK(in.find_namespace(text.substr(0, colon)) == std::string_view("urn:x"));
}
