#pragma once

#include <nettcp/base/bytes.hpp>

#include <cstdint>

namespace nettcp::inspect {

/// A cursor over the elements of one level of DER: tag, length, content. Goes into nothing by
/// itself, so depth is the caller's to choose. Remembers its first failure and then yields nothing.
///
/// Takes tags of one octet and definite lengths of up to four octets, which is all that GSS-API's
/// tokens have; a length beyond the octets at hand is a failure.
class der_reader {
public:
    explicit der_reader(bytes_view octets) noexcept : rest_(octets) {}

    struct element {
        std::uint8_t tag = 0;
        bytes_view content;
    };

    bool ok() const noexcept { return ok_; }
    bool at_end() const noexcept { return !ok_ || rest_.empty(); }

    /// The next element; of tag 0 and empty after a failure or at the end.
    element next() noexcept {
        if (at_end())
            return {};
        if (rest_.size() < 2 || (u8(0) & 0x1f) == 0x1f)
            return fail();
        std::size_t size = u8(1);
        std::size_t head = 2;
        if (size >= 0x80) {
            const std::size_t octets = size & 0x7f;
            head += octets;
            if (octets == 0 || octets > 4 || rest_.size() < head)
                return fail();
            size = 0;
            for (std::size_t i = 2; i < head; ++i)
                size = size << 8 | u8(i);
        }
        if (rest_.size() - head < size)
            return fail();
        const element found{static_cast<std::uint8_t>(u8(0)), rest_.subspan(head, size)};
        rest_ = rest_.subspan(head + size);
        return found;
    }

    /// The content of the next element if it has this tag; else a failure.
    bytes_view next(std::uint8_t tag) noexcept {
        const element found = next();
        if (found.tag != tag)
            return fail().content;
        return found.content;
    }

    /// What follows the elements read so far.
    bytes_view rest() const noexcept { return ok_ ? rest_ : bytes_view(); }

private:
    std::size_t u8(std::size_t at) const noexcept {
        return std::to_integer<std::size_t>(rest_[at]);
    }
    element fail() noexcept {
        ok_ = false;
        return {};
    }

    bytes_view rest_;
    bool ok_ = true;
};

}  // namespace nettcp::inspect
