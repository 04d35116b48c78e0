#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>

#include <cstdint>
#include <initializer_list>

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

/// Appends `parts`, one behind the other, compressed to `out`.
void compress(compression how, std::initializer_list<bytes_view> parts, octet_buffer& out);

}  // namespace nettcp::channel
