// What follows the handshake of [MS-NNS]: frames, each a size in four octets, little endian, and
// what the mechanism made of at most 64,512 plain octets; or raw octets when nothing is protected.

#include "security/negotiate_upgrade.hpp"

#include <nettcp/security/errc.hpp>

#include <algorithm>
#include <cassert>
#include <functional>

namespace nettcp::security {

namespace {

constexpr std::size_t size_size = 4;
/// A frame of this size or less cannot be; .NET refuses it as well.
constexpr std::size_t frame_size_below = 4;
/// What mechanisms add at most, to allocate once for a frame.
constexpr std::size_t wrapping_room = 128;

}  // namespace

result<std::size_t> negotiate_upgrade::read(std::span<std::byte> into) {
    const std::size_t wanted = into.size();
    if (failed())
        return failure_;
    if (state_ != state::open)
        return std::size_t{0};
    if (is_raw_) {
        const std::size_t size = std::min(wanted, input_.size());
        std::copy_n(input_.view().begin(), size, into.begin());
        consume(size);
        return size;
    }
    // One frame at a time: the one behind may be none of ours, but clear octets after the end.
    while (!drain_plain(into) && into.size() == wanted) {
        const auto opened = open_frame();
        if (opened.has_error())
            return opened.error();
        if (!*opened)
            break;
    }
    return wanted - into.size();
}

/// Moves what is plain already; whether `into` is full.
bool negotiate_upgrade::drain_plain(std::span<std::byte>& into) {
    const bool is_lent = !lent_plain_.empty();
    const bytes_view plain = is_lent ? lent_plain_ : input_.view().first(plain_size_);
    const std::size_t size = std::min(into.size(), plain.size());
    std::copy_n(plain.begin(), size, into.begin());
    into = into.subspan(size);
    if (is_lent) {
        lent_plain_ = lent_plain_.subspan(size);
    } else {
        consume(size);
        plain_size_ -= size;
    }
    if (plain_size_ == 0) {
        consume(trailer_size_);
        trailer_size_ = 0;
    }
    return into.empty();
}

/// Opens the next frame, if it is whole. All that was plain has been read.
result<bool> negotiate_upgrade::open_frame() {
    const auto held = input_.octets();
    if (held.size() < size_size)
        return false;
    std::uint32_t size = 0;
    for (std::size_t i = size_size; i-- > 0;)
        size = size << 8 | std::to_integer<std::uint32_t>(held[i]);
    if (size <= frame_size_below || size > max_frame_size) {
        fail(errc::frame_size_invalid, consumed_, size);
        return failure_;
    }
    if (held.size() < size_size + size)
        return false;
    const auto payload = held.subspan(size_size, size);
    const auto plain = mechanism_->unwrap(payload);
    if (plain.has_error()) {
        said_ = mechanism_->said();
        fail(plain.error().code, consumed_ + plain.error().at, plain.error().got);
        return failure_;
    }
    const std::less_equal<const std::byte*> before;
    const bool is_in_place = !plain->empty() && before(payload.data(), plain->data()) &&
                             before(plain->data(), payload.data() + payload.size());
    if (!is_in_place) {
        lent_plain_ = *plain;
        consume(size_size + size);
        return true;
    }
    const auto front = static_cast<std::size_t>(plain->data() - held.data());
    consume(front);
    plain_size_ = plain->size();
    trailer_size_ = size_size + size - front - plain_size_;
    return true;
}

result<void> negotiate_upgrade::write(bytes_view plain) {
    assert(state_ == state::open || failed());
    if (failed())
        return failure_;
    if (is_raw_) {
        output_.back().append(plain);
        return {};
    }
    while (!plain.empty()) {
        const bytes_view chunk = plain.first(std::min(plain.size(), max_frame_plain));
        if (const auto written = write_frame(chunk); written.has_error())
            return written;
        plain = plain.subspan(chunk.size());
    }
    return {};
}

result<void> negotiate_upgrade::write_frame(bytes_view plain) {
    octet_buffer& out = output_.back();
    const std::size_t start = out.size();
    out.prepare(size_size + plain.size() + wrapping_room);
    out.commit(size_size);
    const auto wrapped = mechanism_->wrap(plain, out);
    const std::size_t size = out.size() - start - size_size;
    if (wrapped.has_error() || size <= frame_size_below || size > max_frame_size) {
        out.truncate(start);
        said_ = mechanism_->said();
        const error why =
            wrapped.has_error() ? wrapped.error() : error{make_error_code(errc::mechanism_failed)};
        fail(why.code, consumed_, why.got);
        return failure_;
    }
    std::byte* const front = out.data() + start;
    for (std::size_t i = 0; i < size_size; ++i)
        front[i] = static_cast<std::byte>(size >> 8 * i);
    return {};
}

}  // namespace nettcp::security
