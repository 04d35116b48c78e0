// Order and namespaces as .NET's DataContractSerializer works them out.
#include "contract/plan.hpp"

#include <algorithm>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

namespace nettcp::contract {
namespace {

/// The same text at an address that is the same in all plans: writers then know it by that.
nbfx::dictionary_string word(std::string_view text) {
    static std::mutex using_texts;
    static std::set<std::string, std::less<>> texts;  // lasts as long as the plans do
    const std::lock_guard lock(using_texts);
    auto found = texts.find(text);
    if (found == texts.end())
        found = texts.emplace(text).first;
    return nbfx::lasting_string(*found);
}

/// The namespace that .NET declares on the element of a value of this type, so that what is
/// inside finds it.
nbfx::dictionary_string inner_namespace(const type& what, std::string_view own) {
    const type& inner = without_null(what);
    if (is_built_in(inner) || inner.what == kind::enumeration)
        return {};
    const std::string ns = schema_name_of(inner).ns;
    return ns.empty() || ns == own ? nbfx::dictionary_string{} : word(ns);
}

bool comes_before(const member_row* a, const member_row* b) {
    if (a->options.order != b->options.order)
        return a->options.order < b->options.order;
    return a->name < b->name;
}

void plan_members(plan::content& c, const structure_row& row, std::uint16_t level) {
    if (level >= max_levels)
        throw std::logic_error("a data contract has too many bases");
    if (row.base.what != nullptr) {
        c.to_base.push_back(row.base.up);
        plan_members(c, *row.base.what().structure, static_cast<std::uint16_t>(level + 1));
    }
    std::vector<const member_row*> sorted;
    for (const member_row& member : row.members)
        sorted.push_back(&member);
    std::ranges::sort(sorted, {}, &member_row::name);
    if (std::ranges::adjacent_find(sorted, {}, &member_row::name) != sorted.end())
        throw std::logic_error("a data contract lists a member name twice");
    std::ranges::sort(sorted, comes_before);
    for (const member_row* member : sorted) {
        const auto ns = member->options.ns.empty() ? row.ns : member->options.ns;
        c.members.push_back({word(member->name), word(ns), inner_namespace(member->what(), row.ns),
                             &member->what(), member->access, &member->options, level});
    }
}

void plan_structure(plan::content& c, const structure_row& row) {
    c.name = word(row.name);
    c.ns = word(row.ns);
    plan_members(c, row, 0);
}

void plan_collection(plan::content& c, const type& what) {
    const type& list = what.collection != nullptr ? what.collection->list() : what;
    const schema_name own = schema_name_of(what);
    const schema_name item = item_name_of(what);
    if (list.what == kind::map) {
        c.key_ns = inner_namespace(*list.key, arrays_namespace);
        c.value_ns = inner_namespace(*list.item, arrays_namespace);
    } else {
        c.inner_ns = inner_namespace(*list.item, own.ns);
    }
    c.name = word(own.local);
    c.ns = word(own.ns);
    c.item_name = word(item.local);
    c.item_ns = word(item.ns);
}

void plan_enumeration(plan::content& c, const enumeration_row& row) {
    c.name = word(row.name);
    c.ns = word(row.ns);
    for (const enumerator_row& each : row.enumerators)
        c.by_name.push_back(&each);
    c.by_number = c.by_name;
    std::ranges::sort(c.by_name, {}, &enumerator_row::name);
    if (std::ranges::adjacent_find(c.by_name, {}, &enumerator_row::name) != c.by_name.end())
        throw std::logic_error("an enumeration lists a name twice");
    // Of several names for a number the first counts. (Stable sorting is of deprecated parts.)
    std::ranges::sort(c.by_number, {}, [](const enumerator_row* one) {
        return std::pair(one->number, one);  // all in one array, so by place
    });
}

}  // namespace

nbfx::field_kind field_kind_of(const type& what) noexcept {
    using nbfx::field_kind;
    switch (what.what) {
    case kind::boolean: return field_kind::boolean;
    case kind::int8: return field_kind::int8;
    case kind::uint8: return field_kind::uint8;
    case kind::int16: return field_kind::int16;
    case kind::uint16: return field_kind::uint16;
    case kind::int32: return field_kind::int32;
    case kind::uint32: return field_kind::uint32;
    case kind::int64: return field_kind::int64;
    case kind::float32: return field_kind::float32;
    case kind::float64: return field_kind::float64;
    case kind::character: return field_kind::uint16;
    case kind::string: return field_kind::text;
    default: return field_kind::other;
    }
}

plan::plan(const type& what) {
    auto made = std::make_unique<content>();
    if (what.what == kind::enumeration)
        plan_enumeration(*made, *what.enumeration);
    else if (what.structure != nullptr)
        plan_structure(*made, *what.structure);
    else
        plan_collection(*made, what);
    content_ = std::move(made);
}

plan::~plan() = default;

}  // namespace nettcp::contract
