// Decides what text is told apart by, and what becomes of our own documents as text.

#include <channel/text_encoding.hpp>

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>

#include <limits>
#include <string_view>

namespace nettcp::channel {
namespace {

/// Appends well-formed UTF-8 as UTF-16.
void append_utf16(octet_buffer& out, std::string_view text, bool big_endian) {
    std::span<std::byte> space = out.prepare(2 * text.size());  // no code point takes more
    std::size_t written = 0;
    const auto put = [&](std::uint32_t unit) {
        const auto high = static_cast<std::byte>(unit >> 8);
        const auto low = static_cast<std::byte>(unit & 0xff);
        space[written++] = big_endian ? high : low;
        space[written++] = big_endian ? low : high;
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
        std::uint32_t point = size == 1 ? lead : lead & (0x7fu >> size);
        for (std::size_t k = 1; k < size; ++k)
            point = (point << 6) | (static_cast<unsigned char>(text[i + k]) & 0x3fu);
        i += size;
        if (point < 0x10000) {
            put(point);
        } else {
            put(0xd800 + ((point - 0x10000) >> 10));
            put(0xdc00 + ((point - 0x10000) & 0x3ff));
        }
    }
    out.commit(written);
}

/// Our own documents are as deep and as large as their writer made them.
reader_quotas no_quotas() noexcept {
    reader_quotas quotas;
    quotas.max_depth = std::numeric_limits<std::uint32_t>::max();
    quotas.max_attributes = std::numeric_limits<std::uint32_t>::max();
    quotas.max_expansion = std::numeric_limits<std::uint32_t>::max();
    return quotas;
}

}  // namespace

xml::charset known_to_parser(charset value) noexcept {
    switch (value) {
    case charset::utf16le: return xml::charset::utf16le;
    case charset::utf16be: return xml::charset::utf16be;
    case charset::utf8: break;
    }
    return xml::charset::utf8;
}

charset charset_of(bytes_view text) noexcept {
    if (text.size() < 2)
        return charset::utf8;
    // A byte order mark, or the zero octets of ASCII: XML text starts with `<` or white space.
    const auto first = std::to_integer<unsigned>(text[0]);
    const auto second = std::to_integer<unsigned>(text[1]);
    if ((first == 0xff && second == 0xfe) || (second == 0 && first != 0))
        return charset::utf16le;
    if ((first == 0xfe && second == 0xff) || (first == 0 && second != 0))
        return charset::utf16be;
    return charset::utf8;
}

result<void> document_from_text(bytes_view text, charset in, const reader_quotas& quotas,
                                octet_buffer& document, xml::inclusion_source* inclusions) {
    document.clear();
    xml::binary_options options;
    options.dictionary = xml::dictionary_use::none;
    options.charset = known_to_parser(in);
    options.max_depth = quotas.max_depth;
    options.max_attributes = quotas.max_attributes;
    options.inclusions = inclusions;
    nbfx::writer writer;
    writer.open(document);
    if (auto read = xml::text_to_nbfx(as_text(text), writer, options); !read)
        return read;
    return writer.finish();
}

result<void> text_from_document(bytes_view document, charset out_in, octet_buffer& out,
                                std::string& scratch, xml::inclusion_sink* inclusions) {
    nbfx::reader reader(no_quotas());
    reader.open(document);
    xml::text_options options;
    options.max_size = max_multi_byte_int31;
    options.inclusions = inclusions;
    scratch.clear();
    if (auto written = xml::nbfx_to_text(reader, scratch, options); !written)
        return written;
    append_text_start(out, out_in, inclusions == nullptr);
    append_text(out, scratch, out_in);
    return {};
}

void append_text_start(octet_buffer& out, charset out_in, bool alone) {
    if (out_in == charset::utf8)
        return;
    append_text(out, "\xef\xbb\xbf", out_in);
    if (alone)  // the name is that of either byte order
        append_text(out, R"(<?xml version="1.0" encoding="utf-16"?>)", out_in);
}

void append_text(octet_buffer& out, std::string_view text, charset out_in) {
    if (out_in == charset::utf8)
        out.append(as_bytes(text));
    else
        append_utf16(out, text, out_in == charset::utf16be);
}

}  // namespace nettcp::channel
