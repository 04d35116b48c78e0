#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <initializer_list>
#include <memory>

namespace nettcp::channel {

/// How the octets of an encoding are packed.
enum class compression : std::uint8_t {
    none,
    gzip,     ///< RFC 1952, one member
    deflate,  ///< RFC 1951, without the wrapping of zlib
};

/// Appends what `packed` holds to `out`: at most `max_size` octets. Space is taken as octets come
/// out, whatever `packed` promises.
///
/// Fails with `errc::decompressed_too_large`, and with `errc::compressed_malformed` for damage, an
/// end that comes too early, and octets behind it; `at` is the offset in `packed`. On failure `out`
/// holds what came before.
result<void> decompress(compression how, bytes_view packed, octet_buffer& out,
                        std::size_t max_size);

/// Unpacks octets that come in pieces, as many at a time as are wanted.
class unpacker {
public:
    /// At most `max_size` octets in all.
    unpacker(compression how, std::uint64_t max_size);
    unpacker(unpacker&&) noexcept;
    unpacker& operator=(unpacker&&) noexcept;
    ~unpacker();

    /// Appends what comes out of `packed` to `out`, until that has `enough` octets; how much of
    /// `packed` has been used. Fails like `decompress`.
    result<std::size_t> take(bytes_view packed, octet_buffer& out, std::size_t enough);
    /// All has come out.
    bool ended() const noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Packs octets that come in pieces.
class packer {
public:
    explicit packer(compression how);
    packer(packer&&) noexcept;
    packer& operator=(packer&&) noexcept;
    ~packer();

    /// Appends the packed octets to `out`; the peer can unpack all of them at once.
    void add(bytes_view octets, octet_buffer& out);
    /// Appends the end.
    void end(octet_buffer& out);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Appends `parts`, one behind the other, compressed to `out`.
void compress(compression how, std::initializer_list<bytes_view> parts, octet_buffer& out);

}  // namespace nettcp::channel
