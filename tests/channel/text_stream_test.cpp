// Bodies that are streams in text and MTOM: read and written in pieces, both sides, and what is
// refused with which rule.

#include <channel/stream_pair.hpp>
#include <support/catch.hpp>

#include <channel/incoming_text.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

using namespace nettcp;
using namespace nettcp::channel;
using framing::encoding;

namespace {

constexpr encoding text_encodings[] = {
    encoding::soap12_utf8,  encoding::soap12_utf16, encoding::soap12_utf16be, encoding::soap11_utf8,
    encoding::soap11_utf16, encoding::mtom,         encoding::mtom_soap11,
};

/// What comes of a message in pieces whose owner wants the stream.
struct reading {
    std::string content;
    boost::system::error_code failure;
    bool head = false;
    bool whole = false;
    bool ended = false;
};

reading read_in_steps(std::string_view text, encoding in, std::size_t step,
                      std::uint32_t max_header_size) {
    incoming_text from(*traits_of(in), reader_quotas{}, max_header_size);
    reading made;
    std::string waiting;
    while (!made.ended && !made.whole) {
        const std::string_view now = text.substr(0, step);
        text.remove_prefix(now.size());
        waiting += now;
        const bool last = text.empty() && made.head;  // until then somebody else waits for it
        const auto used = from.take(as_bytes(waiting), last);
        if (from.head_known() && !made.head) {
            made.head = true;
            from.stream();
        }
        made.content += as_text(from.content());
        if (!used) {
            made.failure = used.error().code;
            break;
        }
        waiting.erase(0, *used);
        made.ended = from.ended();
        made.whole = from.needs_whole();
        if (text.empty() && !made.head)
            break;
    }
    return made;
}

/// The same however it is cut.
reading read_text(std::string_view text, encoding in = encoding::soap12_utf8,
                  std::uint32_t max_header_size = 65536) {
    CAPTURE(text.substr(0, 1000));
    const reading made = read_in_steps(text, in, 1, max_header_size);
    for (const std::size_t step : {std::size_t{2}, std::size_t{7}, std::size_t{1} << 20}) {
        CAPTURE(step);
        const reading other = read_in_steps(text, in, step, max_header_size);
        CHECK(other.failure == made.failure);
        CHECK(other.head == made.head);
        CHECK(other.whole == made.whole);
        CHECK(other.ended == made.ended);
        if (!made.failure.failed())
            CHECK(other.content == made.content);
    }
    return made;
}

std::string envelope(std::string_view body,
                     std::string_view headers = "<a:Action>urn:up</a:Action>") {
    return std::string("<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' "
                       "xmlns:a='http://www.w3.org/2005/08/addressing'><s:Header>")
        .append(headers)
        .append("</s:Header><s:Body>")
        .append(body)
        .append("</s:Body></s:Envelope>");
}

std::string upload(std::string_view content) {
    return envelope(std::string("<Upload xmlns='urn:t'><data>").append(content) +
                    "</data></Upload>");
}

constexpr std::string_view inclusion =
    "<xop:Include href='cid:part1' xmlns:xop='http://www.w3.org/2004/08/xop/include'/>";

/// An MTOM message, each piece of which may be spoiled.
struct mtom_text {
    std::string type = "MIME-Version: 1.0\r\n"
                       "Content-Type: multipart/related; type=\"application/xop+xml\"; "
                       "boundary=\"bd\"; start=\"<root>\"\r\n";
    std::string preface = "\r\n--bd\r\n";
    std::string root_headers = "Content-ID: <root>\r\nContent-Transfer-Encoding: 8bit\r\n"
                               "Content-Type: application/xop+xml;charset=utf-8\r\n\r\n";
    std::string root = upload(inclusion);
    std::string part_headers = "\r\n--bd\r\nContent-ID: <part1>\r\n"
                               "Content-Transfer-Encoding: binary\r\n\r\n";
    std::string content = "hello";
    std::string close = "\r\n--bd--\r\n";

    std::string whole() const {
        return type + preface + root_headers + root + part_headers + content + close;
    }
};

reading read_mtom(const mtom_text& message) {
    return read_text(message.whole(), encoding::mtom);
}

}  // namespace

TEST_CASE("A stream of text arrives as it was sent, however it is cut") {
    const auto spoken = GENERATE(from_range(std::begin(text_encodings), std::end(text_encodings)));
    CAPTURE(to_string(spoken));
    for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{65536}}) {
        for (const std::size_t size : {0u, 1u, 2u, 3u, 4u, 1000u, 70'000u}) {
            CAPTURE(step, size);
            if (step == 1 && size > 1000)
                continue;
            stream_pair both(limits(4096, 1u << 20), step);
            both.encoding = spoken;
            both.open();
            both.begin_upload();
            const auto octets = pattern(size);
            for (std::size_t at = 0, part = 1; at < size; at += part, part = part * 2 + 1) {
                const std::size_t now = std::min(part, size - at);
                REQUIRE(both.client.write_stream(bytes_view(octets).subspan(at, now)).has_value());
                both.run();
            }
            REQUIRE(both.client.end_stream().has_value());
            both.client.end();
            both.run();
            CHECK(has(both.host_events, event_type::message_begun));
            CHECK_FALSE(has(both.host_events, event_type::message_arrived));
            CHECK(both.begun.headers().action == "urn:up");
            CHECK(both.content == octets);
            CHECK(both.host.stream_ended());
            REQUIRE(send_text(both.host, "done").has_value());
            both.host.end();
            both.run();
            REQUIRE(both.client_messages.size() == 1);
            CHECK(text_of(both.client_messages.front()) == "done");
            CHECK(both.client.is_closed());
        }
    }
}

TEST_CASE("A stream of text that its owner does not want comes as one message") {
    const auto spoken = GENERATE(from_range(std::begin(text_encodings), std::end(text_encodings)));
    CAPTURE(to_string(spoken));
    stream_pair both(limits(1u << 20));
    both.encoding = spoken;
    both.wants_stream = false;
    both.open();
    both.begin_upload();
    const auto octets = pattern(100'000);
    REQUIRE(both.client.write_stream(octets).has_value());
    REQUIRE(both.client.end_stream().has_value());
    both.client.end();
    both.run();
    REQUIRE(has(both.host_events, event_type::message_arrived));
    nbfx::reader& body = both.arrived.body();
    body.read_start_element("Upload", "urn:echo");
    CHECK(body.read_element_bytes() == octets);
}

TEST_CASE("The peer of a stream of text waits while nobody reads, and little is held") {
    const auto spoken = GENERATE(encoding::soap12_utf8, encoding::soap12_utf16, encoding::mtom);
    stream_pair both(limits(4096, 64u << 20));
    both.encoding = spoken;
    both.reads = false;
    both.open();
    both.begin_upload();
    const auto part = pattern(3 * 10'000);
    for (int i = 0; i != 100; ++i) {
        REQUIRE(both.client.write_stream(part).has_value());
        both.run();
    }
    CHECK(both.host.stream_full());
    CHECK_FALSE(both.host.wants_input());
    CHECK(both.waiting.size() > 2'700'000);
    both.reads = true;
    for (int i = 0; i != 1000 && !both.waiting.empty(); ++i) {
        both.read();
        both.run();
    }
    REQUIRE(both.client.end_stream().has_value());
    both.client.end();
    both.run();
    both.read();
    CHECK(both.content.size() == 100 * part.size());
    CHECK(both.host.stream_ended());
}

TEST_CASE("Streams of text that are too large, or none, end the session") {
    const auto spoken = GENERATE(encoding::soap12_utf8, encoding::mtom);
    CAPTURE(to_string(spoken));
    const auto failure_of = [](stream_pair& both) {
        both.run();
        REQUIRE(has(both.host_events, event_type::failed));
        return both.host.failure().code;
    };
    SECTION("the whole") {
        stream_pair both(limits(4096, 10'000));
        both.encoding = spoken;
        both.open();
        both.begin_upload();
        REQUIRE(both.client.write_stream(pattern(12'000)).has_value());
        CHECK(failure_of(both) == framing::errc::chunk_too_large);
    }
    SECTION("headers") {
        session_options options = limits(1u << 20);
        options.max_streamed_header_size = 2000;
        stream_pair both(options);
        both.encoding = spoken;
        both.open();
        nbfx::writer& out = both.client.begin_stream(
            {.action = "urn:up"_dict, .to = some_via}, [](nbfx::writer& more) {
                more.start_element("", "h"_dict, "urn:h"_dict);
                more.text(std::string(3000, 'x'));
                more.end_element();
            });
        out.start_element("", "Upload"_dict, "urn:echo"_dict);
        REQUIRE(both.client.start_stream().has_value());
        CHECK(failure_of(both) == channel::errc::headers_too_large);
    }
    SECTION("a body that is no stream") {
        stream_pair both;
        both.encoding = spoken;
        both.reads = false;
        both.open();
        nbfx::writer& out = both.client.begin_message({.action = "urn:up"_dict, .to = some_via});
        out.start_element("", "Upload"_dict, "urn:echo"_dict);
        for (int i = 0; i != 2; ++i) {
            out.start_element("", "data"_dict, "urn:echo"_dict);
            out.bytes(pattern(10));
            out.end_element();
        }
        out.end_element();
        REQUIRE(both.client.end_message().has_value());
        both.run();
        std::byte room[100];
        CHECK(both.host.read_stream(room).value() == 10);  // what came before is not lost
        CHECK_FALSE(both.host.read_stream(room).has_value());
        CHECK(failure_of(both) == channel::errc::stream_malformed);
    }
}

TEST_CASE("Base64 in text is a stream however it is written") {
    const auto content_of = [](std::string_view text) {
        const reading made = read_text(text);
        CHECK(made.failure == boost::system::error_code());
        CHECK(made.ended);
        return made.content;
    };
    CHECK(content_of(upload("aGVsbG8=")) == "hello");
    CHECK(content_of(upload(" aGV\r\n\tsb G8= ")) == "hello");
    CHECK(content_of(upload("aGVs<!-- a --><![CDATA[bG8=]]>")) == "hello");
    CHECK(content_of(upload("aGVs&#x62;G8=")) == "hello");
    CHECK(content_of(upload("aGU=bGxv")) == "hello");  // .NET goes on behind a padded four, too
    CHECK(content_of(upload("")).empty());
    CHECK(content_of(envelope("<Upload/>")).empty());
    CHECK(content_of(envelope(" <Upload>aGVsbG8=</Upload> ") + "\n") == "hello");
    CHECK(content_of("\xef\xbb\xbf<?xml version='1.0'?>" + upload("aGVsbG8=")) == "hello");
}

TEST_CASE("What is no stream in a text is refused") {
    const auto failure_of = [](std::string_view text) { return read_text(text).failure; };
    CHECK(failure_of(upload("aGVs*G8=")) == nbfx::errc::conversion_invalid);
    CHECK(failure_of(upload("aGVsbG8")) == nbfx::errc::conversion_invalid);
    CHECK(failure_of(upload("a=Vs")) == nbfx::errc::conversion_invalid);
    CHECK(failure_of(upload("aGVs<b/>")) == errc::stream_malformed);
    CHECK(failure_of(envelope("<Upload><a>aGVs</a>aGVs</Upload>")) == errc::stream_malformed);
    CHECK(failure_of(envelope("<Upload>aGVs</Upload><More/>")) == errc::stream_malformed);
    CHECK(failure_of(envelope("<Upload><u:a/></Upload>")) ==
          nbfx::errc::namespace_prefix_undeclared);
    CHECK(failure_of(envelope("<Upload>aGVs</Uplaod>")) == nbfx::errc::xml_malformed);
    CHECK(failure_of(upload("aGVs&more;")) == nbfx::errc::xml_malformed);
    CHECK(failure_of(upload("aGVs").substr(0, upload("aGVs").size() - 9)) ==
          nbfx::errc::xml_malformed);
    CHECK(failure_of(upload("aGVs") + "<again/>") == nbfx::errc::xml_malformed);
    CHECK(failure_of("<!DOCTYPE a [<!ENTITY b 'c'>]>" + upload("aGVs")) ==
          nbfx::errc::xml_dtd_refused);
    CHECK(failure_of(envelope("<Upload>aGVs<?a b?></Upload>")) ==
          nbfx::errc::xml_construct_unsupported);
    CHECK(read_text(upload("aGVs"), encoding::soap12_utf16).failure == errc::charset_mismatch);
    std::string deep;
    for (int i = 0; i != 200; ++i)
        deep += "<a>";
    CHECK(failure_of(envelope(deep)) == nbfx::errc::depth_exceeded);
}

TEST_CASE("Nothing in a text is held that has no end") {
    const auto failure_of = [](std::string_view text) {
        return read_text(text, encoding::soap12_utf8, 1000).failure;
    };
    const std::string much(20'000, 'x');
    CHECK(failure_of(envelope("<Upload/>", "<h>" + much + "</h>")) == errc::headers_too_large);
    CHECK(failure_of("<!-- " + much) == errc::headers_too_large);
    CHECK(failure_of(upload("<!-- " + much)) == base_errc::limit_exceeded);
    CHECK(failure_of(upload("<a b='" + much)) == base_errc::limit_exceeded);
    CHECK(failure_of(upload("<" + much)) == base_errc::limit_exceeded);
}

TEST_CASE("What a body may hold beside streams is left to who reads the whole") {
    const auto is_left = [](std::string_view text, encoding in = encoding::soap12_utf8) {
        const reading made = read_text(text, in);
        CHECK_FALSE(made.head);
        return made.whole;
    };
    CHECK(is_left(envelope("")));
    CHECK(is_left(envelope("text")));
    CHECK(is_left(envelope("text<a/>")));
    mtom_text message;
    message.root_headers.replace(message.root_headers.find("<root>"), 6, "<other>");
    CHECK(is_left(message.whole(), encoding::mtom));
    message = {};
    message.root = envelope("<Upload/>", "<h>" + std::string(inclusion) + "</h>");
    CHECK(is_left(message.whole(), encoding::mtom));
    incoming_text fault(*traits_of(encoding::soap12_utf8), reader_quotas{}, 1000);
    REQUIRE(fault.take(as_bytes(envelope("<s:Fault/>")), false).has_value());
    REQUIRE(fault.head_known());
    CHECK(fault.is_fault());
}

TEST_CASE("A part of its own is a stream, whatever it holds") {
    mtom_text message;
    const auto content_of = [](const mtom_text& from) {
        const reading made = read_mtom(from);
        CHECK(made.failure == boost::system::error_code());
        CHECK(made.ended);
        return made.content;
    };
    CHECK(content_of(message) == "hello");
    for (const char* octets : {"", "\r\n", "\r", "\r\n--b", "\r\n--b\r\n--", "\r\r\n-\r\n--c",
                               "x--bd--", "\n--bd\r\n"}) {
        message.content = octets;
        CHECK(content_of(message) == octets);
    }
    message = {};
    message.preface = "\r\npreface\r\n--b \r\n--bd \t\r\n";
    message.close = "\r\n--bd-- \r\nwhat follows\r\n--bd";
    CHECK(content_of(message) == "hello");
    message.close = "\r\n--bd\r\nContent-ID: <more>\r\n\r\nmore\r\n--bd--";
    CHECK(content_of(message) == "hello");
    message.root = upload("aGVsbG8gaW4gdGV4dA==");
    CHECK(content_of(message) == "hello in text");
    message = {};
    message.root = envelope("<Upload xmlns='" + std::string(1000, 'x') + "'><data>" +
                            std::string(inclusion) + "</data></Upload>");
    CHECK(content_of(message) == "hello");
    message.root = upload(" " + std::string(inclusion) + "\n");
    CHECK(content_of(message) == "hello");
}

TEST_CASE("Parts that are damaged, missing or named wrongly are refused") {
    mtom_text message;
    const auto failure = [&] { return read_mtom(message).failure; };
    SECTION("truncated") {
        message.close = "\r\n--bd";
        CHECK(failure() == errc::mime_truncated);
        message.close = "\r\n--b";
        CHECK(failure() == errc::mime_truncated);
        message.content = message.close = "";
        CHECK(failure() == errc::mime_truncated);
        message.part_headers = "\r\n--bd\r\nContent-ID: <par";
        CHECK(failure() == errc::mime_truncated);
        message.root.resize(message.root.size() - 5);
        CHECK(failure() == nbfx::errc::xml_malformed);
    }
    SECTION("malformed") {
        message.close = "\r\n--bdx";
        message.close += "\r\n";
        CHECK(failure() == errc::mime_malformed);
        message = {};
        message.close = "\r\n--bd" + std::string(5000, ' ') + "\r\n";
        CHECK(failure() == errc::mime_malformed);
        message = {};
        message.part_headers.replace(message.part_headers.find("Content-Transfer"), 0,
                                     "Content-ID: <part1>\r\n");
        CHECK(failure() == errc::mime_malformed);
    }
    SECTION("no MTOM") {
        message.type.replace(message.type.find("xop+xml"), 7, "xml");
        CHECK(failure() == errc::mtom_not_xop);
        message = {};
        message.root_headers.replace(message.root_headers.find("xop+xml"), 7, "xml");
        CHECK(failure() == errc::mtom_not_xop);
        message = {};
        message.part_headers.replace(message.part_headers.find("binary"), 6, "base64");
        CHECK(failure() == errc::mtom_transfer_encoding);
    }
    SECTION("headers without end") {
        message.part_headers = "\r\n--bd\r\nX: " + std::string(20'000, 'x');
        CHECK(failure() == errc::mime_headers_exceeded);
    }
    SECTION("more parts than may be") {
        message.part_headers.clear();
        message.content.clear();
        for (int i = 0; i != 1001; ++i)
            message.content += "\r\n--bd\r\n\r\n";
        CHECK(failure() == errc::mime_parts_exceeded);
    }
    SECTION("another part, the same twice, the root") {
        message.part_headers.replace(message.part_headers.find("part1"), 5, "part2");
        CHECK(failure() == errc::mtom_part_missing);
        message = {};
        message.close = message.part_headers + message.close;
        CHECK(failure() == errc::mtom_part_repeated);
        message = {};
        message.root.replace(message.root.find("part1"), 5, "root");
        CHECK(failure() == errc::mtom_part_reused);
        message = {};
        message.root.replace(message.root.find("cid:part1"), 9, "part1");
        CHECK(failure() == errc::mtom_reference_invalid);
    }
    SECTION("xop:Include beside something, with something in it, or without its reference") {
        message.root = upload(std::string(inclusion) + "aGVs");
        CHECK(failure() == nbfx::errc::xml_include_misplaced);
        message.root = upload(std::string(inclusion) + std::string(inclusion));
        CHECK(failure() == nbfx::errc::xml_include_misplaced);
        message.root = upload("aGVs" + std::string(inclusion));
        CHECK(failure() == errc::stream_malformed);
        message.root = upload(inclusion);
        message.root.replace(message.root.find("'/>"), 3, "'>a</xop:Include>");
        CHECK(failure() == nbfx::errc::xml_include_malformed);
        message.root = upload("<x:Include xmlns:x='http://www.w3.org/2004/08/xop/include'/>");
        CHECK(failure() == nbfx::errc::xml_include_malformed);
    }
}
