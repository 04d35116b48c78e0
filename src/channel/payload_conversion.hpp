#pragma once

#include <channel/payload_traits.hpp>

#include <nettcp/base/limits.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>

#include <string>
#include <string_view>

namespace nettcp::channel {

/// Between the payloads of an encoding that is not plain binary XML, and binary XML.
///
/// Only sessions of such encodings have one. Between messages it keeps little storage.
class payload_conversion {
public:
    /// `max_size`: octets that a payload may unpack to. With `follow_peer`, text is written in the
    /// byte order of the last that was read, that of MTOM also in its character set.
    /// `boundary` is that of MIME messages, if it can be.
    payload_conversion(const payload_traits& traits, const reader_quotas& quotas,
                       std::size_t max_size, bool follow_peer, std::string_view boundary = {})
        : traits_(traits),
          quotas_(quotas),
          max_size_(max_size),
          follow_peer_(follow_peer),
          boundary_(boundary) {}

    const payload_traits& traits() const noexcept { return traits_; }
    /// That of MIME messages; empty: the first that can be.
    const std::string& boundary() const noexcept { return boundary_; }
    /// The peer's text is in this; with `follow_peer`, so is ours.
    void follow(charset found) noexcept {
        if (follow_peer_)
            traits_.text = found;
    }

    /// The binary XML of a received payload, behind its string table if the encoding has one.
    /// Good until the next call. Fails with `errc::charset_mismatch`, and like `decompress`,
    /// `document_from_text` and `document_from_mtom`.
    result<bytes_view> unpacked(bytes_view payload);

    /// Where the document of an envelope is to be written, emptied.
    octet_buffer& begin() noexcept;
    /// The size of the document written there.
    std::size_t size() const noexcept { return work_.size(); }
    /// Appends the payload of that document to `out`; `table` goes before it.
    result<void> pack(bytes_view table, octet_buffer& out);
    /// Lets go of what a large message took.
    void release() noexcept;

private:
    result<void> read_text(bytes_view payload);
    result<void> read_mime(bytes_view payload);

    payload_traits traits_;
    reader_quotas quotas_;
    std::size_t max_size_;
    bool follow_peer_;
    std::string boundary_;
    octet_buffer work_;
    std::string text_;
};

}  // namespace nettcp::channel
