// Fields of structures that come again and again, in the octets that the calls of a writer would
// have made of them.
#include "nbfx/fields.hpp"
#include "nbfx/writer_state.hpp"

#include <cmath>
#include <limits>

namespace nettcp::nbfx {
namespace {

template <class T>
const T& at(const void* structure, std::size_t offset) noexcept {
    return *reinterpret_cast<const T*>(static_cast<const std::byte*>(structure) + offset);
}

/// An element's tag and where it goes.
struct tag {
    element_run& out;
    unsigned type;
    unsigned id;

    template <class T>
    bool number(unsigned record, T value) const noexcept {
        return out.put_number(type, id, record, value);
    }
    bool mark(unsigned record) const noexcept { return out.put_mark(type, id, record); }
};

template <class Narrow>
bool fits(std::int64_t v) noexcept {
    return v >= std::numeric_limits<Narrow>::min() && v <= std::numeric_limits<Narrow>::max();
}

[[gnu::always_inline]] inline bool put_integer(const tag& to, std::int64_t v) noexcept {
    if (v == 0 || v == 1)
        return to.mark(v == 0 ? 0x80 : 0x82);
    if (fits<std::int8_t>(v))
        return to.number(0x88, static_cast<std::int8_t>(v));
    if (fits<std::int16_t>(v))
        return to.number(0x8a, static_cast<std::int16_t>(v));
    if (fits<std::int32_t>(v))
        return to.number(0x8c, static_cast<std::int32_t>(v));
    return to.number(0x8e, v);
}

[[gnu::always_inline]] inline bool put_float(const tag& to, float v) noexcept {
    using narrow = std::numeric_limits<std::int16_t>;
    if (v >= narrow::min() && v <= narrow::max() && std::trunc(v) == v)
        return put_integer(to, static_cast<std::int64_t>(v));
    return to.number(0x90, std::bit_cast<std::uint32_t>(v));
}

[[gnu::always_inline]] inline bool put_double(const tag& to, double v) noexcept {
    const bool may_narrow =
        std::isinf(v) || std::fabs(v) <= static_cast<double>(std::numeric_limits<float>::max());
    if (may_narrow && static_cast<double>(static_cast<float>(v)) == v)
        return put_float(to, static_cast<float>(v));
    return to.number(0x92, std::bit_cast<std::uint64_t>(v));
}

[[gnu::always_inline]] inline bool put_field(const tag& to, const field& f,
                                             const void* structure) noexcept {
    switch (f.kind) {
    case field_kind::boolean: return to.mark(at<bool>(structure, f.offset) ? 0x86 : 0x84);
    case field_kind::int8: return put_integer(to, at<std::int8_t>(structure, f.offset));
    case field_kind::uint8: return put_integer(to, at<std::uint8_t>(structure, f.offset));
    case field_kind::int16: return put_integer(to, at<std::int16_t>(structure, f.offset));
    case field_kind::uint16: return put_integer(to, at<std::uint16_t>(structure, f.offset));
    case field_kind::int32: return put_integer(to, at<std::int32_t>(structure, f.offset));
    case field_kind::uint32: return put_integer(to, at<std::uint32_t>(structure, f.offset));
    case field_kind::int64: return put_integer(to, at<std::int64_t>(structure, f.offset));
    case field_kind::float32: return put_float(to, at<float>(structure, f.offset));
    case field_kind::float64: return put_double(to, at<double>(structure, f.offset));
    case field_kind::text:
        return to.out.put_ascii(to.type, to.id, at<std::string>(structure, f.offset));
    case field_kind::other: break;
    }
    return false;
}

}  // namespace

void field_writer::name(const writer& out, std::size_t index, const dictionary_string& name) {
    const std::uint32_t id = name.is_name ? out.state_->known_id_of(name) : no_id;
    fields[index].tag[1] = id < 0x80 ? static_cast<std::uint8_t>(id) : std::uint8_t{0};
}

/// The type of a start tag with the prefix that stands for `ns`; 0 if that is none of the usual.
unsigned field_writer::type_for(writer& out, const dictionary_string& ns) {
    namespace_scope& names = out.state_->names;
    const auto prefix = names.find_prefix(ns);
    const std::size_t place = prefix ? names.usual_place(*prefix) : names.no_place;
    if (place == names.no_place)
        return 0;
    return element_records.plain_dictionary + static_cast<unsigned>(place);
}

void field_writer::start(writer& out, const dictionary_string& name, const dictionary_string& ns) {
    writer::state& s = *out.state_;
    const unsigned type = s.in_plain_content() && name.is_name ? type_for(out, ns) : 0;
    if (type == 0 || !s.out.put_short_tag(type, s.known_id_of(name)))
        return out.start_element(name, ns);
    s.names.enter();
    s.where = writer::state::place::start_tag;
    s.seen.clear();
}

std::size_t field_writer::write(writer& out, std::size_t index, const dictionary_string& ns,
                                const void* structure) const {
    writer::state& s = *out.state_;
    if (fields[index].tag[1] == 0 || !s.in_plain_content())
        return 0;
    const unsigned type = type_for(out, ns);
    if (type == 0)
        return 0;
    const field* const first = fields.data() + index;
    const field* const behind_last = fields.data() + fields.size();
    const field* f = first;
    element_run run = s.out.start_run();
    for (; f != behind_last && f->tag[1] != 0; ++f)
        if (!put_field({run, type, f->tag[1]}, *f, structure))
            break;
    s.out.end_run(run);
    if (f != first)
        s.where = writer::state::place::content;
    return static_cast<std::size_t>(f - first);
}

}  // namespace nettcp::nbfx
