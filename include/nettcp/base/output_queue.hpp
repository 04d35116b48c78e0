#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/octet_buffer.hpp>

namespace nettcp {

/// Octets to send, in two buffers: one lent to the transport, one being filled.
///
/// What `lend` returned stays where it is, unchanged, until `sent` has retired all of it, so a
/// write can be in flight while more is queued; the next `lend` hands out everything queued
/// meanwhile as one run. An envelope is written in place: room is kept for what goes in front of
/// it, whose size is known only afterwards, and a move is needed only when the room was guessed
/// wrongly in the middle of a run.
class NETTCP_EXPORT output_queue {
public:
    /// The octets to send next; empty when there are none. An envelope begun is not lent.
    bytes_view lend() noexcept;
    /// Retires `size` octets from the front of what was lent.
    void sent(std::size_t size);
    /// Octets queued and lent together.
    std::size_t size() const noexcept { return filling_.size() + lent_.size(); }
    /// Forgets what was not lent yet.
    void drop_unlent() noexcept {
        filling_.clear();
        begun_ = false;
    }
    /// Where whole records are appended.
    octet_buffer& back() noexcept { return filling_; }

    /// Starts an envelope with about `front_room` octets, and a head, to come before it. The
    /// payload is appended to the buffer returned.
    octet_buffer& begin_envelope(std::size_t front_room);
    /// Octets of payload appended since `begin_envelope`.
    std::size_t payload_size() const noexcept { return filling_.size() - start_ - room_; }
    /// Puts `size` octets of space directly before the payload and returns them to be filled.
    std::span<std::byte> end_envelope(std::size_t size);
    /// Forgets the envelope begun.
    void abandon_envelope() noexcept {
        filling_.truncate(start_);
        begun_ = false;
    }
    /// Whether an envelope has begun and not ended.
    bool in_envelope() const noexcept { return begun_; }

    /// Frees storage that holds nothing.
    void release();

private:
    octet_buffer filling_;
    octet_buffer lent_;
    std::size_t start_ = 0;  ///< where in `filling_` the envelope begun has its room
    std::size_t room_ = 0;
    std::size_t last_room_ = 0;   ///< what the envelope before took in front: the guess
    std::size_t batch_size_ = 0;  ///< of what was lent last
    bool begun_ = false;
};

}  // namespace nettcp
