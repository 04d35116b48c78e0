#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/errc.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>

#include <cstring>

namespace nettcp {

/// A cursor over borrowed octets that remembers its first failure and then yields zeros.
///
/// Decoders are therefore straight lines that ask `ok()` or `done()` once, at the end; a loop
/// must test `ok()` or be bounded by a limit. All numbers are little-endian. Running out of
/// octets is `base_errc::truncated` and nothing else.
class byte_reader {
public:
    /// Reads `octets`, which must outlive the reader; `start` is added to reported offsets.
    explicit byte_reader(bytes_view octets, std::uint64_t start = 0) noexcept
        : begin_(octets.data()), next_(begin_), end_(begin_ + octets.size()), start_(start) {}

    std::uint8_t u8() noexcept { return little_endian<std::uint8_t>(); }
    std::uint16_t u16() noexcept { return little_endian<std::uint16_t>(); }
    std::uint32_t u32() noexcept { return little_endian<std::uint32_t>(); }
    std::uint64_t u64() noexcept { return little_endian<std::uint64_t>(); }

    /// The next `size` octets as a view of the input; empty after a failure.
    bytes_view take(std::size_t size) noexcept {
        if (size > remaining()) {
            fail(base_errc::truncated, 0);
            return {};
        }
        const bytes_view taken{next_, size};
        next_ += size;
        return taken;
    }

    /// The next `size` octets as text, unchecked.
    std::string_view text(std::size_t size) noexcept { return as_text(take(size)); }

    /// Records a failure at the octet read last (the cursor stops); later failures are ignored.
    template <class Errc>
    void fail(Errc code, std::uint32_t got, std::uint32_t limit = 0) noexcept {
        fail_at(code, position() == 0 ? 0 : position() - 1, got, limit);
    }

    /// Records a failure at `offset` octets from the start of this reader's input.
    template <class Errc>
    void fail_at(Errc code, std::size_t offset, std::uint32_t got,
                 std::uint32_t limit = 0) noexcept {
        if (ok_) {
            ok_ = false;
            if constexpr (std::is_same_v<Errc, base_errc>) {
                if (code == base_errc::truncated)  // reported where the octets ended
                    offset = static_cast<std::size_t>(end_ - begin_);
            }
            failure_ = error{make_error_code(code), start_ + offset, got, limit};
            end_ = next_;
        }
    }

    bool ok() const noexcept { return ok_; }
    const error& failure() const noexcept { return failure_; }
    std::size_t position() const noexcept { return static_cast<std::size_t>(next_ - begin_); }
    std::size_t remaining() const noexcept { return static_cast<std::size_t>(end_ - next_); }
    bytes_view rest() const noexcept { return {next_, remaining()}; }

    /// `value` when everything was read without failure, else the first failure.
    template <class T>
    result<T> done(T value) const {
        if (!ok_)
            return failure_;
        return value;
    }

private:
    template <class T>
    T little_endian() noexcept {
        if (remaining() < sizeof(T)) {
            fail(base_errc::truncated, 0);
            return 0;
        }
        T value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i)
            value = static_cast<T>(value | static_cast<T>(std::to_integer<T>(next_[i]) << (8 * i)));
        next_ += sizeof(T);
        return value;
    }

    const std::byte* begin_;
    const std::byte* next_;
    const std::byte* end_;
    std::uint64_t start_;
    error failure_{};
    bool ok_ = true;
};

}  // namespace nettcp
