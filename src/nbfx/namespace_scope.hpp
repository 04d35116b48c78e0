#pragma once

#include "nbfx/short_text.hpp"
#include "nbfx/text_stack.hpp"

#include <nettcp/nbfx/dictionary_string.hpp>

#include <array>
#include <optional>
#include <span>
#include <vector>

namespace nettcp::nbfx {

inline constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";
inline constexpr std::string_view xmlns_namespace = "http://www.w3.org/2000/xmlns/";

/// A prefix and what it stands for, declared by the element at `depth`.
struct namespace_binding {
    static constexpr std::uint32_t none = static_cast<std::uint32_t>(-1);

    xml_string uri = std::string_view();
    std::uint32_t hides = none;  ///< the binding of the prefix further out
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
    void clear();

    void enter() noexcept { ++depth_; }
    /// Leaves an element, and returns the depth then.
    std::uint32_t leave() noexcept {
        if (declares())
            drop_declarations();
        return --depth_;
    }
    /// The same for an element that declares nothing.
    std::uint32_t leave_plainly() noexcept { return --depth_; }
    std::uint32_t depth() const noexcept { return depth_; }

    /// What `prefix` stands for; nothing when undeclared. `xml` and `xmlns` are always declared.
    std::optional<std::string_view> find_uri(std::string_view prefix) const noexcept;
    /// Where a usual prefix is: 0 for "", from 2 on for the small letters, which is how records
    /// number them; `no_place` for others.
    static std::size_t usual_place(std::string_view prefix) noexcept {
        if (prefix.size() == 1) [[likely]] {
            const std::size_t letter = static_cast<unsigned char>(prefix[0]) - std::size_t{'a'};
            return letter < 26 ? letter + first_letter : no_place;
        }
        return prefix.empty() ? 0 : no_place;
    }
    static constexpr std::size_t no_place = 1;
    static constexpr std::size_t first_letter = 2;
    static constexpr std::size_t places = first_letter + 26;
    static std::string_view usual_prefix(std::size_t place) noexcept {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
        return place < first_letter ? std::string_view() : letters.substr(place - first_letter, 1);
    }
    /// Whether the usual prefix at `place` stands for `uri`, known by its address. A lasting text
    /// never goes away, so what is there is that text, whoever asks. Never so at `no_place`.
    bool stands_for_lasting(std::size_t place, std::string_view uri) const noexcept {
        return same_view({lasting_[place].at, lasting_[place].size}, uri);
    }
    /// Whether `prefix`, of that place, stands for `uri` already.
    bool stands_for(std::size_t place, std::string_view prefix,
                    const xml_string& uri) const noexcept {
        if (place == no_place) [[unlikely]]
            return other_stands_for(prefix, uri.text());
        return usual_[place] != none && bindings_[usual_[place]].stands_for(uri);
    }

    /// The innermost prefix that stands for `uri`, "" for the default namespace; of several,
    /// the one looked up last, as .NET has it.
    std::optional<std::string_view> find_prefix(const xml_string& uri) noexcept;
    /// The same without the default namespace, which attributes do not take part in.
    std::optional<std::string_view> find_attribute_prefix(const xml_string& uri) noexcept;

    /// Declares `prefix`, of that place, at the present depth. False when that cannot be: it is
    /// bound to another namespace there, or XML reserves prefix or namespace.
    bool declare(std::size_t place, std::string_view prefix, const xml_string& uri) {
        const std::uint32_t hides = usual_[place];
        if (place == no_place || !uri.lasting() || uri.text().empty() || count_ == room_ ||
            (hides != none && bindings_[hides].depth == depth_) || is_reserved(uri.text()))
            [[unlikely]]
            return declare_with_care(place, prefix, uri);
        bind(place, uri, hides).kept = false;
        lasting_[place] = {uri.text().data(), uri.text().size()};
        return true;
    }
    bool declare(std::string_view prefix, const xml_string& uri) {
        return declare(usual_place(prefix), prefix, uri);
    }
    /// Declares `uri` under a prefix that is not in use: a to z, then d<depth>p<n>.
    std::optional<std::string_view> declare_under_new_prefix(const xml_string& uri);

    /// Whether the present depth has declarations.
    bool declares() const noexcept { return innermost_ == depth_; }
    /// Whether there are declarations that were not taken before.
    bool waits() const noexcept { return taken_ != count_; }
    /// These, in order.
    std::span<const namespace_binding> take_declarations() noexcept {
        const std::span<const namespace_binding> made(bindings_.data() + taken_, count_ - taken_);
        taken_ = count_;
        return made;
    }

private:
    std::optional<std::string_view> find(const xml_string& uri, bool identical,
                                         bool for_attribute) noexcept;
    const namespace_binding* find_binding(std::string_view prefix) const noexcept {
        const std::size_t place = usual_place(prefix);
        const std::uint32_t at = place == no_place ? search_binding(prefix) : usual_[place];
        return at == none ? nullptr : &bindings_[at];
    }
    std::uint32_t search_binding(std::string_view prefix) const noexcept;
    void drop_declarations() noexcept;
    void make_room();
    unsigned unused_number(std::string_view stem) const;

    static constexpr std::uint32_t none = namespace_binding::none;

    /// What a usual prefix stands for if that is a lasting text, else nothing's address and size.
    struct lasting_uri {
        const char* at = nullptr;
        std::size_t size = static_cast<std::size_t>(-1);
    };
    static bool is_reserved(std::string_view uri) noexcept {
        const auto may_be = [uri](std::string_view reserved) {  // decided by size and end, mostly
            return uri.size() == reserved.size() && uri.back() == reserved.back();
        };
        return (may_be(xml_namespace) || may_be(xmlns_namespace)) && has_reserved_text(uri);
    }
    static bool has_reserved_text(std::string_view uri) noexcept;
    bool other_stands_for(std::string_view prefix, std::string_view uri) const noexcept;
    /// Adds a binding; what `lasting_` says of the place, and of texts that were kept, is left.
    [[gnu::always_inline]] namespace_binding& bind(std::size_t place, const xml_string& uri,
                                                   std::uint32_t hides) noexcept {
        if (hides != none)
            bindings_[hides].hidden = true;
        namespace_binding& added = bindings_[count_];
        added.uri = uri;
        added.hides = hides;
        added.depth = depth_;
        added.place = static_cast<std::uint32_t>(place);
        added.hashed = false;
        added.hidden = false;
        usual_[place] = count_++;
        innermost_ = depth_;
        last_found_ = none;
        return added;
    }
    void unbind(const namespace_binding& last) noexcept;
    bool declare_with_care(std::size_t place, std::string_view prefix, const xml_string& uri);

    std::array<lasting_uri, places> lasting_{};
    /// Which binding a usual prefix has now, so that nothing is searched.
    std::array<std::uint32_t, places> usual_{};
    std::vector<namespace_binding> bindings_;  ///< the first `count_` of `room_`
    std::uint32_t count_ = 0;
    std::uint32_t room_ = 0;
    std::uint32_t taken_ = 0;  ///< how many bindings `take_declarations` has given
    std::uint32_t innermost_ = 0;  ///< depth of the innermost binding
    std::uint32_t depth_ = 0;
    std::uint32_t last_found_ = none;
    text_stack texts_;
};

inline std::string_view namespace_binding::prefix() const noexcept {
    return place == namespace_scope::no_place ? other_prefix : namespace_scope::usual_prefix(place);
}

}  // namespace nettcp::nbfx
