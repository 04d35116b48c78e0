#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/octet_buffer.hpp>

#include <memory>

namespace nettcp {

/// Octets received and not consumed yet, and the space to receive more into.
///
/// Lends little to a peer that sends little: 256 octets at first, more each time the peer fills
/// what it was lent, up to 64 KiB. What a peer announces never sizes it: for a long record it
/// doubles with the octets that have really come. It never holds storage for more than the record
/// in progress and 64 KiB.
class NETTCP_EXPORT input_buffer {
public:
    static constexpr std::size_t smallest_space = 256;
    static constexpr std::size_t largest_space = 64u << 10;
    /// Fewer octets are copied by `hand_over`: that is quicker than finding their storage's
    /// successor.
    static constexpr std::size_t handed_over = 64u << 10;

    input_buffer() noexcept = default;
    input_buffer(input_buffer&& other) noexcept;
    input_buffer& operator=(input_buffer&& other) noexcept;

    /// Space to receive into. `missing` is what the record in progress lacks, as far as known.
    /// Ends the life of every view of the content.
    std::span<std::byte> space(std::size_t missing);

    /// Declares that the first `size` octets of the space lent last have been filled.
    void received(std::size_t size) noexcept;

    bytes_view view() const noexcept { return {storage_.get() + front_, back_ - front_}; }
    /// The same octets, for those who work in place.
    std::span<std::byte> octets() noexcept { return {storage_.get() + front_, back_ - front_}; }
    bool empty() const noexcept { return front_ == back_; }
    std::size_t size() const noexcept { return back_ - front_; }
    std::size_t capacity() const noexcept { return capacity_; }

    /// Drops `size` octets from the front. Views stay good until the next `space`.
    void consume(std::size_t size) noexcept { front_ += size; }
    void clear() noexcept { front_ = back_; }

    /// Makes octets consumed last, `part` of them, the content of `into`: copies them, or when
    /// they are many and fill most of the storage, hands that over and goes on with what `into`
    /// had. Space that is lent stays where it is: then it copies. Ends the life of every view of
    /// the content.
    void hand_over(bytes_view part, octet_buffer& into);

    /// Frees storage that holds nothing and lends little again: for a connection gone idle.
    void release();

private:
    void judge_storage();
    void resize(std::size_t capacity);

    std::unique_ptr<std::byte[]> storage_;
    std::size_t capacity_ = 0;
    std::size_t front_ = 0;
    std::size_t back_ = 0;
    std::size_t lent_ = 0;
    std::size_t pace_ = smallest_space;  ///< how much to lend
    std::size_t peak_ = 0;  ///< most octets held since storage was last judged
    bool is_lent_ = false;  ///< space is, and may be filled any moment
    unsigned quiet_ = 0;  ///< receptions in a row that used little of what was lent
    unsigned receptions_ = 0;  ///< since storage was last judged
};

}  // namespace nettcp
