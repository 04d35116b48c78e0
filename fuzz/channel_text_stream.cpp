// Invariants of a streamed message as text or in MTOM, whatever it holds: how it is cut does not
// matter, not even for the head and for what is told before a failure; nothing is told before the
// head; no more is made of a piece than a window and what the piece holds; a stream that ended well
// is what the whole message holds, which then can be read, too.
//
// The first octet of the input chooses the encoding and the cuts, the rest is the message.
//
// Reaches src/channel/incoming_text.cpp src/channel/mime_pieces.cpp
// Uses dict/soap dict/actions dict/xml_text_to_nbfx dict/channel_mtom seeds/channel_mtom

#include <channel/incoming_text.hpp>
#include <channel/payload_conversion.hpp>
#include <nbfx/base64.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/nbfx/reader.hpp>

#include <cstdlib>

using namespace nettcp;
using namespace nettcp::channel;
using framing::encoding;

namespace {

constexpr std::uint32_t max_header_size = 4096;

void require(bool holds) {
    if (!holds)
        std::abort();
}

struct outcome {
    std::string content;
    std::string about;  ///< the head, and what is known with it
    boost::system::error_code failure;
    bool head = false;
    bool whole = false;
    bool ended = false;
};

/// Reads a message as a session does whose owner wants the stream.
outcome read_in_steps(bytes_view message, const payload_traits& traits, std::size_t step) {
    incoming_text from(traits, reader_quotas{}, max_header_size);
    outcome made;
    std::size_t done = 0;
    for (std::size_t here = 0; !made.ended && !made.whole;) {
        here = std::min(message.size(), here + step);
        const bool last = here == message.size() && made.head;
        const auto used = from.take(message.subspan(done, here - done), last);
        require(from.content().size() <= 2 * incoming_text::window_size);
        made.content += as_text(from.content());
        require(made.head || made.content.empty());
        if (from.head_known() && !made.head) {
            made.head = true;
            made.about = as_text(from.head());
            made.about += from.is_fault() ? '!' : '.';
            made.about += static_cast<char>('0' + static_cast<int>(from.found()));
            from.stream();
        }
        if (!used) {
            made.failure = used.error().code;
            break;
        }
        require(*used <= here - done);
        done += *used;
        made.ended = from.ended();
        made.whole = from.needs_whole();
        if (here == message.size() && !made.head)
            break;
    }
    return made;
}

/// All octets in the body of a document, as they stand or as base64.
std::vector<std::byte> content_of(bytes_view document) {
    nbfx::reader in;
    in.open(document);
    std::string digits;
    std::vector<std::byte> octets;
    for (auto what = in.next(); what != nbfx::node::end_of_document; what = in.next()) {
        require(what != nbfx::node::failed);
        if (what == nbfx::node::element && in.depth() == 2)
            digits.clear();  // of headers
        if (what != nbfx::node::text || in.depth() < 3)
            continue;
        if (in.value().kind() == nbfx::value_kind::bytes)
            require(in.value().append_octets(octets).has_value());
        else
            require(in.value().append_text(digits).has_value());
    }
    require(nbfx::decode_base64(octets, digits) == digits.size());
    return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    constexpr encoding choices[] = {encoding::soap12_utf8, encoding::soap12_utf16, encoding::mtom,
                                    encoding::soap11_utf8};
    const payload_traits traits = *traits_of(choices[octets[0] % 4]);
    const std::size_t step = 1 + octets[0] / 4;
    const bytes_view message(reinterpret_cast<const std::byte*>(octets) + 1, size - 1);
    const outcome cut = read_in_steps(message, traits, step);
    const outcome once = read_in_steps(message, traits, std::size_t{1} << 20);
    // Expat may wait for more behind a tag that came in parts; a message that ends without a head
    // is read as a whole.
    if (!cut.head || !once.head)
        return 0;
    require(cut.about == once.about);
    const std::size_t both = std::min(cut.content.size(), once.content.size());
    require(cut.content.compare(0, both, once.content, 0, both) == 0);
    // Of several failures, the one that is found first may differ for the same reason.
    require(cut.failure.failed() == once.failure.failed() && cut.ended == once.ended);
    if (!cut.ended)
        return 0;
    require(cut.content == once.content);
    payload_conversion conversion(traits, reader_quotas{}, message.size(), false);
    const auto whole = conversion.unpacked(message);
    if (!whole) {
        // Parts that nobody names are not remembered.
        require(whole.error().code == errc::mtom_part_repeated);
        return 0;
    }
    const auto content = content_of(*whole);
    require(as_text(content) == cut.content);
    return 0;
}
