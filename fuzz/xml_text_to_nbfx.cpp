// Invariants: whatever the text is, reading it ends without a sanitizer's complaint; what is
// accepted becomes binary XML that our reader accepts; and the text made of that is a fixed point:
// read again and written again, it is the same.
//
// Reaches src/xml/text_to_nbfx.cpp src/xml/text_converter.cpp src/xml/text_stream.cpp
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

#include <cstdlib>

using namespace nettcp;

namespace {

bool to_binary(std::string_view text, octet_buffer& out) {
    nbfx::writer writer;
    writer.open(out);
    const bool converted = xml::text_to_nbfx(text, writer).has_value();
    const bool finished = writer.finish().has_value();
    if (converted != finished)
        std::abort();
    return finished;
}

std::string to_text(const octet_buffer& document, xml::layout layout) {
    nbfx::reader reader;
    reader.open(document.view());
    std::string text;
    if (!xml::nbfx_to_text(reader, text, {.layout = layout}))
        std::abort();
    return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    octet_buffer document;
    if (!to_binary({reinterpret_cast<const char*>(octets), size}, document))
        return 0;
    const std::string text = to_text(document, xml::layout::compact);
    octet_buffer again;
    if (!to_binary(text, again) || to_text(again, xml::layout::compact) != text)
        std::abort();
    to_text(document, xml::layout::indented);
    return 0;
}
