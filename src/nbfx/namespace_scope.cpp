#include "nbfx/namespace_scope.hpp"

#include "nbfx/short_text.hpp"

#include <string>

namespace nettcp::nbfx {
namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";

bool same(const namespace_binding& binding, const xml_string& uri) noexcept {
    if (binding.static_id == uri.static_id() && binding.static_id != no_static_id)
        return true;
    return same_text(binding.uri, uri.text());
}

// .NET compares references before it compares texts; references are equal for one and the same
// dictionary string, and for the empty string.
bool identical_strings(const namespace_binding& binding, const xml_string& uri) noexcept {
    if (uri.text().empty())
        return binding.uri.empty();
    return binding.in_dictionary && uri.in_dictionary() && same(binding, uri);
}

}  // namespace

void namespace_scope::clear() {
    bindings_.clear();
    texts_.release({});
    depth_ = 0;
    last_found_ = none;
    bindings_.push_back({0, {}, {}, {}, no_static_id, false});
}

void namespace_scope::leave() noexcept {
    while (bindings_.back().depth == depth_ && depth_ != 0) {
        texts_.release(bindings_.back().before);
        bindings_.pop_back();
    }
    if (last_found_ >= bindings_.size())
        last_found_ = none;
    --depth_;
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

bool namespace_scope::stands_for(std::string_view prefix, const xml_string& uri) const noexcept {
    if (const auto* binding = find_binding(prefix))
        return same(*binding, uri);
    return find_uri(prefix) == uri.text();
}

const namespace_binding* namespace_scope::find_binding(std::string_view prefix) const noexcept {
    const namespace_binding* const first = bindings_.data();
    for (const namespace_binding* at = first + bindings_.size(); at != first;) {
        --at;
        if (same_text(at->prefix, prefix))
            return at;
    }
    return nullptr;
}

std::optional<std::string_view> namespace_scope::find_prefix(const xml_string& uri) noexcept {
    if (last_found_ != none && same(bindings_[last_found_], uri))
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
        same(bindings_[last_found_], uri))
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
    for (std::size_t i = bindings_.size(); i-- != 0;) {
        const namespace_binding& binding = bindings_[i];
        if (for_attribute && binding.prefix.empty())
            continue;
        if (identical ? !identical_strings(binding, uri) : !same(binding, uri))
            continue;
        if (!is_in_scope(i))
            continue;
        last_found_ = i;
        return binding.prefix;
    }
    return std::nullopt;
}

bool namespace_scope::is_in_scope(std::size_t binding) const noexcept {
    for (std::size_t i = binding + 1; i != bindings_.size(); ++i)
        if (bindings_[i].prefix == bindings_[binding].prefix)
            return false;
    return true;
}

bool namespace_scope::declare(std::string_view prefix, const xml_string& uri) {
    if (prefix == "xml")
        return uri.text() == xml_namespace;
    if (prefix == "xmlns")
        return false;
    for (std::size_t i = bindings_.size(); i-- != 0 && bindings_[i].depth == depth_;)
        if (bindings_[i].prefix == prefix)
            return same(bindings_[i], uri);
    if (!prefix.empty() && uri.text().empty())
        return false;
    if (uri.text() == xml_namespace || uri.text() == xmlns_namespace)
        return false;
    const auto before = texts_.top();
    const std::string_view own_prefix = texts_.keep(prefix);
    bindings_.push_back({depth_, own_prefix, texts_.keep(uri.text()), before, uri.static_id(),
                         uri.in_dictionary()});
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
    for (unsigned n = 0;; ++n) {
        const std::string prefix = "d" + std::to_string(depth_) + "p" + std::to_string(n);
        if (find_binding(prefix) == nullptr)
            return declare(prefix, uri) ? std::optional(bindings_.back().prefix) : std::nullopt;
    }
}

std::span<const namespace_binding> namespace_scope::declarations() const noexcept {
    std::size_t first = bindings_.size();
    while (first != 0 && bindings_[first - 1].depth == depth_)
        --first;
    return std::span(bindings_).subspan(first);
}

}  // namespace nettcp::nbfx
