// Fields of structures that come again and again. Like the quick ways of reader_quick.cpp, nothing
// changes before all is known to be well, and only the careful ways say what is an error.
#include "nbfx/fields.hpp"
#include "nbfx/reader_state.hpp"
#include "nbfx/short_text.hpp"

#include <cstring>
#include <memory>
#include <span>
#include <utility>

namespace nettcp::nbfx {
namespace {

/// The largest record of a number, with a tag before and an end behind it.
constexpr std::size_t largest_number = 2 + 9 + 1;

constexpr std::byte end_element{0x01};

unsigned type_of(const std::byte* p) noexcept {
    return std::to_integer<unsigned>(*p) & ~1u;  // without …WithEndElement
}

/// A whole number of any record; returns the position behind, or null.
[[gnu::always_inline]] inline const std::byte* read_integer(const std::byte* p,
                                                            std::int64_t& v) noexcept {
    switch (type_of(p)) {
    case 0x80: v = 0; return p + 1;
    case 0x82: v = 1; return p + 1;
    case 0x88:
        v = number_at<std::int8_t>(p + 1);  // NOLINT(bugprone-signed-char-misuse): a number
        return p + 2;
    case 0x8a: v = number_at<std::int16_t>(p + 1); return p + 3;
    case 0x8c: v = number_at<std::int32_t>(p + 1); return p + 5;
    case 0x8e: v = number_at<std::int64_t>(p + 1); return p + 9;
    default: return nullptr;
    }
}

template <class T>
[[gnu::always_inline]] inline const std::byte* read_into(T& to, const std::byte* p) noexcept {
    std::int64_t v = 0;
    p = read_integer(p, v);
    if (p == nullptr || !std::in_range<T>(v))
        return nullptr;
    to = static_cast<T>(v);
    return p;
}

[[gnu::always_inline]] inline const std::byte* read_into(bool& to, const std::byte* p) noexcept {
    switch (type_of(p)) {
    case 0x84: to = false; return p + 1;
    case 0x86: to = true; return p + 1;
    case 0xb4: to = p[1] != std::byte{0}; return p + 2;
    default: return nullptr;
    }
}

template <class T>
[[gnu::always_inline]] inline const std::byte* read_real(T& to, const std::byte* p) noexcept {
    if (type_of(p) == 0x90) {
        to = std::bit_cast<float>(number_at<std::uint32_t>(p + 1));
        return p + 5;
    }
    if constexpr (sizeof(T) == 8) {
        if (type_of(p) == 0x92) {
            to = std::bit_cast<double>(number_at<std::uint64_t>(p + 1));
            return p + 9;
        }
    }
    std::int64_t v = 0;
    p = read_integer(p, v);
    if (p != nullptr)
        to = static_cast<T>(v);
    return p;
}

/// Makes a string where one is, which is faster than to make one and move it there.
[[gnu::always_inline]] inline void make_anew(std::string& to, std::string_view text) {
    std::destroy_at(&to);
    try {
        std::construct_at(&to, text);
    } catch (...) {
        std::construct_at(&to);
        throw;
    }
}

/// Chars of a length that takes one octet or two, EmptyText, or nothing but the end.
[[gnu::noinline]] const std::byte* read_text(std::string& to, const std::byte* p,
                                             const std::byte* end, std::size_t limit) {
    std::size_t head = 0;
    std::size_t size = 0;
    switch (type_of(p)) {
    case 0x98:
        head = 2;
        size = number_at<std::uint8_t>(p + 1);
        break;
    case 0x9a:
        head = 3;
        size = number_at<std::uint16_t>(p + 1);
        break;
    case 0x00:
        if (*p != end_element)
            return nullptr;
        [[fallthrough]];
    case 0xa8: to.clear(); return p + 1;
    default: return nullptr;
    }
    if (static_cast<std::size_t>(end - p) < head + size || size > limit)
        return nullptr;
    const std::string_view text = as_text({p + head, size});
    if (!is_ascii(text) && !is_utf8(text))
        return nullptr;
    if (size <= to.capacity())
        to.assign(text);
    else
        make_anew(to, text);
    return p + head + size;
}

std::uint16_t number_of(const std::uint8_t (&tag)[2]) noexcept {
    return number_at<std::uint16_t>(reinterpret_cast<const std::byte*>(tag));
}

template <class T>
T& at(void* structure, std::size_t offset) noexcept {
    return *reinterpret_cast<T*>(static_cast<std::byte*>(structure) + offset);
}

/// The value at `p` to its place; returns the position behind, or null.
[[gnu::always_inline]] inline const std::byte* read_field(const field& f, void* structure,
                                                          const std::byte* p, const std::byte* end,
                                                          std::size_t text_limit) {
    switch (f.kind) {
    case field_kind::boolean: return read_into(at<bool>(structure, f.offset), p);
    case field_kind::int8: return read_into(at<std::int8_t>(structure, f.offset), p);
    case field_kind::uint8: return read_into(at<std::uint8_t>(structure, f.offset), p);
    case field_kind::int16: return read_into(at<std::int16_t>(structure, f.offset), p);
    case field_kind::uint16: return read_into(at<std::uint16_t>(structure, f.offset), p);
    case field_kind::int32: return read_into(at<std::int32_t>(structure, f.offset), p);
    case field_kind::uint32: return read_into(at<std::uint32_t>(structure, f.offset), p);
    case field_kind::int64: return read_into(at<std::int64_t>(structure, f.offset), p);
    case field_kind::float32: return read_real(at<float>(structure, f.offset), p);
    case field_kind::float64: return read_real(at<double>(structure, f.offset), p);
    case field_kind::text:
        return read_text(at<std::string>(structure, f.offset), p, end, text_limit);
    case field_kind::other: break;
    }
    return nullptr;
}

}  // namespace

void field_reader::learn(const reader& in, std::size_t index) {
    const reader::state& s = *in.state_;
    if (s.current != node::element || s.step != reader_step::quick || !s.top->ends_quickly)
        return;
    const std::byte* const tag = s.node_start;
    const std::string_view ns = s.top->ns;
    if (tag[0] != type_ || !is_ours(ns)) {
        for (field& f : fields)
            f.tag[0] = f.tag[1] = 0;
        type_ = tag[0];
        prefix_ = s.top->prefix;
        ns_ = ns;
    }
    field& f = fields[index];
    std::memcpy(f.tag, tag, sizeof f.tag);
    f.name_size = static_cast<std::uint32_t>(s.top->local.size());
    all_names_ = size_of_names(0, fields.size());
}

std::uint64_t field_reader::size_of_names(std::size_t index, std::size_t count) const noexcept {
    std::uint64_t size = 0;
    for (const field& f : std::span(fields).subspan(index, count))
        size += f.name_size;
    return size;
}

[[gnu::noinline]] const std::byte* field_reader::read_from(reader& in, const std::byte* p,
                                                           std::size_t index, std::size_t& count,
                                                           void* structure) const {
    const reader::state& s = *in.state_;
    const std::byte* const end = s.source.end;
    if (static_cast<std::size_t>(end - p) <= largest_number)
        return p;
    const std::byte* const last_start = end - largest_number;
    const std::size_t text_limit = s.quotas.max_string_content_length;
    const field* const first = fields.data() + index;
    const field* const behind_last = fields.data() + fields.size();
    const field* f = first;
    for (; f != behind_last; ++f) {
        if (p >= last_start || number_at<std::uint16_t>(p) != number_of(f->tag))
            break;
        const std::byte* behind = read_field(*f, structure, p + 2, end, text_limit);
        if (behind == nullptr)
            break;
        if ((std::to_integer<unsigned>(p[2]) & 1u) == 0) {  // its end is a record of its own
            if (behind == end || *behind != end_element)
                break;
            ++behind;
        }
        p = behind;
    }
    count = static_cast<std::size_t>(f - first);
    return p;
}

std::size_t field_reader::read(reader& in, std::size_t index, void* structure) const {
    reader::state& s = *in.state_;
    if (s.current != node::element || s.step != reader_step::quick || !s.top->ends_quickly)
        return 0;
    if (*s.node_start != type_ || !is_ours(s.top->ns))
        return 0;
    // From here on the tag that is shown counts as not read.
    const std::uint64_t expanded = s.source.expanded - s.top->local.size();
    if (expanded + all_names_ > s.expansion_budget)
        return 0;
    std::size_t count = 0;
    const std::byte* const p = read_from(in, s.node_start, index, count, structure);
    if (count == 0)
        return 0;
    --s.top;
    s.source.expanded = expanded + size_of_names(index, count);
    s.next = s.node_start = p;
    s.advance();
    return count;
}

field_reader::outcome field_reader::read_structure(reader& in, void* structure,
                                                   std::size_t& count) const {
    reader::state& s = *in.state_;
    count = 0;
    const std::byte* p = s.next;
    if (can_read_inside(s)) {
        p = read_from(in, p, 0, count, structure);
        if (count != fields.size() || s.source.left(p) < 4 || *p != end_element ||
            !s.top->ends_quickly) {
            s.source.expanded += size_of_names(0, count);
            s.next = p;
        } else {
            s.source.expanded += all_names_;
            return leave_structure(s, p + 1);
        }
    }
    s.advance();
    return outcome::inside;
}

/// Whether the cursor stands on a start tag within which our prefix stands for our namespace.
[[gnu::always_inline]] inline bool
field_reader::can_read_inside(const reader::state& s) const noexcept {
    if (s.current != node::element || s.step != reader_step::quick || s.top == s.last_scope ||
        type_ == std::byte{} || s.source.expanded + all_names_ > s.expansion_budget)
        return false;
    if (prefix_.data() == s.top->prefix.data())
        return is_ours(s.top->ns);
    const std::string_view* const ns = s.find_declared(prefix_);
    return ns != nullptr && is_ours(*ns);
}

/// Behind a structure's end, at `p`: the start of another one like it, or whatever is there.
[[gnu::always_inline]] inline field_reader::outcome
field_reader::leave_structure(reader::state& s, const std::byte* p) noexcept {
    const std::byte* const tag = s.node_start;
    const std::uint64_t expanded = s.source.expanded + s.top->local.size();
    if (number_at<std::uint16_t>(p) == number_at<std::uint16_t>(tag) && !is_attribute(p[2]) &&
        expanded <= s.expansion_budget) {
        s.source.expanded = expanded;  // its scope is what that of the last one was
        s.node_start = p;
        s.next = p + 2;
        return outcome::another;
    }
    s.next = p;
    --s.top;
    s.advance();
    return outcome::behind;
}

}  // namespace nettcp::nbfx
