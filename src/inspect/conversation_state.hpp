#pragma once

#include "inspect/negotiate_watch.hpp"

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/record_decoder.hpp>
#include <nettcp/inspect/conversation.hpp>

#include <array>
#include <optional>

namespace nettcp::inspect {

framing_limits viewer_limits(const conversation_options& options);

/// Where a piece of an envelope's payload lies in the direction of the connection.
struct piece {
    std::uint64_t payload_at;
    std::uint64_t stream_at;
};

/// One direction of the connection.
struct side {
    explicit side(const framing_limits& limits) : decoder(limits) {}

    octet_buffer unread;
    framing::record_decoder decoder;
    bool is_protected = false;  ///< octets from the wire are ciphertext
    bool lost = false;          ///< damaged: record borders are unknown
    bool has_ended = false;
    bool is_bare = false;  ///< the envelope is all that is left of the stream: singleton_sized
    std::optional<double> seconds;
    std::uint64_t opaque_size = 0;
    std::uint64_t opaque_at = 0;
    std::optional<finding> unsized;  ///< the envelope whose chunks are arriving
    std::optional<std::size_t> whole_to;  ///< octets of that envelope before the first hole in it
    std::uint32_t chunk_left = 0;  ///< octets of the present chunk that are to come
    std::uint64_t skip_left = 0;  ///< the rest of a sized envelope with a hole in it
    std::vector<piece> pieces;  ///< of that envelope, or of the whole one just arrived
    std::unique_ptr<nbfx::received_dictionary> strings;
    std::size_t string_octets = 0;  ///< what they take, about

    std::size_t held_octets() const noexcept {
        return unread.size() + (unsized ? unsized->octets.size() : 0) + string_octets;
    }
};

/// Where records were found.
enum class origin : std::uint8_t {
    wire,  ///< in the clear: what follows a request for an upgrade is protected
    inside,  ///< in an upgrade that somebody else opened, who has the last word: always records
    watch,  ///< in an upgrade that is followed here: another one may be asked for within
};

struct conversation::state {
    state(std::uint32_t number, sink to, conversation_options chosen)
        : connection(number),
          out(std::move(to)),
          options(chosen),
          sides{side(viewer_limits(chosen)), side(viewer_limits(chosen))} {
        start_session();
    }

    side& of(direction d) noexcept { return sides[static_cast<std::size_t>(d)]; }

    void start_session();
    void take(direction from, bytes_view octets, bool inside_upgrade);
    void decode(direction from, origin where);
    void follow_negotiate(direction from);
    void take_part(direction from, const negotiate_watch::part& part);
    void leave_upgrade(direction from);
    void report_part(direction from, const framing::stream_part& part);
    void report_record(direction from, const framing::stream_part& part);
    void follow_session(direction from, framing::record_type type);
    void finish_envelope(direction from, finding envelope, bytes_view payload);
    result<void> read_envelope(side& speaker, finding& envelope, bytes_view payload);
    result<void> read_document(side& speaker, finding& envelope, bytes_view payload,
                               bool has_string_table);
    void add_opaque(side& speaker, std::uint64_t at, std::uint64_t size);
    void flush_opaque(direction from);
    void lose(direction from, const error& why);
    void lose(direction from, finding damage);
    void restart(side& speaker) noexcept;
    void miss(direction from, std::uint64_t size);
    void pass_hole(direction from, std::uint64_t size, finding damage);
    bool pass_hole_in_sized(direction from, std::uint64_t size, finding& damage);
    void pass_hole_in_chunk(side& speaker, std::uint64_t size);
    void report_cut_envelope(side& speaker, finding envelope, bytes_view payload);
    void finish(direction from);
    finding make(direction from, finding_type type, std::uint64_t at) const;

    std::uint32_t connection;
    sink out;
    conversation_options options;
    std::array<side, 2> sides;
    std::unique_ptr<negotiate_watch> watch;  ///< of a Negotiate upgrade
    unsigned watches = 0;  ///< upgrades asked for so far
    std::optional<framing::encoding> spoken;  ///< nothing: a content type that we do not know
};

}  // namespace nettcp::inspect
