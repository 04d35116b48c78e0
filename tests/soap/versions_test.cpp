// SOAP 1.1 and WS-Addressing of August 2004, read from text as peers write it, and written.

#include <support/catch.hpp>

#include <nettcp/soap/envelope.hpp>
#include <nettcp/soap/names.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

using namespace nettcp;
using namespace nettcp::soap;

namespace {

constexpr std::string_view ns11 = "http://schemas.xmlsoap.org/soap/envelope/";
constexpr std::string_view ns2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing";
constexpr std::string_view ns10 = "http://www.w3.org/2005/08/addressing";

/// An envelope of SOAP 1.1 from its headers and body as text.
std::string envelope11(std::string_view headers, std::string_view body = "",
                       std::string_view addressing = ns10) {
    return "<s:Envelope xmlns:s=\"" + std::string(ns11) + "\" xmlns:a=\"" +
           std::string(addressing) + "\"><s:Header>" + std::string(headers) +
           "</s:Header><s:Body>" + std::string(body) + "</s:Body></s:Envelope>";
}

struct reading {
    octet_buffer document;
    nbfx::reader in;
    headers_view headers;
    error failure;

    explicit reading(std::string_view text, soap_version version = soap_version::soap11) {
        nbfx::writer writer;
        writer.open(document);
        REQUIRE(
            xml::text_to_nbfx(text, writer, {.dictionary = xml::dictionary_use::none}).has_value());
        REQUIRE(writer.finish().has_value());
        in.open(document.view());
        if (const auto read = read_envelope(in, headers, {}, version); !read)
            failure = read.error();
    }
};

/// What is written, as text.
std::string written(const std::function<void(nbfx::writer&)>& write) {
    octet_buffer document;
    nbfx::writer writer;
    writer.open(document);
    write(writer);
    REQUIRE(writer.finish().has_value());
    nbfx::reader in;
    in.open(document.view());
    std::string text;
    REQUIRE(xml::nbfx_to_text(in, text).has_value());
    return text;
}

std::string fault_text(const fault& f, message_version version) {
    std::string whole = written([&](nbfx::writer& out) {
        write_envelope_start(out, {.action = f.action_or_default()}, {}, version);
        write_fault(out, f, version);
        write_envelope_end(out);
    });
    const auto start = whole.find("<s:Body>") + 8;
    return whole.substr(start, whole.find("</s:Body>") - start);
}

/// The fault of an envelope of SOAP 1.1, or the rule that it breaks.
result<fault> fault_of(std::string_view text) {
    reading r(envelope11("", text));
    REQUIRE_FALSE(r.failure.code.failed());
    REQUIRE(at_fault(r.in, soap_version::soap11));
    std::uint64_t detail = 0;
    return read_fault(r.in, detail, soap_version::soap11);
}

}  // namespace

TEST_CASE("Headers of SOAP 1.1 have actors") {
    const reading r(
        envelope11("<a:Action s:mustUnderstand=\"1\">urn:a</a:Action>"
                   "<h:x xmlns:h=\"urn:h\" s:mustUnderstand=\"1\" s:actor=\"urn:other\"/>"
                   "<h:y xmlns:h=\"urn:h\" s:mustUnderstand=\"1\" "
                   "s:actor=\"http://schemas.xmlsoap.org/soap/actor/next\"/>"
                   "<h:z xmlns:h=\"urn:h\" s:role=\"urn:no-attribute-here\" s:relay=\"no\"/>"));
    REQUIRE_FALSE(r.failure.code.failed());
    CHECK(r.headers.action == "urn:a");
    REQUIRE(r.headers.others.size() == 3);
    CHECK(r.headers.others[0].role == "urn:other");
    CHECK_FALSE(r.headers.others[0].for_us);
    CHECK(r.headers.others[1].for_us);
    CHECK(r.headers.others[1].must_understand);
    CHECK(r.headers.others[2].for_us);
    CHECK(r.headers.others[2].role.empty());
}

TEST_CASE("Envelopes of another version than asked for are refused") {
    CHECK(reading(envelope11(""), soap_version::soap12).failure.code == errc::version_mismatch);
    std::string text12 = envelope11("");
    text12.replace(text12.find(ns11), ns11.size(), names::ns_soap12.text);
    CHECK(reading(text12, soap_version::soap11).failure.code == errc::version_mismatch);
}

TEST_CASE("Addressing headers of August 2004 read as those of 1.0") {
    const std::string anonymous = std::string(ns2004) + "/role/anonymous";
    const reading r(envelope11(
        "<a:Action>urn:a</a:Action><a:MessageID>urn:uuid:00112233-4455-6677-8899-aabbccddeeff"
        "</a:MessageID><a:ReplyTo><a:Address>" +
            anonymous +
            "</a:Address></a:ReplyTo>"
            "<a:RelatesTo RelationshipType=\"a:Reply\">urn:x</a:RelatesTo>"
            "<b:To xmlns:b=\"http://www.w3.org/2005/08/addressing\">urn:not-to</b:To>"
            "<a:To>" +
            anonymous + "</a:To>",
        "", ns2004));
    REQUIRE_FALSE(r.failure.code.failed());
    CHECK(r.headers.addressing == addressing_version::addressing200408);
    CHECK(r.headers.action == "urn:a");
    REQUIRE(r.headers.message_id);
    CHECK(r.headers.message_id->guid.has_value());
    CHECK(r.headers.reply_to == names::anonymous.text);
    CHECK(r.headers.to == names::anonymous.text);
    REQUIRE(r.headers.relates_to);
    CHECK(r.headers.relates_to->text == "urn:x");
    CHECK(r.headers.others.size() == 1);
}

TEST_CASE("The first addressing header decides which version they have") {
    const reading r(envelope11("<a:Action>urn:a</a:Action><b:To xmlns:b=\"" + std::string(ns2004) +
                               "\">urn:t</b:To>"));
    REQUIRE_FALSE(r.failure.code.failed());
    CHECK(r.headers.addressing == addressing_version::addressing10);
    CHECK_FALSE(r.headers.to);
    CHECK(r.headers.others.size() == 1);
    CHECK(reading(envelope11("<a:Action>u</a:Action><a:Action>u</a:Action>", "", ns2004))
              .failure.code == errc::header_duplicate);
}

TEST_CASE("Envelopes are written in the version asked for") {
    const auto envelope = [](message_version version) {
        return written([&](nbfx::writer& out) {
            outgoing_headers headers{.action = names::action_soap_fault};
            headers.has_reply_to = true;
            headers.to = names::anonymous;
            write_envelope_start(out, headers, {}, version);
            write_envelope_end(out);
        });
    };
    CHECK(envelope({soap_version::soap11, addressing_version::addressing10}) ==
          "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
          "xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header>"
          "<a:Action s:mustUnderstand=\"1\">http://www.w3.org/2005/08/addressing/soap/fault"
          "</a:Action><a:ReplyTo><a:Address>http://www.w3.org/2005/08/addressing/anonymous"
          "</a:Address></a:ReplyTo><a:To s:mustUnderstand=\"1\">"
          "http://www.w3.org/2005/08/addressing/anonymous</a:To></s:Header><s:Body/>"
          "</s:Envelope>");
    CHECK(envelope({soap_version::soap12, addressing_version::addressing200408}) ==
          "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\" "
          "xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\"><s:Header>"
          "<a:Action s:mustUnderstand=\"1\">"
          "http://schemas.xmlsoap.org/ws/2004/08/addressing/fault</a:Action><a:ReplyTo>"
          "<a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous"
          "</a:Address></a:ReplyTo><a:To s:mustUnderstand=\"1\">"
          "http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:To></s:Header>"
          "<s:Body/></s:Envelope>");
}

TEST_CASE("Faults of SOAP 1.1 have one code, one wording and children without namespace") {
    const message_version version{soap_version::soap11, addressing_version::addressing10};
    fault f;
    CHECK(fault_text(f, version) == "<s:Fault><faultcode>s:Client</faultcode><faultstring/>"
                                    "</s:Fault>");
    f.codes = {{"Receiver", ""}};
    f.reasons = {{"no", "en-US"}, {"nein", "de"}};
    f.role = "urn:me";
    f.detail = [](nbfx::writer& out) {
        out.start_element("", "d", "urn:d");
        out.end_element();
    };
    CHECK(fault_text(f, version) ==
          "<s:Fault><faultcode>s:Server</faultcode><faultstring xml:lang=\"en-US\">no"
          "</faultstring><faultactor>urn:me</faultactor><detail><d xmlns=\"urn:d\"/></detail>"
          "</s:Fault>");
    CHECK(fault_text(must_understand_fault(), version)
              .starts_with("<s:Fault><faultcode>s:MustUnderstand</faultcode>"));
    CHECK(fault_text(action_not_supported("urn:x"), version)
              .starts_with("<s:Fault><faultcode>a:ActionNotSupported</faultcode>"));
    CHECK(fault_text(action_not_supported("urn:x"),
                     {soap_version::soap11, addressing_version::addressing200408})
              .starts_with("<s:Fault><faultcode>a:ActionNotSupported</faultcode>"));
    CHECK(
        fault_text(internal_service_fault(), version)
            .starts_with(
                "<s:Fault><faultcode xmlns:a=\"http://schemas.microsoft.com/net/2005/12/"
                "windowscommunicationfoundation/dispatcher\">a:InternalServiceFault</faultcode>"));
}

TEST_CASE("Faults of SOAP 1.1 read with the codes of SOAP 1.2") {
    const auto f = fault_of(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring xml:lang=\"en\"> no </faultstring>"
        "<faultactor>urn:me</faultactor><x:more "
        "xmlns:x=\"urn:x\"/><detail><d/></detail></s:Fault>");
    REQUIRE(f.has_value());
    CHECK(f->codes == std::vector<qname>{{"Sender", std::string(names::ns_soap12.text)}});
    CHECK(f->reasons == std::vector<reason_text>{{" no ", "en"}});
    CHECK(f->role == "urn:me");
    const auto code = [](std::string_view text) {
        const auto read = fault_of("<s:Fault><faultcode xmlns:q=\"urn:q\" xmlns:o=\"" +
                                   std::string(ns2004) + "\">" + std::string(text) +
                                   "</faultcode><faultstring>x</faultstring></s:Fault>");
        REQUIRE(read.has_value());
        return read->codes.at(0);
    };
    CHECK(code("s:Server") == qname{"Receiver", std::string(names::ns_soap12.text)});
    CHECK(code("Client") == qname{"Sender", std::string(names::ns_soap12.text)});
    CHECK(code("s:VersionMismatch") ==
          qname{"VersionMismatch", std::string(names::ns_soap12.text)});
    CHECK(code("q:mine") == qname{"mine", "urn:q"});
    CHECK(code("o:ActionNotSupported") == qname{"ActionNotSupported", std::string(ns10)});
}

TEST_CASE("Faults of SOAP 1.1 that are none are refused") {
    const auto rule = [](std::string_view children) {
        const auto read = fault_of("<s:Fault>" + std::string(children) + "</s:Fault>");
        REQUIRE(read.has_error());
        return read.error().code;
    };
    const std::string code = "<faultcode>s:Client</faultcode>";
    const std::string text = "<faultstring>x</faultstring>";
    CHECK(rule("") == errc::fault_malformed);
    CHECK(rule(code) == errc::fault_malformed);
    CHECK(rule(text) == errc::fault_malformed);
    CHECK(rule(code + text + text) == errc::fault_malformed);
    CHECK(rule(code + code + text) == errc::fault_malformed);
    CHECK(rule(code + text + "<detail/><detail/>") == errc::fault_malformed);
    CHECK(rule(code + text + "<other/>") == errc::fault_malformed);
    CHECK(rule(code + text + "words") == errc::fault_malformed);
    CHECK(rule("<faultcode>p:q</faultcode>" + text) == errc::fault_malformed);
    CHECK(rule("<faultcode><b/></faultcode>" + text) == errc::fault_malformed);
    CHECK(rule(code + "<faultstring>" + std::string(70'000, 'x') + "</faultstring>") ==
          errc::fault_too_large);
}

TEST_CASE("SOAP 1.1 has no NotUnderstood headers") {
    const other_header unknown{.ns = "urn:h", .local = "h", .must_understand = true};
    const auto text = written([&](nbfx::writer& out) {
        out.start_element("", "root", "");
        write_not_understood(out, {&unknown, 1}, {soap_version::soap11, {}});
        out.end_element();
    });
    CHECK(text == "<root/>");
}
