// Finds the borders of records. It needs to know three things that lie further back: the mode
// (octets of mode singleton_sized have no records around them), whether an envelope is being sent
// in chunks, and how much of it has come.

#include <nettcp/framing/record_decoder.hpp>

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/framing/errc.hpp>

#include <algorithm>

namespace nettcp::framing {

result<stream_part> record_decoder::next(bytes_view unread) noexcept {
    if (unread.empty())
        return truncated(unread, 1);
    if (inside_ == inside::nothing)
        return next_record(unread);
    if (inside_ == inside::envelope)
        return next_chunk_size(unread);
    if (inside_ == inside::chunk)
        return next_piece(unread, 0, chunk_size_ - chunk_at_);

    const std::uint64_t left = max_envelope_size() - envelope_size_;
    if (left == 0)
        return error{make_error_code(errc::envelope_too_large), offset_, 0,
                     clamp_u32(max_envelope_size())};
    return next_piece(unread, 0, left);
}

result<stream_part> record_decoder::next_record(bytes_view unread) noexcept {
    byte_reader in(unread, offset_);
    const result<record> seen = decode_record(in, limits_);
    if (!seen) {
        missing_ = 1;
        return seen.error();
    }
    stream_part part;
    part.record = *seen;
    part.offset = offset_;
    part.size = in.position();
    if (const auto* envelope = std::get_if<sized_envelope_record>(&*seen)) {
        if (in.remaining() < envelope->size)
            return truncated(unread, envelope->size - in.remaining());
        part.payload = in.take(envelope->size);
        part.size = in.position();
    }
    enter(*seen);
    offset_ += part.size;
    return part;
}

void record_decoder::enter(const framing::record& seen) noexcept {
    switch (type_of(seen)) {
    case record_type::version: mode_ = {}; break;
    case record_type::mode: mode_ = std::get<mode_record>(seen).value; break;
    case record_type::known_encoding:
    case record_type::extensible_encoding:
        envelope_size_ = 0;
        if (mode_ == mode::singleton_sized)
            inside_ = inside::octets;
        break;
    case record_type::unsized_envelope:
        envelope_size_ = 0;
        inside_ = inside::envelope;
        break;
    default: break;
    }
}

/// Of an envelope in pieces.
std::uint64_t record_decoder::max_envelope_size() const noexcept {
    return std::max<std::uint64_t>(limits_.max_message_size, limits_.max_streamed_size);
}

result<stream_part> record_decoder::next_chunk_size(bytes_view unread) noexcept {
    byte_reader in(unread, offset_);
    const std::uint32_t size = read_multi_byte_int31(in);
    if (!in.ok()) {
        missing_ = 1;
        return in.failure();
    }
    if (size > max_envelope_size() - envelope_size_) {
        in.fail(errc::chunk_too_large, size, clamp_u32(max_envelope_size()));
        return in.failure();
    }
    if (size == 0) {
        stream_part part;
        part.type = part_type::envelope_end;
        part.offset = offset_;
        part.size = in.position();
        inside_ = inside::nothing;
        offset_ += part.size;
        return part;
    }
    if (in.remaining() == 0)  // the size goes with the first octets of its chunk
        return truncated(unread, 1);
    chunk_size_ = size;
    chunk_at_ = 0;
    inside_ = inside::chunk;
    return next_piece(unread, in.position(), size);
}

/// What `unread` holds of the next `left` octets of the envelope, behind a head of `head` octets.
result<stream_part> record_decoder::next_piece(bytes_view unread, std::size_t head,
                                               std::uint64_t left) noexcept {
    stream_part part;
    part.type = inside_ == inside::chunk ? part_type::chunk : part_type::octets;
    part.offset = offset_;
    part.payload = unread.subspan(head);
    part.payload = part.payload.first(
        static_cast<std::size_t>(std::min<std::uint64_t>(left, part.payload.size())));
    part.size = head + part.payload.size();
    if (inside_ == inside::chunk) {
        part.chunk_size = chunk_size_;
        part.chunk_at = chunk_at_;
        chunk_at_ += static_cast<std::uint32_t>(part.payload.size());
        if (chunk_at_ == chunk_size_)
            inside_ = inside::envelope;
    }
    envelope_size_ += part.payload.size();
    offset_ += part.size;
    return part;
}

result<stream_part> record_decoder::truncated(bytes_view unread, std::size_t missing) noexcept {
    missing_ = missing;
    return error{make_error_code(base_errc::truncated), offset_ + unread.size(), 0};
}

}  // namespace nettcp::framing
