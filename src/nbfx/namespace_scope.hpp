#pragma once

#include "nbfx/short_text.hpp"
#include "nbfx/text_stack.hpp"

#include <nettcp/nbfx/dictionary_string.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace nettcp::nbfx {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

/// A prefix and what it stands for, declared by the element at `depth`.
struct namespace_binding {
    xml_string uri = std::string_view();
    namespace_binding* hides = nullptr;  ///< the binding of the prefix further out
    std::uint32_t depth = 0;
    std::uint32_t place = 0;     ///< `namespace_scope::usual_place` of the prefix
    std::uint32_t uri_hash = 0;  ///< if `hashed`, which is not before it is searched
    bool hashed = false;
    bool hidden = false;  ///< an element further in has bound the prefix anew
    bool kept = false;  ///< it has texts of the scope's own, from `before` on
    text_stack::mark before;
    std::string_view other_prefix;  ///< unless that is a usual one

    std::string_view prefix() const noexcept;

    bool stands_for(const xml_string& other) const noexcept {
        if (other.lasting() && uri.lasting() && same_view(uri.text(), other.text()))
            return true;
        return has_text_of(other);
    }
    bool has_text_of(const xml_string& other) const noexcept;
};

/// What prefixes stand for while a document is written, with .NET's choice of prefixes.
///
/// Keeps copies of its texts. Look-ups are linear and compare little: WCF documents have few
/// declarations in scope, and those of a peer, which may be copied, are bounded by its reader.
class namespace_scope {
public:
    /// Forgets everything but the storage.
    void clear() {
        if (bindings_.empty()) [[unlikely]]
            make_first_bindings();
        while (end_ != nothing_ + 2) [[unlikely]]  // those that a failure left
            unbind(*--end_);
        texts_.release({});
        depth_ = 0;
        innermost_ = root_depth;
        taken_ = end_;
        last_found_ = nullptr;
    }

    void enter() noexcept { ++depth_; }
    /// Leaves an element, and returns the depth then.
    std::uint32_t leave() noexcept {
        if (!is_plain())
            drop_declarations();
        return --depth_;
    }
    /// Whether the present element declares nothing, and is not the root.
    bool is_plain() const noexcept { return innermost_ != depth_; }
    /// Leaves an element of that kind.
    void leave_plainly() noexcept { --depth_; }
    std::uint32_t depth() const noexcept { return depth_; }

    /// What `prefix` stands for; nothing when undeclared. `xml` and `xmlns` are always declared.
    std::optional<std::string_view> find_uri(std::string_view prefix) const noexcept;
    /// Where a usual prefix is: 0 for "", from 2 on for the small letters, which is how records
    /// number them; `no_place` for others.
    static std::size_t usual_place(std::string_view prefix) noexcept {
        if (prefix.size() == 1) [[likely]] {
            const std::size_t letter = static_cast<unsigned char>(prefix[0]) - std::size_t{'a'};
            if (letter < 26) [[likely]]
                return letter + first_letter;
            return no_place;
        }
        return prefix.empty() ? 0 : no_place;
    }
    static constexpr std::size_t no_place = 1;
    static constexpr std::size_t first_letter = 2;
    static constexpr std::size_t places = first_letter + 26;
    static constexpr std::uint32_t root_depth = 1;
    static std::string_view usual_prefix(std::size_t place) noexcept {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
        return place < first_letter ? std::string_view() : letters.substr(place - first_letter, 1);
    }
    /// Whether the usual prefix at `place` stands for `uri`, known by its address: what is there
    /// is that text, whoever asks, since it lasts or is our own copy. Never so at `no_place`.
    bool stands_for_this(std::size_t place, std::string_view uri) const noexcept {
        return same_view(usual_[place]->uri.text(), uri);
    }
    /// Whether `prefix`, of that place, stands for `uri` already.
    bool stands_for(std::size_t place, std::string_view prefix,
                    const xml_string& uri) const noexcept {
        if (place == no_place) [[unlikely]]
            return other_stands_for(prefix, uri.text());
        return usual_[place] != nothing_ && usual_[place]->stands_for(uri);
    }

    /// The innermost prefix that stands for `uri`, "" for the default namespace; of several,
    /// the one looked up last, as .NET has it.
    std::optional<std::string_view> find_prefix(const xml_string& uri) noexcept;
    /// The same without the default namespace, which attributes do not take part in.
    std::optional<std::string_view> find_attribute_prefix(const xml_string& uri) noexcept;

    /// Declares `prefix`, of that place, at the present depth. False when that cannot be: it is
    /// bound to another namespace there, or XML reserves prefix or namespace.
    [[gnu::always_inline]] bool declare(std::size_t place, std::string_view prefix,
                                        const xml_string& uri) {
        namespace_binding* const hides = usual_[place];
        if (place == no_place || !uri.lasting() || uri.text().empty() || end_ == limit_ ||
            hides->depth == depth_ || is_reserved(uri.text())) [[unlikely]]
            return declare_with_care(place, prefix, uri);
        bind(place, uri, hides).kept = false;
        return true;
    }
    /// The same where nothing needs care, which leaves out what may be declared already; else
    /// changes nothing.
    [[gnu::always_inline]] bool declare_quickly(std::size_t place, const xml_string& uri) noexcept {
        namespace_binding* const hides = usual_[place];
        const std::size_t size = uri.text().size();
        if (place == no_place || !uri.lasting() || size == 0 || end_ == limit_ ||
            size == hides->uri.text().size() || hides->depth == depth_ ||
            may_be_reserved(uri.text())) [[unlikely]]
            return false;
        bind(place, uri, hides).kept = false;
        return true;
    }
    bool declare(std::string_view prefix, const xml_string& uri) {
        return declare(usual_place(prefix), prefix, uri);
    }
    /// Declares `uri` under a prefix that is not in use: a to z, then d<depth>p<n>.
    std::optional<std::string_view> declare_under_new_prefix(const xml_string& uri);

    /// Whether there are declarations that were not taken before.
    bool waits() const noexcept { return taken_ != end_; }
    /// These, in order.
    std::span<const namespace_binding> take_declarations() noexcept {
        const std::span<const namespace_binding> made(taken_, end_);
        taken_ = end_;
        return made;
    }

private:
    std::optional<std::string_view> find(const xml_string& uri, bool identical,
                                         bool for_attribute) noexcept;
    const namespace_binding& find_binding(std::string_view prefix) const noexcept {
        const std::size_t place = usual_place(prefix);
        return place == no_place ? *search_binding(prefix) : *usual_[place];
    }
    namespace_binding* search_binding(std::string_view prefix) const noexcept;
    void drop_declarations() noexcept {
        while (end_[-1].depth == depth_)
            unbind(*--end_);
        innermost_ = std::max(end_[-1].depth, root_depth);
        taken_ = end_;
        if (last_found_ >= end_) [[unlikely]]  // .NET, too, remembers what stays in scope
            last_found_ = nullptr;
    }
    void make_first_bindings();
    void make_room();
    unsigned unused_number(std::string_view stem) const;

    /// Decides by size and end, and so nearly always well.
    static bool may_be_reserved(std::string_view uri) noexcept {
        const auto may_be = [uri](std::string_view reserved) {
            return uri.size() == reserved.size() && uri.back() == reserved.back();
        };
        return may_be(xml_namespace) || may_be(xmlns_namespace);
    }
    static bool is_reserved(std::string_view uri) noexcept {
        return may_be_reserved(uri) && has_reserved_text(uri);
    }
    static bool has_reserved_text(std::string_view uri) noexcept;
    bool other_stands_for(std::string_view prefix, std::string_view uri) const noexcept;
    /// Adds a binding; what it says of texts that were kept is left.
    [[gnu::always_inline]] namespace_binding& bind(std::size_t place, const xml_string& uri,
                                                   namespace_binding* hides) noexcept {
        hides->hidden = true;
        namespace_binding& added = *end_++;
        added.uri = uri;
        added.hides = hides;
        added.depth = depth_;
        added.place = static_cast<std::uint32_t>(place);
        added.hashed = false;
        added.hidden = false;
        usual_[place] = &added;
        innermost_ = depth_;
        last_found_ = nullptr;
        return added;
    }
    void unbind(const namespace_binding& last) noexcept {
        last.hides->hidden = false;
        usual_[last.place] = last.hides;
        if (last.kept) [[unlikely]]  // as is so for all that are at `no_place`
            give_back(last);
    }
    void give_back(const namespace_binding& last) noexcept;
    bool declare_with_care(std::size_t place, std::string_view prefix, const xml_string& uri);

    /// Which binding a usual prefix has now, so that nothing is searched; never null.
    std::array<namespace_binding*, places> usual_{};
    namespace_binding* end_ = nullptr;
    namespace_binding* limit_ = nullptr;
    namespace_binding* taken_ = nullptr;  ///< behind what `take_declarations` has given
    namespace_binding* nothing_ = nullptr;  ///< for prefixes without one; `bindings_` starts so
    namespace_binding* last_found_ = nullptr;
    std::uint32_t innermost_ = root_depth;  ///< depth of the innermost binding; the root's if none
    std::uint32_t depth_ = 0;
    std::vector<namespace_binding> bindings_;  ///< up to `end_`; more of them are ready
    text_stack texts_;
};

inline std::string_view namespace_binding::prefix() const noexcept {
    return place == namespace_scope::no_place ? other_prefix : namespace_scope::usual_prefix(place);
}

}  // namespace nettcp::nbfx
