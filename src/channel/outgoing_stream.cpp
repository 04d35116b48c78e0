// Decides how a stream of octets is cut into records: by threes, as .NET does, whose readers turn
// each record into base64 when they are asked for text.

#include <channel/outgoing_stream.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/record_type.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

constexpr std::byte end_element{0x01};
/// The record that holds the mark: its type, size and octet.
constexpr std::size_t mark_size = 3;

std::byte octet_of(std::size_t value, unsigned shift) noexcept {
    return static_cast<std::byte>(value >> shift & 0xff);
}

}  // namespace

result<void> outgoing_stream::start(framing::session& out, std::uint32_t depth) {
    const std::size_t tail = mark_size + depth - 1;
    const bytes_view document = document_.view();
    const auto marked = static_cast<std::byte>(nbfx::record_type::bytes8_text_with_end_element);
    if (document.size() < tail || document[document.size() - tail] != marked)
        return error{make_error_code(base_errc::invalid_state)};
    depth_ = depth;
    return write_chunk(out, document.first(document.size() - tail));
}

result<void> outgoing_stream::write(framing::session& out, bytes_view octets) {
    if (carried_ + octets.size() < 3) {
        std::ranges::copy(octets, carry_ + carried_);
        carried_ += octets.size();
        return {};
    }
    const std::size_t size = octets.size() - (carried_ + octets.size()) % 3;
    if (const auto written = write_record(out, bytes_view(carry_, carried_), octets.first(size));
        !written)
        return written;
    carried_ = octets.size() - size;
    std::ranges::copy(octets.subspan(size), carry_);
    return {};
}

result<void> outgoing_stream::end(framing::session& out) {
    if (carried_ != 0) {
        if (const auto written = write_record(out, bytes_view(carry_, carried_), {}); !written)
            return written;
    }
    document_.clear();
    for (std::uint32_t i = 0; i != depth_; ++i)
        document_.append(end_element);
    auto written = write_chunk(out, document_.view());
    if (written && packer_) {
        packed_.clear();
        packer_->end(packed_);
        packer_.reset();
        written = out.write_chunk(packed_.view());
    }
    return written ? out.end_chunks() : written;
}

result<void> outgoing_stream::write_chunk(framing::session& out, bytes_view octets) {
    if (!packer_)
        return out.write_chunk(octets);
    packed_.clear();
    packer_->add(octets, packed_);
    return out.write_chunk(packed_.view());
}

result<void> outgoing_stream::write_record(framing::session& out, bytes_view first,
                                           bytes_view second) {
    using nbfx::record_type;
    const std::size_t size = first.size() + second.size();
    document_.clear();
    if (size <= 0xff) {
        document_.append(static_cast<std::byte>(record_type::bytes8_text));
        document_.append(octet_of(size, 0));
    } else if (size <= 0xffff) {
        document_.append(static_cast<std::byte>(record_type::bytes16_text));
        document_.append(octet_of(size, 0));
        document_.append(octet_of(size, 8));
    } else {
        document_.append(static_cast<std::byte>(record_type::bytes32_text));
        for (unsigned shift = 0; shift != 32; shift += 8)
            document_.append(octet_of(size, shift));
    }
    document_.append(first);
    document_.append(second);
    return write_chunk(out, document_.view());
}

}  // namespace nettcp::channel
