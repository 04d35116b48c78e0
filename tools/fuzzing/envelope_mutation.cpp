// Mutations of envelopes: single octets, the records of binary XML, and the strings of the session.
#include "mutation.hpp"
#include "xml_piece.hpp"

#include <algorithm>

namespace nettcp::fuzzing {
namespace {

constexpr std::size_t most_octets = 256u << 10;

octets list(std::initializer_list<unsigned> content) {
    octets made;
    for (const unsigned octet : content)
        made.push_back(static_cast<std::byte>(octet));
    return made;
}

octets repeated(std::initializer_list<unsigned> content, std::size_t times) {
    const octets one = list(content);
    octets made;
    for (std::size_t i = 0; i < times; ++i)
        made.insert(made.end(), one.begin(), one.end());
    return made;
}

/// Records of binary XML that readers stumble over. Spec: [MC-NBFX] "Record".
octets hard_structure(random_source& random) {
    switch (random.below(20)) {
    case 0: return repeated({0x40, 1, 'a'}, 100 + random.below(20000));  // depth
    case 1: return repeated({0x01}, 1 + random.below(300));  // ends without starts
    case 2: return repeated({0x04, 1, 'a', 0x86}, 2 + random.below(2000));  // the same attribute
    case 3: return repeated({0x0b, 1, 'p', 0x0a}, 2 + random.below(1500));  // and declaration
    case 4: return list({0x9c, 0xff, 0xff, 0xff, 0x7f});  // text of 2 GiB
    case 5: return list({0x9c, 0xff, 0xff, 0xff, 0xff});  // of a negative size
    case 6: return list({0xa2, 0, 0, 0, 0x80});  // octets, the same
    case 7: return list({0xbc, 26, 0xff, 0xff, 0xff});  // a QName, no such id
    case 8: return repeated({0xa4}, 1 + random.below(5000));  // lists in lists
    case 9: return list({0xa6, 0xa6, 0xa6});
    case 10: return list({0x03, 0x40, 1, 'a', 0x01, 0x8b, 0xff, 0xff, 0xff, 0xff, 0x07});  // array
    case 11: return list({0x03, 0x40, 1, 'a', 0x01, 0xa3, 0xff, 0xff, 0xff, 0x7f});
    case 12: return list({0x42, 0xff, 0xff, 0xff, 0xff, 0x07});  // an element's name: no such id
    case 13: return list({0x42, 0xff, 0x7f});
    case 14: return list({0x40, 0xff, 0xff, 0xff, 0xff, 0x07});
    case 15:
        return list({0x94, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                     0xff, 0xff, 0xff, 0xff});  // no such decimal
    case 16: return list({0x96, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});  // nor time
    case 17: return list({0x98, 4, 0xc0, 0x80, 0xff, 0xfe});  // nor UTF-8
    case 18: return list({0xb6, 3, 0, 0xd8, 0x41});  // nor UTF-16
    default:
        return list({static_cast<unsigned>(random.below(256)),
                     static_cast<unsigned>(random.below(256)),
                     static_cast<unsigned>(random.below(256))});
    }
}

void put(octets& into, const octets& what, random_source& random) {
    const std::size_t at = random.below(into.size() + 1);
    into.insert(into.begin() + static_cast<std::ptrdiff_t>(at), what.begin(), what.end());
}

void change_octets(octets& payload, random_source& random) {
    constexpr unsigned tried[] = {0, 1, 0x7f, 0x80, 0xff};
    for (std::size_t times = 1 + random.below(8); times != 0 && !payload.empty(); --times) {
        const std::size_t at = random.below(payload.size());
        const auto place = payload.begin() + static_cast<std::ptrdiff_t>(at);
        const auto size = static_cast<std::ptrdiff_t>(
            1 + random.below(std::min<std::size_t>(payload.size() - at, 16)));
        switch (random.below(5)) {
        case 0: *place ^= static_cast<std::byte>(1u << random.below(8)); break;
        case 1: *place = static_cast<std::byte>(random.pick(tried)); break;
        case 2: *place = static_cast<std::byte>(random.below(256)); break;
        case 3: payload.erase(place, place + size); break;
        default: {
            const octets again(place, place + size);
            put(payload, again, random);
        }
        }
    }
}

/// The document behind the session's strings, if it has such, else all.
void change_structure(octets& payload, random_source& random) {
    auto envelope = read_session_envelope(payload);
    octets& document = envelope ? envelope->document : payload;
    const octets hard = hard_structure(random);
    switch (random.below(8)) {
    case 0: document = hard; break;
    case 1: document.resize(random.below(document.size() + 1)); break;
    case 2:
        document.resize(random.below(document.size() + 1));
        document.insert(document.end(), hard.begin(), hard.end());
        break;
    case 3: put(document, hard, random); break;
    default: mutate_document(document, random); break;
    }
    if (envelope)
        payload = write_session_envelope(*envelope);
}

}  // namespace

bool mutate_strings(octets& payload, random_source& random) {
    auto envelope = read_session_envelope(payload);
    if (!envelope)
        return false;
    auto& strings = envelope->strings;
    octets raw;  // instead of a table that is one
    switch (random.below(9)) {
    case 0: strings.clear(); break;
    case 1: strings.insert(strings.end(), 1 + random.below(5000), octets()); break;
    case 2: strings.push_back(repeated({'s'}, 1000 + random.below(60000))); break;
    case 3: strings.push_back(list({0xff, 0xfe, 0xc0, 0x80})); break;
    case 4: std::reverse(strings.begin(), strings.end()); break;
    case 5:
        if (!strings.empty())
            strings.erase(strings.begin() +
                          static_cast<std::ptrdiff_t>(random.below(strings.size())));
        break;
    case 6: raw = list({0xff, 0xff, 0xff, 0xff, 0x07}); break;  // a table of 2 GiB
    case 7: raw = list({0xff, 0xff, 0xff, 0xff, 0x0f}); break;  // of no size
    default: raw = list({3, 0x40, 'a', 'b'}); break;  // a string beyond its end
    }
    if (raw.empty()) {
        payload = write_session_envelope(*envelope);
    } else {
        payload = std::move(raw);
        payload.insert(payload.end(), envelope->document.begin(), envelope->document.end());
    }
    return true;
}

bool mutate_envelope(draft& what, mutation kind, random_source& random) {
    const auto at = choose_piece(what, random, [](const piece& one) {
        return (type_of(one) == framing::record_type::sized_envelope ||
                one.type == piece_type::chunk) &&
               !content_of(one).empty();
    });
    if (!at)
        return false;
    const bytes_view before = content_of(what.pieces[*at]);
    octets payload(before.begin(), before.end());
    if (kind == mutation::envelope_octets)
        change_octets(payload, random);
    else if (kind == mutation::envelope_structure)
        change_structure(payload, random);
    else if (!mutate_strings(payload, random))
        return false;
    payload.resize(std::min(payload.size(), most_octets));
    set_content(what.pieces[*at], payload);
    return true;
}

}  // namespace nettcp::fuzzing
