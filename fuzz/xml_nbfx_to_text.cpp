// Invariants: any octets become text or a failure, within the size limit; text that was made
// without replacing anything reads back to a document whose text is the same; and with replacement
// only what is no binary XML fails.
//
// Reaches src/xml/nbfx_to_text.cpp src/xml/escape.cpp
// Uses seeds/nbfx dict/nbfx
// Mutated by mutators/document
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <algorithm>
#include <cstdlib>

using namespace nettcp;

namespace {

constexpr std::size_t max_size = std::size_t{1} << 20;

result<void> to_text(bytes_view document, std::string& text, const xml::text_options& options) {
    nbfx::reader reader;
    reader.open(document);
    return xml::nbfx_to_text(reader, text, options);
}

bool has_octets_beyond_ascii(const std::string& text) {
    return std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view document{reinterpret_cast<const std::byte*>(octets), size};
    std::string shown;
    const auto lenient = to_text(document, shown,
                                 {.layout = xml::layout::indented,
                                  .unwritable = xml::unwritable::replace,
                                  .max_size = max_size});
    std::string text;
    const auto strict = to_text(document, text, {.max_size = max_size});
    if (!strict)
        return 0;
    if (!lenient && lenient.error().code != nbfx::errc::expansion_exceeded)
        std::abort();
    octet_buffer again;
    nbfx::writer writer;
    writer.open(again);
    const auto read = xml::text_to_nbfx(text, writer, {.max_attributes = 1u << 20});
    // Expat knows the names of XML 1.0's fourth edition: beyond ASCII it refuses some of ours.
    if (!read && read.error().code == nbfx::errc::xml_malformed && has_octets_beyond_ascii(text))
        return 0;
    if (!read || !writer.finish())
        std::abort();
    std::string same;
    if (!to_text(again.view(), same, {.max_size = max_size}) || same != text)
        std::abort();
    return 0;
}
