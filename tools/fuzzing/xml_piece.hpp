#pragma once

#include "random_source.hpp"
#include "script.hpp"

#include <optional>

namespace nettcp::fuzzing {

enum class xml_piece_type : std::uint8_t {
    record,  ///< a record; an attribute with its value
    items,   ///< of an array: their type, their number and they
    raw,     ///< octets that are no record, and what is behind them
};

/// What a document of binary XML is made of, by the table of records.
struct xml_piece {
    xml_piece_type type = xml_piece_type::record;
    octets content = {};

    friend bool operator==(const xml_piece&, const xml_piece&) = default;
};

/// Cuts a document into records; from where there are none, the rest is one raw piece.
std::vector<xml_piece> cut_document(bytes_view document);
octets join(const std::vector<xml_piece>& pieces);

/// How many elements a piece opens (positive) or closes.
int depth_change(const xml_piece& what) noexcept;
/// Where the element that begins at `first` is over: the index behind its end, or all.
std::size_t end_of_element(const std::vector<xml_piece>& pieces, std::size_t first) noexcept;

/// A record of this type octet with some content that fits it; nothing if there is no such record.
std::optional<xml_piece> make_record(unsigned type, random_source& random);

/// Changes one to four things: records and whole elements are left out, repeated, exchanged, moved,
/// put in and put into others; values, names, ids and sizes become others; headers of SOAP come in.
void mutate_document(octets& document, random_source& random);
/// The start of one document and the end of another, or one with an element of another.
octets cross_documents(bytes_view one, bytes_view other, random_source& random);

}  // namespace nettcp::fuzzing
