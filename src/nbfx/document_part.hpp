#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nettcp::nbfx {

/// Where a document has been read up to, for a later one of the same session that is the same up to
/// there, and is then not read again: what a record means depends on what is before it alone.
struct read_position {
    std::size_t offset = 0;  ///< behind the current node
    std::uint64_t expanded = 0;  ///< what the reader has counted up to there

    /// Of a whole document that stands on the end of an element.
    static read_position of(const reader& in) noexcept;
    /// The whole document.
    static bytes_view document(const reader& in) noexcept;
    /// Goes there: the next node is the one behind. `in` stands on the start tag around it.
    void move(reader& in) const noexcept;
};

/// Elements that a writer has written, to be written again in a later document of the same session
/// behind as many octets. Values in them of fixed size may be changed.
class written_part {
public:
    /// How far a document has been written.
    struct mark {
        std::size_t position = 0;  ///< octets of the document
        std::size_t window = 0;  ///< those in front of .NET's buffer

        friend bool operator==(const mark&, const mark&) = default;
    };
    /// Where `out` stands, with what was begun complete. An element comes next.
    static mark position(writer& out);

    /// Remembers what has been written from `start` on: whole elements. False if that would not be
    /// the same again: it has strings that the peer has not been sent yet, or `out` has failed.
    bool remember(writer& out, const mark& start);
    /// Writes it again; false, and nothing is written, if `out` stands elsewhere.
    bool repeat(writer& out) const;

    /// From `start` on.
    std::span<std::byte> octets() noexcept { return octets_; }

private:
    std::vector<std::byte> octets_;
    mark start_;
    std::size_t window_behind_ = 0;
};

}  // namespace nettcp::nbfx
