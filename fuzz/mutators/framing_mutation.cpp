#include "input_mutation.hpp"

#include <fuzzing/mutation.hpp>
#include <fuzzing/xml_piece.hpp>

namespace nettcp::fuzzing {
namespace {

std::optional<std::size_t> some_sized_piece(const draft& what, random_source& random) {
    return choose_piece(what, random, [](const piece& one) { return !content_of(one).empty(); });
}

void change_document(piece& what, random_source& random) {
    const bytes_view before = content_of(what);
    octets payload(before.begin(), before.end());
    auto envelope = what.type == piece_type::chunk ? std::nullopt : read_session_envelope(payload);
    mutate_document(envelope ? envelope->document : payload, random);
    set_content(what, envelope ? write_session_envelope(*envelope) : payload);
}

bool is_of_envelope(const piece& what) {
    return what.type == piece_type::chunk || type_of(what) == framing::record_type::sized_envelope;
}

}  // namespace

void mutate_framing(octets& all, random_source& random) {
    constexpr std::size_t of_octets = static_cast<std::size_t>(mutation::one_write);
    draft what;
    what.pieces = cut(all);
    for (std::size_t times = 1 + random.below(3); times != 0; --times) {
        const auto sized = some_sized_piece(what, random);
        if (sized && random.once_in(3) && is_of_envelope(what.pieces[*sized])) {
            change_document(what.pieces[*sized], random);
        } else if (sized && random.once_in(4)) {
            const bytes_view before = content_of(what.pieces[*sized]);
            octets content(before.begin(), before.end());
            mutate_blindly(content, random);
            set_content(what.pieces[*sized], content);
        } else {
            for (int tries = 0; tries != 8; ++tries)
                if (mutate(what, static_cast<mutation>(random.below(of_octets)), random))
                    break;
        }
    }
    all.clear();
    for (const piece& one : what.pieces)
        all.insert(all.end(), one.content.begin(), one.content.end());
}

}  // namespace nettcp::fuzzing
