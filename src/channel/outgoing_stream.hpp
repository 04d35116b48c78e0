#pragma once

#include <channel/compression.hpp>

#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/framing/session.hpp>

#include <cstdint>
#include <optional>

namespace nettcp::channel {

/// The octets of an envelope whose body is one stream: what goes before the content, the content as
/// records of octets, and the ends of the elements around it.
class outgoing_stream {
public:
    /// Octets that stand for the content while the envelope around it is written.
    static constexpr std::byte mark{0};

    /// Where the envelope is to be written, emptied.
    octet_buffer& begin(compression how) {
        document_.clear();
        carried_ = 0;
        packer_.reset();
        if (how != compression::none)
            packer_.emplace(how);
        return document_;
    }
    /// The envelope has been written, with one octet `mark` as the content of the innermost of
    /// `depth` elements: sends all before that.
    result<void> start(framing::session& out, std::uint32_t depth);
    result<void> write(framing::session& out, bytes_view octets);
    result<void> end(framing::session& out);

private:
    result<void> write_record(framing::session& out, bytes_view first, bytes_view second);
    result<void> write_chunk(framing::session& out, bytes_view octets);

    octet_buffer document_;
    octet_buffer packed_;
    std::optional<packer> packer_;
    std::uint32_t depth_ = 0;
    std::byte carry_[2]{};
    std::size_t carried_ = 0;
};

}  // namespace nettcp::channel
