#pragma once

#include "script.hpp"

#include <nettcp/framing/record_type.hpp>

#include <optional>
#include <string>

namespace nettcp::fuzzing {

enum class piece_type : std::uint8_t {
    record,  ///< a record; a sized envelope with all of its octets
    chunk,   ///< of an unsized envelope: size and octets; the empty one ends it
    raw,     ///< octets that are no records: an upgrade's, mode singleton_sized's, or damage
};

/// What a client sends at one go: the unit that is left out, repeated or exchanged.
struct piece {
    piece_type type = piece_type::record;
    octets content = {};
    /// The client waits for an answer behind it.
    bool answered = false;

    friend bool operator==(const piece&, const piece&) = default;
};

/// A conversation as it should be, the client's half of it.
struct sample {
    std::string name;
    std::vector<piece> pieces;
};

/// The type of a piece that is a record.
std::optional<framing::record_type> type_of(const piece& what) noexcept;

/// Cuts what one side sends into pieces; from where it is no framing, the rest is one raw piece.
std::vector<piece> cut(bytes_view content);

/// Where in a piece its size stands, and what follows it; nothing when it has none.
struct sized_part {
    std::size_t size_at = 0;
    std::size_t content_at = 0;
};
std::optional<sized_part> sized_part_of(const piece& what) noexcept;

/// The octets behind the piece's size: a text, or an envelope or part of one. Empty without any.
bytes_view content_of(const piece& what) noexcept;
/// Puts other octets there, with the size that they have.
void set_content(piece& what, bytes_view content);

/// A record with a text, such as a via.
piece text_record(framing::record_type type, std::string_view text);
/// A record of these octets.
piece plain_record(std::initializer_list<unsigned> content);
/// A chunk of an unsized envelope.
piece chunk_of(bytes_view content);

/// Appends a size as framing writes it.
void append_size(octets& out, std::uint32_t size);

/// The strings that a session's envelope begins with, and the document behind them; nothing when
/// there are none that can be read.
struct session_envelope {
    std::vector<octets> strings;
    octets document;
};
std::optional<session_envelope> read_session_envelope(bytes_view payload);
octets write_session_envelope(const session_envelope& envelope);

/// Makes a recorded conversation one with the endpoint `via`: in its via records, and where the
/// session's strings say the same address.
void retarget(std::vector<piece>& pieces, std::string_view via);

}  // namespace nettcp::fuzzing
