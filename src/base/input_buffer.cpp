#include <nettcp/base/input_buffer.hpp>

#include <algorithm>
#include <cstring>
#include <utility>

namespace nettcp {

namespace {

/// Receptions that use little of what was lent before less is lent.
constexpr unsigned quiet_receptions = 16;
/// Receptions before storage above `largest_space` is judged by how much of it was needed.
constexpr unsigned judged_receptions = 64;

}  // namespace

input_buffer::input_buffer(input_buffer&& other) noexcept {
    *this = std::move(other);
}

input_buffer& input_buffer::operator=(input_buffer&& other) noexcept {
    storage_ = std::move(other.storage_);
    capacity_ = std::exchange(other.capacity_, 0);
    front_ = std::exchange(other.front_, 0);
    back_ = std::exchange(other.back_, 0);
    lent_ = std::exchange(other.lent_, 0);
    pace_ = std::exchange(other.pace_, smallest_space);
    peak_ = std::exchange(other.peak_, 0);
    quiet_ = std::exchange(other.quiet_, 0);
    receptions_ = std::exchange(other.receptions_, 0);
    is_lent_ = std::exchange(other.is_lent_, false);
    return *this;
}

std::span<std::byte> input_buffer::space(std::size_t missing) {
    if (empty()) {
        front_ = back_ = 0;
        judge_storage();
    }
    const std::size_t used = size();
    std::size_t wanted = pace_;
    if (missing > pace_)  // a long record: as much again as has come, but not past its end
        wanted = std::min(missing, std::max(used, pace_));
    const std::size_t free = capacity_ - back_;
    // Room for half of it, or for the rest of the record, is enough: were room made for each
    // single octet that comes, a slow peer would cost us a copy of everything with each.
    if (free < wanted / 2 && (missing == 0 || free < missing)) {
        if (capacity_ - used < wanted) {
            const std::size_t least = used + wanted;
            // For a long record rounded, so that the next of about that size fits, too.
            const bool is_long = missing > pace_ && least > largest_space;
            resize(is_long ? (least + largest_space - 1) & ~(largest_space - 1) : least);
        } else {
            std::memmove(storage_.get(), storage_.get() + front_, used);
            front_ = 0;
            back_ = used;
        }
    }
    lent_ = std::min(std::max(wanted, missing), capacity_ - back_);
    is_lent_ = true;
    return {storage_.get() + back_, lent_};
}

void input_buffer::received(std::size_t size) noexcept {
    back_ += size;
    is_lent_ = false;
    if (size == lent_) {
        pace_ = std::min(pace_ * 4, largest_space);
        quiet_ = 0;
    } else if (size >= lent_ / 8) {
        quiet_ = 0;
    } else if (++quiet_ == quiet_receptions) {
        pace_ = std::max(pace_ / 4, smallest_space);
        quiet_ = 0;
    }
    peak_ = std::max(peak_, this->size());
    ++receptions_;
}

void input_buffer::hand_over(bytes_view part, octet_buffer& into) {
    const std::size_t front = static_cast<std::size_t>(part.data() - storage_.get());
    const std::size_t rest = size();
    // Neither side may be left with much more than what it holds needs.
    const bool worth_it = !is_lent_ && part.size() >= handed_over && capacity_ / 2 <= part.size() &&
                          into.capacity() / 2 <= part.size() && rest <= largest_space;
    if (!worth_it) {
        into.clear();
        into.append(part);
        return;
    }
    const bytes_view unread = view();
    auto next = into.exchange({std::move(storage_), capacity_}, front, part.size());
    storage_ = std::move(next.octets);
    capacity_ = next.capacity;
    front_ = back_ = 0;
    if (capacity_ < rest)
        resize(rest);
    if (rest != 0)
        std::memcpy(storage_.get(), unread.data(), rest);
    back_ = rest;
}

/// Frees what one long record needed and those after it did not.
void input_buffer::judge_storage() {
    if (receptions_ < judged_receptions || capacity_ <= largest_space)
        return;
    if (peak_ < capacity_ / 4)
        resize(std::max(peak_, pace_));
    receptions_ = 0;
    peak_ = 0;
}

void input_buffer::release() {
    pace_ = smallest_space;
    resize(size());
}

void input_buffer::resize(std::size_t capacity) {
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
