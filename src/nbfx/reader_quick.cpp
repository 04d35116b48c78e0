// The quick ways, which most nodes take: records within the root of a document that is there as a
// whole, start tags of one short id without attributes, texts of the usual types. They change
// nothing before they know that all is well; everything else, and whatever looks wrong, is left to
// the careful ways in reader.cpp, which alone say what is an error.
#include <nettcp/nbfx/record_type.hpp>

#include "nbfx/reader_state.hpp"

#include <array>

namespace nettcp::nbfx {
namespace {

/// How the record of a type octet can be read here.
enum class way : std::uint8_t {
    careful,  ///< not at all
    tag,
    end,
    zero,
    one,
    false_value,
    true_value,
    int8,
    int16,
    int32,
    int64,
    boolean,
    float32,
    float64,
    chars8,
    chars16,
    empty,
    dictionary,
    uuid,
};

constexpr way way_of(const record_shape& shape) {
    if (shape.kind == record_kind::end_element)
        return way::end;
    if (shape.kind == record_kind::element)
        return shape.prefix != prefix_form::inline_text && shape.name == name_form::dictionary
                   ? way::tag
                   : way::careful;
    if (shape.kind != record_kind::text)
        return way::careful;
    switch (shape.payload) {
    case text_payload::zero: return way::zero;
    case text_payload::one: return way::one;
    case text_payload::false_value: return way::false_value;
    case text_payload::true_value: return way::true_value;
    case text_payload::int8: return way::int8;
    case text_payload::int16: return way::int16;
    case text_payload::int32: return way::int32;
    case text_payload::int64: return way::int64;
    case text_payload::boolean: return way::boolean;
    case text_payload::float32: return way::float32;
    case text_payload::float64: return way::float64;
    case text_payload::chars8: return way::chars8;
    case text_payload::chars16: return way::chars16;
    case text_payload::empty: return way::empty;
    case text_payload::dictionary: return way::dictionary;
    case text_payload::unique_id:
    case text_payload::uuid: return way::uuid;
    default: return way::careful;
    }
}

constexpr auto ways = [] {
    std::array<way, 256> all{};
    for (std::size_t type = 0; type != all.size(); ++type)
        all[type] = way_of(record_shapes[type]);
    return all;
}();

}  // namespace

node reader::next() noexcept {
    return state_->advance();
}

node reader::state::advance() noexcept {
    if (step == reader_step::quick)
        return read_quickly();
    if (step == reader_step::close)
        return show_end();
    return advance_with_care();
}

/// Shows a text whose record takes `size` octets; `make` makes its value, in place.
template <class Make>
[[gnu::always_inline]] inline node reader::state::show_quick_text(std::size_t size,
                                                                  Make make) noexcept {
    static_assert(static_cast<unsigned>(reader_step::quick) == 0 &&
                  static_cast<unsigned>(reader_step::close) == 1);
    const std::byte* const p = next;
    ::new (static_cast<void*>(&value)) nbfx::value(make());
    step = static_cast<reader_step>(std::to_integer<unsigned>(*p) & 1u);  // …WithEndElement
    element = top;
    next = p + size;
    node_start = p;
    return current = node::text;
}

[[gnu::always_inline]] inline node reader::state::read_quickly() noexcept {
    const std::byte* const p = next;
    const std::size_t there = source.left(p);
    if (there == 0)
        return advance_with_care();
    const auto number = [&]<class T>(T) {
        return show_quick_text(1 + sizeof(T),
                               [p] { return nbfx::value::of(std::int64_t{number_at<T>(p + 1)}); });
    };
    const auto chars = [&](std::size_t head, std::size_t size) {
        return show_quick_text(head + size, [p, head, size] {
            return nbfx::value::of_chars(as_text({p + head, size}));
        });
    };
    switch (ways[std::to_integer<std::size_t>(*p)]) {
    case way::tag: return read_quick_tag(p);
    case way::end:
        node_start = p;
        next = p + 1;
        return show_end();
    case way::zero: return show_quick_text(1, [] { return nbfx::value::of(std::int64_t{0}); });
    case way::one: return show_quick_text(1, [] { return nbfx::value::of(std::int64_t{1}); });
    case way::false_value: return show_quick_text(1, [] { return nbfx::value::of(false); });
    case way::true_value: return show_quick_text(1, [] { return nbfx::value::of(true); });
    case way::empty: return chars(1, 0);
    case way::int8:
        if (there < 2)
            break;
        return number(std::int8_t{});
    case way::int16:
        if (there < 3)
            break;
        return number(std::int16_t{});
    case way::int32:
        if (there < 5)
            break;
        return number(std::int32_t{});
    case way::int64:
        if (there < 9)
            break;
        return number(std::int64_t{});
    case way::boolean:
        if (there < 2)
            break;
        return show_quick_text(2, [p] { return nbfx::value::of(p[1] != std::byte{0}); });
    case way::float32:
        if (there < 5)
            break;
        return show_quick_text(5, [p] {
            return nbfx::value::of(std::bit_cast<float>(number_at<std::uint32_t>(p + 1)));
        });
    case way::float64:
        if (there < 9)
            break;
        return show_quick_text(9, [p] {
            return nbfx::value::of(std::bit_cast<double>(number_at<std::uint64_t>(p + 1)));
        });
    case way::chars8:
        if (there < 2 || there - 2 < number_at<std::uint8_t>(p + 1))
            break;
        return chars(2, number_at<std::uint8_t>(p + 1));
    case way::chars16:
        if (there < 3 || there - 3 < number_at<std::uint16_t>(p + 1))
            break;
        return chars(3, number_at<std::uint16_t>(p + 1));
    case way::dictionary:
        if (there < 2 || !source.is_early(p[1]) || !expand_quickly(source.early_string(p[1])))
            break;
        return show_quick_text(2, [&] { return nbfx::value::of_chars(source.early_string(p[1])); });
    case way::uuid:
        if (there < 17)
            break;
        return read_quick_uuid(p);
    case way::careful: break;
    }
    return advance_with_care();
}

/// Apart, since it calls something: the other ways need no frame.
[[gnu::noinline]] node reader::state::read_quick_uuid(const std::byte* p) noexcept {
    const nettcp::uuid id = uuid_from_wire(p + 1);
    if (shape_of(*p).payload == text_payload::uuid)
        return show_quick_text(17, [&] { return nbfx::value::of(id); });
    return show_quick_text(17, [&] { return nbfx::value::of_unique_id(id); });
}

/// Charges what an id stands for; false without a charge if that is too much for now.
[[gnu::always_inline]] inline bool reader::state::expand_quickly(std::string_view text) noexcept {
    const std::uint64_t expanded = source.expanded + text.size();
    if (expanded > expansion_budget) [[unlikely]]
        return false;
    source.expanded = expanded;
    return true;
}

/// A start tag without attributes, its name a short id, its prefix usual.
[[gnu::always_inline]] inline node reader::state::read_quick_tag(const std::byte* p) noexcept {
    if (source.left(p) < 3 || top == last_scope) [[unlikely]]
        return advance_with_care();
    const record_shape& shape = shape_of(*p);
    if (is_attribute(p[2])) {
        node_start = p;
        return read_element(p, shape);
    }
    if (!source.is_early(p[1])) [[unlikely]]
        return advance_with_care();
    const std::string_view prefix = usual_prefix(shape.letter);
    const std::string_view* ns = &top->ns;
    if (prefix.data() != top->prefix.data()) {
        ns = find_declared(prefix);
        if (ns == nullptr) [[unlikely]]
            return advance_with_care();
    }
    const std::string_view name = source.early_string(p[1]);
    if (!expand_quickly(name)) [[unlikely]]
        return advance_with_care();
    scope& opened = *++top;
    element = &opened;
    opened.prefix = prefix;
    opened.local = name;
    opened.ns = *ns;
    opened.declarations = 0;
    opened.attributes = 0;
    opened.ends_quickly = true;
    next = p + 2;
    node_start = p;
    return current = node::element;
}

}  // namespace nettcp::nbfx
