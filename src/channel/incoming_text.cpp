// Decides what of a text in pieces is the head of its envelope, and which part of an MTOM message
// the stream is.

#include <channel/incoming_text.hpp>

#include <channel/mtom_rules.hpp>
#include <channel/text_encoding.hpp>

#include <nettcp/channel/errc.hpp>
#include <nettcp/soap/names.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

using standing = xml::text_stream::standing;

/// Octets that are read at a time; headers of parts must fit.
constexpr std::size_t piece_size = std::size_t{16} << 10;
static_assert(piece_size > max_mime_headers_size + 4);
/// Octets that tell UTF-16 from UTF-8.
constexpr std::size_t mark_size = 2;

std::string_view namespace_of(soap::soap_version version) noexcept {
    return version == soap::soap_version::soap11 ? soap::names::ns_soap11.text
                                                 : soap::names::ns_soap12.text;
}

}  // namespace

incoming_text::incoming_text(const payload_traits& traits, const reader_quotas& quotas,
                             std::uint32_t max_header_size)
    : traits_(traits), max_header_size_(max_header_size) {
    if (traits.mime)
        mime_ = std::make_unique<mime_pieces>();
    options_.dictionary = xml::dictionary_use::none;
    options_.max_depth = quotas.max_depth;
    options_.max_attributes = quotas.max_attributes;
    wanted_.container = soap::names::body.text;
    wanted_.container_namespace = namespace_of(traits.soap);
    wanted_.max_tag = max_header_size;
    wanted_.has_inclusions = traits.mime;
    wanted_.not_one = make_error_code(errc::stream_malformed);
}

void incoming_text::start_text(charset in) {
    found_ = in;
    options_.charset = known_to_parser(in);
    text_ = std::make_unique<xml::text_stream>(head_, options_, wanted_);
}

bool incoming_text::head_known() const noexcept {
    return text_ && text_->where() == standing::found;
}

bool incoming_text::is_fault() const noexcept {
    return text_->element() == soap::names::fault.text &&
           text_->element_namespace() == wanted_.container_namespace;
}

bool incoming_text::waits_for_owner() const noexcept {
    return needs_whole_ || ended_ || (head_known() && !streaming_) ||
           content_.size() >= window_size;
}

result<std::size_t> incoming_text::take(bytes_view octets, bool last) {
    content_.clear();
    if (streaming_ && head_known()) {
        if (const auto gone_on = text_->go_on(content_); !gone_on)
            return gone_on.error();
        // Expat may see a tag that came in parts only when the whole root has come.
        if (has_root_) {
            if (const auto named = note_stream_part(); !named)
                return named.error();
        }
    }
    std::size_t used = 0;
    while (!waits_for_owner()) {
        const std::size_t room = streaming_ ? piece_size : max_header_size_ - header_octets_;
        const bytes_view piece =
            octets.subspan(used).first(std::min({octets.size() - used, piece_size, room}));
        const bool ends = last && used + piece.size() == octets.size();
        const auto taken = mime_ ? take_parts(piece, ends) : take_text(piece, ends);
        if (!taken)
            return taken.error();
        used += *taken;
        if (!streaming_)
            header_octets_ += *taken;
        if (*taken == 0 && room < piece_size && piece.size() == room && !waits_for_owner())
            return error{make_error_code(errc::headers_too_large), max_header_size_, 0,
                         clamp_u32(max_header_size_)};
        if (*taken == 0 && !ended_)
            break;
    }
    return used;
}

result<std::size_t> incoming_text::take_text(bytes_view octets, bool last) {
    if (!text_) {
        if (octets.size() < mark_size && !last)
            return std::size_t{0};
        const charset in = charset_of(octets);
        if ((in == charset::utf8) != (*traits_.text == charset::utf8))
            return error{make_error_code(errc::charset_mismatch)};
        start_text(in);
    }
    if (octets.empty() && !last)
        return std::size_t{0};
    if (const auto read = text_->read_piece(as_text(octets), last, content_); !read)
        return read.error();
    needs_whole_ = text_->where() == standing::none;
    ended_ = text_->where() == standing::ended;
    return octets.size();
}

result<std::size_t> incoming_text::take_parts(bytes_view octets, bool last) {
    for (std::size_t used = 0;;) {
        std::size_t size = 0;
        const auto step = mime_->next(octets.subspan(used), last, size);
        if (!step)
            return step.error();
        used += size;
        if (*step == mime_pieces::step::wants_more)
            return used;
        if (const auto taken = take_step(*step); !taken)
            return taken.error();
        if (waits_for_owner())
            return used;
    }
}

result<void> incoming_text::take_step(mime_pieces::step what) {
    switch (what) {
    case mime_pieces::step::message: return message_begun();
    case mime_pieces::step::part: return part_begun();
    case mime_pieces::step::content:
        if (part_ == part::root)
            return read_root(as_text(mime_->content()), false);
        if (part_ == part::stream)
            content_.append(mime_->content());
        break;
    case mime_pieces::step::part_ended: return part_ == part::root ? root_ended() : result<void>();
    case mime_pieces::step::closed: return message_ended();
    case mime_pieces::step::again:
    case mime_pieces::step::wants_more: break;
    }
    return {};
}

error incoming_text::failed(errc rule) const noexcept {
    return {make_error_code(rule), mime_->offset()};
}

result<void> incoming_text::message_begun() {
    const auto type = mtom_type_of(mime_->headers());
    if (!type)
        return type.error();
    mime_->set_boundary(*type->parameter("boundary"));
    start_ = type->parameter("start").value_or("");
    return {};
}

result<void> incoming_text::part_begun() {
    const mime_headers& headers = mime_->headers();
    const std::string_view id = bare_id(headers.content_id);
    if (!has_root_) {
        needs_whole_ = !start_.empty() && !is_start(start_, headers.content_id);
        if (needs_whole_)
            return {};
        const auto type = root_type_of(headers, mime_->offset());
        if (!type)
            return type.error();
        root_id_ = id;
        root_type_ = headers.content_type;
        root_at_ = mime_->offset();
        return {};
    }
    part_ = part::other;
    const bool is_stream = !stream_id_.empty() && id == stream_id_;
    if ((is_stream && has_stream_) || (!id.empty() && id == root_id_))
        return failed(errc::mtom_part_repeated);
    if (!is_stream)
        return {};
    has_stream_ = true;
    part_ = part::stream;
    return check_transfer_encoding(headers, mime_->offset());
}

result<void> incoming_text::read_root(std::string_view piece, bool last) {
    if (!text_) {
        root_begin_.append(piece);
        piece = root_begin_;
        if (piece.size() < mark_size && !last)
            return {};
        const auto in = charset_in(*media_type::parse(root_type_), as_bytes(piece), root_at_);
        if (!in)
            return in.error();
        start_text(*in);
    }
    if (const auto read = text_->read_piece(piece, last, content_); !read) {
        error why = read.error();
        why.at += root_at_;
        return why;
    }
    needs_whole_ = text_->where() == standing::none;
    return {};
}

result<void> incoming_text::root_ended() {
    if (const auto read = read_root({}, true); !read)
        return read;
    has_root_ = true;
    return note_stream_part();
}

result<void> incoming_text::note_stream_part() {
    if (needs_whole_ || text_->reference().empty())
        return {};
    const auto id = id_in(text_->reference());
    if (!id)
        return failed(errc::mtom_reference_invalid);
    if (*id == root_id_)
        return failed(errc::mtom_part_reused);
    stream_id_ = *id;
    return {};
}

result<void> incoming_text::message_ended() {
    if (!has_root_)
        return failed(errc::mtom_root_missing);
    if (!stream_id_.empty() && !has_stream_)
        return failed(errc::mtom_part_missing);
    ended_ = true;
    return {};
}

}  // namespace nettcp::channel
