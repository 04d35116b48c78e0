// Decides how a stream of octets is cut into records: by threes, as .NET does, whose readers turn
// each record into base64 when they are asked for text; and what goes around it in a text.

#include <channel/outgoing_stream.hpp>

#include <channel/mtom_encoding.hpp>
#include <channel/text_encoding.hpp>
#include <nbfx/base64.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/channel/mtom_content_type.hpp>
#include <nettcp/nbfx/record_type.hpp>
#include <nettcp/xml/inclusions.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

constexpr std::byte end_element{0x01};
/// The record that holds the mark: its type, size and octet.
constexpr std::size_t mark_size = 3;
/// What a text holds in its place. Nothing behind it can look like that.
constexpr std::string_view mark_text = "AA==";

std::byte octet_of(std::size_t value, unsigned shift) noexcept {
    return static_cast<std::byte>(value >> shift & 0xff);
}

}  // namespace

octet_buffer& outgoing_stream::begin(stream_format format) {
    format_ = std::move(format);
    document_.clear();
    carried_ = 0;
    packer_.reset();
    if (format_.traits.packed != compression::none)
        packer_.emplace(format_.traits.packed);
    if (format_.traits.mime && format_.boundary.empty())
        format_.boundary = unforeseeable_boundary();
    return document_;
}

result<void> outgoing_stream::start(framing::session& out, std::uint32_t depth) {
    if (format_.traits.text)
        return start_text(out);
    const std::size_t tail = mark_size + depth - 1;
    const bytes_view document = document_.view();
    const auto marked = static_cast<std::byte>(nbfx::record_type::bytes8_text_with_end_element);
    if (document.size() < tail || document[document.size() - tail] != marked)
        return error{make_error_code(base_errc::invalid_state)};
    depth_ = depth;
    return write_chunk(out, document.first(document.size() - tail));
}

/// Behind the mark there are only end tags.
result<void> outgoing_stream::start_text(framing::session& out) {
    octet_buffer made;
    text_.clear();
    if (const auto written = text_from_document(document_.view(), charset::utf8, made, text_);
        !written)
        return written;
    const auto at = text_.rfind(mark_text);
    if (at == text_.npos)
        return error{make_error_code(base_errc::invalid_state)};
    text_end_ = text_.substr(at + mark_text.size());
    text_.resize(at);
    made.clear();
    append_text_start(made, *format_.traits.text, !format_.traits.mime);
    if (format_.traits.mime) {
        text_.append("<xop:Include href=\"cid:").append(stream_part_id);
        text_.append("\" xmlns:xop=\"").append(xml::xop_namespace).append("\"/>");
        text_.append(text_end_);
    }
    append_text(made, text_, *format_.traits.text);
    if (!format_.traits.mime)
        return write_chunk(out, made.view());
    document_.clear();
    append_mtom_front(document_, made.view(), *format_.traits.text, format_.traits.soap,
                      format_.boundary);
    return write_chunk(out, document_.view());
}

result<void> outgoing_stream::write(framing::session& out, bytes_view octets) {
    if (format_.traits.mime)
        return octets.empty() ? result<void>() : write_chunk(out, octets);
    if (carried_ + octets.size() < 3) {
        std::ranges::copy(octets, carry_ + carried_);
        carried_ += octets.size();
        return {};
    }
    const std::size_t size = octets.size() - (carried_ + octets.size()) % 3;
    if (const auto written = write_threes(out, bytes_view(carry_, carried_), octets.first(size));
        !written)
        return written;
    carried_ = octets.size() - size;
    std::ranges::copy(octets.subspan(size), carry_);
    return {};
}

result<void> outgoing_stream::end(framing::session& out) {
    if (carried_ != 0) {
        if (const auto written = write_threes(out, bytes_view(carry_, carried_), {}); !written)
            return written;
    }
    document_.clear();
    append_end();
    auto written = write_chunk(out, document_.view());
    if (written && packer_) {
        packed_.clear();
        packer_->end(packed_);
        packer_.reset();
        written = out.write_chunk(packed_.view());
    }
    return written ? out.end_chunks() : written;
}

void outgoing_stream::append_end() {
    if (format_.traits.mime)
        return append_mtom_end(document_, format_.boundary);
    if (format_.traits.text)
        return append_text(document_, text_end_, *format_.traits.text);
    for (std::uint32_t i = 0; i != depth_; ++i)
        document_.append(end_element);
}

result<void> outgoing_stream::write_threes(framing::session& out, bytes_view first,
                                           bytes_view second) {
    return format_.traits.text ? write_digits(out, first, second)
                               : write_record(out, first, second);
}

/// `first` has fewer than three octets.
result<void> outgoing_stream::write_digits(framing::session& out, bytes_view first,
                                           bytes_view second) {
    text_.clear();
    if (!first.empty()) {
        std::byte three[3];
        const std::size_t added = std::min(std::size(three) - first.size(), second.size());
        std::ranges::copy(first, three);
        std::ranges::copy(second.first(added), three + first.size());
        nbfx::append_base64(text_, bytes_view(three, first.size() + added));
        second = second.subspan(added);
    }
    nbfx::append_base64(text_, second);
    document_.clear();
    append_text(document_, text_, *format_.traits.text);
    return write_chunk(out, document_.view());
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
