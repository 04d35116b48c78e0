#pragma once

#include "piece.hpp"
#include "random_source.hpp"

namespace nettcp::fuzzing {

/// What is done to a conversation. The names are those of `--mutate` and of reports.
enum class mutation : std::uint8_t {
    // records
    drop_record,
    repeat_record,
    swap_records,
    insert_known_record,
    insert_unknown_record,
    cut_record,
    // fields
    size_field,
    version_field,
    mode_field,
    via_field,
    encoding_field,
    upgrade_field,
    // envelopes
    envelope_octets,
    envelope_structure,
    string_table,
    // chunking
    one_write,
    octet_by_octet,
    split_pieces,
    // timing
    no_waits,
    pause,
    half_close,
    reset,
};
inline constexpr std::size_t mutation_count = static_cast<std::size_t>(mutation::reset) + 1;

/// `insert-unknown-record` and so on.
std::string_view to_string(mutation kind) noexcept;

/// Kinds of mutations that go together, as `--mutate` names them.
enum class family : std::uint8_t { records, fields, envelopes, chunking, timing };
inline constexpr std::size_t family_count = static_cast<std::size_t>(family::timing) + 1;
std::string_view to_string(family kin) noexcept;
family family_of(mutation kind) noexcept;

/// How the pieces of a conversation go out.
enum class delivery : std::uint8_t { by_piece, one_write, octet_by_octet, split };

/// A conversation on its way to become a script.
struct draft {
    std::vector<piece> pieces;
    delivery how = delivery::by_piece;
    bool waits = true;
    std::optional<std::size_t> pause_before;  ///< an index of `pieces`, like those below
    std::chrono::milliseconds pause{0};
    std::optional<std::size_t> half_close_before;
    std::optional<std::size_t> reset_before;
};

/// Does it once, somewhere. False, and nothing done, when the conversation has no place for it.
bool mutate(draft& what, mutation kind, random_source& random);

// Of `mutate`: the families that have a file of their own.
bool mutate_field(draft& what, mutation kind, random_source& random);
bool mutate_envelope(draft& what, mutation kind, random_source& random);

/// Changes the strings that a session's envelope begins with; false when there are none.
bool mutate_strings(octets& payload, random_source& random);

/// Index of a piece that fits; nothing when none does.
template <class Predicate>
std::optional<std::size_t> choose_piece(const draft& from, random_source& random, Predicate fits) {
    std::vector<std::size_t> fitting;
    for (std::size_t i = 0; i < from.pieces.size(); ++i) {
        if (fits(from.pieces[i]))
            fitting.push_back(i);
    }
    if (fitting.empty())
        return std::nullopt;
    return fitting[random.below(fitting.size())];
}

}  // namespace nettcp::fuzzing
