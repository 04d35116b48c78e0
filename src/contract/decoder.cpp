// Structures, lists and maps. Members are looked for from the one that must come next on, as in
// .NET: what stands in front of its place is skipped like an unknown element.
#include "contract/decoder.hpp"

#include <nettcp/nbfx/copy.hpp>
#include <nettcp/nbfx/errc.hpp>

namespace nettcp::contract {
namespace {

constexpr member_options usual{};

}  // namespace

bool decoder::root(const type& what, void* v) {
    return value(what, v, usual, place{});
}

bool decoder::fail(boost::system::error_code code, const place& at, std::uint32_t got,
                   std::uint32_t limit) {
    if (in_.ok())
        in_.fail(code, got, limit);
    return done(at);
}

bool decoder::done(const place& at) {
    if (in_.ok()) [[likely]]
        return true;
    if (path_ != nullptr && !path_known_) {
        path_known_ = true;
        at.append_to(*path_);
    }
    return false;
}

bool decoder::enter(const place& at) {
    if (depth_ >= limits_.max_depth)
        return fail(errc::nesting_exceeded, at, depth_ + 1, limits_.max_depth);
    ++depth_;
    return true;
}

bool decoder::charge(const type& what, const place& at) {
    octets_ += what.size;
    if (++items_ > limits_.max_items_in_object_graph)
        return fail(errc::items_exceeded, at, clamp_u32(items_),
                    clamp_u32(limits_.max_items_in_object_graph));
    if (octets_ > limits_.max_object_octets)
        return fail(errc::memory_exceeded, at, clamp_u32(octets_),
                    clamp_u32(limits_.max_object_octets));
    return true;
}

bool decoder::value(const type& what, void* v, const member_options& options, const place& at) {
    if (in_.current() != nbfx::node::element)
        return fail(nbfx::errc::element_unexpected, at);
    if (!in_.attributes().empty() || what.what == kind::anything) [[unlikely]]
        return marked(what, v, options, at);
    if (what.what == kind::nullable)
        return new_object(what, v, {}, at);
    return content(what, v, at);
}

bool decoder::marked(const type& what, void* v, const member_options& options, const place& at) {
    marks found;
    if (!read_marks(found, at))
        return false;
    if (what.what == kind::nullable)
        return slot(what, v, found, at);
    if (found.nil)
        return null(what, v, options, at);
    if (what.what == kind::anything)
        return anything(v, found, at);
    if (found.has_type && what.what == kind::structure && what.structure != nullptr &&
        (found.type_local != what.structure->name || found.type_ns != what.structure->ns))
        return fail(errc::type_unknown, at);
    return content(what, v, at);
}

bool decoder::null(const type& what, void* v, const member_options& options, const place& at) {
    switch (what.what) {
    case kind::string: static_cast<std::string*>(v)->clear(); break;
    case kind::uri: static_cast<uri*>(v)->text.clear(); break;
    case kind::qname: *static_cast<soap::qname*>(v) = {}; break;
    case kind::bytes: static_cast<std::vector<std::byte>*>(v)->clear(); break;
    case kind::list: what.list->clear(v); break;
    case kind::map: what.map->clear(v); break;
    case kind::anything: *static_cast<object*>(v) = {}; break;
    case kind::structure: break;
    default: return fail(errc::value_null, at);
    }
    if (!options.nullable)
        return fail(errc::value_null, at);
    in_.skip();
    return done(at);
}

bool decoder::content(const type& what, void* v, const place& at) {
    switch (what.what) {
    case kind::structure: return structure(what, v, at);
    case kind::list: return list(what, *what.planned(), v, at);
    case kind::map: return map(what, *what.planned(), v, at);
    case kind::enumeration: return enumeration(what, v, at);
    default: return primitive(what, v) && done(at) ? true : done(at);
    }
}

bool decoder::structure(const type& what, void* v, const place& at) {
    if (what.collection != nullptr) {
        const type& inner = what.collection->list();
        void* held = what.collection->access(v);
        if (inner.what == kind::map)
            return map(inner, *what.planned(), held, at);
        return list(inner, *what.planned(), held, at);
    }
    if (!enter(at))
        return false;
    const known_scope scope{known_, what.structure->known};
    if (!scope.types.empty())
        known_ = &scope;
    const bool good = members(what, *what.planned(), v, at);
    if (!scope.types.empty())
        known_ = scope.outer;
    --depth_;
    return good;
}

/// Remembers the tag of the member that the reader stands on, and where the member is.
void decoder::learn(repeated& again, std::size_t index, const void* start, const void* member) {
    nbfx::field& f = again.fields.fields[index];
    f.kind = field_kind_of(*again.names->members[index].what);
    f.offset = static_cast<std::size_t>(static_cast<const std::byte*>(member) -
                                        static_cast<const std::byte*>(start));
    again.fields.learn(in_, index);
}

/// What is known of a list's item, if that is a structure.
decoder::repeated* decoder::repetition_of(const type& item) {
    const type& inner = without_null(item);
    if (inner.what != kind::structure || inner.collection != nullptr)
        return nullptr;
    const plan::content* const names = &*inner.planned();
    for (repeated& known : repeated_)
        if (known.names == names)
            return &known;
    return &repeated_.emplace_back(names, nbfx::field_reader(names->members.size()));
}

bool decoder::members(const type& what, const plan::content& names, void* v, const place& at) {
    std::size_t next = 0;
    if (again_ == nullptr || again_->names != &names)
        in_.next();
    else if (again_->fields.read_structure(in_, v, next) != nbfx::field_reader::outcome::inside)
        return done(at);
    return members_from(next, what, names, v, at);
}

/// The reader stands on the first node within that was not read; members before `next` were.
bool decoder::members_from(std::size_t next, const type& what, const plan::content& names, void* v,
                           const place& at) {
    const level_starts levels(names, v);
    repeated* const again = again_ != nullptr && again_->names == &names ? again_ : nullptr;
    const std::size_t count = names.members.size();
    const planned_member* const all = names.members.data();
    while (in_.move_to_content() == nbfx::node::element) {
        if (again != nullptr) {
            if (const std::size_t read = again->fields.read(in_, next, v); read != 0) {
                next += read;
                continue;
            }
        }
        const std::string_view local = in_.local_name();
        const std::string_view ns = in_.namespace_uri();
        std::size_t found = next;
        while (found != count && (all[found].name.text != local || all[found].ns.text != ns))
            ++found;
        if (found == count) {
            if (what.structure->extension == nullptr)
                in_.skip();
            else if (!keep_unknown(*what.structure, v, static_cast<std::uint32_t>(next)))
                return done(at);
            continue;
        }
        for (; next != found; ++next)
            if (all[next].options->required)
                return fail(errc::member_required, {&at, all[next].name.text});
        const planned_member& m = all[found];
        void* const member = levels.member(m);
        if (again != nullptr)
            learn(*again, found, v, member);
        if (!value(*m.what, member, *m.options, {&at, m.name.text}))
            return false;
        next = found + 1;
    }
    if (in_.current() != nbfx::node::end_element)
        return fail(nbfx::errc::element_unexpected, at);
    for (; next != count; ++next)
        if (all[next].options->required)
            return fail(errc::member_required, {&at, all[next].name.text});
    in_.next();
    return done(at);
}

bool decoder::keep_unknown(const structure_row& row, void* v, std::uint32_t place_of_next) {
    octet_buffer octets;
    nbfx::writer copy;
    copy.open(octets);
    nbfx::copy_element(in_, copy);
    const auto finished = copy.finish();
    if (!finished) {
        in_.fail(finished.error());
        return false;
    }
    const bytes_view whole = octets.view();
    static_cast<extension_data*>(row.extension(v))
        ->elements.push_back({place_of_next, {whole.begin(), whole.end()}});
    return true;
}

/// The reader stands on an item of a list, a structure: reads it, and others behind it as long as
/// nothing is unusual.
bool decoder::repeat(const type& list, void* v, repeated& again, place& here) {
    using outcome = nbfx::field_reader::outcome;
    const type& item = *list.item;
    if (!enter(here))
        return false;
    const known_scope scope{known_, item.structure->known};
    if (!scope.types.empty())
        known_ = &scope;
    outcome now = outcome::another;
    for (; now == outcome::another; ++here.index) {
        if (!charge(item, here))
            return false;
        void* const made = list.list->append(v);
        again_ = &again;  // a list within the last one may have left its own
        std::size_t read = 0;
        now = again.fields.read_structure(in_, made, read);
        if (now == outcome::inside && !members_from(read, item, *again.names, made, here))
            return false;
    }
    known_ = scope.outer;
    --depth_;
    return done(here);
}

bool decoder::list(const type& what, const plan::content& names, void* v, const place& at) {
    if (!enter(at))
        return false;
    what.list->clear(v);
    const type& item = *what.item;
    place here{&at, {}, 0};
    repeated* again = nullptr;
    in_.next();
    while (in_.move_to_content() == nbfx::node::element) {
        if (in_.local_name() != names.item_name.text || in_.namespace_uri() != names.item_ns.text) {
            in_.skip();
            continue;
        }
        if (here.index == 1)
            again = repetition_of(item);
        again_ = again;
        if (again != nullptr && item.what == kind::structure && in_.attributes().empty()) {
            if (!repeat(what, v, *again, here))
                return false;
            continue;
        }
        if (!charge(item, here))
            return false;
        if (what.list->append_boolean != nullptr) {
            bool bit = false;
            if (!value(item, &bit, usual, here))
                return false;
            what.list->append_boolean(v, bit);
        } else if (!value(item, what.list->append(v), usual, here)) {
            return false;
        }
        ++here.index;
    }
    if (in_.current() != nbfx::node::end_element)
        return fail(nbfx::errc::element_unexpected, at);
    --depth_;
    in_.next();
    return done(at);
}

struct decoder::entry_context {
    decoder& self;
    const type& map;
    const plan::content& names;
    const place& at;
    bool good;
};

bool decoder::map(const type& what, const plan::content& names, void* v, const place& at) {
    if (!enter(at))
        return false;
    what.map->clear(v);
    place here{&at, {}, 0};
    entry_context context{*this, what, names, here, true};
    in_.next();
    while (in_.move_to_content() == nbfx::node::element) {
        if (in_.local_name() != names.item_name.text || in_.namespace_uri() != names.item_ns.text) {
            in_.skip();
            continue;
        }
        if (!charge(*what.key, here) || !charge(*what.item, here))
            return false;
        what.map->insert(v, &context, [](void* c, void* key, void* mapped) {
            auto& known = *static_cast<entry_context*>(c);
            return known.good = known.self.entry(known, key, mapped);
        });
        if (!context.good)
            return false;
        ++here.index;
    }
    if (in_.current() != nbfx::node::end_element)
        return fail(nbfx::errc::element_unexpected, at);
    --depth_;
    in_.next();
    return done(at);
}

bool decoder::entry(const entry_context& context, void* key, void* v) {
    const std::string_view ns = context.names.item_ns.text;
    const auto& map = context.map;
    bool key_seen = false;
    bool value_seen = false;
    in_.next();
    while (in_.move_to_content() == nbfx::node::element) {
        const bool ours = in_.namespace_uri() == ns;
        if (ours && !key_seen && !value_seen && in_.local_name() == "Key") {
            key_seen = true;
            if (!value(*map.key, key, usual, {&context.at, "Key"}))
                return false;
        } else if (ours && !value_seen && in_.local_name() == "Value") {
            value_seen = true;
            if (!value(*map.item, v, usual, {&context.at, "Value"}))
                return false;
        } else {
            in_.skip();
        }
    }
    if (in_.current() != nbfx::node::end_element)
        return fail(nbfx::errc::element_unexpected, context.at);
    if (!key_seen || !value_seen)
        return fail(errc::member_required, {&context.at, key_seen ? "Value" : "Key"});
    in_.next();
    return done(context.at);
}

bool read_value(nbfx::reader& in, const type& what, void* value, std::string* path,
                const graph_limits& limits) {
    return decoder(in, limits, path).root(what, value);
}

}  // namespace nettcp::contract
