// Mutations of whole records, and of how octets go out.
#include "mutation.hpp"

#include <algorithm>
#include <array>

namespace nettcp::fuzzing {
namespace {

using framing::record_type;

constexpr std::array<std::string_view, mutation_count> names{"drop-record",
                                                             "repeat-record",
                                                             "swap-records",
                                                             "insert-known-record",
                                                             "insert-unknown-record",
                                                             "cut-record",
                                                             "size-field",
                                                             "version-field",
                                                             "mode-field",
                                                             "via-field",
                                                             "encoding-field",
                                                             "upgrade-field",
                                                             "envelope-octets",
                                                             "envelope-structure",
                                                             "string-table",
                                                             "one-write",
                                                             "octet-by-octet",
                                                             "split-pieces",
                                                             "no-waits",
                                                             "pause",
                                                             "half-close",
                                                             "reset"};
constexpr std::array<std::string_view, family_count> families{"records", "fields", "envelopes",
                                                              "chunking", "timing"};

std::ptrdiff_t offset(std::size_t index) {
    return static_cast<std::ptrdiff_t>(index);
}

/// Any of the thirteen records, as it might stand somewhere.
piece known_record(random_source& random) {
    const auto type = static_cast<record_type>(random.below(13));
    switch (type) {
    case record_type::version: return plain_record({0, 1, 0});
    case record_type::mode: return plain_record({1, 2});
    case record_type::via: return text_record(type, "net.tcp://localhost/elsewhere");
    case record_type::known_encoding: return plain_record({3, 8});
    case record_type::extensible_encoding: return text_record(type, "application/soap+msbin1+gzip");
    case record_type::unsized_envelope: return plain_record({5, 1, 1, 0});
    case record_type::sized_envelope: return plain_record({6, 4, 0, 0x56, 2, 1});
    case record_type::fault:
        return text_record(type,
                           "http://schemas.microsoft.com/ws/2006/05/framing/faults/ServerTooBusy");
    case record_type::upgrade_request: return text_record(type, "application/ssl-tls");
    default: return plain_record({static_cast<unsigned>(type)});
    }
}

/// An octet that begins no record, perhaps with something behind it.
piece unknown_record(random_source& random) {
    piece made;
    made.type = piece_type::raw;
    constexpr unsigned first_unknown = 13;
    made.content.push_back(
        static_cast<std::byte>(first_unknown + random.below(256 - first_unknown)));
    for (std::size_t more = random.once_in(2) ? random.below(16) : 0; more != 0; --more)
        made.content.push_back(static_cast<std::byte>(random.below(256)));
    return made;
}

/// Puts a piece in front of some other, or behind all; half of the time within the session, since a
/// preamble that is broken ends it there.
bool insert(draft& into, piece what, random_source& random) {
    const auto begin = into.pieces.begin();
    const auto opened = std::find_if(begin, into.pieces.end(), [](const piece& one) {
        return type_of(one) == record_type::preamble_end;
    });
    std::size_t first = 0;
    if (opened != into.pieces.end() && random.once_in(2))
        first = static_cast<std::size_t>(opened - begin) + 1;
    const std::size_t at = first + random.below(into.pieces.size() + 1 - first);
    into.pieces.insert(begin + offset(at), std::move(what));
    return true;
}

bool mutate_records(draft& what, mutation kind, random_source& random) {
    auto& pieces = what.pieces;
    const std::size_t at = random.below(pieces.size());
    switch (kind) {
    case mutation::insert_known_record: return insert(what, known_record(random), random);
    case mutation::insert_unknown_record: return insert(what, unknown_record(random), random);
    case mutation::drop_record:
        if (pieces.empty())
            return false;
        pieces.erase(pieces.begin() + offset(at));
        return true;
    case mutation::repeat_record: {
        if (pieces.empty())
            return false;
        const std::size_t times = random.once_in(8) ? 2 + random.below(200) : 1;
        const piece again = pieces[at];
        pieces.insert(pieces.begin() + offset(at), times, again);
        return true;
    }
    case mutation::swap_records: {
        const std::size_t other = random.below(pieces.size());
        if (pieces.empty() || pieces[at] == pieces[other])
            return false;
        std::swap(pieces[at], pieces[other]);
        return true;
    }
    default: {
        const auto cut =
            choose_piece(what, random, [](const piece& one) { return one.content.size() > 1; });
        if (!cut)
            return false;
        octets& content = pieces[*cut].content;
        content.resize(1 + random.below(content.size() - 1));
        pieces[*cut].type = piece_type::raw;
        if (random.once_in(2))
            pieces.resize(*cut + 1);
        return true;
    }
    }
}

bool mutate_delivery(draft& what, mutation kind, random_source& random) {
    constexpr std::size_t most_single_octets = 2048;
    std::size_t size = 0;
    for (const piece& one : what.pieces)
        size += one.content.size();
    switch (kind) {
    case mutation::one_write: what.how = delivery::one_write; return true;
    case mutation::octet_by_octet:
        if (size > most_single_octets)
            return false;
        what.how = delivery::octet_by_octet;
        return true;
    case mutation::split_pieces: what.how = delivery::split; return true;
    case mutation::no_waits: what.waits = false; return true;
    case mutation::pause:
        what.pause_before = random.below(what.pieces.size() + 1);
        what.pause = std::chrono::milliseconds(20 + random.below(180));
        return true;
    case mutation::half_close:
        what.half_close_before = random.below(what.pieces.size() + 1);
        return true;
    default: what.reset_before = random.below(what.pieces.size() + 1); return true;
    }
}

}  // namespace

std::string_view to_string(mutation kind) noexcept {
    return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(family kin) noexcept {
    return families[static_cast<std::size_t>(kin)];
}

family family_of(mutation kind) noexcept {
    if (kind < mutation::size_field)
        return family::records;
    if (kind < mutation::envelope_octets)
        return family::fields;
    if (kind < mutation::one_write)
        return family::envelopes;
    return kind < mutation::no_waits ? family::chunking : family::timing;
}

bool mutate(draft& what, mutation kind, random_source& random) {
    switch (family_of(kind)) {
    case family::records: return mutate_records(what, kind, random);
    case family::fields: return mutate_field(what, kind, random);
    case family::envelopes: return mutate_envelope(what, kind, random);
    default: return mutate_delivery(what, kind, random);
    }
}

}  // namespace nettcp::fuzzing
