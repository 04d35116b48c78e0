// Start tags: names, attributes, namespaces. Declarations may follow the names that need them, so
// every record of a tag is read before the first prefix is looked up.
#include <nettcp/nbfx/record_type.hpp>

#include "nbfx/reader_state.hpp"

#include <algorithm>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view xml_uri = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xmlns_uri = "http://www.w3.org/2000/xmlns/";
constexpr std::string_view no_uri;

/// Up to this many names a tag is searched for duplicates pair by pair.
constexpr std::size_t few = 8;

inline bool same_prefix(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size() || a.data() == b.data())
        return a.size() == b.size();
    return !a.empty() && a[0] == b[0] && (a.size() == 1 || a == b);
}

/// Reads the prefix and the name (or URI) that the record's shape announces. In line in all its
/// callers: the reader spends a fifth of its time here.
[[gnu::always_inline]] inline const std::byte* read_names(record_source& source, const std::byte* p,
                                                          const record_shape& shape,
                                                          std::string_view& prefix,
                                                          std::string_view& name) noexcept {
    switch (shape.prefix) {
    case prefix_form::none:
    case prefix_form::letter: prefix = usual_prefix(shape.letter); break;
    case prefix_form::inline_text:
        p = source.read_name(p, prefix);
        if (p == nullptr)
            return p;
        prefix = at_its_address(prefix);
        break;
    }
    if (shape.name == name_form::dictionary)
        return source.read_dictionary_string(p, name);
    return source.read_name(p, name);
}

/// The smallest index of an item that equals an earlier one, or `count`. For few items.
template <class Equal>
std::size_t find_duplicate_of_few(std::size_t count, Equal equal) noexcept {
    for (std::size_t later = 1; later < count; ++later) {
        for (std::size_t earlier = 0; earlier != later; ++earlier) {
            if (equal(earlier, later))
                return later;
        }
    }
    return count;
}

/// The same for many.
template <class Less>
std::size_t find_duplicate(std::vector<std::uint32_t>& order, std::size_t count, Less less) {
    std::size_t found = count;
    order.resize(count);
    for (std::uint32_t i = 0; i != count; ++i)
        order[i] = i;
    std::ranges::sort(order, [&](std::uint32_t a, std::uint32_t b) {
        return less(a, b) || (!less(b, a) && a < b);
    });
    for (std::size_t i = 1; i != count; ++i) {
        if (!less(order[i - 1], order[i]))
            found = std::min<std::size_t>(found, order[i]);
    }
    return found;
}

}  // namespace

node reader::state::read_element(const std::byte* p, const record_shape& shape) noexcept {
    p = read_tag_in_line(p, shape);
    if (p == nullptr)
        return fail_here();
    if (source.expanded > expansion_budget && !expansion_is_fine(0, offset_of(p)))
        return fail_here();
    next = p;
    return show_element();
}

const std::byte* reader::state::read_tag(const std::byte* p, const record_shape& shape) noexcept {
    return read_tag_in_line(p, shape);
}

/// Reads a start tag, all but the reader's position; null after a failure.
[[gnu::always_inline]] inline const std::byte*
reader::state::read_tag_in_line(const std::byte* p, const record_shape& shape) noexcept {
    if (depth() >= quotas.max_depth)
        return source.fail(errc::depth_exceeded, p, depth() + 1, quotas.max_depth);
    if (outside_root()) {
        if (root_seen)
            return source.fail(errc::multiple_roots, p, std::to_integer<unsigned>(*p));
        root_seen = true;
    }
    scope& opened = open_scope();
    opened.first_declaration = declared;
    p = read_names(source, p + 1, shape, opened.prefix, opened.local);
    if (p == nullptr)
        return p;
    constexpr auto last_attribute = static_cast<unsigned>(record_type::prefix_attribute_z);
    if (p != source.end && std::to_integer<unsigned>(*p) <= last_attribute) {
        p = read_attributes(p);
        if (p == nullptr)
            return p;
    }
    if (p == source.end)  // before a prefix is missed whose declaration may have been cut off
        return source.fail(errc::element_unclosed, p, depth());
    if (static_cast<std::size_t>(p - node_start) > quotas.max_bytes_per_read) {
        size_is_fine(p);
        return nullptr;
    }
    opened.declarations = declared - opened.first_declaration;
    opened.ends_quickly =
        step_within == reader_step::quick && opened.declarations == 0 && depth() != 1;
    if (streamed)
        keep_names();
    const scope& around = *(top - 1);
    if (opened.declarations > 1 && !declarations_differ())
        return nullptr;
    if (opened.declarations == 0 && opened.prefix.data() == around.prefix.data())
        opened.ns = around.ns;
    else if (const std::string_view* const uri = find_uri(opened.prefix))
        opened.ns = *uri;
    else
        return source.fail(errc::namespace_prefix_undeclared, node_start, 0);
    if (opened.attributes != 0 && !resolve_attributes())
        return nullptr;
    return p;
}

[[gnu::always_inline]] inline const std::byte*
reader::state::read_attributes(const std::byte* p) noexcept {
    while (p != source.end) {
        const record_shape& shape = shape_of(*p);
        if (shape.kind != record_kind::attribute && shape.kind != record_kind::xmlns)
            break;
        if (top->attributes + declared >= quotas.max_attributes)
            return source.fail(errc::attributes_exceeded, p, quotas.max_attributes + 1,
                               quotas.max_attributes);
        p = shape.kind == record_kind::attribute ? read_attribute(p, shape)
                                                 : read_declaration(p, shape);
        if (p == nullptr)
            return p;
    }
    return p;
}

[[gnu::always_inline]] inline const std::byte*
reader::state::read_attribute(const std::byte* p, const record_shape& shape) noexcept {
    if (top->attributes == attribute_room) [[unlikely]] {
        attributes.emplace_back();
        ++attribute_room;
    }
    attribute& added = attributes[top->attributes++];
    added.ns = {};
    p = read_names(source, p + 1, shape, added.prefix, added.local);
    if (p == nullptr)
        return p;
    if (p == source.end)
        return source.truncated();
    const record_shape& text = shape_of(*p);
    if (text.kind != record_kind::text || text.with_end)
        return source.fail(errc::attribute_value_missing, p, std::to_integer<unsigned>(*p));
    return source.read_value(p + 1, text, added.value);
}

[[gnu::always_inline]] inline const std::byte*
reader::state::read_declaration(const std::byte* p, const record_shape& shape) noexcept {
    const std::byte* const start = p;
    if (declared >= most_declarations) [[unlikely]]
        return source.fail(errc::attributes_exceeded, p, most_declarations + 1, most_declarations);
    if (declared == declarations.size()) [[unlikely]]
        declarations.emplace_back();
    namespace_declaration& added = declarations[declared];
    p = read_names(source, p + 1, shape, added.prefix, added.uri);
    if (p == nullptr)
        return p;
    if (!added.prefix.empty() && added.uri.empty())
        return source.fail(errc::prefix_unbindable, start, 0);
    if (added.prefix.size() > 1) {
        if ((added.prefix == "xml" && added.uri != xml_uri) ||
            (added.prefix == "xmlns" && added.uri != xmlns_uri))
            return source.fail(errc::prefix_reserved, start, 0);
    }
    ++declared;
    return p;
}

/// Whether the tag declares each prefix once.
bool reader::state::declarations_differ() noexcept {
    const std::size_t count = top->declarations;
    const auto* const first = declarations.data() + top->first_declaration;
    const auto equal = [&](std::size_t a, std::size_t b) {
        return same_prefix(first[a].prefix, first[b].prefix);
    };
    const auto less = [&](std::size_t a, std::size_t b) {
        return first[a].prefix < first[b].prefix;
    };
    const std::size_t twice =
        count <= few ? find_duplicate_of_few(count, equal) : find_duplicate(order, count, less);
    if (twice == count)
        return true;
    source.fail(errc::xmlns_prefix_duplicate, start_of(record_kind::xmlns, twice), 0);
    return false;
}

bool reader::state::resolve_attributes() noexcept {
    const std::size_t count = top->attributes;
    for (std::size_t i = 0; i != count; ++i) {
        attribute& named = attributes[i];
        if (named.prefix.empty())
            continue;  // the default namespace is not for attributes
        const std::string_view* const uri = find_uri(named.prefix);
        if (uri == nullptr) {
            source.fail(errc::namespace_prefix_undeclared, start_of(record_kind::attribute, i), 0);
            return false;
        }
        named.ns = *uri;
    }
    if (count == 1)
        return true;
    const auto equal = [&](std::size_t a, std::size_t b) {
        return attributes[a].local == attributes[b].local && attributes[a].ns == attributes[b].ns;
    };
    const auto less = [&](std::size_t a, std::size_t b) {
        const int compared = attributes[a].local.compare(attributes[b].local);
        return compared != 0 ? compared < 0 : attributes[a].ns < attributes[b].ns;
    };
    const std::size_t twice =
        count <= few ? find_duplicate_of_few(count, equal) : find_duplicate(order, count, less);
    if (twice == count)
        return true;
    source.fail(errc::attribute_duplicate, start_of(record_kind::attribute, twice), 0);
    return false;
}

/// Where the current tag has its attribute (or declaration) of that number. Reads the tag again:
/// only failures ask.
const std::byte* reader::state::start_of(record_kind kind, std::size_t number) noexcept {
    const std::byte* p = node_start;
    if (shape_of(*p).kind == record_kind::array)
        ++p;
    std::string_view prefix, name;
    nbfx::value value_of_attribute;
    for (;;) {
        p = read_names(source, p + 1, shape_of(*p), prefix, name);
        if (shape_of(*p).kind == record_kind::text)
            p = source.read_value(p + 1, shape_of(*p), value_of_attribute);
        if (shape_of(*p).kind == kind && number-- == 0)
            return p;
    }
}

const std::string_view* reader::state::find_other_uri(std::string_view prefix) const noexcept {
    if (prefix.empty())
        return &no_uri;
    for (std::size_t i = declared; i-- != 0;) {
        if (same_prefix(declarations[i].prefix, prefix))
            return &declarations[i].uri;
    }
    return prefix == "xml" ? &xml_uri : nullptr;
}

}  // namespace nettcp::nbfx
