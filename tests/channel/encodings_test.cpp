// Sessions in every encoding, what they refuse, and what peers send in them that we do not.

#include <channel/pair.hpp>
#include <support/catch.hpp>
#include <support/encodings.hpp>

#include <channel/compression.hpp>
#include <channel/content_type.hpp>
#include <channel/text_encoding.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/soap/errc.hpp>
#include <nettcp/soap/names.hpp>

using namespace nettcp;
using namespace nettcp::channel;
using framing::encoding;

namespace {

constexpr soap::addressing_version both_addressings[] = {
    soap::addressing_version::addressing10, soap::addressing_version::addressing200408};

/// A pair whose acceptor takes one encoding.
struct encoded_pair : session_pair {
    explicit encoded_pair(const session_options& options = {}) : session_pair(options) {
        acceptor.accepts = false;
    }

    void open(encoding ours, const encoding_set& theirs, soap::addressing_version addressing = {}) {
        REQUIRE(initiator.session.open(some_via, ours, addressing).has_value());
        run();
        REQUIRE(acceptor.events == std::vector{event_type::preamble_addressed});
        acceptor.session.accept_preamble(theirs);
        run();
    }
};

/// A record with an envelope that holds `payload`.
std::vector<std::byte> envelope_record(bytes_view payload) {
    octet_buffer out;
    out.append(std::byte{6});
    for (auto left = payload.size();; left >>= 7) {
        if (left < 0x80) {
            out.append(static_cast<std::byte>(left));
            break;
        }
        out.append(static_cast<std::byte>((left & 0x7f) | 0x80));
    }
    out.append(payload);
    return {out.view().begin(), out.view().end()};
}

/// What an acceptor of this encoding makes of a payload: its text, or why it failed.
struct hearing {
    std::string text;
    error failure;

    hearing(encoding spoken, bytes_view payload, const session_options& options = {}) {
        encoded_pair pair(options);
        pair.open(spoken, spoken);
        REQUIRE(pair.acceptor.session.is_open());
        feed(pair.acceptor.session, envelope_record(payload),
             [&](event_type what) { pair.acceptor.note(what); });
        if (pair.acceptor.messages.empty())
            failure = pair.acceptor.session.failure();
        else
            text = session_pair::next_text(pair.acceptor);
    }
};

std::string text_envelope(std::string_view soap_ns = soap::names::ns_soap12.text,
                          std::string_view text = "hi") {
    return "<s:Envelope xmlns:s=\"" + std::string(soap_ns) +
           "\" xmlns:a=\"http://www.w3.org/2005/08/addressing\"><s:Header><a:Action "
           "s:mustUnderstand=\"1\">urn:echo/Echo</a:Action></s:Header><s:Body>"
           "<Echo xmlns=\"urn:echo\"><text>" +
           std::string(text) + "</text></Echo></s:Body></s:Envelope>";
}

/// ASCII as UTF-16.
std::vector<std::byte> utf16(std::string_view ascii, bool big_endian, bool mark) {
    std::vector<std::byte> octets;
    if (mark)
        octets = {std::byte(big_endian ? 0xfe : 0xff), std::byte(big_endian ? 0xff : 0xfe)};
    for (const char c : ascii) {
        octets.push_back(big_endian ? std::byte{0} : std::byte(c));
        octets.push_back(big_endian ? std::byte(c) : std::byte{0});
    }
    return octets;
}

std::vector<std::byte> packed(compression how, bytes_view plain) {
    octet_buffer out;
    compress(how, {plain}, out);
    return {out.view().begin(), out.view().end()};
}

}  // namespace

TEST_CASE("Text in UTF-16 begins with its mark and a declaration, as .NET demands") {
    octet_buffer document;
    nbfx::writer writer;
    writer.open(document);
    writer.start_element("", "a"_dict, "");
    writer.end_element();
    REQUIRE(writer.finish().has_value());
    for (const charset in : {charset::utf8, charset::utf16le, charset::utf16be}) {
        octet_buffer text;
        std::string scratch;
        REQUIRE(text_from_document(document.view(), in, text, scratch).has_value());
        const bool big_endian = in == charset::utf16be;
        const auto expected =
            in == charset::utf8
                ? std::vector<std::byte>(as_bytes("<a/>").begin(), as_bytes("<a/>").end())
                : utf16(R"(<?xml version="1.0" encoding="utf-16"?><a/>)", big_endian, true);
        CHECK(std::ranges::equal(text.view(), expected));
    }
}

TEST_CASE("Sessions speak every encoding in both versions of WS-Addressing") {
    for (const encoding spoken : all_encodings) {
        CAPTURE(to_string(spoken));
        for (const auto addressing : both_addressings) {
            encoded_pair pair;
            pair.open(spoken, spoken, addressing);
            REQUIRE(pair.initiator.session.is_open());
            const bool is_11 =
                spoken <= encoding::soap11_utf16be || spoken == encoding::mtom_soap11;
            CHECK(pair.initiator.session.version().soap ==
                  (is_11 ? soap::soap_version::soap11 : soap::soap_version::soap12));
            const std::string text = "h\xc3\xa9llo <&> \xf0\x9f\x98\x80 \r\n\t end";
            for (int i = 0; i < 3; ++i) {
                REQUIRE(send_text(pair.initiator.session, text).has_value());
                pair.run();
                REQUIRE(pair.acceptor.messages.size() == 1);
                CHECK(pair.acceptor.messages.front().headers().addressing == addressing);
                CHECK(session_pair::next_text(pair.acceptor) == text);
                CHECK(pair.acceptor.session.version() == pair.initiator.session.version());
                REQUIRE(send_text(pair.acceptor.session, std::string(9000, 'x')).has_value());
                pair.run();
                CHECK(session_pair::next_text(pair.initiator) == std::string(9000, 'x'));
            }
            pair.initiator.session.end();
            pair.run();
            pair.acceptor.session.end();
            pair.run();
            CHECK(pair.initiator.session.is_closed());
        }
    }
}

TEST_CASE("Faults cross in every encoding with the codes of SOAP 1.2 and WS-Addressing 1.0") {
    for (const encoding spoken : all_encodings) {
        CAPTURE(to_string(spoken));
        for (const auto addressing : both_addressings) {
            encoded_pair pair;
            pair.open(spoken, spoken, addressing);
            REQUIRE(send_text(pair.initiator.session, "ask").has_value());
            pair.run();
            duplex_session& from = pair.acceptor.session;
            soap::fault sent = soap::action_not_supported("urn:none");
            sent.detail = [](nbfx::writer& out) {
                out.start_element("", "why"_dict, "urn:d"_dict);
                out.text("because");
                out.end_element();
            };
            soap::write_fault(from.begin_message({.action = sent.action_or_default(),
                                                  .to = soap::names::anonymous}),
                              sent, from.version());
            REQUIRE(from.end_message().has_value());
            pair.run();
            REQUIRE(pair.initiator.messages.size() == 1);
            message m = std::move(pair.initiator.messages.front());
            CHECK(m.headers().to == soap::names::anonymous.text);
            REQUIRE(m.is_fault());
            const auto got = m.read_fault();
            REQUIRE(got.has_value());
            CHECK(soap::errc_of(*got) == soap::errc::action_not_supported);
            CHECK(got->reasons == sent.reasons);
            nbfx::reader* in = m.fault_detail();
            REQUIRE(in != nullptr);
            in->next();
            CHECK(in->is_start_element("why", "urn:d"));
            CHECK(in->read_element_text() == "because");
        }
    }
}

TEST_CASE("Whatever the two sides speak, both open or both say which encoding did not fit") {
    const auto key = [](encoding value) {  // preambles do not tell the byte orders apart
        return value == encoding::soap11_utf16be   ? encoding::soap11_utf16
               : value == encoding::soap12_utf16be ? encoding::soap12_utf16
                                                   : value;
    };
    for (const auto how : {framing::mode::duplex, framing::mode::singleton_unsized}) {
        for (const encoding ours : all_encodings) {
            for (const encoding theirs : all_encodings) {
                const bool is_duplex = how == framing::mode::duplex;
                const encoding spoken = is_duplex ? ours : without_session(ours);
                CAPTURE(to_string(how), to_string(spoken), to_string(theirs));
                encoded_pair pair;
                REQUIRE(pair.initiator.session.open(some_via, spoken, {}, {}, how).has_value());
                pair.run();
                pair.acceptor.session.accept_preamble(theirs, {}, modes::either);
                pair.run();
                const bool fits = is_duplex ? key(ours) == key(theirs)
                                            : key(spoken) == key(without_session(theirs));
                CHECK(pair.initiator.session.is_open() == fits);
                if (fits)
                    continue;
                const error& host_says = pair.acceptor.session.failure();
                const error& client_says = pair.initiator.session.failure();
                CHECK(host_says.code == framing::errc::content_type_unsupported);
                CHECK(client_says.code == framing::errc::peer_said_content_type_invalid);
                CHECK(pair.acceptor.session.drain_after_failure());
                CHECK(host_says.code.message().find("content type") != std::string::npos);
                CHECK(client_says.code.message().find("content type") != std::string::npos);
                CHECK(hint_of(client_says.code).find("encoding") != std::string_view::npos);
                CHECK(pair.acceptor.session.preamble().content_type == name_of(spoken));
            }
        }
    }
}

TEST_CASE("A connection may have another encoding in its next session") {
    encoded_pair pair;
    for (const encoding spoken : {encoding::binary_session_gzip, encoding::soap11_utf16,
                                  encoding::binary_session, encoding::binary}) {
        pair.acceptor.events.clear();
        pair.open(spoken, spoken);
        REQUIRE(send_text(pair.initiator.session, "one").has_value());
        pair.run();
        CHECK(session_pair::next_text(pair.acceptor) == "one");
        pair.initiator.session.end();
        pair.acceptor.session.end();
        pair.run();
    }
}

TEST_CASE("UTF-16 is named as WCF's clients do, or by its octet") {
    session_options options;
    encoded_pair pair(options);
    REQUIRE(pair.initiator.session.open(some_via, encoding::soap12_utf16).has_value());
    pair.run();
    CHECK(pair.acceptor.session.preamble().content_type ==
          "application/soap+xml; charset=utf-16LE");
    CHECK(pair.acceptor.session.preamble().encoding == encoding::soap12_utf16);
    options.content_type = "application/soap+xml; charset=utf16";
    duplex_session named(role::initiator, options);
    REQUIRE(named.open(some_via, encoding::soap12_utf16).has_value());
    const auto preamble = take_output(named);
    REQUIRE(preamble.size() > 3);
    CHECK(preamble[preamble.size() - 3] == std::byte{3});  // known encoding
    CHECK(preamble[preamble.size() - 2] == std::byte{4});
}

TEST_CASE("Content types name encodings in the spellings that are about") {
    CHECK(encoding_named("application/soap+msbin1+gzip") == encoding::binary_gzip);
    CHECK(encoding_named("text/xml; charset=utf-16LE") == encoding::soap11_utf16);
    CHECK(encoding_named("text/xml;charset=\"UTF-16be\"") == encoding::soap11_utf16be);
    CHECK(encoding_named("Application/SOAP+XML ; action=\"x\"; Charset=utf-16") ==
          encoding::soap12_utf16);
    CHECK(encoding_named("application/soap+xml") == encoding::soap12_utf8);
    CHECK(encoding_named("application/soap+xml; charset=utf-7") == std::nullopt);
    CHECK(encoding_named("text/plain; charset=utf-8") == std::nullopt);
    CHECK(encoding_named("") == std::nullopt);
    CHECK_FALSE(is_supported(encoding{0x0e}));
}

TEST_CASE("Text is read with and without mark and declaration, in either byte order") {
    const std::string plain = text_envelope();
    const std::string declared = "<?xml version=\"1.0\" encoding=\"utf-8\"?>" + plain;
    CHECK(hearing(encoding::soap12_utf8, as_bytes(plain)).text == "hi");
    CHECK(hearing(encoding::soap12_utf8, as_bytes(declared)).text == "hi");
    CHECK(hearing(encoding::soap12_utf8, as_bytes("\xef\xbb\xbf" + declared)).text == "hi");
    const std::string wide = "<?xml version=\"1.0\" encoding=\"utf-16\"?>" + plain;
    for (const encoding spoken : {encoding::soap12_utf16, encoding::soap12_utf16be}) {
        for (const bool big_endian : {false, true}) {
            for (const bool mark : {false, true}) {
                CHECK(hearing(spoken, utf16(plain, big_endian, mark)).text == "hi");
                CHECK(hearing(spoken, utf16(wide, big_endian, mark)).text == "hi");
            }
        }
    }
    const std::string old = text_envelope(soap::names::ns_soap11.text);
    CHECK(hearing(encoding::soap11_utf8, as_bytes(old)).text == "hi");
}

TEST_CASE("An acceptor writes UTF-16 in the order of the peer's last message") {
    for (const bool big_endian : {false, true}) {
        encoded_pair pair;
        pair.open(encoding::soap12_utf16, encoding::soap12_utf16be);
        feed(pair.acceptor.session, envelope_record(utf16(text_envelope(), big_endian, true)),
             [&](event_type what) { pair.acceptor.note(what); });
        REQUIRE(pair.acceptor.messages.size() == 1);
        REQUIRE(send_text(pair.acceptor.session, "answer").has_value());
        const auto octets = take_output(pair.acceptor.session);
        REQUIRE(octets.size() > 5);
        CHECK(octets[3] == std::byte(big_endian ? 0xfe : 0xff));  // behind type and size
        CHECK(octets[4] == std::byte(big_endian ? 0xff : 0xfe));
    }
}

TEST_CASE("Text of another character set or version is refused") {
    const std::string plain = text_envelope();
    CHECK(hearing(encoding::soap12_utf8, utf16(plain, false, true)).failure.code ==
          errc::charset_mismatch);
    CHECK(hearing(encoding::soap12_utf8, utf16(plain, true, false)).failure.code ==
          errc::charset_mismatch);
    CHECK(hearing(encoding::soap12_utf16, as_bytes(plain)).failure.code == errc::charset_mismatch);
    CHECK(hearing(encoding::soap11_utf8, as_bytes(plain)).failure.code ==
          soap::errc::version_mismatch);
    CHECK(hearing(encoding::soap12_utf8, as_bytes(text_envelope(soap::names::ns_soap11.text)))
              .failure.code == soap::errc::version_mismatch);
    CHECK(hearing(encoding::binary, as_bytes(plain)).failure.code.failed());
}

TEST_CASE("Text is held to the quotas of readers") {
    const auto failure = [](const std::string& text, const session_options& options = {}) {
        return hearing(encoding::soap12_utf8, as_bytes(text), options).failure.code;
    };
    const auto nested = [](int levels) {
        std::string open;
        std::string close;
        for (int i = 0; i < levels; ++i) {
            open += "<a>";
            close += "</a>";
        }
        return text_envelope(soap::names::ns_soap12.text, open + close);
    };
    CHECK(failure(nested(200)) == nbfx::errc::depth_exceeded);
    session_options few;
    few.quotas.max_attributes = 8;
    std::string many = text_envelope();
    many.replace(many.find("<text>"), 6, "<text a='' b='' c='' d='' e='' f='' g='' h='' i=''>");
    CHECK(failure(many, few) == nbfx::errc::attributes_exceeded);
    CHECK(failure("<!DOCTYPE a [<!ENTITY b 'c'>]>" + text_envelope()) ==
          nbfx::errc::xml_dtd_refused);
    CHECK(failure("<a>") == nbfx::errc::xml_malformed);
    CHECK(failure(text_envelope() + text_envelope()) == nbfx::errc::xml_malformed);
    CHECK(failure("").failed());
}

TEST_CASE("What text cannot hold is not sent, and the session stays good") {
    encoded_pair pair;
    pair.open(encoding::soap12_utf8, encoding::soap12_utf8);
    CHECK(send_text(pair.initiator.session, std::string_view("\0", 1)).error().code ==
          nbfx::errc::character_not_xml);
    REQUIRE(send_text(pair.initiator.session, "good").has_value());
    pair.run();
    CHECK(session_pair::next_text(pair.acceptor) == "good");
}

TEST_CASE("A compressed message that fails leaves dictionaries as they were") {
    encoded_pair pair;
    pair.open(encoding::binary_session_gzip, encoding::binary_session_gzip);
    duplex_session& from = pair.initiator.session;
    nbfx::writer& out = from.begin_message({.action = "urn:gone"_dict});
    out.start_element("", "Gone"_dict, "urn:gone/ns"_dict);
    CHECK(from.end_message().error().code == nbfx::errc::write_element_open);
    for (const char* text : {"one", "two"}) {
        REQUIRE(send_text(from, text).has_value());
        pair.run();
        CHECK(session_pair::next_text(pair.acceptor) == text);
    }
}

TEST_CASE("Decompression stops at the limit on messages") {
    session_options options;
    options.framing.max_message_size = 5000;
    for (const auto how : {compression::gzip, compression::deflate}) {
        const encoding spoken =
            how == compression::gzip ? encoding::binary_gzip : encoding::binary_deflate;
        const std::vector<std::byte> bomb = packed(how, std::vector<std::byte>(2'000'000));
        REQUIRE(bomb.size() < 5000);
        CHECK(hearing(spoken, bomb, options).failure.code == errc::decompressed_too_large);
    }
}

TEST_CASE("Decompression gives up what fits and no octet more") {
    const std::vector<std::byte> plain(70'000, std::byte{'a'});
    for (const auto how : {compression::gzip, compression::deflate}) {
        const auto octets = packed(how, plain);
        octet_buffer out;
        REQUIRE(decompress(how, octets, out, plain.size()).has_value());
        CHECK(std::ranges::equal(out.view(), plain));
        octet_buffer less;
        CHECK(decompress(how, octets, less, plain.size() - 1).error().code ==
              errc::decompressed_too_large);
        CHECK(less.size() < plain.size());
        CHECK(less.capacity() <= 4 * plain.size());
        octet_buffer empty;
        CHECK(decompress(how, packed(how, {}), empty, 0).has_value());
        CHECK(empty.empty());
    }
}

TEST_CASE("Damaged compressed messages are refused") {
    const std::vector<std::byte> plain(500, std::byte{'a'});
    for (const auto how : {compression::gzip, compression::deflate}) {
        const auto whole = packed(how, plain);
        octet_buffer out;
        for (std::size_t size = 0; size < whole.size(); ++size) {
            out.clear();
            CHECK(decompress(how, bytes_view(whole).first(size), out, 1000).error().code ==
                  errc::compressed_malformed);
        }
        auto longer = whole;
        longer.push_back(std::byte{0});
        out.clear();
        const auto behind = decompress(how, longer, out, 1000);
        REQUIRE(behind.has_error());
        CHECK(behind.error().code == errc::compressed_malformed);
        CHECK(behind.error().at == whole.size());
    }
    auto checksum = packed(compression::gzip, plain);
    checksum[checksum.size() - 6] ^= std::byte{1};
    octet_buffer out;
    CHECK(decompress(compression::gzip, checksum, out, 1000).error().code ==
          errc::compressed_malformed);
    CHECK(hearing(encoding::binary_gzip, as_bytes("no gzip")).failure.code ==
          errc::compressed_malformed);
}
