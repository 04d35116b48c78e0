// Start tags: names, attributes, namespaces. Declarations may follow the names that need them, so
// every record of a tag is read before the first prefix is looked up.
#include <nettcp/nbfx/record_type.hpp>

#include "nbfx/reader_state.hpp"

#include <algorithm>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view xml_uri = "http://www.w3.org/XML/1998/namespace";
constexpr std::string_view xmlns_uri = "http://www.w3.org/2000/xmlns/";
constexpr std::string_view no_uri;

/// Up to this many names a tag is searched for duplicates pair by pair.
constexpr std::size_t few = 8;

inline bool same_prefix(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size())
        return false;
    return a.empty() || (a[0] == b[0] && (a.size() == 1 || a == b));
}

inline std::string_view prefix_letter(const record_shape& shape) noexcept {
    return letters.substr(static_cast<std::size_t>(shape.letter - 'a'), 1);
}

/// Reads the prefix and the name (or URI) that the record's shape announces. In line in all its
/// callers: the reader spends a fifth of its time here.
[[gnu::always_inline]] inline const std::byte* read_names(record_source& source, const std::byte* p,
                                                          const record_shape& shape,
                                                          std::string_view& prefix,
                                                          std::string_view& name) noexcept {
    switch (shape.prefix) {
    case prefix_form::none: prefix = {}; break;
    case prefix_form::letter: prefix = prefix_letter(shape); break;
    case prefix_form::inline_text:
        p = source.read_name(p, prefix);
        if (p == nullptr)
            return p;
        break;
    }
    if (shape.name == name_form::dictionary)
        return source.read_dictionary_string(p, name);
    return source.read_name(p, name);
}

/// The smallest index of an item that equals an earlier one, or `count`.
template <class Less>
std::size_t find_duplicate(std::vector<std::uint32_t>& order, std::size_t count, Less less) {
    std::size_t found = count;
    if (count <= few) {
        for (std::uint32_t later = 1; later < count; ++later) {
            for (std::uint32_t earlier = 0; earlier != later; ++earlier) {
                if (!less(earlier, later) && !less(later, earlier))
                    return later;
            }
        }
        return found;
    }
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

const std::byte* reader::state::read_tag(const std::byte* p, const record_shape& shape) noexcept {
    if (depth() >= quotas.max_depth)
        return source.fail(errc::depth_exceeded, p, depth());
    if (outside_root()) {
        if (root_seen)
            return source.fail(errc::multiple_roots, p, std::to_integer<unsigned>(*p));
        root_seen = true;
    }
    attributes.clear();
    scope& opened = scopes.emplace_back();
    element = &opened;
    opened.first_declaration = static_cast<std::uint32_t>(declarations.size());
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
    if (streamed)
        keep_names();
    const scope& around = scopes[scopes.size() - 2];
    if (opened.first_declaration == declarations.size() &&
        same_prefix(opened.prefix, around.prefix))
        opened.ns = around.ns;
    else if (!resolve_element())
        return nullptr;
    if (!attributes.empty() && !resolve_attributes())
        return nullptr;
    return p;
}

const std::byte* reader::state::read_attributes(const std::byte* p) noexcept {
    attribute_starts.clear();
    declaration_starts.clear();
    while (p != source.end) {
        const record_shape& shape = shape_of(*p);
        if (shape.kind != record_kind::attribute && shape.kind != record_kind::xmlns)
            break;
        if (attributes.size() + declarations.size() >= quotas.max_attributes)
            return source.fail(errc::attributes_exceeded, p, quotas.max_attributes);
        const auto start = static_cast<std::uint32_t>(p - node_start);
        if (shape.kind == record_kind::attribute) {
            attribute_starts.push_back(start);
            p = read_attribute(p, shape);
        } else {
            declaration_starts.push_back(start);
            p = read_declaration(p, shape);
        }
        if (p == nullptr)
            return p;
    }
    return p;
}

const std::byte* reader::state::read_attribute(const std::byte* p,
                                               const record_shape& shape) noexcept {
    attribute& added = attributes.emplace_back();
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

const std::byte* reader::state::read_declaration(const std::byte* p,
                                                 const record_shape& shape) noexcept {
    const std::byte* const start = p;
    namespace_declaration added;
    p = read_names(source, p + 1, shape, added.prefix, added.uri);
    if (p == nullptr)
        return p;
    if (!added.prefix.empty()) {
        if (added.uri.empty())
            return source.fail(errc::prefix_unbindable, start, 0);
        if ((added.prefix == "xml" && added.uri != xml_uri) ||
            (added.prefix == "xmlns" && added.uri != xmlns_uri))
            return source.fail(errc::prefix_reserved, start, 0);
    }
    declarations.push_back(added);
    return p;
}

bool reader::state::resolve_element() noexcept {
    scope& opened = scopes.back();
    const std::size_t own = declarations.size() - opened.first_declaration;
    if (own > 1) {
        const auto* const first = declarations.data() + opened.first_declaration;
        const std::size_t twice = find_duplicate(order, own, [&](std::size_t a, std::size_t b) {
            return first[a].prefix < first[b].prefix;
        });
        if (twice != own) {
            source.fail(errc::xmlns_prefix_duplicate, node_start + declaration_starts[twice], 0);
            return false;
        }
    }
    const std::string_view* const uri = find_uri(opened.prefix);
    if (uri == nullptr) {
        source.fail(errc::namespace_prefix_undeclared, node_start, 0);
        return false;
    }
    opened.ns = *uri;
    return true;
}

bool reader::state::resolve_attributes() noexcept {
    for (std::size_t i = 0; i != attributes.size(); ++i) {
        attribute& named = attributes[i];
        if (named.prefix.empty())
            continue;  // the default namespace is not for attributes
        const std::string_view* const uri = find_uri(named.prefix);
        if (uri == nullptr) {
            source.fail(errc::namespace_prefix_undeclared, node_start + attribute_starts[i], 0);
            return false;
        }
        named.ns = *uri;
    }
    if (attributes.size() == 1)
        return true;
    const std::size_t twice =
        find_duplicate(order, attributes.size(), [&](std::size_t a, std::size_t b) {
            const int compared = attributes[a].local.compare(attributes[b].local);
            return compared != 0 ? compared < 0 : attributes[a].ns < attributes[b].ns;
        });
    if (twice == attributes.size())
        return true;
    source.fail(errc::attribute_duplicate, node_start + attribute_starts[twice], 0);
    return false;
}

const std::string_view* reader::state::find_uri(std::string_view prefix) const noexcept {
    for (std::size_t i = declarations.size(); i-- != 0;) {
        if (same_prefix(declarations[i].prefix, prefix))
            return &declarations[i].uri;
    }
    if (prefix.empty())
        return &no_uri;
    return prefix == "xml" ? &xml_uri : nullptr;
}

}  // namespace nettcp::nbfx
