// Structures, lists and maps; encoder_values.cpp has the rest. Namespaces are declared where
// .NET's serializer declares them: on the element of a member, for what is inside.
#include "contract/encoder.hpp"

#include "contract/default_value.hpp"

#include <nettcp/contract/errc.hpp>
#include <nettcp/nbfx/copy.hpp>

namespace nettcp::contract {
namespace {

using nbfx::literals::operator""_dict;

constexpr nbfx::dictionary_string xsi{xsi_namespace, nbfx::no_static_id};
constexpr nbfx::dictionary_string serialization{serialization_namespace, nbfx::no_static_id};
constexpr member_options usual{};

/// What .NET calls a type that can contain references: neither a primitive nor an enumeration.
bool can_contain_references(const type& what) {
    const type& inner = without_null(what);
    return !is_built_in(inner) && inner.what != kind::enumeration;
}

}  // namespace

void encoder::root(const type& what, const void* value, std::string_view element_ns) {
    const place at{};
    if (can_contain_references(what)) {
        const type& inner = without_null(what);
        const auto& names = *inner.planned();
        if (!names.ns.text.empty() && names.ns.text != element_ns)
            out_.ensure_prefix(names.ns);
        out_.declare_namespace("i", xsi);
    }
    content(what, value, usual, at);
}

bool encoder::enter(const place& at) {
    if (++items_ > limits_.max_items_in_object_graph) {
        fail(errc::items_exceeded, at, clamp_u32(items_),
             clamp_u32(limits_.max_items_in_object_graph));
        return false;
    }
    if (depth_ < limits_.max_depth)
        return true;
    fail(errc::graph_too_deep, at, depth_ + 1, limits_.max_depth);
    return false;
}

void encoder::fail(boost::system::error_code code, const place& at, std::uint32_t got,
                   std::uint32_t limit) {
    if (!out_.ok())
        return;
    out_.fail(code, got, limit);
    if (path_ != nullptr)
        at.append_to(*path_);
}

void encoder::null() {
    out_.start_attribute("i", "nil"_dict, xsi);
    out_.boolean(true);
    out_.end_attribute();
}

void encoder::type_name(nbfx::dictionary_string local, nbfx::dictionary_string ns) {
    if (!ns.text.empty())
        out_.ensure_prefix(ns);
    out_.start_attribute("i", "type"_dict, xsi);
    out_.qualified_name(local, ns);
    out_.end_attribute();
}

/// A qualified name's element has a prefix of its own in .NET.
void encoder::element(const type& what, const nbfx::dictionary_string& name,
                      const nbfx::dictionary_string& ns, const void* value) {
    const void* held = what.what == kind::nullable ? what.slot->get(value) : value;
    if (without_null(what).what == kind::qname && held != nullptr && !ns.text.empty())
        out_.start_element("q", name, ns);
    else
        out_.start_element(name, ns);
}

void encoder::content(const type& what, const void* value, const member_options& options,
                      const place& at) {
    switch (what.what) {
    case kind::nullable: {
        const void* held = what.slot->get(value);
        return held != nullptr ? content(*what.item, held, options, at) : null();
    }
    case kind::structure: return structure(what, value, at);
    case kind::list:
        if (enter(at))
            list(what, *what.planned(), value, options, at);
        return;
    case kind::map:
        if (enter(at))
            map(what, *what.planned(), value, options, at);
        return;
    case kind::enumeration: return enumeration(what, value, at);
    case kind::anything: return anything(value, at);
    default: return primitive(what, value, at);
    }
}

void encoder::structure(const type& what, const void* value, const place& at) {
    if (!enter(at))
        return;
    if (what.collection != nullptr) {
        const type& inner = what.collection->list();
        const void* held = what.collection->access(const_cast<void*>(value));
        if (inner.what == kind::map)
            return map(inner, *what.planned(), held, {.array = false}, at);
        return list(inner, *what.planned(), held, {.array = false}, at);
    }
    const type* actual = &what;
    if (what.dynamic_type != nullptr && !what.structure->known.empty()) {
        const std::type_info& id = what.dynamic_type(value);
        for (const known_row& known : what.structure->known) {
            if (known.down == nullptr || *known.id != id)
                continue;
            actual = &known.what();
            value = known.down(const_cast<void*>(value));
            break;
        }
    }
    if (actual == &what && what.dynamic_type != nullptr && what.dynamic_type(value) != *what.id)
        return fail(errc::type_undeclared, at);
    const auto& names = *actual->planned();
    if (actual != &what)
        type_name(names.name, names.ns);
    if (actual->structure->reference && !first_time(*actual, value))
        return;
    ++depth_;
    members(names, *actual->structure, value, at);
    --depth_;
}

bool encoder::first_time(const type& what, const void* value) {
    const auto next = static_cast<std::uint32_t>(written_.size() + 1);
    const auto [found, is_new] = written_.try_emplace({value, what.structure}, next);
    text_.assign("i").append(std::to_string(found->second));
    out_.attribute("z", is_new ? "Id"_dict : "Ref"_dict, serialization, text_);
    return is_new;
}

void encoder::members(const plan::content& names, const structure_row& row, const void* value,
                      const place& at) {
    members_from(0, names, row, value, at);
}

void encoder::members_from(std::size_t next, const plan::content& names, const structure_row& row,
                           const void* value, const place& at) {
    const level_starts levels(names, const_cast<void*>(value));
    const repeated* const again =
        again_ != nullptr && again_->names == &names && row.extension == nullptr ? again_ : nullptr;
    std::size_t unknown_written = 0;
    for (; next != names.members.size(); ++next) {
        const planned_member& m = names.members[next];
        if (row.extension != nullptr)
            unknown(names, row, levels.of[0], static_cast<std::uint32_t>(next), unknown_written);
        member(m, levels.member(m), at);
        if (!out_.ok())
            return;
        if (again != nullptr && next + 1 != names.members.size())
            next += again->fields.write(out_, next + 1, names.ns, value);
    }
    if (row.extension != nullptr)
        unknown(names, row, levels.of[0], place::no_index, unknown_written);
}

/// An item of a list, a structure that needs no more than its members.
void encoder::repeat(const plan::content& list, const repeated& again, const structure_row& row,
                     const void* value, const place& at) {
    nbfx::field_writer::start(out_, list.item_name, list.item_ns);
    if (!enter(at))
        return;
    ++depth_;
    const std::size_t written = again.fields.write(out_, 0, again.names->ns, value);
    if (written != again.names->members.size())
        members_from(written, *again.names, row, value, at);
    --depth_;
    out_.end_element();
}

/// What is known of a list's item, if that is a plain structure. Its names have ids by now, since
/// `first` is written.
const encoder::repeated* encoder::repetition_of(const type& item, const void* first) {
    const bool plain = item.what == kind::structure && item.collection == nullptr &&
                       item.dynamic_type == nullptr && !item.structure->reference &&
                       item.structure->extension == nullptr && !item.structure->members.empty();
    if (!plain)
        return nullptr;
    const plan::content& names = *item.planned();
    for (const repeated& known : repeated_)
        if (known.names == &names)
            return &known;
    repeated& made = repeated_.emplace_back(&names, nbfx::field_writer(names.members.size()));
    const level_starts levels(names, const_cast<void*>(first));
    for (std::size_t i = 0; i != names.members.size(); ++i) {
        const planned_member& m = names.members[i];
        if (!m.options->emit_default || m.ns.text != names.ns.text)
            continue;
        nbfx::field& f = made.fields.fields[i];
        f.kind = field_kind_of(*m.what);
        f.offset = static_cast<std::size_t>(static_cast<const std::byte*>(levels.member(m)) -
                                            static_cast<const std::byte*>(first));
        made.fields.name(out_, i, m.name);
    }
    return &made;
}

void encoder::member(const planned_member& m, const void* value, const place& at) {
    if (!m.options->emit_default && is_default(*m.what, value))
        return;
    element(*m.what, m.name, m.ns, value);
    if (!m.inner_ns.text.empty())
        out_.ensure_prefix(m.inner_ns);
    content(*m.what, value, *m.options, {&at, m.name.text});
    out_.end_element();
}

/// Elements that were found in front of the member that comes next.
void encoder::unknown(const plan::content&, const structure_row& row, void* value,
                      std::uint32_t place_of_next, std::size_t& written) {
    const auto& kept = static_cast<const extension_data*>(row.extension(value))->elements;
    for (; written != kept.size() && kept[written].place <= place_of_next; ++written) {
        nbfx::reader in;
        in.open(kept[written].octets);
        in.move_to_content();
        nbfx::copy_element(in, out_);
    }
}

void encoder::list(const type& what, const plan::content& names, const void* value,
                   const member_options& options, const place& at) {
    const std::size_t count = what.list->size(value);
    if (!names.inner_ns.text.empty())
        out_.ensure_prefix(names.inner_ns);
    if (count == 0)
        return;
    const auto* item = static_cast<const std::byte*>(what.list->at(value, 0));
    const bool packed = what.list->append_boolean != nullptr;
    if (options.array && packed)
        return bits(what, names, value, count);
    if (options.array && array(*what.item, names, item, count))
        return;
    ++depth_;
    const repeated* again = nullptr;
    for (std::size_t i = 0; i != count && out_.ok(); ++i) {
        const place here{&at, {}, static_cast<std::uint32_t>(i)};
        if (i == 1)
            again = repetition_of(*what.item, item);
        again_ = again;
        const void* each = packed ? what.list->at(value, i) : item + i * what.item->size;
        if (again != nullptr) {
            repeat(names, *again, *what.item->structure, each, here);
            continue;
        }
        element(*what.item, names.item_name, names.item_ns, each);
        content(*what.item, each, options, here);
        out_.end_element();
    }
    --depth_;
}

void encoder::bits(const type& what, const plan::content& names, const void* value,
                   std::size_t count) {
    const auto items = std::make_unique<bool[]>(count);
    for (std::size_t i = 0; i != count; ++i)
        items[i] = *static_cast<const bool*>(what.list->at(value, i));
    array(*what.item, names, items.get(), count);
}

struct encoder::entry_context {
    encoder& self;
    const type& map;
    const plan::content& names;
    const member_options& options;
    const place& at;
    std::uint32_t index;
};

void encoder::map(const type& what, const plan::content& names, const void* value,
                  const member_options& options, const place& at) {
    entry_context context{*this, what, names, options, at, 0};
    ++depth_;
    what.map->visit(value, &context, [](void* c, const void* key, const void* mapped) {
        auto& known = *static_cast<entry_context*>(c);
        const bool more = known.self.entry(known, key, mapped);
        ++known.index;
        return more;
    });
    --depth_;
}

bool encoder::entry(const entry_context& context, const void* key, const void* value) {
    constexpr nbfx::dictionary_string arrays{arrays_namespace, nbfx::no_static_id};
    const plan::content& names = context.names;
    const place here{&context.at, {}, context.index};
    out_.start_element(names.item_name, names.item_ns);
    const nbfx::dictionary_string ns = context.map.collection == nullptr ? arrays : names.item_ns;
    element(*context.map.key, "Key"_dict, ns, key);
    if (!names.key_ns.text.empty())
        out_.ensure_prefix(names.key_ns);
    content(*context.map.key, key, context.options, {&here, "Key"});
    out_.end_element();
    element(*context.map.item, "Value"_dict, ns, value);
    if (!names.value_ns.text.empty())
        out_.ensure_prefix(names.value_ns);
    content(*context.map.item, value, context.options, {&here, "Value"});
    out_.end_element();
    out_.end_element();
    return out_.ok();
}

void write_value(nbfx::writer& out, const type& what, const void* value,
                 std::string_view element_ns, std::string* path, const graph_limits& limits) {
    encoder(out, limits, path).root(what, value, element_ns);
}

}  // namespace nettcp::contract
