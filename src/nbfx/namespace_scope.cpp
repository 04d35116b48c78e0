#include "nbfx/namespace_scope.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace nettcp::nbfx {
namespace {

// .NET compares references before it compares texts; references are equal for one and the same
// dictionary string, and for the empty string.
bool identical_strings(const namespace_binding& binding, const xml_string& uri) noexcept {
    if (uri.text().empty())
        return binding.uri.text().empty();
    return binding.uri.in_dictionary() && uri.in_dictionary() && binding.stands_for(uri);
}

}  // namespace

bool namespace_binding::has_text_of(const xml_string& other) const noexcept {
    if (uri.static_id() == other.static_id() && uri.static_id() != no_static_id)
        return true;
    return same_text(uri.text(), other.text());
}

void namespace_scope::clear() {
    if (room_ == 0) {
        make_room();
        usual_.fill(none);
        usual_[0] = 0;
        count_ = 1;
    }
    while (count_ != 1)  // those that a failure left
        unbind(bindings_[--count_]);
    bindings_.front().hidden = false;
    texts_.release({});
    depth_ = innermost_ = 0;
    taken_ = 1;
    last_found_ = none;
}

void namespace_scope::make_room() {
    room_ = std::max(8u, 2 * room_);
    bindings_.resize(room_);
}

void namespace_scope::unbind(const namespace_binding& last) noexcept {
    if (last.kept)
        texts_.release(last.before);
    usual_[last.place] = last.hides;
    lasting_[last.place] = {};
    if (last.hides == none)
        return;
    namespace_binding& outer = bindings_[last.hides];
    outer.hidden = false;
    if (last.place == no_place)
        usual_[no_place] = none;
    else if (outer.uri.lasting())
        lasting_[last.place] = {outer.uri.text().data(), outer.uri.text().size()};
}

void namespace_scope::drop_declarations() noexcept {
    do
        unbind(bindings_[--count_]);
    while (bindings_[count_ - 1].depth == depth_);
    innermost_ = bindings_[count_ - 1].depth;
    taken_ = count_;
    if (last_found_ >= count_)  // .NET, too, remembers what stays in scope
        last_found_ = none;
}

std::optional<std::string_view> namespace_scope::find_uri(std::string_view prefix) const noexcept {
    if (const auto* binding = find_binding(prefix))
        return binding->uri.text();
    if (prefix == "xml")
        return xml_namespace;
    if (prefix == "xmlns")
        return xmlns_namespace;
    return std::nullopt;
}

std::uint32_t namespace_scope::search_binding(std::string_view prefix) const noexcept {
    for (std::uint32_t i = count_; i-- != 0;)
        if (same_text(bindings_[i].prefix(), prefix))
            return i;
    return none;
}

std::optional<std::string_view> namespace_scope::find_prefix(const xml_string& uri) noexcept {
    if (last_found_ != none && bindings_[last_found_].stands_for(uri))
        return bindings_[last_found_].prefix();
    for (const bool identical : {true, false})
        if (const auto prefix = find(uri, identical, false))
            return prefix;
    if (uri.text() == xml_namespace)
        return "xml";
    return std::nullopt;
}

std::optional<std::string_view>
namespace_scope::find_attribute_prefix(const xml_string& uri) noexcept {
    if (last_found_ != none && bindings_[last_found_].place != 0 &&
        bindings_[last_found_].stands_for(uri))
        return bindings_[last_found_].prefix();
    for (const bool identical : {true, false})
        if (const auto prefix = find(uri, identical, true))
            return prefix;
    if (uri.text() == xml_namespace)
        return "xml";
    return std::nullopt;
}

std::optional<std::string_view> namespace_scope::find(const xml_string& uri, bool identical,
                                                      bool for_attribute) noexcept {
    const std::uint32_t hash = hash_of(uri.text());
    for (std::uint32_t i = count_; i-- != 0;) {
        namespace_binding& binding = bindings_[i];
        if (binding.hidden)
            continue;
        if (!binding.hashed) {
            binding.uri_hash = hash_of(binding.uri.text());
            binding.hashed = true;
        }
        if (binding.uri_hash != hash)
            continue;
        if (for_attribute && binding.place == 0)
            continue;
        if (identical ? !identical_strings(binding, uri) : !binding.stands_for(uri))
            continue;
        last_found_ = i;
        return binding.prefix();
    }
    return std::nullopt;
}

bool namespace_scope::other_stands_for(std::string_view prefix,
                                       std::string_view uri) const noexcept {
    return find_uri(prefix) == uri;
}

bool namespace_scope::has_reserved_text(std::string_view uri) noexcept {
    return uri == xml_namespace || uri == xmlns_namespace;
}

bool namespace_scope::declare_with_care(std::size_t place, std::string_view prefix,
                                        const xml_string& uri) {
    std::uint32_t hides = usual_[place];
    if (place == no_place) {
        if (prefix == "xml")
            return uri.text() == xml_namespace;
        hides = search_binding(prefix);
    }
    if (hides != none && bindings_[hides].depth == depth_)
        return bindings_[hides].stands_for(uri);
    if (prefix == "xmlns" || (place != 0 && uri.text().empty()) || is_reserved(uri.text()))
        return false;
    if (count_ == room_)
        make_room();
    const auto before = texts_.top();
    const auto own_prefix = place == no_place ? texts_.keep(prefix) : std::string_view();
    const auto own_uri = uri.lasting() ? uri.text() : texts_.keep(uri.text());
    const dictionary_string word{own_uri, uri.static_id(), uri.lasting()};
    auto& added = bind(place, uri.in_dictionary() ? xml_string(word) : own_uri, hides);
    added.other_prefix = own_prefix;
    added.before = before;
    added.kept = true;
    lasting_[place] = {};
    if (place == no_place)
        usual_[place] = none;
    else if (uri.lasting())
        lasting_[place] = {own_uri.data(), own_uri.size()};
    return true;
}

std::optional<std::string_view> namespace_scope::declare_under_new_prefix(const xml_string& uri) {
    if (uri.text().empty())  // nothing but the default namespace can stand for no namespace
        return declare({}, uri) ? std::optional<std::string_view>(std::in_place) : std::nullopt;
    for (std::size_t place = first_letter; place != places; ++place)
        if (usual_[place] == none)
            return declare(usual_prefix(place), uri) ? std::optional(usual_prefix(place))
                                                     : std::nullopt;
    std::string prefix = "d" + std::to_string(depth_) + "p";
    prefix += std::to_string(unused_number(prefix));
    return declare(prefix, uri) ? std::optional(bindings_[count_ - 1].prefix()) : std::nullopt;
}

/// The smallest number that makes `stem` a prefix which is not in use.
unsigned namespace_scope::unused_number(std::string_view stem) const {
    std::vector<bool> used(count_ + 1);
    for (const namespace_binding& binding : std::span(bindings_).first(count_)) {
        const std::string_view prefix = binding.prefix();
        if (!prefix.starts_with(stem))
            continue;
        const std::string_view digits = prefix.substr(stem.size());
        unsigned number = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        const bool plain = parsed.ec == std::errc{} && (digits == "0" || digits[0] != '0') &&
                           parsed.ptr == digits.data() + digits.size();
        if (plain && number < used.size())
            used[number] = true;
    }
    return static_cast<unsigned>(std::ranges::find(used, false) - used.begin());
}

}  // namespace nettcp::nbfx
