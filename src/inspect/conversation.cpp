// Decides what octets on a connection mean when nobody may be asked: where framing ends and
// protection begins, which dictionary an envelope reads with, and what is left after damage.
#include <nettcp/inspect/conversation.hpp>

#include "inspect/conversation_state.hpp"

#include <channel/content_type.hpp>
#include <channel/mtom_encoding.hpp>
#include <channel/payload_traits.hpp>

#include <nettcp/base/byte_reader.hpp>
#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/upgrade_name.hpp>
#include <nettcp/inspect/preamble_sign.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/xml/nbfx_to_text.hpp>
#include <nettcp/xml/text_to_nbfx.hpp>

namespace nettcp::inspect {
namespace {

using framing::encoding;
using framing::part_type;
using framing::stream_part;

result<void> text_document(bytes_view envelope, bool indent, std::string& out) {
    octet_buffer document;
    nbfx::writer writer;
    writer.open(document);
    if (auto read = xml::text_to_nbfx(as_text(envelope), writer); !read)
        return read.error();
    if (auto written = writer.finish(); !written)
        return written.error();
    return document_text(document.view(), nullptr, indent, out);
}

/// Its parts are shown as the base64 that stood for them.
result<void> mime_document(bytes_view message, bool indent, std::string& out) {
    octet_buffer document;
    channel::charset found{};
    if (auto read = channel::document_from_mtom(message, {}, document, found); !read)
        return read.error();
    return document_text(document.view(), nullptr, indent, out);
}

}  // namespace

framing_limits viewer_limits(const conversation_options& options) {
    framing_limits limits;
    limits.max_message_size = options.max_message_size;
    limits.max_via_size = limits.max_content_type_size = limits.max_upgrade_name_size =
        limits.max_fault_size = 64u << 10;
    return limits;
}

finding conversation::state::make(direction from, finding_type type, std::uint64_t at) const {
    finding made;
    made.connection = connection;
    made.direction = from;
    made.type = type;
    made.seconds = sides[static_cast<std::size_t>(from)].seconds;
    made.offset = at;
    return made;
}

void conversation::state::start_session() {
    spoken = encoding::binary_session;  // what nearly everything is, should the preamble be missing
    for (side& s : sides) {
        s.strings = std::make_unique<nbfx::received_dictionary>(options.max_message_size);
        s.string_octets = 0;
        s.has_ended = false;
        if (s.lost)  // the other side says nothing of the old session any more
            restart(s);
    }
}

/// Takes what comes next for the start of a record.
void conversation::state::restart(side& speaker) noexcept {
    speaker.lost = false;
    speaker.skip_left = 0;
    speaker.unread.clear();
    speaker.decoder = framing::record_decoder(viewer_limits(options), speaker.decoder.offset());
}

void conversation::state::take(direction from, bytes_view octets, bool inside_upgrade) {
    side& speaker = of(from);
    if (speaker.skip_left != 0) {
        const auto passed = std::min<std::uint64_t>(speaker.skip_left, octets.size());
        speaker.skip_left -= passed;
        speaker.decoder.skip(static_cast<std::size_t>(passed));
        octets = octets.subspan(static_cast<std::size_t>(passed));
        if (octets.empty())
            return;
    }
    if (speaker.lost && from == direction::client_to_server &&
        find_preamble(octets) == preamble_sign::yes) {
        flush_opaque(from);
        restart(speaker);
        if (watch)
            sides[0].is_protected = sides[1].is_protected = false;
    }
    if (watch && speaker.is_protected && !speaker.lost && !inside_upgrade) {
        watch->add(from, octets);
        return follow_negotiate(from);
    }
    if (speaker.lost || (speaker.is_protected && !inside_upgrade)) {
        add_opaque(speaker, speaker.decoder.offset() + speaker.unread.size(), octets.size());
        speaker.decoder.skip(octets.size());
        return;
    }
    speaker.unread.append(octets);
    decode(from, inside_upgrade ? origin::inside : origin::wire);
}

void conversation::state::decode(direction from, origin where) {
    side& speaker = of(from);
    const unsigned watch_before = watches;
    while (!speaker.unread.empty()) {
        const auto part = speaker.decoder.next(speaker.unread.view());
        if (!part) {
            if (part.error().code != make_error_code(base_errc::truncated))
                lose(from, part.error());
            return;
        }
        const std::size_t size = part->size;
        report_part(from, *part);
        speaker.unread.consume(size);
        const bool begins_upgrade =
            where == origin::wire || (where == origin::watch && watches != watch_before);
        if (!speaker.is_protected || !begins_upgrade)
            continue;
        if (watch) {
            watch->add(from, speaker.unread.view());
            speaker.unread.clear();
            return follow_negotiate(from);
        }
        // What follows belongs to the upgrade.
        add_opaque(speaker, speaker.decoder.offset(), speaker.unread.size());
        speaker.decoder.skip(speaker.unread.size());
        speaker.unread.clear();
    }
}

void conversation::state::report_part(direction from, const stream_part& part) {
    side& speaker = of(from);
    if (part.type == part_type::octets) {
        speaker.is_bare = true;
        add_opaque(speaker, part.offset, part.payload.size());
        return;
    }
    flush_opaque(from);
    const std::uint64_t payload_at = part.offset + part.size - part.payload.size();
    switch (part.type) {
    case part_type::whole_record:
        speaker.pieces.assign(1, {0, payload_at});
        report_record(from, part);
        return;
    case part_type::chunk:
        if (!speaker.unsized)
            return;
        if (part.chunk_at == 0) {
            speaker.unsized->chunks.push_back(part.chunk_size);
            speaker.pieces.push_back({speaker.unsized->octets.size(), payload_at});
        }
        speaker.chunk_left =
            part.chunk_size - part.chunk_at - static_cast<std::uint32_t>(part.payload.size());
        speaker.unsized->octets.insert(speaker.unsized->octets.end(), part.payload.begin(),
                                       part.payload.end());
        return;
    case part_type::envelope_end:
        if (speaker.unsized) {
            finding whole = std::move(*speaker.unsized);
            speaker.unsized.reset();
            const std::vector<std::byte> payload = std::exchange(whole.octets, {});
            whole.seconds = speaker.seconds;
            if (const auto readable = std::exchange(speaker.whole_to, {})) {
                whole.octets = payload;
                whole.size = payload.size();
                report_cut_envelope(speaker, std::move(whole),
                                    bytes_view(payload).first(*readable));
                return;
            }
            finish_envelope(from, std::move(whole), payload);
        }
        return;
    case part_type::octets: return;
    }
}

void conversation::state::report_record(direction from, const stream_part& part) {
    const framing::record_type type = framing::type_of(part.record);
    finding found = make(from, static_cast<finding_type>(type), part.offset);
    if (const auto* version = std::get_if<framing::version_record>(&part.record)) {
        found.value = std::to_string(version->major) + "." + std::to_string(version->minor);
    } else if (const auto* mode = std::get_if<framing::mode_record>(&part.record)) {
        found.value = to_string(mode->value);
        if (found.value.empty())
            found.value = std::to_string(static_cast<unsigned>(mode->value));
    } else if (const auto* via = std::get_if<framing::via_record>(&part.record)) {
        found.value = via->uri;
    } else if (const auto* known = std::get_if<framing::known_encoding_record>(&part.record)) {
        spoken = framing::encoding_from_octet(known->octet);
        found.value =
            spoken ? std::string(content_type(*spoken)) : "unknown" + std::to_string(known->octet);
    } else if (const auto* named = std::get_if<framing::extensible_encoding_record>(&part.record)) {
        spoken = channel::encoding_named(named->content_type);
        found.value = named->content_type;
    } else if (const auto* upgrade = std::get_if<framing::upgrade_request_record>(&part.record)) {
        found.value = upgrade->name;
        watch.reset();
        ++watches;  // whoever followed the last one, if this came within it, stops
        if (framing::upgrade_from_name(upgrade->name) == framing::upgrade::negotiate)
            watch = std::make_unique<negotiate_watch>();
    } else if (const auto* fault = std::get_if<framing::fault_record>(&part.record)) {
        found.value = fault->uri;
    } else if (type == framing::record_type::sized_envelope) {
        finish_envelope(from, std::move(found), part.payload);
        return;
    } else if (type == framing::record_type::unsized_envelope) {
        of(from).pieces.clear();
        of(from).unsized = std::move(found);  // reported when its last chunk is there
        return;
    }
    out(std::move(found));
    follow_session(from, type);
}

void conversation::state::follow_session(direction from, framing::record_type type) {
    using framing::record_type;
    if (type == record_type::version) {
        start_session();
    } else if (type == record_type::upgrade_request || type == record_type::upgrade_response) {
        of(from).is_protected = true;
    } else if (type == record_type::end) {
        of(from).has_ended = true;
        if (sides[0].has_ended && sides[1].has_ended)  // back to plaintext framing
            sides[0].is_protected = sides[1].is_protected = false;
    }
}

void conversation::state::finish_envelope(direction from, finding envelope, bytes_view payload) {
    side& speaker = of(from);
    envelope.size = payload.size();
    const auto read = read_envelope(speaker, envelope, payload);
    envelope.is_xml = read.has_value();
    if (read) {
        out(std::move(envelope));
        return;
    }
    envelope.octets.assign(payload.begin(), payload.end());
    out(std::move(envelope));
    if (read.error().code == make_error_code(framing::errc::content_type_unsupported))
        return;  // not ours to read: no damage
    error why = read.error();
    std::uint64_t stream_at = 0;
    for (const piece& p : speaker.pieces) {
        if (p.payload_at <= why.at)
            stream_at = p.stream_at + (why.at - p.payload_at);
    }
    why.at = stream_at;
    finding damage = make(from, finding_type::error, why.at);
    damage.message = "envelope: " + describe(why);
    out(std::move(damage));
}

result<void> conversation::state::read_envelope(side& speaker, finding& envelope,
                                                bytes_view payload) {
    const auto traits = spoken ? channel::traits_of(*spoken) : std::nullopt;
    if (!traits)
        return error{make_error_code(framing::errc::content_type_unsupported), 0, 0};
    if (traits->mime)
        return mime_document(payload, options.indent, envelope.xml);
    if (traits->text)
        return text_document(payload, options.indent, envelope.xml);
    if (traits->packed == channel::compression::none)
        return read_document(speaker, envelope, payload, traits->has_string_table);
    octet_buffer unpacked;
    if (const auto done =
            channel::decompress(traits->packed, payload, unpacked, options.max_message_size);
        !done)
        return done.error();
    auto read = read_document(speaker, envelope, unpacked.view(), traits->has_string_table);
    if (!read) {  // its offset is none of the recording's
        error why = read.error();
        why.at = 0;
        return why;
    }
    return read;
}

/// Reads a document in binary XML, behind the string table that adds to the session's dictionary.
result<void> conversation::state::read_document(side& speaker, finding& envelope,
                                                bytes_view payload, bool has_string_table) {
    if (!has_string_table)
        return document_text(payload, nullptr, options.indent, envelope.xml);
    const std::uint32_t known = speaker.strings->count();
    const auto table = speaker.strings->read_table(payload);
    for (std::uint32_t i = known; i < speaker.strings->count(); ++i) {
        const std::string_view added = *speaker.strings->find(2 * i + 1);
        envelope.new_strings.emplace_back(2 * i + 1, added);
        speaker.string_octets += added.size() + sizeof(std::string_view);
    }
    if (!table)
        return table.error();
    auto text =
        document_text(payload.subspan(*table), speaker.strings.get(), options.indent, envelope.xml);
    if (!text) {
        error why = text.error();
        why.at += *table;
        return why;
    }
    return text;
}

void conversation::state::add_opaque(side& speaker, std::uint64_t at, std::uint64_t size) {
    if (speaker.opaque_size == 0)
        speaker.opaque_at = at;
    speaker.opaque_size += size;
}

void conversation::state::flush_opaque(direction from) {
    side& speaker = of(from);
    if (speaker.opaque_size == 0)
        return;
    finding stretch = make(from, finding_type::opaque, speaker.opaque_at);
    stretch.size = std::exchange(speaker.opaque_size, 0);
    out(std::move(stretch));
}

void conversation::state::lose(direction from, const error& why) {
    finding damage = make(from, finding_type::error, why.at);
    damage.message = describe(why);
    lose(from, std::move(damage));
}

void conversation::state::lose(direction from, finding damage) {
    side& speaker = of(from);
    flush_opaque(from);
    if (speaker.unsized) {  // as far as it came
        speaker.unsized->size = speaker.unsized->octets.size();
        out(*std::exchange(speaker.unsized, {}));
        speaker.whole_to.reset();
    }
    out(std::move(damage));
    speaker.lost = true;
    add_opaque(speaker, speaker.decoder.offset(), speaker.unread.size());
    speaker.decoder.skip(speaker.unread.size());
    speaker.unread.clear();
}

void conversation::state::miss(direction from, std::uint64_t size) {
    side& speaker = of(from);
    const std::uint64_t at = speaker.decoder.offset() + speaker.unread.size();
    finding damage = make(from, finding_type::error, at);
    damage.message = std::to_string(size) + (size == 1 ? " octet is" : " octets are") +
                     " missing from the recording (at octet " + std::to_string(at) + ")";
    pass_hole(from, size, std::move(damage));
}

void conversation::state::pass_hole(direction from, std::uint64_t size, finding damage) {
    side& speaker = of(from);
    if (speaker.skip_left >= size) {
        speaker.skip_left -= size;
        out(std::move(damage));
    } else if (speaker.skip_left == 0 && pass_hole_in_sized(from, size, damage)) {
        return;
    } else if (speaker.unsized && speaker.unread.empty() && speaker.chunk_left >= size) {
        if (!speaker.whole_to)
            speaker.whole_to = speaker.unsized->octets.size();
        out(std::move(damage));
        pass_hole_in_chunk(speaker, size);
        return;
    } else if (speaker.lost || speaker.is_protected || speaker.is_bare) {
        flush_opaque(from);
        out(std::move(damage));
        if (watch && speaker.is_protected &&
            !speaker.lost) {  // where the next frame starts is lost
            const std::uint64_t held = watch->held(from).size();
            watch->consume(from, held);
            speaker.decoder.skip(static_cast<std::size_t>(held));
            speaker.lost = true;
        }
    } else {
        speaker.skip_left = 0;
        lose(from, std::move(damage));
        flush_opaque(from);  // what comes behind the hole is a stretch of its own
    }
    speaker.decoder.skip(static_cast<std::size_t>(size));
}

/// Whether the hole lies in a sized envelope, whose end is known; then it was passed.
bool conversation::state::pass_hole_in_sized(direction from, std::uint64_t size, finding& damage) {
    side& speaker = of(from);
    byte_reader in(speaker.unread.view(), speaker.decoder.offset());
    if (in.u8() != static_cast<std::uint8_t>(framing::record_type::sized_envelope) ||
        !speaker.decoder.between_records())
        return false;
    const std::uint32_t envelope_size = read_multi_byte_int31(in);
    if (!in.ok() || in.remaining() + size > envelope_size)
        return false;
    finding envelope = make(from, finding_type::sized_envelope, speaker.decoder.offset());
    const bytes_view payload = in.rest();
    envelope.size = envelope_size;
    envelope.octets.assign(payload.begin(), payload.end());
    report_cut_envelope(speaker, std::move(envelope), payload);
    out(std::move(damage));
    speaker.skip_left = envelope_size - payload.size() - size;
    speaker.decoder.skip(speaker.unread.size() + static_cast<std::size_t>(size));
    speaker.unread.clear();
    return true;
}

/// Makes the decoder count the missing octets as octets of the chunk.
void conversation::state::pass_hole_in_chunk(side& speaker, std::uint64_t size) {
    static constexpr std::array<std::byte, 4096> nothing{};
    speaker.chunk_left -= static_cast<std::uint32_t>(size);
    while (size != 0) {
        const auto step = std::min<std::uint64_t>(size, nothing.size());
        if (!speaker.decoder.next(bytes_view(nothing).first(static_cast<std::size_t>(step))))
            return;
        size -= step;
    }
}

/// Shows an envelope as far as it goes before its first hole.
void conversation::state::report_cut_envelope(side& speaker, finding envelope, bytes_view payload) {
    (void)read_envelope(speaker, envelope, payload);  // that it fails is told by the hole
    envelope.is_xml = false;
    out(std::move(envelope));
}

void conversation::state::finish(direction from) {
    side& speaker = of(from);
    if (watch && speaker.is_protected && !speaker.lost)
        add_opaque(speaker, speaker.decoder.offset(), watch->held(from).size());
    const bool cut = !speaker.unread.empty() || speaker.unsized ||
                     (!speaker.decoder.between_records() && !speaker.is_bare);
    if (cut && !speaker.lost)
        lose(from, error{make_error_code(base_errc::truncated),
                         speaker.decoder.offset() + speaker.unread.size(), 0});
    flush_opaque(from);
}

conversation::conversation(std::uint32_t connection, sink out, conversation_options options)
    : state_(std::make_unique<state>(connection, std::move(out), options)) {}
conversation::conversation(conversation&&) noexcept = default;
conversation& conversation::operator=(conversation&&) noexcept = default;
conversation::~conversation() = default;

void conversation::add(const transcript_line& line) {
    add(line.direction, line.octets, line.inside_upgrade, line.seconds);
}

void conversation::add(direction from, bytes_view octets, bool inside_upgrade,
                       std::optional<double> seconds) {
    if (octets.empty())
        return;
    state_->of(from).seconds = seconds;
    state_->take(from, octets, inside_upgrade);
}

void conversation::miss(direction from, std::uint64_t octets, std::optional<double> seconds) {
    if (octets == 0)
        return;
    state_->of(from).seconds = seconds;
    state_->miss(from, octets);
}

std::size_t conversation::held_octets() const noexcept {
    std::size_t held = state_->sides[0].held_octets() + state_->sides[1].held_octets();
    if (state_->watch) {
        held += state_->watch->held(direction::client_to_server).size() +
                state_->watch->held(direction::server_to_client).size();
    }
    return held;
}

void conversation::finish() {
    state_->finish(direction::client_to_server);
    state_->finish(direction::server_to_client);
}

result<void> document_text(bytes_view document, const nbfx::received_dictionary* strings,
                           bool indent, std::string& out) {
    reader_quotas quotas;
    quotas.max_depth = 1024;  // a viewer is generous; nothing here recurses
    nbfx::reader reader(quotas);
    reader.open(document, strings);
    xml::text_options options;
    options.layout = indent ? xml::layout::indented : xml::layout::compact;
    options.unwritable = xml::unwritable::replace;
    const std::size_t before = out.size();
    auto written = xml::nbfx_to_text(reader, out, options);
    if (written && out.size() == before)  // no octets, which the reader takes for no document
        return error{make_error_code(nbfx::errc::root_missing), 0, 0};
    return written;
}

}  // namespace nettcp::inspect
