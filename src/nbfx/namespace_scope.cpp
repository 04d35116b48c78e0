#include "nbfx/namespace_scope.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace nettcp::nbfx {
namespace {

/// What no prefix stands for: no caller has this address.
constexpr char no_uri[1] = {};

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

void namespace_scope::make_first_bindings() {
    make_room();
    usual_.fill(nothing_);
    nothing_->uri = std::string_view(no_uri).substr(0, 0);
    nothing_->depth = static_cast<std::uint32_t>(-1);
    usual_[0] = nothing_ + 1;
    usual_[0]->hides = nothing_;
    end_ = usual_[0] + 1;
}

void namespace_scope::make_room() {
    const auto used = static_cast<std::size_t>(end_ - nothing_);
    const auto taken = taken_ - nothing_;
    std::vector<namespace_binding> wider(std::max<std::size_t>(8, 2 * bindings_.size()));
    std::ranges::copy(bindings_, wider.begin());
    const auto move = [&](namespace_binding*& to) { to = wider.data() + (to - nothing_); };
    if (!bindings_.empty()) {
        std::ranges::for_each(usual_, move);
        for (namespace_binding& binding : std::span(wider).subspan(1, used - 1))
            move(binding.hides);
    }
    bindings_.swap(wider);
    nothing_ = bindings_.data();
    end_ = nothing_ + used;
    taken_ = nothing_ + taken;
    limit_ = nothing_ + bindings_.size();
    last_found_ = nullptr;  // as it is after each declaration
}

/// Gives back the texts of a binding that is gone.
void namespace_scope::give_back(const namespace_binding& last) noexcept {
    texts_.release(last.before);
    usual_[no_place] = nothing_;
}

std::optional<std::string_view> namespace_scope::find_uri(std::string_view prefix) const noexcept {
    if (const namespace_binding& binding = find_binding(prefix); &binding != nothing_)
        return binding.uri.text();
    if (prefix == "xml")
        return xml_namespace;
    if (prefix == "xmlns")
        return xmlns_namespace;
    return std::nullopt;
}

namespace_binding* namespace_scope::search_binding(std::string_view prefix) const noexcept {
    for (namespace_binding* at = end_; --at != nothing_;)
        if (same_text(at->prefix(), prefix))
            return at;
    return nothing_;
}

std::optional<std::string_view> namespace_scope::find_prefix(const xml_string& uri) noexcept {
    if (last_found_ != nullptr && last_found_->stands_for(uri))
        return last_found_->prefix();
    for (const bool identical : {true, false})
        if (const auto prefix = find(uri, identical, false))
            return prefix;
    if (uri.text() == xml_namespace)
        return "xml";
    return std::nullopt;
}

std::optional<std::string_view>
namespace_scope::find_attribute_prefix(const xml_string& uri) noexcept {
    if (last_found_ != nullptr && last_found_->place != 0 && last_found_->stands_for(uri))
        return last_found_->prefix();
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
    for (namespace_binding* at = end_; --at != nothing_;) {
        namespace_binding& binding = *at;
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
        last_found_ = at;
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
    namespace_binding* hides = usual_[place];
    if (place == no_place) {
        if (prefix == "xml")
            return uri.text() == xml_namespace;
        hides = search_binding(prefix);
    }
    if (hides->depth == depth_)
        return hides->stands_for(uri);
    if (prefix == "xmlns" || (place != 0 && uri.text().empty()) || is_reserved(uri.text()))
        return false;
    if (end_ == limit_) {
        const auto number = hides - nothing_;
        make_room();
        hides = nothing_ + number;
    }
    const auto before = texts_.top();
    const auto own_prefix = place == no_place ? texts_.keep(prefix) : std::string_view();
    const auto own_uri = uri.lasting() ? uri.text() : texts_.keep(uri.text());
    const dictionary_string word{own_uri, uri.static_id(), uri.lasting()};
    auto& added = bind(place, uri.in_dictionary() ? xml_string(word) : own_uri, hides);
    added.other_prefix = own_prefix;
    added.before = before;
    added.kept = true;
    if (place == no_place)
        usual_[place] = nothing_;
    return true;
}

std::optional<std::string_view> namespace_scope::declare_under_new_prefix(const xml_string& uri) {
    if (uri.text().empty())  // nothing but the default namespace can stand for no namespace
        return declare({}, uri) ? std::optional<std::string_view>(std::in_place) : std::nullopt;
    for (std::size_t place = first_letter; place != places; ++place)
        if (usual_[place] == nothing_)
            return declare(usual_prefix(place), uri) ? std::optional(usual_prefix(place))
                                                     : std::nullopt;
    std::string prefix = "d" + std::to_string(depth_) + "p";
    prefix += std::to_string(unused_number(prefix));
    return declare(prefix, uri) ? std::optional(end_[-1].prefix()) : std::nullopt;
}

/// The smallest number that makes `stem` a prefix which is not in use.
unsigned namespace_scope::unused_number(std::string_view stem) const {
    const std::span<const namespace_binding> all(nothing_ + 1, end_);
    std::vector<bool> used(all.size() + 1);
    for (const namespace_binding& binding : all) {
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
