#include <nettcp/base/output_queue.hpp>

#include <cstring>
#include <utility>

namespace nettcp {

namespace {

/// The most octets of an envelope's head: type and size.
constexpr std::size_t largest_head = 6;
/// Storage above this is freed when a batch needed little of it.
constexpr std::size_t spare_storage = 256u << 10;

}  // namespace

bytes_view output_queue::lend() noexcept {
    if (lent_.empty() && !begun_) {
        std::swap(lent_, filling_);
        batch_size_ = lent_.size();
    }
    return lent_.view();
}

void output_queue::sent(std::size_t size) {
    lent_.consume(size);
    if (lent_.empty() && lent_.capacity() > spare_storage && batch_size_ < lent_.capacity() / 4)
        lent_.shrink_to(spare_storage / 4);
}

octet_buffer& output_queue::begin_envelope(std::size_t front_room) {
    start_ = filling_.size();
    // At the front of the buffer too much room is free of charge: it is simply not sent. Further
    // back it would leave a hole, so there the envelope before serves as the guess.
    room_ = start_ == 0 || last_room_ == 0 ? front_room + largest_head : last_room_;
    filling_.prepare(room_);
    filling_.commit(room_);
    begun_ = true;
    return filling_;
}

std::span<std::byte> output_queue::end_envelope(std::size_t size) {
    begun_ = false;
    last_room_ = size;
    if (start_ == 0 && size <= room_) {
        filling_.consume(room_ - size);
        return {filling_.data(), size};
    }
    const std::size_t payload = payload_size();
    if (size > room_)
        filling_.prepare(size - room_);
    std::byte* const front = filling_.data() + start_;
    if (size != room_)
        std::memmove(front + size, front + room_, payload);
    if (size > room_)
        filling_.commit(size - room_);
    else
        filling_.truncate(start_ + size + payload);
    return {front, size};
}

void output_queue::release() {
    lent_.shrink_to(lent_.size());
    if (!begun_)
        filling_.shrink_to(filling_.size());
}

}  // namespace nettcp
