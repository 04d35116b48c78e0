#include "hostile/cost_documents.hpp"
#include "support/catch.hpp"

#include <channel/compression.hpp>

using namespace hostile;
using namespace std::string_literals;
using nettcp::framing::encoding;

namespace {

kind_of_input kind(std::string name, encoding how, std::string (*payload)(std::size_t)) {
    return {std::move(name), [=](std::size_t size) { return read_payload(how, payload(size)); }};
}

/// Of a text envelope: elements in a root, the same again and again.
kind_of_input text_kind(std::string name, std::string piece, std::string root = "<r>") {
    return {std::move(name),
            [=](std::size_t size) {
                return read_payload(
                    encoding::soap12_utf8,
                    text_envelope(root + repeated(piece, size / piece.size()) + "</r>"));
            },
            8};
}

constexpr std::string_view shop_item =
    "<item id='4711'><name>Blue widget</name><city>Springfield</city><price>99</price></item>";

std::string benign_text(std::size_t size) {
    return text_envelope("<r>" + repeated(shop_item, size / shop_item.size()) + "</r>");
}

std::string numbered(std::string_view before, std::size_t count, std::string_view behind) {
    std::string out;
    for (std::size_t i = 0; i != count; ++i)
        out += std::string(before) + std::to_string(i) + std::string(behind);
    return out;
}

std::string nested(std::size_t depth) {
    return repeated("<x>", depth) + repeated("</x>", depth);
}

std::vector<kind_of_input> hostile_texts() {
    return {
        text_kind("empty elements", "<x/>"),
        text_kind("elements within each other, 120 deep", nested(120)),
        text_kind("1,000 attributes to a start tag", "<x" + numbered(" a", 1000, "='1'") + "/>"),
        text_kind("1,000 attributes with a prefix to a start tag",
                  "<x" + numbered(" p:a", 1000, "='1'") + "/>", "<r xmlns:p='urn:p'>"),
        text_kind("100 declarations, elements of the outermost", "<p0:x/>",
                  "<r" + numbered(" xmlns:p", 100, "='u'") + ">"),
        text_kind("100 declarations to a start tag",
                  "<x" + numbered(" xmlns:p", 100, "='u'") + "/>"),
        text_kind("references to characters", "&#38;"),
        text_kind("CDATA of one character", "<![CDATA[x]]>"),
        text_kind("comments without content", "<!---->"),
        text_kind("spaces within a tag", "<x" + std::string(1000, ' ') + "/>"),
        text_kind("line ends", "\r\n"),
    };
}

// ---- compressed ------------------------------------------------------------------------------

std::string packed(std::string_view document) {
    nettcp::octet_buffer out;
    nettcp::channel::packer by(nettcp::channel::compression::gzip);
    by.add(nettcp::as_bytes(document), out);
    by.end(out);
    return std::string(nettcp::as_text(out.view()));
}

std::string benign_packed(std::size_t size) {
    std::string body = "\x40\5items";
    std::uint32_t random = 1;
    while (body.size() < size) {
        body += "\x40\4text\x99\x20";
        for (int i = 0; i != 32; ++i, random = random * 1664525 + 1013904223)
            body += static_cast<char>(' ' + (random >> 24) % 64);
    }
    return packed(binary_envelope(body + "\1"));
}

/// A document of nothing but spaces, which packs to a thousandth.
std::string bomb(std::size_t size) {
    const std::size_t spaces = 1000 * size;
    std::string body = "\x40\1x\x9c";
    for (int shift = 0; shift != 32; shift += 8)
        body += static_cast<char>(spaces >> shift & 0xff);
    return packed(binary_envelope(body + std::string(spaces, ' ') + "\1"));
}

// ---- MTOM ------------------------------------------------------------------------------------

constexpr std::string_view root_part =
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; type=\"application/xop+xml\"; "
    "boundary=\"bd\"; start=\"<root>\"; start-info=\"application/soap+xml\"\r\n\r\n--bd\r\n"
    "Content-ID: <root>\r\nContent-Type: application/xop+xml;charset=utf-8;"
    "type=\"application/soap+xml\"\r\n\r\n";

std::string part(std::size_t number, std::string_view content) {
    return "\r\n--bd\r\nContent-ID: <" + std::to_string(number) +
           ">\r\nContent-Type: application/octet-stream\r\n\r\n" + std::string(content);
}

std::string mtom(std::size_t parts, std::string_view content) {
    std::string body;
    std::string behind;
    for (std::size_t i = 0; i != parts; ++i) {
        body += "<b><i:Include href='cid:" + std::to_string(i) + "'/></b>";
        behind += part(i, content);
    }
    return std::string(root_part) +
           text_envelope("<r xmlns:i='http://www.w3.org/2004/08/xop/include'>" + body + "</r>") +
           behind + "\r\n--bd--\r\n";
}

std::string benign_mtom(std::size_t size) {
    return mtom(4, std::string(size / 4, 'x'));
}

std::vector<kind_of_input> hostile_mtom() {
    return {
        kind("parts of one octet", encoding::mtom,
             [](std::size_t size) { return mtom(std::min<std::size_t>(size / 128, 990), "x"); }),
        kind("what is nearly a delimiter", encoding::mtom,
             [](std::size_t size) { return mtom(1, repeated("\r\n--b", size / 5)); }),
        kind("line ends", encoding::mtom,
             [](std::size_t size) { return mtom(1, repeated("\r\n", size / 2)); }),
        kind("parts with 8 KiB of headers", encoding::mtom,
             [](std::size_t size) {
                 const std::string headers = repeated("x: y\r\n", 1200);
                 std::string parts;
                 for (std::size_t i = 0; parts.size() < size; ++i)
                     parts += "\r\n--bd\r\n" + headers + "Content-ID: <" + std::to_string(i) +
                              ">\r\n\r\nx";
                 return std::string(root_part) + text_envelope("<r/>") + parts + "\r\n--bd--\r\n";
             }),
    };
}

}  // namespace

TEST_CASE("What hostile text costs is bounded", "[hostile][cost]") {
    check_costs("text, read", kind("records of a shop", encoding::soap12_utf8, benign_text),
                hostile_texts());
}

TEST_CASE("What a decompression bomb costs is bounded", "[hostile][cost]") {
    // The limit on messages counts what comes out; these exceed it.
    kind_of_input exceeding{
        "1,000 times as large unpacked, refused at 4 MiB",
        [](std::size_t size) { return read_payload(encoding::binary_gzip, bomb(size), true); }};
    exceeding.becomes = 4u << 20;
    exceeding.memory_bound = 3.5;  // the buffer's growth: old and new
    exceeding.grows = false;
    check_costs("compressed",
                kind("text that packs to four fifths", encoding::binary_gzip, benign_packed),
                {exceeding});
}

TEST_CASE("What hostile MTOM costs is bounded", "[hostile][cost]") {
    check_costs("MTOM, read", kind("four parts", encoding::mtom, benign_mtom), hostile_mtom());
}
