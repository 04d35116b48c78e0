// Decides where in a text the stream of octets begins, and what must not be beside it.

#include <xml/text_stream.hpp>

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>

namespace nettcp::xml {

using nbfx::errc;

namespace {

constexpr std::size_t container_depth = 2;

}  // namespace

text_stream::text_stream(octet_buffer& head, const binary_options& options,
                         const text_stream_options& wanted)
    : text_converter(head_, options), wanted_(wanted) {
    head_.open(head);
}

result<void> text_stream::read_piece(std::string_view piece, bool last, octet_buffer& content) {
    content_ = &content;
    has_moved_ = false;
    auto done = moved(read(piece, last), piece.size());
    if (done && last && where_ == standing::content)
        where_ = standing::ended;
    return done;
}

result<void> text_stream::go_on(octet_buffer& content) {
    content_ = &content;
    has_moved_ = false;
    where_ = standing::content;
    return moved(text_converter::go_on(), 0);
}

/// Expat holds a tag or a comment until it ends.
result<void> text_stream::moved(result<void> read, std::size_t size) {
    quiet_ = has_moved_ ? 0 : quiet_ + size;
    if (read && quiet_ > wanted_.max_tag)
        return error{make_error_code(base_errc::limit_exceeded), 0, clamp_u32(quiet_),
                     clamp_u32(wanted_.max_tag)};
    return read;
}

bool text_stream::takes_element(std::string_view local, std::string_view uri, const char** pairs) {
    has_moved_ = true;
    if (where_ == standing::content || where_ == standing::found) {
        content_element(local, uri, pairs);
        return false;
    }
    if (in_container_ || is_inclusion(local, uri)) {
        element_found(local, uri);
        return false;
    }
    in_container_ = depth() == container_depth && local == wanted_.container &&
                    uri == wanted_.container_namespace;
    return true;
}

/// The head is done: what is in the way of a stream there is found by who reads the whole.
void text_stream::element_found(std::string_view local, std::string_view uri) {
    if (!in_container_ || is_inclusion(local, uri) || !is_white_space(pending_text())) {
        where_ = standing::none;
        return stop();
    }
    for (std::size_t i = 0; i != container_depth; ++i)
        head_.end_element();
    if (const auto finished = head_.finish(); !finished)
        return fail(finished.error().code, finished.error().got, finished.error().limit);
    element_ = local;
    element_namespace_ = uri;
    where_ = standing::found;
    suspend();
}

void text_stream::content_element(std::string_view local, std::string_view uri,
                                  const char** pairs) {
    if (part_ == part::in_inclusion)
        return fail(errc::xml_include_malformed);
    if (part_ == part::behind_inclusion)
        return fail(errc::xml_include_misplaced);
    if (part_ != part::before)
        return fail(wanted_.not_one);
    if (!is_inclusion(local, uri))
        return;
    auto reference = reference_in(pairs);
    if (!reference)
        return;
    if (reference->empty())
        return fail(errc::xml_include_malformed);
    reference_ = std::move(*reference);
    part_ = part::in_inclusion;
}

bool text_stream::takes_end() {
    has_moved_ = true;
    if (where_ == standing::content || where_ == standing::found) {
        if (!digits_.is_whole())
            fail(errc::conversion_invalid);
        part_ = part_ == part::in_inclusion ? part::behind_inclusion : part::behind;
        return false;
    }
    if (!in_container_)
        return true;
    where_ = standing::none;
    stop();
    return false;
}

bool text_stream::takes_text(std::string_view text) {
    has_moved_ = true;
    if (where_ != standing::content && where_ != standing::found)
        return true;
    switch (part_) {
    case part::before:
        if (is_white_space(text))
            break;
        part_ = part::digits;
        [[fallthrough]];
    case part::digits: {
        const auto room = content_->prepare(digits_.most_from(text.size()));
        std::size_t size = 0;
        if (digits_.read(text, room.data(), size) != text.size())
            fail(errc::conversion_invalid);
        content_->commit(size);
        break;
    }
    case part::in_inclusion:
        if (!is_white_space(text))
            fail(errc::xml_include_malformed);
        break;
    case part::behind_inclusion:
        if (!is_white_space(text))
            fail(errc::xml_include_misplaced);
        break;
    case part::behind:
        if (!is_white_space(text))
            fail(wanted_.not_one);
        break;
    }
    return false;
}

bool text_stream::takes_comment() {
    has_moved_ = true;
    return where_ == standing::before;
}

}  // namespace nettcp::xml
