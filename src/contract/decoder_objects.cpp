// What may be null, shared, or of a derived type, and what the attributes of an element say of it.
#include "contract/built_in.hpp"
#include "contract/decoder.hpp"

#include <nettcp/nbfx/errc.hpp>

namespace nettcp::contract {
namespace {

/// From an object of one type to its base of another; null if that is none.
void* to_base(const type& from, const type& to, void* object) {
    const type* at = &from;
    while (at != nullptr && at != &to) {
        const base_row& base = at->structure->base;
        if (base.what == nullptr)
            return nullptr;
        object = base.up(object);
        at = &base.what();
    }
    return object;
}

bool as_text(const nbfx::value& v, std::string& scratch, std::string_view& text) {
    if (v.kind() == nbfx::value_kind::chars) {
        text = v.chars();
        return true;
    }
    const auto converted = v.to_text();
    if (!converted)
        return false;
    scratch = *converted;
    text = scratch;
    return true;
}

}  // namespace

bool decoder::read_marks(marks& found, const place& at) {
    for (const nbfx::attribute& a : in_.attributes()) {
        if (a.ns == xsi_namespace && a.local == "nil") {
            const auto nil = a.value.to_boolean();
            if (!nil)
                return fail(nil.error().code, at);
            found.nil = *nil;
        } else if (a.ns == xsi_namespace && a.local == "type") {
            std::string text;
            std::string_view name;
            if (!as_text(a.value, text, name))
                return fail(nbfx::errc::conversion_invalid, at);
            const auto colon = name.find(':');
            const auto prefix = colon == name.npos ? std::string_view() : name.substr(0, colon);
            const auto ns = in_.find_namespace(prefix);
            if (!ns && colon != name.npos)
                return fail(nbfx::errc::namespace_prefix_undeclared, at);
            found.type_ns = ns.value_or(std::string_view());
            found.type_local = colon == name.npos ? name : name.substr(colon + 1);
            found.has_type = true;
        } else if (a.ns == serialization_namespace && (a.local == "Id" || a.local == "Ref")) {
            if (a.value.kind() != nbfx::value_kind::chars)
                return fail(nbfx::errc::conversion_invalid, at);
            (a.local == "Id" ? found.id : found.ref) = a.value.chars();
        }
    }
    return true;
}

bool decoder::slot(const type& what, void* v, const marks& found, const place& at) {
    if (!found.ref.empty())
        return referred(what, v, found, at);
    if (found.nil) {
        what.slot->reset(v);
        in_.skip();
        return done(at);
    }
    return new_object(what, v, found, at);
}

bool decoder::referred(const type& what, void* v, const marks& found, const place& at) {
    const auto object = shared_.find(found.ref);
    if (object == shared_.end())
        return fail(errc::reference_undefined, at);
    if (what.slot->assign == nullptr || what.item->what != kind::structure)
        return fail(errc::reference_type, at);
    const shared_object& kept = object->second;
    void* base = to_base(*kept.what, *what.item, kept.object.get());
    if (base == nullptr)
        return fail(errc::reference_type, at);
    what.slot->assign(v, std::shared_ptr<void>(kept.object, base));
    in_.skip();
    return done(at);
}

const known_row* decoder::find_known(std::span<const known_row> types, const marks& found) const {
    for (const known_row& known : types) {
        const schema_name name = schema_name_of(known.what());
        if (name.local == found.type_local && name.ns == found.type_ns)
            return &known;
    }
    return nullptr;
}

bool decoder::new_object(const type& what, void* v, const marks& found, const place& at) {
    const type& item = *what.item;
    if (!charge(item, at))
        return false;
    const structure_row* row = item.structure;
    const known_row* derived = nullptr;
    if (found.has_type && row != nullptr &&
        (found.type_local != row->name || found.type_ns != row->ns)) {
        derived = find_known(row->known, found);
        if (derived == nullptr || derived->create == nullptr || what.slot->adopt == nullptr)
            return fail(errc::type_unknown, at);
        if (!charge(derived->what(), at))
            return false;
    }
    void* made = nullptr;
    if (derived != nullptr) {
        void* base = derived->create();
        what.slot->adopt(v, base);
        made = derived->down(base);
    } else {
        made = what.slot->emplace(v);
        if (made == nullptr)
            return fail(errc::type_missing, at);
    }
    const type& actual = derived != nullptr ? derived->what() : item;
    if (!found.id.empty() && what.slot->share != nullptr && actual.structure != nullptr) {
        shared_object kept{&actual, std::shared_ptr<void>(what.slot->share(v), made)};
        if (!shared_.emplace(std::string(found.id), std::move(kept)).second)
            return fail(errc::reference_duplicate, at);
    }
    if (item.what == kind::nullable || item.what == kind::anything)
        return value(item, made, {}, at);
    return content(actual, made, at);
}

bool decoder::anything(void* v, const marks& found, const place& at) {
    if (!found.has_type) {  // .NET makes a plain Object of it
        *static_cast<object*>(v) = {};
        in_.skip();
        return done(at);
    }
    const known_row* known = find_built_in(found.type_local, found.type_ns);
    for (const known_scope* scope = known_; known == nullptr && scope != nullptr;
         scope = scope->outer)
        known = find_known(scope->types, found);
    if (known == nullptr)
        return fail(errc::type_unknown, at);
    if (!charge(known->what(), at))
        return false;
    std::shared_ptr<void> made = known->make();
    if (!content(known->what(), made.get(), at))
        return false;
    *static_cast<object*>(v) = object(std::move(made), known->what());
    return true;
}

}  // namespace nettcp::contract
