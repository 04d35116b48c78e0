#pragma once

#include <nettcp/framing/record.hpp>

namespace nettcp::framing {

/// What a direction of a connection consists of.
enum class part_type : std::uint8_t {
    whole_record,  ///< a record; a sized envelope comes with all of its octets
    chunk,         ///< octets of a chunk of an unsized envelope, as far as they have arrived
    envelope_end,  ///< the empty chunk that ends an unsized envelope
    octets,        ///< octets without records around them (mode singleton_sized)
};

/// One part of a direction. Views are of the octets given to `record_decoder::next`.
struct stream_part {
    part_type type = part_type::whole_record;
    framing::record record;   ///< for `whole_record`
    bytes_view payload;       ///< envelope octets: a sized envelope whole, else what has arrived
    std::uint32_t chunk_size = 0;  ///< chunk: what its size announced
    std::uint32_t chunk_at = 0;    ///< chunk: where in it `payload` starts; 0 begins a new chunk
    std::uint64_t offset = 0;      ///< of its first octet in this direction of the connection
    std::size_t size = 0;          ///< octets it takes, type and sizes included
};

/// Cuts one direction of a connection into records and pieces of envelopes.
///
/// Owns no octets: the caller keeps what is unread and drops `stream_part::size` octets after
/// each part. Knows only what is needed to find the borders (the mode, a chunk half read), not
/// which record may follow which: `session` adds that, and a viewer may go without. Where an
/// upgrade begins, the octets behind its records are not records: the caller `skip`s them.
///
/// Spec: [MC-NMF] "Message Syntax".
class NETTCP_EXPORT record_decoder {
public:
    /// `limits` bounds every size; `offset` is where in the direction decoding starts.
    explicit record_decoder(const framing_limits& limits = {}, std::uint64_t offset = 0) noexcept
        : limits_(limits), offset_(offset) {}

    const framing_limits& limits() const noexcept { return limits_; }

    /// The part that `unread`, which starts at `offset()`, begins with.
    ///
    /// Fails with `base_errc::truncated` while it is incomplete (`missing()` says by how much at
    /// least), else as `decode_record`, or with `errc::chunk_too_large` or `envelope_too_large`
    /// when the pieces of an envelope exceed `max_message_size`. A failure changes nothing; error
    /// offsets are of the direction.
    result<stream_part> next(bytes_view unread) noexcept;

    /// After `truncated`: octets that are needed at least, beyond those given.
    std::size_t missing() const noexcept { return missing_; }
    /// Where in the direction the next part starts.
    std::uint64_t offset() const noexcept { return offset_; }
    /// Whether the next octet is the type of a record.
    bool between_records() const noexcept { return inside_ == inside::nothing; }
    /// Passes over octets that are not framing.
    void skip(std::size_t size) noexcept { offset_ += size; }

private:
    std::uint64_t max_envelope_size() const noexcept;
    enum class inside : std::uint8_t { nothing, envelope, chunk, octets };

    result<stream_part> next_record(bytes_view unread) noexcept;
    result<stream_part> next_chunk_size(bytes_view unread) noexcept;
    result<stream_part> next_piece(bytes_view unread, std::size_t head,
                                   std::uint64_t left) noexcept;
    result<stream_part> truncated(bytes_view unread, std::size_t missing) noexcept;
    void enter(const framing::record& seen) noexcept;

    framing_limits limits_;
    std::uint64_t offset_;
    std::uint64_t envelope_size_ = 0;  ///< of the envelope in pieces, so far
    std::size_t missing_ = 1;
    std::uint32_t chunk_size_ = 0;
    std::uint32_t chunk_at_ = 0;
    mode mode_{};
    inside inside_ = inside::nothing;
};

}  // namespace nettcp::framing
