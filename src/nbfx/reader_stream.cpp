// Reading a document that arrives in windows: waiting for whole units, text in parts, and copies of
// the names that must outlive the window they came in.
#include "nbfx/reader_state.hpp"

#include <functional>

namespace nettcp::nbfx {
namespace {

/// The length of `text` without an unfinished UTF-8 sequence at its end.
std::size_t without_cut_character(bytes_view text) noexcept {
    std::size_t size = text.size();
    for (unsigned back = 1; back <= 3 && back <= size; ++back) {
        const auto octet = std::to_integer<unsigned>(text[size - back]);
        if ((octet & 0xc0u) == 0x80u)
            continue;
        const unsigned whole = octet < 0xc0 ? 1 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4;
        return whole > back ? size - back : size;
    }
    return size;
}

/// How much of `octets` can be shown so that parts have the texts that together are the whole's.
std::size_t showable(value_kind kind, bytes_view octets) noexcept {
    std::size_t size = octets.size();
    switch (kind) {
    case value_kind::bytes: return size - size % 3;  // base64 works in threes
    case value_kind::utf16:
        size -= size % 2;
        if (size != 0 && (std::to_integer<unsigned>(octets[size - 1]) & 0xfcu) == 0xd8u)
            size -= 2;  // half of a surrogate pair
        return size;
    default: return without_cut_character(octets);
    }
}

}  // namespace

void reader::supply(bytes_view window, bool last) noexcept {
    state& s = *state_;
    s.base = s.offset_of(s.next);
    s.begin = s.next = s.node_start = window.data();
    s.source.end = s.begin + window.size();
    s.last = last;
}

std::size_t reader::consumed() const noexcept {
    return static_cast<std::size_t>(state_->next - state_->begin);
}

bool reader::state::unit_is_whole() noexcept {
    if (last)
        return true;  // the reader itself says what is missing
    node_start = next;
    switch (scanner.scan({next, source.left(next)}, quotas.max_bytes_per_read)) {
    case unit_scanner::verdict::whole: scanner.reset(); return true;
    case unit_scanner::verdict::needs_more: return false;
    case unit_scanner::verdict::too_large: break;
    }
    source.fail(errc::start_tag_too_large, next, clamp_u32(scanner.wanted()),
                quotas.max_bytes_per_read);
    return false;
}

node reader::state::begin_text_parts(const std::byte* p, const record_shape& shape) noexcept {
    if (source.left(p + 1) < shape.size)
        return fail_at(base_errc::truncated, source.end, 0);
    p = source.read_run_size(p + 1, shape, text_left);
    if (p == nullptr)
        return fail_here();
    text_kind = record_source::kind_of_run(shape.payload);
    text_closes = shape.with_end;
    text_offset = offset_of(node_start);
    next = p;
    return show_text_part();
}

node reader::state::show_text_part() noexcept {
    node_start = next;
    const std::size_t there = source.left(next);
    // The record is at fault, which may have begun in an earlier window.
    const auto outside = [this] {
        return stop({make_error_code(errc::text_outside_root), text_offset, 0});
    };
    if (there >= text_left) {
        value = record_source::value_of_run(text_kind, {next, text_left});
        next += text_left;
        text_left = 0;
        partial = false;
        if (outside_root() && !value.is_white_space())
            return outside();
        return show_text(text_closes);
    }
    if (last)
        return fail_at(base_errc::truncated, source.end, 0);
    step = reader_step::text_part;
    const std::size_t size = showable(text_kind, {next, there});
    if (size == 0)
        return show_need_more();
    value = record_source::value_of_run(text_kind, {next, size});
    next += size;
    text_left -= static_cast<std::uint32_t>(size);
    partial = true;
    if (outside_root() && !value.is_white_space())
        return outside();
    return current = node::text;
}

std::string_view reader::state::kept(std::string_view text) {
    const bytes_view octets = as_bytes(text);
    const bool in_window =
        !std::less<>{}(octets.data(), begin) && std::less<>{}(octets.data(), source.end);
    return in_window ? names.keep(text) : text;
}

void reader::state::keep_names() noexcept {
    scope& opened = *top;
    const auto mark = names.position();
    opened.name_block = mark.block;
    opened.name_offset = mark.offset;
    opened.prefix = kept(opened.prefix);
    opened.local = kept(opened.local);
    for (std::size_t i = opened.first_declaration; i != declared; ++i) {
        declarations[i].prefix = kept(declarations[i].prefix);
        declarations[i].uri = kept(declarations[i].uri);
    }
}

void reader::state::keep_attributes() noexcept {
    for (attribute& repeated : std::span(attributes).first(top->attributes)) {
        repeated.prefix = kept(repeated.prefix);
        repeated.local = kept(repeated.local);
        const nbfx::value& v = repeated.value;
        switch (v.kind()) {
        case value_kind::chars: repeated.value = nbfx::value::of_chars(kept(v.chars())); break;
        case value_kind::utf16:
            repeated.value = nbfx::value::of_utf16(as_bytes(kept(as_text(v.octets()))));
            break;
        case value_kind::bytes:
            repeated.value = nbfx::value::of_bytes(as_bytes(kept(as_text(v.octets()))));
            break;
        case value_kind::list:
            repeated.value =
                nbfx::value::of_list(as_bytes(kept(as_text(v.octets()))), source.session);
            break;
        default: break;  // holds its content, or a string of a dictionary
        }
    }
}

}  // namespace nettcp::nbfx
