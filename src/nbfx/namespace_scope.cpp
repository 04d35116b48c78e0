#include "nbfx/namespace_scope.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";

// .NET compares references before it compares texts; references are equal for one and the same
// dictionary string, and for the empty string.
bool identical_strings(const namespace_binding& binding, const xml_string& uri) noexcept {
    if (uri.text().empty())
        return binding.uri.empty();
    return binding.in_dictionary && uri.in_dictionary() && binding.stands_for(uri);
}

}  // namespace

bool namespace_binding::has_text_of(const xml_string& other) const noexcept {
    if (static_id == other.static_id() && static_id != no_static_id)
        return true;
    return same_text(uri, other.text());
}

void namespace_scope::clear() {
    if (bindings_.empty()) {
        bindings_.emplace_back();
        usual_.fill(none);
        usual_[0] = 0;
    }
    for (; bindings_.size() != 1; bindings_.pop_back())  // those that a failure left
        if (const std::size_t place = usual_place(bindings_.back().prefix); place != no_place)
            bind_usual(place, place == 0 ? 0 : none);
    bindings_.front().hidden = false;
    texts_.release({});
    depth_ = innermost_ = 0;
    last_found_ = none;
}

void namespace_scope::bind_usual(std::size_t place, std::size_t binding) noexcept {
    usual_[place] = binding;
    if (binding != none && bindings_[binding].lasting)
        lasting_[place] = {bindings_[binding].uri.data(), bindings_[binding].uri.size()};
    else
        lasting_[place] = {};
}

void namespace_scope::drop_declarations() noexcept {
    while (bindings_.back().depth == depth_ && depth_ != 0) {
        const namespace_binding& left = bindings_.back();
        if (left.hides != none)
            bindings_[left.hides].hidden = false;
        if (const std::size_t place = usual_place(left.prefix); place != no_place)
            bind_usual(place, left.hides);
        texts_.release(left.before);
        bindings_.pop_back();
    }
    innermost_ = bindings_.back().depth;
    if (last_found_ >= bindings_.size())
        last_found_ = none;
}

std::optional<std::string_view> namespace_scope::find_uri(std::string_view prefix) const noexcept {
    if (const auto* binding = find_binding(prefix))
        return binding->uri;
    if (prefix == "xml")
        return xml_namespace;
    if (prefix == "xmlns")
        return xmlns_namespace;
    return std::nullopt;
}

const namespace_binding* namespace_scope::search_binding(std::string_view prefix) const noexcept {
    const namespace_binding* const first = bindings_.data();
    for (const namespace_binding* at = first + bindings_.size(); at != first;) {
        --at;
        if (same_text(at->prefix, prefix))
            return at;
    }
    return nullptr;
}

std::optional<std::string_view> namespace_scope::find_prefix(const xml_string& uri) noexcept {
    if (last_found_ != none && bindings_[last_found_].stands_for(uri))
        return bindings_[last_found_].prefix;
    for (const bool identical : {true, false})
        if (const auto prefix = find(uri, identical, false))
            return prefix;
    if (uri.text() == xml_namespace)
        return "xml";
    return std::nullopt;
}

std::optional<std::string_view>
namespace_scope::find_attribute_prefix(const xml_string& uri) noexcept {
    if (last_found_ != none && !bindings_[last_found_].prefix.empty() &&
        bindings_[last_found_].stands_for(uri))
        return bindings_[last_found_].prefix;
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
    for (std::size_t i = bindings_.size(); i-- != 0;) {
        namespace_binding& binding = bindings_[i];
        if (binding.hidden)
            continue;
        if (!binding.hashed) {
            binding.uri_hash = hash_of(binding.uri);
            binding.hashed = true;
        }
        if (binding.uri_hash != hash)
            continue;
        if (for_attribute && binding.prefix.empty())
            continue;
        if (identical ? !identical_strings(binding, uri) : !binding.stands_for(uri))
            continue;
        last_found_ = i;
        return binding.prefix;
    }
    return std::nullopt;
}

bool namespace_scope::declare(std::string_view prefix, const xml_string& uri) {
    if (prefix == "xml")
        return uri.text() == xml_namespace;
    if (prefix == "xmlns")
        return false;
    const namespace_binding* const hidden = find_binding(prefix);
    if (hidden != nullptr && hidden->depth == depth_)
        return hidden->stands_for(uri);
    if (!prefix.empty() && uri.text().empty())
        return false;
    if (same_text(uri.text(), xml_namespace) || same_text(uri.text(), xmlns_namespace))
        return false;
    const std::size_t place = usual_place(prefix);
    const bool is_letter = place != 0 && place != no_place;
    const std::size_t hides =
        hidden != nullptr ? static_cast<std::size_t>(hidden - bindings_.data()) : none;
    if (hides != none)
        bindings_[hides].hidden = true;
    namespace_binding& added = bindings_.emplace_back();
    added.depth = depth_;
    added.before = texts_.top();
    added.prefix = is_letter ? letters.substr(place - 1, 1) : texts_.keep(prefix);
    added.uri = uri.lasting() ? uri.text() : texts_.keep(uri.text());
    added.lasting = uri.lasting();
    added.static_id = uri.static_id();
    added.in_dictionary = uri.in_dictionary();
    added.hides = hides;
    innermost_ = depth_;
    if (place != no_place)
        bind_usual(place, bindings_.size() - 1);
    last_found_ = none;
    return true;
}

std::optional<std::string_view> namespace_scope::declare_under_new_prefix(const xml_string& uri) {
    if (uri.text().empty())  // nothing but the default namespace can stand for no namespace
        return declare({}, uri) ? std::optional<std::string_view>(std::in_place) : std::nullopt;
    for (std::size_t i = 0; i != letters.size(); ++i)
        if (find_binding(letters.substr(i, 1)) == nullptr)
            return declare(letters.substr(i, 1), uri) ? std::optional(letters.substr(i, 1))
                                                      : std::nullopt;
    std::string prefix = "d" + std::to_string(depth_) + "p";
    prefix += std::to_string(unused_number(prefix));
    return declare(prefix, uri) ? std::optional(bindings_.back().prefix) : std::nullopt;
}

/// The smallest number that makes `stem` a prefix which is not in use.
unsigned namespace_scope::unused_number(std::string_view stem) const {
    std::vector<bool> used(bindings_.size() + 1);
    for (const namespace_binding& binding : bindings_) {
        if (!binding.prefix.starts_with(stem))
            continue;
        const std::string_view digits = binding.prefix.substr(stem.size());
        unsigned number = 0;
        const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
        const bool plain = parsed.ec == std::errc{} && (digits == "0" || digits[0] != '0') &&
                           parsed.ptr == digits.data() + digits.size();
        if (plain && number < used.size())
            used[number] = true;
    }
    return static_cast<unsigned>(std::ranges::find(used, false) - used.begin());
}

std::span<const namespace_binding> namespace_scope::declarations() const noexcept {
    std::size_t first = bindings_.size();
    while (first != 0 && bindings_[first - 1].depth == depth_)
        --first;
    return std::span(bindings_).subspan(first);
}

}  // namespace nettcp::nbfx
