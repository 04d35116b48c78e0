#include <nettcp/base/octet_buffer.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace nettcp {

octet_buffer::octet_buffer(octet_buffer&& other) noexcept
    : storage_(std::move(other.storage_)),
      capacity_(std::exchange(other.capacity_, 0)),
      front_(std::exchange(other.front_, 0)),
      back_(std::exchange(other.back_, 0)) {}

octet_buffer& octet_buffer::operator=(octet_buffer&& other) noexcept {
    storage_ = std::move(other.storage_);
    capacity_ = std::exchange(other.capacity_, 0);
    front_ = std::exchange(other.front_, 0);
    back_ = std::exchange(other.back_, 0);
    return *this;
}

void octet_buffer::append(bytes_view octets) {
    if (octets.empty())
        return;
    std::memcpy(prepare(octets.size()).data(), octets.data(), octets.size());
    commit(octets.size());
}

octet_buffer::block octet_buffer::exchange(block filled, std::size_t front,
                                           std::size_t size) noexcept {
    block own{std::exchange(storage_, std::move(filled.octets)),
              std::exchange(capacity_, filled.capacity)};
    front_ = front;
    back_ = front + size;
    return own;
}

void octet_buffer::shrink_to(std::size_t capacity) {
    if (capacity_ > capacity && size() <= capacity)
        move_to(capacity);
}

void octet_buffer::make_room(std::size_t size) {
    const std::size_t used = this->size();
    if (front_ >= used && capacity_ - used >= size) {  // sliding costs at most what was consumed
        if (used != 0)
            std::memcpy(storage_.get(), storage_.get() + front_, used);
        front_ = 0;
        back_ = used;
        return;
    }
    move_to(std::max({used + size, capacity_ * 2, std::size_t{64}}));
}

void octet_buffer::move_to(std::size_t capacity) {
    const std::size_t used = size();
    auto storage = capacity == 0 ? nullptr : std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (used != 0)
        std::memcpy(storage.get(), storage_.get() + front_, used);
    storage_ = std::move(storage);
    capacity_ = capacity;
    front_ = 0;
    back_ = used;
}

}  // namespace nettcp
