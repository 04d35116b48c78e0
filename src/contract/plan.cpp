// Order and namespaces as .NET's DataContractSerializer works them out.
#include "contract/plan.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace nettcp::contract {
namespace {

nbfx::dictionary_string word(std::string_view text) {
    return {text, nbfx::no_static_id};
}

/// The namespace that .NET declares on the element of a value of this type, so that what is
/// inside finds it.
nbfx::dictionary_string inner_namespace(plan::content& c, const type& what, std::string_view own) {
    const type& inner = without_null(what);
    if (is_built_in(inner) || inner.what == kind::enumeration)
        return {};
    const std::string ns = schema_name_of(inner).ns;
    return ns.empty() || ns == own ? nbfx::dictionary_string{} : c.keep(ns);
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
        c.members.push_back({word(member->name), word(ns),
                             inner_namespace(c, member->what(), row.ns), &member->what(),
                             member->access, &member->options, level});
    }
}

void plan_structure(plan::content& c, const structure_row& row) {
    c.name = word(row.name);
    c.ns = word(row.ns);
    plan_members(c, row, 0);
}

void plan_collection(plan::content& c, const type& what) {
    const type& list = what.collection != nullptr ? what.collection->list() : what;
    schema_name own = schema_name_of(what);
    schema_name item = item_name_of(what);
    if (list.what == kind::map) {
        c.key_ns = inner_namespace(c, *list.key, arrays_namespace);
        c.value_ns = inner_namespace(c, *list.item, arrays_namespace);
    } else {
        c.inner_ns = inner_namespace(c, *list.item, own.ns);
    }
    c.name = c.keep(std::move(own.local));
    c.ns = c.keep(std::move(own.ns));
    c.item_name = c.keep(std::move(item.local));
    c.item_ns = c.keep(std::move(item.ns));
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
