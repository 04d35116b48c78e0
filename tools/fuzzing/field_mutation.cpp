// Mutations of what stands in a record: sizes, numbers and texts.
#include "mutation.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/framing/encoding.hpp>

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

using framing::record_type;

void append(octets& out, std::initializer_list<unsigned> content) {
    for (const unsigned octet : content)
        out.push_back(static_cast<std::byte>(octet));
}

/// A size spelled with more octets than it needs.
void append_overlong(octets& out, std::uint32_t size, std::size_t width) {
    for (std::size_t i = 0; i < width; ++i)
        out.push_back(
            static_cast<std::byte>((size >> (7 * i) & 0x7fu) | (i + 1 < width ? 0x80u : 0u)));
}

/// Some spelling of some size, where `size` is right.
octets wrong_size(std::uint32_t size, random_source& random) {
    constexpr std::uint32_t sizes[] = {0,     1,     2,     127,       128,        16383,
                                       65535, 65536, 65537, 0x1000000, 0x7ffffffe, 0x7fffffff};
    octets made;
    switch (random.below(8)) {
    case 0: append_size(made, size + 1); break;
    case 1: append_size(made, size == 0 ? 1 : size - 1); break;
    case 2: append_size(made, std::min(size * 2, max_multi_byte_int31)); break;
    case 3: append_overlong(made, size, 5); break;
    case 4:
        append(made, {0xff, 0xff, 0xff, 0xff, 0x08 + static_cast<unsigned>(random.below(8))});
        break;
    case 5: made.assign(6 + random.below(30), std::byte{0xff}); break;
    case 6: append(made, {0x80, 0x80, 0x80, 0x80, 0x80, 0}); break;
    default: append_size(made, random.pick(sizes)); break;
    }
    return made;
}

bool set_size(draft& in, random_source& random) {
    const auto at =
        choose_piece(in, random, [](const piece& one) { return sized_part_of(one).has_value(); });
    if (!at)
        return false;
    piece& what = in.pieces[*at];
    const sized_part part = *sized_part_of(what);
    byte_reader reader(bytes_view(what.content).subspan(part.size_at));
    const octets size = wrong_size(read_multi_byte_int31(reader), random);
    const auto begin = what.content.begin();
    const auto rest = what.content.erase(begin + static_cast<std::ptrdiff_t>(part.size_at),
                                         begin + static_cast<std::ptrdiff_t>(part.content_at));
    what.content.insert(rest, size.begin(), size.end());
    what.type = piece_type::raw;
    return true;
}

std::string odd_via(const std::string& via, random_source& random) {
    using namespace std::string_literals;
    const std::size_t colon = std::min(via.find(':'), via.size());
    switch (random.below(14)) {
    case 0: return "";
    case 1: return "/";
    case 2: return "http" + via.substr(colon);
    case 3: return via + "/" + std::string(2000 + random.below(4000), 'x');
    case 4: return via + "\0"s;
    case 5: return via + "/%00/%2e%2e/..";
    case 6: return via + "\xff\xfe\xc0\x80"s;
    case 7: return "net.tcp://[::1";
    case 8: return "net.tcp://user:secret@localhost/x";
    case 9: return via.substr(0, random.below(via.size()));
    case 10: return via + "?query=1#fragment";
    case 11: return via + "\r\nX: y";
    case 12: return "net.tcp://" + std::string(60000, 'a') + "/";
    default: return via + "/ \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80/%zz";
    }
}

bool set_via(draft& in, random_source& random) {
    const auto at =
        choose_piece(in, random, [](const piece& one) { return type_of(one) == record_type::via; });
    if (!at)
        return false;
    piece& what = in.pieces[*at];
    const std::string made = odd_via(std::string(as_text(content_of(what))), random);
    set_content(what, as_bytes(made));
    return true;
}

/// Names the encoding in another way, or another one.
bool set_encoding(draft& in, random_source& random) {
    const auto at = choose_piece(in, random, [](const piece& one) {
        return type_of(one) == record_type::known_encoding ||
               type_of(one) == record_type::extensible_encoding;
    });
    if (!at)
        return false;
    constexpr unsigned octets_tried[] = {0, 1,  2,  3,  4,  5,   6,   7,  8,
                                         9, 10, 11, 12, 13, 127, 128, 255};
    constexpr std::size_t known = static_cast<std::size_t>(framing::encoding::mtom_soap11) + 1;
    piece made;
    switch (random.below(6)) {
    case 0: made = text_record(record_type::extensible_encoding, ""); break;
    case 1:
        made = text_record(record_type::extensible_encoding,
                           std::string(200 + random.below(2000), 'e'));
        break;
    case 2:
        made =
            text_record(record_type::extensible_encoding,
                        framing::content_type(static_cast<framing::encoding>(random.below(known))));
        break;
    case 3:
        made = text_record(record_type::extensible_encoding, "text/xml; charset=\"\xff\"; x=y;;");
        break;
    default: made = plain_record({3, random.pick(octets_tried)}); break;
    }
    made.answered = in.pieces[*at].answered;
    in.pieces[*at] = std::move(made);
    return true;
}

/// Sets octets behind the type of a record of two or three octets.
bool set_octets(draft& in, record_type type, random_source& random) {
    const auto at = choose_piece(in, random, [&](const piece& one) {
        return type_of(one) == type && one.content.size() > 1;
    });
    if (!at)
        return false;
    constexpr unsigned tried[] = {0, 1, 2, 3, 4, 5, 6, 127, 128, 255};
    octets& content = in.pieces[*at].content;
    const octets before = content;
    std::byte& octet = content[1 + random.below(content.size() - 1)];
    octet = static_cast<std::byte>(random.pick(tried));
    return content != before;
}

bool set_upgrade(draft& in, random_source& random) {
    const auto at = choose_piece(
        in, random, [](const piece& one) { return type_of(one) == record_type::upgrade_request; });
    constexpr std::string_view tried[] = {
        "",      "application/ssl-tls", "application/negotiate", "APPLICATION/SSL-TLS",
        "x\xff", "application/"};
    const std::string text = random.once_in(4) ? std::string(300 + random.below(4000), 'u')
                                               : std::string(random.pick(tried));
    piece made = text_record(record_type::upgrade_request, text);
    if (at) {
        made.answered = in.pieces[*at].answered;
        in.pieces[*at] = std::move(made);
        return true;
    }
    // In front of the preamble's end, where one belongs.
    const auto end = choose_piece(
        in, random, [](const piece& one) { return type_of(one) == record_type::preamble_end; });
    if (!end)
        return false;
    made.answered = random.once_in(2);
    in.pieces.insert(in.pieces.begin() + static_cast<std::ptrdiff_t>(*end), std::move(made));
    return true;
}

}  // namespace

bool mutate_field(draft& what, mutation kind, random_source& random) {
    switch (kind) {
    case mutation::size_field: return set_size(what, random);
    case mutation::version_field: return set_octets(what, record_type::version, random);
    case mutation::mode_field: return set_octets(what, record_type::mode, random);
    case mutation::via_field: return set_via(what, random);
    case mutation::encoding_field: return set_encoding(what, random);
    default: return set_upgrade(what, random);
    }
}

}  // namespace nettcp::fuzzing
