// What octets behind a Negotiate upgrade mean to a listener: handshake, frames, plain octets in
// them, and where the next session begins.
#include "inspect/conversation_state.hpp"

namespace nettcp::inspect {

/// Shows what is whole of a Negotiate upgrade, and decodes what of it is plain.
void conversation::state::follow_negotiate(direction from) {
    using kind = negotiate_watch::kind;
    side& speaker = of(from);
    const unsigned present = watches;
    while (watches == present && speaker.is_protected && !speaker.lost) {
        const auto part = watch->next(from);
        if (part.what == kind::nothing)
            return;
        if (part.what == kind::preamble) {
            sides[0].is_protected = sides[1].is_protected = false;
            break;
        }
        if (part.what == kind::not_frames) {
            finding damage = make(from, finding_type::error, speaker.decoder.offset());
            damage.message = "neither handshake nor frame of Negotiate (at octet " +
                             std::to_string(damage.offset) + ")";
            speaker.unread.append(watch->held(from));
            watch->consume(from, part.size);
            return lose(from, std::move(damage));
        }
        take_part(from, part);
    }
    if (watches == present && !speaker.is_protected)
        leave_upgrade(from);
}

void conversation::state::take_part(direction from, const negotiate_watch::part& part) {
    using kind = negotiate_watch::kind;
    side& speaker = of(from);
    if (part.what != kind::raw) {
        flush_opaque(from);
        const bool is_message = part.what == kind::message;
        finding found = make(from, is_message ? finding_type::handshake : finding_type::frame,
                             speaker.decoder.offset() + speaker.unread.size());
        found.size = part.size;
        found.value = part.words;
        out(std::move(found));
    }
    // Offsets stay those of the wire, but for a record that goes on in the next frame.
    const auto size = static_cast<std::size_t>(part.size);
    const std::size_t trailer = part.plain.empty() ? 0 : size - part.head - part.plain.size();
    speaker.decoder.skip(part.plain.empty() ? size : part.head);
    speaker.unread.append(part.plain);
    watch->consume(from, part.size);
    decode(from, origin::watch);
    speaker.decoder.skip(trailer);
}

/// What is left belongs to the next session, which is not protected yet.
void conversation::state::leave_upgrade(direction from) {
    const bytes_view left = watch->held(from);
    of(from).unread.append(left);
    watch->consume(from, left.size());
    decode(from, origin::wire);
}

}  // namespace nettcp::inspect
