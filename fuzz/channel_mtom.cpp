// Invariants of an MTOM message, whatever it holds: reading it stays within its octets; what is
// read can be written as MTOM again, in any character set, and reads as the same infoset; nothing
// in it becomes a boundary of what we write.
//
// The first octet of the input chooses how it is written again, the rest is the message.
//
// Reaches src/channel/mtom_*.cpp src/channel/mime_parts.cpp src/channel/content_type.cpp
// Reaches src/channel/media_type.cpp
// Uses dict/soap dict/actions dict/xml_text_to_nbfx

#include <channel/content_type.hpp>
#include <channel/mime_parts.hpp>
#include <channel/mtom_encoding.hpp>

#include <nettcp/xml/nbfx_to_text.hpp>

#include <cstdlib>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

void look_at_parts(bytes_view message) {
    const auto whole = mime_message::read(message);
    if (!whole)
        return;
    require(whole->body_at <= message.size());
    (void)encoding_named(whole->headers.content_type);
    for (const std::string_view boundary : {"b", "bd", "=_nettcp_part_1_"}) {
        const auto parts = whole->parts(message, boundary);
        if (!parts) {
            require(parts.error().at <= message.size());
            continue;
        }
        require(parts->size() <= max_mime_parts);
        for (const mime_part& part : *parts)
            require(part.at + part.content.size() <= message.size());
    }
}

std::string text_of(bytes_view document) {
    nbfx::reader in;
    in.open(document);
    std::string text;
    require(xml::nbfx_to_text(in, text).has_value());
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    const bytes_view message(reinterpret_cast<const std::byte*>(octets) + 1, size - 1);
    look_at_parts(message);
    octet_buffer document;
    charset found{};
    const auto read = document_from_mtom(message, {}, document, found);
    if (!read) {
        require(read.error().at <= message.size());
        return 0;
    }
    // A character of UTF-16 may take half as much again, and each name and text has a size.
    require(document.size() <= 2 * message.size() + 16);
    const auto out_in = static_cast<charset>(octets[0] % 3);
    const auto version =
        (octets[0] & 4) != 0 ? soap::soap_version::soap11 : soap::soap_version::soap12;
    octet_buffer again;
    std::string scratch;
    require(mtom_from_document(document.view(), out_in, version, again, scratch).has_value());
    octet_buffer second;
    require(document_from_mtom(again.view(), {}, second, found).has_value());
    require(found == out_in);
    require(text_of(document.view()) == text_of(second.view()));
    return 0;
}
