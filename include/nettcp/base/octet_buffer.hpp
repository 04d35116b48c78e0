#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>

#include <memory>

namespace nettcp {

/// A growable run of octets: filled at the back, consumed at the front, owner of its storage.
///
/// Steady state allocates nothing: consumed space is reclaimed by moving the rest to the
/// front. Views into it die with the next non-const call. Grows only as far as its callers
/// ask, so callers check a peer's number against a limit before they pass it to `prepare`.
class NETTCP_EXPORT octet_buffer {
public:
    octet_buffer() noexcept = default;
    octet_buffer(octet_buffer&& other) noexcept;
    octet_buffer& operator=(octet_buffer&& other) noexcept;
    octet_buffer(const octet_buffer&) = delete;
    octet_buffer& operator=(const octet_buffer&) = delete;

    bytes_view view() const noexcept { return {storage_.get() + front_, size()}; }
    std::byte* data() noexcept { return storage_.get() + front_; }
    std::size_t size() const noexcept { return back_ - front_; }
    bool empty() const noexcept { return back_ == front_; }
    std::size_t capacity() const noexcept { return capacity_; }

    /// Space for at least `size` more octets behind the content; fill it, then `commit`.
    std::span<std::byte> prepare(std::size_t size) {
        if (capacity_ - back_ < size)
            make_room(size);
        return {storage_.get() + back_, capacity_ - back_};
    }

    /// Declares that `size` octets of prepared space now hold content.
    void commit(std::size_t size) noexcept { back_ += size; }

    /// Drops `size` octets from the front (at most `size()`).
    void consume(std::size_t size) noexcept {
        front_ += size;
        if (front_ == back_)
            front_ = back_ = 0;
    }

    /// Cuts the content down to its first `size` octets.
    void truncate(std::size_t size) noexcept { back_ = front_ + size; }

    void append(bytes_view octets);
    void append(std::byte octet) {
        prepare(1)[0] = octet;
        commit(1);
    }

    /// Forgets the content and keeps the storage.
    void clear() noexcept { front_ = back_ = 0; }

    /// Storage, and how many octets it has room for.
    struct block {
        std::unique_ptr<std::byte[]> octets;
        std::size_t capacity = 0;
    };
    /// Takes storage over whose octets from `front` on, `size` of them, are the content from now
    /// on, and gives its own away.
    block exchange(block filled, std::size_t front, std::size_t size) noexcept;

    /// Gives storage above `capacity` octets back when the content fits into it.
    void shrink_to(std::size_t capacity);

private:
    void make_room(std::size_t size);
    void move_to(std::size_t capacity);

    std::unique_ptr<std::byte[]> storage_;
    std::size_t capacity_ = 0;
    std::size_t front_ = 0;
    std::size_t back_ = 0;
};

}  // namespace nettcp
