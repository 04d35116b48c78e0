// Invariants of payloads that are compressed or text, whatever they hold: what comes out of them
// stays within the limit on messages; a message that is read can be written again in the same
// encoding, and what was written reads as the same document.
//
// The first octet of the input is that of an encoding, the rest a payload.
//
// Reaches src/channel/compression.cpp src/channel/text_encoding.cpp
// Reaches src/channel/payload_conversion.cpp src/channel/envelope_codec.cpp
// Uses dict/soap dict/actions dict/xml_text_to_nbfx

#include <channel/envelope_codec.hpp>

#include <algorithm>
#include <cstdlib>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

constexpr std::uint32_t max_message_size = 20'000;

void require(bool holds) {
    if (!holds)
        std::abort();
}

void read(message& m) {
    for (const auto& header : m.headers().others)
        (void)m.header(header);
    m.reopen_body();
    if (m.is_fault() && m.read_fault())
        (void)m.fault_detail();
    m.reopen_body();
    (void)m.read_end();
}

/// The document that this payload holds, without the string table.
std::vector<std::byte> document_of(const message& m) {
    return {m.document().begin(), m.document().end()};
}

void say_again(const payload_traits& traits, const message& m) {
    // String tables go with a session: what follows has none.
    payload_traits bare = traits;
    bare.has_string_table = false;
    payload_conversion conversion(bare, {}, max_message_size, false);
    conversion.begin().append(m.document());
    octet_buffer payload;
    const auto packed = conversion.pack({}, payload);
    if (!traits.text)
        require(packed.has_value());
    if (!packed)
        return;  // nothing but text that came as text can be text for sure
    const auto unpacked = conversion.unpacked(payload.view());
    require(unpacked.has_value());
    if (!traits.text)
        require(std::ranges::equal(*unpacked, document_of(m)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    const auto encoding = framing::encoding_from_octet(octets[0] % 13);
    const auto traits = encoding ? traits_of(*encoding) : std::nullopt;
    if (!traits)
        return 0;
    const bytes_view payload(reinterpret_cast<const std::byte*>(octets) + 1,
                             std::min<std::size_t>(size - 1, max_message_size));
    envelope_codec codec(std::make_shared<message_pool>(), 2048, max_message_size);
    codec.start(*traits, {}, false);
    auto decoded = codec.decode(payload);
    if (!decoded)
        return 0;
    if (!traits->text)
        require(decoded->document().size() <= max_message_size);
    read(*decoded);
    const bool is_plain = traits->packed == compression::none && !traits->text;
    if (!is_plain)
        say_again(*traits, *decoded);
    return 0;
}
