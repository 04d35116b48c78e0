#pragma once

#include <channel/payload_traits.hpp>

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/framing/session.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace nettcp::channel {

/// How an envelope whose body is a stream is packed.
struct stream_format {
    payload_traits traits;
    std::string boundary;  ///< of MIME messages; empty: one that nobody can foresee
};

/// The octets of an envelope whose body is one stream: what goes before the content, the content as
/// records of octets, as base64 or as a part of its own, and what goes behind.
class outgoing_stream {
public:
    /// Octets that stand for the content while the envelope around it is written.
    static constexpr std::byte mark{0};

    /// Where the envelope is to be written as binary XML, emptied.
    octet_buffer& begin(stream_format format);
    /// The envelope has been written, with one octet `mark` as the content of the innermost of
    /// `depth` elements: sends all before that.
    result<void> start(framing::session& out, std::uint32_t depth);
    result<void> write(framing::session& out, bytes_view octets);
    result<void> end(framing::session& out);

private:
    result<void> start_text(framing::session& out);
    result<void> write_threes(framing::session& out, bytes_view first, bytes_view second);
    result<void> write_record(framing::session& out, bytes_view first, bytes_view second);
    result<void> write_digits(framing::session& out, bytes_view first, bytes_view second);
    result<void> write_chunk(framing::session& out, bytes_view octets);
    void append_end();

    stream_format format_;
    octet_buffer document_;
    octet_buffer packed_;
    std::string text_;
    std::string text_end_;  ///< what goes behind the content of a text
    std::optional<packer> packer_;
    std::uint32_t depth_ = 0;
    std::byte carry_[2]{};
    std::size_t carried_ = 0;
};

}  // namespace nettcp::channel
