// Decides how much of a piece may belong to a delimiter whose rest has not come.

#include <channel/mime_pieces.hpp>

#include <nettcp/channel/errc.hpp>

#include <algorithm>

namespace nettcp::channel {
namespace {

constexpr std::string_view line_end = "\r\n";
/// Octets of a delimiter's line behind the boundary at most.
constexpr std::size_t max_padding = 1024;

}  // namespace

void mime_pieces::set_boundary(std::string_view boundary) {
    delimiter_ = std::string("\r\n--").append(boundary);
}

error mime_pieces::failed_at(std::size_t at, const error& why) const noexcept {
    error moved = why;
    moved.at = offset_ + at;
    return moved;
}

result<mime_pieces::step> mime_pieces::next(bytes_view input, bool last, std::size_t& used) {
    used = 0;
    const auto done = [&]() -> result<step> {
        switch (place_) {
        case place::message_headers:
        case place::part_headers: return read_headers(input, last, used);
        case place::before_parts: return skip_to_part(input, last, used);
        case place::delimiter: return read_delimiter(input, last, used);
        case place::part_begin: return begin_part(input, last, used);
        case place::part_content: return read_content(input, last, used);
        case place::behind_parts: break;
        }
        used = input.size();
        return last ? step::closed : step::wants_more;
    }();
    offset_ += used;
    return done;
}

/// The empty line behind headers stays: it may be the beginning of a delimiter.
result<mime_pieces::step> mime_pieces::read_headers(bytes_view input, bool last,
                                                    std::size_t& used) {
    if (input.size() < line_end.size() && !last)
        return step::wants_more;
    const auto read = mime_message::read(input);
    if (!read && !last && read.error().code == errc::mime_truncated)
        return step::wants_more;
    if (!read)
        return failed_at(read.error().at, read.error());
    headers_ = read->headers;
    used = read->body_at - line_end.size();
    if (place_ == place::part_headers) {
        place_ = place::part_begin;
        return step::part;
    }
    place_ = place::before_parts;
    return step::message;
}

result<mime_pieces::step> mime_pieces::skip_to_part(bytes_view input, bool last,
                                                    std::size_t& used) {
    const auto done = read_content(input, last, used);
    const bool moved = done && *done != step::wants_more;
    return moved ? step::again : done;  // what stands before the first part says nothing
}

result<mime_pieces::step> mime_pieces::begin_part(bytes_view input, bool last, std::size_t& used) {
    const std::string_view text = as_text(input);
    if (text.size() < delimiter_.size() && std::string_view(delimiter_).starts_with(text) && !last)
        return step::wants_more;
    place_ = place::part_content;
    if (!text.starts_with(delimiter_))
        used = line_end.size();
    content_ = {};
    return step::content;
}

result<mime_pieces::step> mime_pieces::read_content(bytes_view input, bool last,
                                                    std::size_t& used) {
    const std::string_view text = as_text(input);
    const auto found = text.find(delimiter_);
    if (found == 0) {
        place_ = place::delimiter;
        return step::part_ended;
    }
    if (found == text.npos && last)
        return failed_at(text.size(), error{make_error_code(errc::mime_truncated)});
    if (found == text.npos) {
        const std::size_t kept = std::min(text.size(), delimiter_.size() - 1);
        const auto begun = text.find('\r', text.size() - kept);
        used = begun == text.npos ? text.size() : begun;
    } else {
        used = found;
    }
    content_ = input.first(used);
    return used == 0 ? step::wants_more : step::content;
}

result<mime_pieces::step> mime_pieces::read_delimiter(bytes_view input, bool last,
                                                      std::size_t& used) {
    const std::string_view text = as_text(input);
    const auto end = text.find(line_end, delimiter_.size());
    if (std::min(end, text.size()) > delimiter_.size() + max_padding)
        return failed_at(delimiter_.size(), error{make_error_code(errc::mime_malformed)});
    if (end == text.npos && !last)
        return step::wants_more;
    std::size_t at = delimiter_.size();
    switch (read_delimiter_end(text, at)) {
    case behind_delimiter::nothing:
        place_ = place::behind_parts;
        used = at;
        return step::again;
    case behind_delimiter::damage:
        return failed_at(at, error{make_error_code(errc::mime_malformed)});
    case behind_delimiter::end_of_text:
        return failed_at(text.size(), error{make_error_code(errc::mime_truncated)});
    case behind_delimiter::part: break;
    }
    if (parts_++ == max_mime_parts)
        return failed_at(at,
                         error{make_error_code(errc::mime_parts_exceeded), 0, 0, max_mime_parts});
    used = at;
    place_ = place::part_headers;
    return step::again;
}

}  // namespace nettcp::channel
