// MTOM messages: what we write, what we read, and what is refused with which rule.

#include <channel/pair.hpp>
#include <support/catch.hpp>

#include <channel/content_type.hpp>
#include <channel/mime_parts.hpp>
#include <channel/mtom_encoding.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/channel/mtom_content_type.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/names.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>

using namespace nettcp;
using namespace nettcp::channel;
using framing::encoding;

namespace {

constexpr std::string_view include_of_part1 =
    "<xop:Include href='cid:part1' xmlns:xop='http://www.w3.org/2004/08/xop/include'/>";

/// A message as its pieces, each to be spoiled.
struct message_text {
    std::string version = "MIME-Version: 1.0\r\n";
    std::string type = "Content-Type: multipart/related; type=\"application/xop+xml\"; "
                       "boundary=\"bd\"; start=\"<root>\"; start-info=\"application/soap+xml\"\r\n";
    std::string preface = "\r\n--bd\r\n";
    std::string root_headers = "Content-ID: <root>\r\nContent-Transfer-Encoding: 8bit\r\n"
                               "Content-Type: application/xop+xml;charset=utf-8;"
                               "type=\"application/soap+xml\"\r\n\r\n";
    std::string root = "<a><b>" + std::string(include_of_part1) + "</b></a>";
    std::string parts = "\r\n--bd\r\nContent-ID: <part1>\r\nContent-Transfer-Encoding: binary\r\n"
                        "Content-Type: application/octet-stream\r\n\r\nhello";
    std::string close = "\r\n--bd--\r\n";

    std::string whole() const {
        return version + type + preface + root_headers + root + parts + close;
    }
};

struct reading {
    std::string text;
    error failure;
    charset found = charset::utf8;

    explicit reading(std::string_view message, const reader_quotas& quotas = {}) {
        octet_buffer document;
        if (const auto read = document_from_mtom(as_bytes(message), quotas, document, found);
            !read) {
            failure = read.error();
            return;
        }
        nbfx::reader in;
        in.open(document.view());
        REQUIRE(xml::nbfx_to_text(in, text).has_value());
    }
    explicit reading(const message_text& message) : reading(message.whole()) {}
};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    REQUIRE(at != text.npos);
    return text.replace(at, what.size(), by);
}

/// `<a><b>octets</b>…</a>` as MTOM.
std::string written(const std::vector<std::string>& values, charset out_in = charset::utf8,
                    soap::soap_version version = {}) {
    octet_buffer document;
    nbfx::writer out;
    out.open(document);
    out.start_element("", "a"_dict, ""_dict);
    for (const std::string& value : values) {
        out.start_element("", "b"_dict, ""_dict);
        out.bytes(as_bytes(value));
        out.end_element();
    }
    out.end_element();
    REQUIRE(out.finish().has_value());
    octet_buffer message;
    std::string scratch;
    REQUIRE(mtom_from_document(document.view(), out_in, version, message, scratch).has_value());
    return std::string(as_text(message.view()));
}

std::size_t count_of(std::string_view text, std::string_view what) {
    std::size_t count = 0;
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1))
        ++count;
    return count;
}

/// Base64 of `count` letters `x`, where that takes no padding.
std::string base64_of_x(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; i += 3)
        text += "eHh4";
    return text;
}

}  // namespace

TEST_CASE("A value becomes a part from 768 octets on, as in WCF") {
    const std::string small = written({std::string(767, 'x')});
    CHECK(count_of(small, "Content-Type: application/octet-stream") == 0);
    CHECK(count_of(small, "Include") == 0);
    const std::string large = written({std::string(768, 'x')});
    CHECK(count_of(large, "Content-Type: application/octet-stream") == 1);
    CHECK(count_of(large, "<xop:Include href=\"cid:part1@nettcp\" "
                          "xmlns:xop=\"http://www.w3.org/2004/08/xop/include\"/>") == 1);
    CHECK(large.find(std::string(768, 'x')) != large.npos);
    CHECK(reading(large).text == "<a><b>" + base64_of_x(768) + "</b></a>");
}

TEST_CASE("A message is laid out as WCF lays it out") {
    CHECK(written({std::string(768, 'x'), "yyy"}) ==
          "MIME-Version: 1.0\r\n"
          "Content-Type: multipart/related;type=\"application/xop+xml\";"
          "boundary=\"=_nettcp_part_1_\";start=\"<root@nettcp>\";"
          "start-info=\"application/soap+xml\"\r\n"
          "\r\n--=_nettcp_part_1_\r\n"
          "Content-ID: <root@nettcp>\r\n"
          "Content-Transfer-Encoding: 8bit\r\n"
          "Content-Type: application/xop+xml;charset=utf-8;type=\"application/soap+xml\"\r\n"
          "\r\n"
          "<a><b><xop:Include href=\"cid:part1@nettcp\" "
          "xmlns:xop=\"http://www.w3.org/2004/08/xop/include\"/></b><b>eXl5</b></a>"
          "\r\n--=_nettcp_part_1_\r\n"
          "Content-ID: <part1@nettcp>\r\n"
          "Content-Transfer-Encoding: binary\r\n"
          "Content-Type: application/octet-stream\r\n"
          "\r\n" +
              std::string(768, 'x') + "\r\n--=_nettcp_part_1_--\r\n");
}

TEST_CASE("Whatever octets a part holds, they come back") {
    std::string all;
    for (int i = 0; i < 1000; ++i)
        all.push_back(static_cast<char>(i));
    const std::vector<std::string> values{std::string(800, '\r'),
                                          std::string(801, '\n') + "\r\n--",
                                          all,
                                          std::string(802, '\0'),
                                          "\r\n--=_nettcp_part_1_--\r\n" + all,
                                          "\r\n--=_nettcp_part_2_" + all,
                                          all + "\r\n--=_nettcp_part_4_",
                                          all.substr(0, 990) + "=_nettcp_part_3_"};
    for (const charset in : {charset::utf8, charset::utf16le, charset::utf16be}) {
        for (const auto version : {soap::soap_version::soap11, soap::soap_version::soap12}) {
            const std::string message = written(values, in, version);
            CHECK(message.find("boundary=\"=_nettcp_part_5_\"") != message.npos);
            CHECK(count_of(message, "start-info=\"text/xml\"") ==
                  (version == soap::soap_version::soap11 ? 1 : 0));
            octet_buffer document;
            charset found{};
            REQUIRE(document_from_mtom(as_bytes(message), {}, document, found).has_value());
            CHECK(found == in);
            nbfx::reader reader;
            reader.open(document.view());
            reader.read_start_element("a", "");
            for (const std::string& value : values) {
                const std::vector<std::byte> got = reader.read_element_bytes();
                CHECK(as_text(got) == value);
            }
        }
    }
}

TEST_CASE("A boundary that goes over from one record of octets into the next is noticed") {
    // The writer of binary XML keeps octets by threes: the last one or two are another record.
    for (std::size_t size = 768; size < 771; ++size) {
        const std::string end = "\r\n--=_nettcp_part_1_";
        const std::string message = written({std::string(size - end.size(), 'x') + end});
        CHECK(message.find("boundary=\"=_nettcp_part_2_\"") != message.npos);
        CHECK(reading(message).failure.code == boost::system::error_code());
    }
}

TEST_CASE("No more than 999 values become parts: WCF reads no more") {
    const std::string message = written(std::vector<std::string>(1005, std::string(768, 'x')));
    CHECK(count_of(message, "application/octet-stream") == 999);
    CHECK(count_of(message, base64_of_x(768)) == 6);
    CHECK(count_of(reading(message).text, base64_of_x(768)) == 1005);
}

TEST_CASE("Octets beside other content stay base64") {
    octet_buffer document;
    nbfx::writer out;
    out.open(document);
    out.start_element("", "a"_dict, ""_dict);
    out.bytes(std::vector<std::byte>(900, std::byte{'x'}));
    out.start_element("", "b"_dict, ""_dict);
    out.text("t");
    out.bytes(std::vector<std::byte>(900, std::byte{'x'}));
    out.end_element();
    out.bytes(std::vector<std::byte>(900, std::byte{'x'}));
    out.end_element();
    REQUIRE(out.finish().has_value());
    octet_buffer message;
    std::string scratch;
    REQUIRE(mtom_from_document(document.view(), charset::utf8, {}, message, scratch).has_value());
    CHECK(count_of(as_text(message.view()), "Include") == 0);
    CHECK(count_of(reading(as_text(message.view())).text, base64_of_x(900)) == 3);
}

TEST_CASE("A message is read whatever the order and the names of its parts") {
    const std::string expected = "<a><b>aGVsbG8=</b></a>";
    message_text m;
    CHECK(reading(m).text == expected);
    m.version.clear();
    CHECK(reading(m).text == expected);
    m.type = replaced(m.type, "; start=\"<root>\"", "");  // then the first part is the root
    CHECK(reading(m).text == expected);
    m = {};
    m.type = replaced(m.type, "\"<root>\"", "\"root\"");
    CHECK(reading(m).text == expected);
    m.type = replaced(m.type, "\"root\"", "\"cid:ro%6Ft\"");
    CHECK(reading(m).text == expected);
    m = {};  // the root last
    const std::string last = m.version + m.type + replaced(m.parts, "\r\n--bd", "\r\n\r\n--bd") +
                             m.preface + m.root_headers + m.root + m.close;
    CHECK(reading(last).text == expected);
    m = {};
    m.preface = "\r\nA note to readers without MIME.\r\n--bd  \t\r\n";
    m.close = "\r\n--bd--  \r\nAnd an end.";
    CHECK(reading(m).text == expected);
    m = {};
    m.parts += "\r\n--bd\r\n\r\nnobody's\r\n--bd\r\nContent-ID: <other>\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\nAAAA";
    CHECK(reading(m).text == expected);  // what nothing includes
    m = {};
    m.close = "\r\n--bd--";
    CHECK(reading(m).text == expected);
}

TEST_CASE("Header fields are read in the spellings that mail allows") {
    const std::string expected = "<a><b>aGVsbG8=</b></a>";
    message_text m;
    m.type = "content-TYPE:Multipart/RELATED ;\r\n\tTYPE = application/xop+xml;boundary=bd;\r\n"
             " Start=\"<root>\" ; x=\"a;b\\\"c\"\r\nX-Other: 1\r\n";
    m.parts = replaced(m.parts, "binary", "7Bit");
    m.root_headers = replaced(m.root_headers, "charset=utf-8", "charset=\"UTF-8\"");
    CHECK(reading(m).text == expected);
    m.root_headers = replaced(m.root_headers, "charset=\"UTF-8\";", "");
    m.parts = replaced(m.parts, "Content-Transfer-Encoding: 7Bit\r\n", "");
    CHECK(reading(m).text == expected);
}

TEST_CASE("References are percent-decoded and compared without brackets") {
    message_text m;
    m.parts = replaced(m.parts, "<part1>", "<http://tempuri.org/1/634+a b>");
    m.root = replaced(m.root, "cid:part1", "cid:http%3A%2F%2ftempuri.org/1/634+a%20b");
    CHECK(reading(m).text == "<a><b>aGVsbG8=</b></a>");
    m.parts = replaced(m.parts, "<http://tempuri.org/1/634+a b>", "100%");
    m.root = replaced(m.root, "http%3A%2F%2ftempuri.org/1/634+a%20b", "100%");
    CHECK(reading(m).text == "<a><b>aGVsbG8=</b></a>");
}

TEST_CASE("xop:Include stands alone in its element") {
    const auto failure_of = [](std::string_view content) {
        message_text m;
        m.root =
            "<a xmlns:xop='http://www.w3.org/2004/08/xop/include'>" + std::string(content) + "</a>";
        return reading(m).failure;
    };
    const std::string plain = "<xop:Include href='cid:part1'/>";
    CHECK_FALSE(failure_of("<b> \r\n" + plain + "\t </b>").code.failed());
    CHECK_FALSE(
        failure_of("<b><xop:Include href='cid:part1' x='y'> </xop:Include></b>").code.failed());
    for (const std::string& content :
         {"<b>x" + plain + "</b>", "<b>" + plain + "x</b>", "<b><c/>" + plain + "</b>",
          "<b>" + plain + "<c/></b>", "<b>" + plain + plain + "</b>",
          "<b><!--c-->" + plain + "</b>", "<b>" + plain + "<!--c--></b>", "<b/>" + plain}) {
        CAPTURE(content);
        CHECK(failure_of(content).code == nbfx::errc::xml_include_misplaced);
    }
    for (const std::string_view content :
         {"<b><xop:Include/></b>", "<b><xop:Include xop:href='cid:part1' href='cid:part1'/></b>",
          "<b><xop:Include href='cid:part1'>x</xop:Include></b>",
          "<b><xop:Include href='cid:part1'><c/></xop:Include></b>",
          "<b><xop:Include href='cid:part1'><xop:Include href='cid:part1'/></xop:Include></b>"}) {
        CAPTURE(content);
        CHECK(failure_of(content).code == nbfx::errc::xml_include_malformed);
    }
    message_text m;
    m.root = include_of_part1;
    CHECK(reading(m).failure.code == nbfx::errc::xml_include_misplaced);
}

TEST_CASE("References that lead nowhere, or twice to one part, are refused where they stand") {
    const auto failure_of = [](std::string_view href, std::string_view more = "") {
        message_text m;
        m.root = replaced(m.root, "cid:part1", href) + std::string(more);
        const error failure = reading(m).failure;
        if (more.empty())
            CHECK(failure.at == m.whole().find("<xop:Include"));
        return failure.code;
    };
    CHECK(failure_of("cid:part2") == errc::mtom_part_missing);
    CHECK(failure_of("cid:root") == errc::mtom_part_reused);
    CHECK(failure_of("cid:") == errc::mtom_reference_invalid);
    CHECK(failure_of("part1") == errc::mtom_reference_invalid);
    CHECK(failure_of("http://example.org/part1") == errc::mtom_reference_invalid);
    message_text m;
    m.root = "<a><b>" + std::string(include_of_part1) + "</b><b>" + std::string(include_of_part1) +
             "</b></a>";
    CHECK(reading(m).failure.code == errc::mtom_part_reused);
    m = {};
    m.parts += m.parts;
    CHECK(reading(m).failure.code == errc::mtom_part_repeated);
    CHECK(reading(m).failure.at == m.whole().rfind("hello"));
    m = {};
    m.parts = replaced(m.parts, "binary", "base64");
    CHECK(reading(m).failure.code == errc::mtom_transfer_encoding);
    m = {};
    m.root_headers = replaced(m.root_headers, "8bit", "quoted-printable");
    CHECK(reading(m).failure.code == errc::mtom_transfer_encoding);
}

TEST_CASE("What is no MTOM message is refused by its rule") {
    const auto failure_of = [](auto spoil) {
        message_text m;
        spoil(m);
        return reading(m).failure.code;
    };
    CHECK(reading("").failure.code == errc::mime_truncated);
    CHECK(reading("<s:Envelope/>").failure.code == errc::mime_truncated);
    CHECK(failure_of([](auto& m) { m.type.clear(); }) == errc::mtom_not_xop);
    CHECK(failure_of([](auto& m) { m.type = replaced(m.type, "related", "mixed"); }) ==
          errc::mtom_not_xop);
    CHECK(failure_of([](auto& m) { m.type = replaced(m.type, "xop+xml", "soap+xml"); }) ==
          errc::mtom_not_xop);
    CHECK(failure_of([](auto& m) { m.type = replaced(m.type, "\"bd\"", "bd; boundary=bd"); }) ==
          errc::mtom_not_xop);
    CHECK(failure_of([](auto& m) { m.type = replaced(m.type, "\"bd\"", "\"b*d\""); }) ==
          errc::mime_malformed);
    CHECK(failure_of([](auto& m) {
              m.type = replaced(m.type, "\"bd\"", "\"" + std::string(71, 'b') + "\"");
          }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.version = "MIME-Version: 2.0\r\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.version += m.version; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.version += "no colon\r\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.version += "a b: c\r\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.version += "a: b\nc: d\r\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.close = "\r\n--bdx--\r\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.preface = "\r\n--bd\n"; }) == errc::mime_malformed);
    CHECK(failure_of([](auto& m) { m.type = replaced(m.type, "<root>", "<toor>"); }) ==
          errc::mtom_root_missing);
    CHECK(failure_of([](auto& m) {
              m.preface = "\r\n--bd--\r\n";
              m.type = replaced(m.type, "; start=\"<root>\"", "");
          }) == errc::mtom_root_missing);
    CHECK(failure_of([](auto& m) {
              m.root_headers = replaced(m.root_headers, "application/xop+xml", "text/xml");
          }) == errc::mtom_not_xop);
    CHECK(failure_of([](auto& m) {
              m.root_headers = replaced(m.root_headers, "utf-8", "iso-8859-1");
          }) == errc::charset_mismatch);
    CHECK(failure_of([](auto& m) {
              m.root_headers = replaced(m.root_headers, "utf-8", "utf-16LE");
          }) == errc::charset_mismatch);
    CHECK(failure_of([](auto& m) { m.root = "<a>"; }) == nbfx::errc::xml_malformed);
    CHECK(failure_of([](auto& m) { m.root = "<!DOCTYPE a><a/>"; }) == nbfx::errc::xml_dtd_refused);
}

TEST_CASE("A message cut anywhere is refused") {
    const std::string whole = message_text().whole();
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(reading(std::string_view(whole).substr(0, size)).failure.code.failed());
    }
}

TEST_CASE("Headers and parts meet their limits") {
    message_text m;
    m.parts += "\r\n--bd\r\nX: " + std::string(max_mime_headers_size, 'x') + "\r\n\r\n";
    CHECK(reading(m).failure.code == errc::mime_headers_exceeded);
    m = {};
    m.version += "X: " + std::string(max_mime_headers_size, 'x') + "\r\n";
    CHECK(reading(m).failure.code == errc::mime_headers_exceeded);
    m = {};
    for (std::size_t i = 2; i < max_mime_parts; ++i)
        m.parts += "\r\n--bd\r\n\r\n";
    CHECK_FALSE(reading(m).failure.code.failed());
    m.parts += "\r\n--bd\r\n\r\n";
    CHECK(reading(m).failure.code == errc::mime_parts_exceeded);
    CHECK(reading(m).failure.limit == max_mime_parts);
    m = {};
    m.root = "<a><b><c>" + std::string(include_of_part1) + "</c></b></a>";
    reader_quotas quotas;
    quotas.max_depth = 4;
    CHECK_FALSE(reading(m.whole(), quotas).failure.code.failed());
    quotas.max_depth = 3;
    CHECK(reading(m.whole(), quotas).failure.code == nbfx::errc::depth_exceeded);
}

TEST_CASE("Content types name MTOM with SOAP 1.1 and 1.2") {
    CHECK(encoding_named("multipart/related") == encoding::mtom);
    for (const encoding spoken : {encoding::mtom, encoding::mtom_soap11}) {
        CHECK(encoding_named(name_of(spoken)) == spoken);
        CHECK(encoding_named(content_type(spoken)) == spoken);
        CHECK(name_of(spoken).size() <= framing_limits{}.max_content_type_size);
    }
    CHECK(encoding_named("Multipart/Related; type=\"application/xop+xml\";start=\"<http://"
                         "tempuri.org/0>\";boundary=\"uuid:x+id=1\";start-info=\"text/xml; "
                         "action=\\\"a\\\"\"") == encoding::mtom_soap11);
    CHECK(encoding_named("multipart/related; type=\"text/xml\"") == std::nullopt);
    CHECK(encoding_named("multipart/mixed") == std::nullopt);
}

TEST_CASE("The octet of MTOM stands for either SOAP, a content type for the one it names") {
    session_options by_octet;
    by_octet.content_type = content_type(encoding::mtom);
    const auto opens = [](const session_options& options, encoding ours, encoding theirs) {
        session_pair pair(options);
        pair.acceptor.accepts = false;
        REQUIRE(pair.initiator.session.open(some_via, ours).has_value());
        pair.run();
        pair.acceptor.session.accept_preamble(theirs);
        pair.run();
        return pair.initiator.session.is_open();
    };
    CHECK(opens(by_octet, encoding::mtom, encoding::mtom));
    CHECK(opens(by_octet, encoding::mtom_soap11, encoding::mtom_soap11));
    CHECK_FALSE(opens({}, encoding::mtom, encoding::mtom_soap11));
    CHECK_FALSE(opens({}, encoding::mtom_soap11, encoding::mtom));
}

TEST_CASE("Messages have the boundary of the preamble unless they hold it") {
    session_options options;
    const std::string boundary = "a b'()+_,-./:=?0";
    options.content_type = mtom_content_type(soap::soap_version::soap11, boundary);
    session_pair pair(options);
    pair.acceptor.accepts = false;
    REQUIRE(pair.initiator.session.open(some_via, encoding::mtom_soap11).has_value());
    pair.run();
    CHECK(pair.acceptor.session.preamble().content_type == options.content_type);
    pair.acceptor.session.accept_preamble(encoding::mtom_soap11);
    pair.run();
    for (const std::string_view text : {std::string_view("hi"), std::string_view(boundary)}) {
        REQUIRE(send_text(pair.initiator.session, text).has_value());
        const auto sent = take_output(pair.initiator.session);
        CHECK((count_of(as_text(sent), "\r\n--" + boundary + "\r\n") == 1) == (text == "hi"));
        feed(pair.acceptor.session, sent, [&](event_type what) { pair.acceptor.note(what); });
        CHECK(session_pair::next_text(pair.acceptor) == text);
    }
}

TEST_CASE("A service answers MTOM in the character set it was asked in") {
    session_pair pair;
    pair.acceptor.accepts = false;
    REQUIRE(pair.initiator.session.open(some_via, encoding::mtom).has_value());
    pair.run();
    pair.acceptor.session.accept_preamble(encoding::mtom);
    pair.run();
    const std::string envelope =
        "<s:Envelope xmlns:s=\"" + std::string(soap::names::ns_soap12.text) +
        "\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header><a:Action "
        "s:mustUnderstand=\"1\">urn:echo/Echo</a:Action></s:Header><s:Body>"
        "<Echo xmlns=\"urn:echo\"><text>hi</text></Echo></s:Body></s:Envelope>";
    message_text m;
    m.root_headers = replaced(m.root_headers, "utf-8", "utf-16BE");
    m.root = std::string("\xfe\xff", 2);
    for (const char c : envelope)
        m.root.append(1, '\0').append(1, c);
    const std::string text = m.whole();
    std::string record{6, static_cast<char>((text.size() & 0x7f) | 0x80),
                       static_cast<char>(text.size() >> 7)};
    feed(pair.acceptor.session, as_bytes(record + text),
         [&](event_type what) { pair.acceptor.note(what); });
    REQUIRE(pair.acceptor.messages.size() == 1);
    CHECK(session_pair::next_text(pair.acceptor) == "hi");
    REQUIRE(send_text(pair.acceptor.session, "answer").has_value());
    const auto answer = take_output(pair.acceptor.session);
    CHECK(as_text(answer).find("charset=utf-16BE") != std::string_view::npos);
}
