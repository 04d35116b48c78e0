#include <soap/documents.hpp>
#include <support/catch.hpp>
#include <support/hex.hpp>

#include <nettcp/soap/envelope.hpp>

using namespace nettcp;
using namespace nettcp::soap;

namespace {

struct fault_reading {
    std::vector<std::byte> octets;
    nbfx::reader reader;
    headers_view headers;
    std::uint64_t detail_offset = 0;
    std::optional<fault> value;
    boost::system::error_code code;

    explicit fault_reading(std::vector<std::byte> document) : octets(std::move(document)) {
        reader.open(octets);
        if (const auto start = read_envelope(reader, headers); !start) {
            code = start.error().code;
            return;
        }
        auto read = read_fault(reader, detail_offset);
        if (!read)
            code = read.error().code;
        else if (const auto end = read_envelope_end(reader); !end)
            code = end.error().code;
        else
            value = std::move(*read);
    }
};

std::vector<std::byte> fault_message(const fault& f) {
    return document([&](nbfx::writer& out) {
        write_envelope_start(out, {.action = f.action_or_default()}, {});
        write_fault(out, f);
        write_envelope_end(out);
    });
}

/// A fault around the children that `content` writes.
fault_reading raw_fault(const write_function& content) {
    return fault_reading(
        envelope({}, [&](nbfx::writer& out) { soap_element(out, "Fault", content); }));
}

void code_element(nbfx::writer& out, const write_function& value, const write_function& more = {}) {
    soap_element(out, "Code", [&](nbfx::writer& w) {
        soap_element(w, "Value", value);
        if (more)
            more(w);
    });
}

void sender(nbfx::writer& out) {
    code_element(out, [](nbfx::writer& w) { w.text("s:Sender"); });
}

void reason_element(nbfx::writer& out, std::string_view text = "why") {
    soap_element(out, "Reason", [&](nbfx::writer& w) {
        soap_element(w, "Text", [&](nbfx::writer& x) {
            x.attribute("xml", "lang", names::ns_xml.text, "en");
            x.text(text);
        });
    });
}

const std::string soap_uri(names::ns_soap12.text);

}  // namespace

TEST_CASE("Faults round-trip in all their parts") {
    fault f;
    f.codes = {{"Sender", soap_uri},
               {"Custom", "urn:c"},
               {"Inner", "urn:d"},
               {"ActionNotSupported", std::string(names::ns_addressing10.text)}};
    f.reasons = {{" spaced & <odd> ", "en-US"}, {"\xe6\x97\xa5\xe6\x9c\xac", "ja"}, {"", ""}};
    f.node = "urn:node";
    f.role = "urn:role";
    f.detail = [](nbfx::writer& out) {
        out.start_element("x", "Info", "urn:x");
        out.int64(42);
        out.end_element();
    };
    fault_reading r(fault_message(f));
    REQUIRE(r.value);
    CHECK(r.value->codes == f.codes);
    CHECK(r.value->reasons == f.reasons);
    CHECK(r.value->node == f.node);
    CHECK(r.value->role == f.role);
    CHECK(r.value->reason() == " spaced & <odd> ");
    CHECK(r.value->is("Inner", "urn:d"));
    CHECK_FALSE(r.value->is("Inner", "urn:c"));
    CHECK(r.detail_offset != 0);

    r.reader.open(r.octets);
    REQUIRE(open_body(r.reader).has_value());
    REQUIRE(at_fault(r.reader));
    REQUIRE(open_detail(r.reader));
    CHECK(r.reader.offset() == r.detail_offset);
    r.reader.next();
    CHECK(r.reader.is_start_element("Info", "urn:x"));
    CHECK(r.reader.read_element_int64() == 42);
}

TEST_CASE("Faults without a detail say so") {
    fault f;
    f.reasons = {{"r", ""}};
    fault_reading r(fault_message(f));
    REQUIRE(r.value);
    CHECK(r.detail_offset == 0);
    CHECK(r.value->codes == std::vector<qname>{{"Sender", soap_uri}});
    r.reader.open(r.octets);
    REQUIRE(open_body(r.reader).has_value());
    CHECK_FALSE(open_detail(r.reader));
}

TEST_CASE("Fault writer chooses WCF's records") {
    octet_buffer out;
    nbfx::writer w;
    w.open(out);
    write_envelope_start(w, {.action = "urn:f"}, {});
    fault f = internal_service_fault();
    f.reasons = {{"r", ""}};
    write_fault(w, f);
    write_envelope_end(w);
    REQUIRE(w.finish().has_value());
    const auto text = [](std::string_view t) { return to_hex(as_bytes(t)); };
    const std::string written = to_hex(out.view());
    const std::string prefixed = "9801" + text("s") + "98013a" + "9908" + text("Receiver");
    const std::string body = "560e";
    const std::string codes = "568601568e01569a01" + prefixed + "569c01569a01" +
                              "090161"
                              "52" +
                              text(names::ns_dispatcher.text) +
                              "980161"
                              "98013a"
                              "9914" +
                              text("InternalServiceFault") + "0101";
    const std::string reason = "569001569201"
                               "0503" +
                               text("xml") + "04" + text("lang") +
                               "a8"
                               "9901" +
                               text("r") + "01010101";
    CHECK(written.substr(written.find(body + "568601")) == body + codes + reason);
}

TEST_CASE("Fault codes mean what their prefix means where they stand") {
    SECTION("rebound inside the value") {
        const auto r = raw_fault([](nbfx::writer& out) {
            out.declare_namespace("a", "urn:outer");
            code_element(
                out, [](nbfx::writer& w) { w.text("s:Sender"); },
                [](nbfx::writer& w) {
                    soap_element(w, "Subcode", [](nbfx::writer& x) {
                        soap_element(x, "Value", [](nbfx::writer& y) {
                            y.declare_namespace("a", "urn:inner");
                            y.chars("a");
                            y.comment("c");
                            y.chars(":Code");
                        });
                        soap_element(x, "Subcode", [](nbfx::writer& y) {
                            soap_element(y, "Value", [](nbfx::writer& z) { z.text(" a:Code\n"); });
                        });
                    });
                });
            reason_element(out);
        });
        REQUIRE(r.value);
        CHECK(r.value->codes == std::vector<qname>{{"Sender", soap_uri},
                                                   {"Code", "urn:inner"},
                                                   {"Code", "urn:outer"}});
    }
    SECTION("as a QName record") {
        const auto r = raw_fault([](nbfx::writer& out) {
            code_element(out, [](nbfx::writer& w) {
                w.qualified_name(names::must_understand_code, names::ns_soap12);
            });
            reason_element(out);
        });
        REQUIRE(r.value);
        CHECK(to_hex(r.octets).find("bd128801") != std::string::npos);
        CHECK(r.value->is("MustUnderstand", soap_uri));
    }
    SECTION("without prefix") {
        const auto r = raw_fault([](nbfx::writer& out) {
            code_element(out, [](nbfx::writer& w) {
                w.declare_namespace("", "urn:default");
                w.text("Plain");
            });
            reason_element(out);
        });
        REQUIRE(r.value);
        CHECK(r.value->is("Plain", "urn:default"));
    }
}

TEST_CASE("Fault reader refuses what is no fault of SOAP 1.2") {
    const auto code = [](const write_function& content) { return raw_fault(content).code; };
    const auto with_code = [](std::string_view text) {
        return raw_fault([=](nbfx::writer& out) {
                   code_element(out, [=](nbfx::writer& w) { w.text(text); });
                   reason_element(out);
               })
            .code;
    };
    const auto reason = [](nbfx::writer& out) { reason_element(out); };
    const auto element = [](std::string_view local) {
        return [=](nbfx::writer& out) { soap_element(out, local, {}); };
    };
    const auto all = [](std::vector<write_function> parts) {
        return [=](nbfx::writer& out) {
            for (const auto& part : parts)
                part(out);
        };
    };
    CHECK_FALSE(code(all({sender, reason})));
    CHECK_FALSE(code(all({sender, reason, element("Node"), element("Role"), element("Detail")})));
    CHECK(code({}) == errc::fault_malformed);
    CHECK(code(reason) == errc::fault_malformed);
    CHECK(code(sender) == errc::fault_malformed);
    CHECK(code(all({sender, element("Reason")})) == errc::fault_malformed);
    CHECK(code(all({reason, sender})) == errc::fault_malformed);
    CHECK(code(all({sender, reason, element("Role"), element("Node")})) == errc::fault_malformed);
    CHECK(code(all({sender, reason, element("Detail"), element("Detail")})) ==
          errc::fault_malformed);
    CHECK(code(all({sender, reason, element("Other")})) == errc::fault_malformed);
    CHECK_FALSE(with_code("s:Sender"));
    CHECK(with_code("q:Sender") == errc::fault_malformed);
    CHECK(with_code("s:") == errc::fault_malformed);
    CHECK(with_code("s:a:b") == errc::fault_malformed);
    CHECK(with_code("") == errc::fault_malformed);
}

TEST_CASE("Faults are bounded") {
    const auto nested = [](std::size_t codes) {
        fault f;
        f.codes.assign(codes, qname{"C", "urn:c"});
        return fault_reading(fault_message(f)).code;
    };
    CHECK_FALSE(nested(16));
    CHECK(nested(17) == errc::fault_malformed);
    const auto wordings = [](std::size_t count) {
        fault f;
        f.reasons.assign(count, reason_text{"r", "en"});
        return fault_reading(fault_message(f)).code;
    };
    CHECK_FALSE(wordings(64));
    CHECK(wordings(65) == errc::fault_malformed);
    const auto long_text = [](std::size_t size) {
        fault f;
        f.reasons = {{std::string(size, 'x'), ""}};
        return fault_reading(fault_message(f)).code;
    };
    CHECK_FALSE(long_text(60000));
    CHECK(long_text(70000) == errc::fault_too_large);
}

TEST_CASE("Well-known faults are recognised by their reader") {
    struct row {
        fault f;
        errc meaning;
        std::string_view action;
    };
    const row rows[] = {
        {action_not_supported("urn:a"), errc::action_not_supported,
         names::action_addressing_fault.text},
        {destination_unreachable("urn:to"), errc::destination_unreachable,
         names::action_soap_fault.text},
        {destination_unreachable(""), errc::destination_unreachable, names::action_soap_fault.text},
        {internal_service_fault(), errc::internal_service_fault,
         names::action_dispatcher_fault.text},
        {deserialization_failed("no number"), errc::deserialization_failed,
         names::action_dispatcher_fault.text},
        {session_terminated(), errc::session_terminated, names::action_dispatcher_fault.text},
        {must_understand_fault(), errc::fault_received, names::action_soap_fault.text},
        {header_required("MessageID"), errc::fault_received, names::action_addressing_fault.text},
        {header_invalid("To"), errc::fault_received, names::action_addressing_fault.text},
        {header_duplicated("To"), errc::fault_received, names::action_addressing_fault.text},
        {fault{}, errc::fault_received, names::action_soap_fault.text},
    };
    for (const row& expected : rows) {
        fault_reading r(fault_message(expected.f));
        REQUIRE(r.value);
        CHECK(errc_of(*r.value) == expected.meaning);
        CHECK(r.headers.action == expected.action);
        CHECK(r.value->reason() == expected.f.reason());
        if (!expected.f.codes.empty())
            CHECK(r.value->codes == expected.f.codes);
        CHECK((r.detail_offset != 0) == (expected.f.detail != nullptr));
    }
}

TEST_CASE("Faults about one header name it") {
    fault_reading r(fault_message(header_duplicated("MessageID")));
    REQUIRE(r.value);
    CHECK(r.value->is(names::invalid_cardinality.text, names::ns_addressing10.text));
    r.reader.open(r.octets);
    REQUIRE(open_body(r.reader).has_value());
    REQUIRE(open_detail(r.reader));
    r.reader.next();
    CHECK(r.reader.is_start_element(names::problem_header_qname.text, names::ns_addressing10.text));
    CHECK(r.reader.read_element_text() == "a:MessageID");
}

TEST_CASE("A peer's words in our reasons are bounded and printable") {
    const fault f = action_not_supported(std::string(5000, 'x') + "\x01");
    CHECK(f.reason().size() < 1000);
    CHECK(action_not_supported("a\x01").reason().find('\x01') == std::string_view::npos);
}
