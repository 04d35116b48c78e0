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
    std::uint32_t depth = 0;
    std::string_view prefix;
    std::string_view uri;
    text_stack::mark before;  ///< what to give back when the element ends
    std::uint32_t static_id = no_static_id;
    bool in_dictionary = false;
    bool hidden = false;      ///< an element further in has bound the prefix anew
    bool lasting = false;  ///< `uri` is the caller's own text, which lasts
    bool hashed = false;
    std::uint32_t uri_hash = 0;  ///< if `hashed`, which is not before it is searched
    std::size_t hides = none;  ///< the binding of the prefix further out

    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    xml_string as_string() const noexcept {
        if (in_dictionary)
            return dictionary_string{uri, static_id, lasting, false};
        return uri;
    }

    bool stands_for(const xml_string& other) const noexcept {
        if (other.lasting() && lasting && uri.data() == other.text().data() &&
            uri.size() == other.text().size())
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
    void leave() noexcept {
        if (declares())
            drop_declarations();
        --depth_;
    }
    /// Leaves an element that declares nothing, and returns the depth then.
    std::uint32_t leave_plainly() noexcept { return --depth_; }
    std::uint32_t depth() const noexcept { return depth_; }

    /// What `prefix` stands for; nothing when undeclared. `xml` and `xmlns` are always declared.
    std::optional<std::string_view> find_uri(std::string_view prefix) const noexcept;
    /// Where a usual prefix is, "" or a small letter: 0 or from 1 on; `no_place` for others.
    static std::size_t usual_place(std::string_view prefix) noexcept {
        if (prefix.empty())
            return 0;
        const bool usual = prefix.size() == 1 && prefix[0] >= 'a' && prefix[0] <= 'z';
        return usual ? static_cast<std::size_t>(prefix[0] - 'a') + 1 : no_place;
    }
    static constexpr std::size_t no_place = 27;
    /// Whether the usual prefix at `place` stands for `uri`, known by its address. A lasting text
    /// never goes away, so what is there is that text, whoever asks.
    bool stands_for_lasting(std::size_t place, std::string_view uri) const noexcept {
        return lasting_[place].at == uri.data() && lasting_[place].size == uri.size();
    }
    /// Whether `prefix` stands for `uri` already.
    bool stands_for(std::string_view prefix, const xml_string& uri) const noexcept {
        if (const auto* binding = find_binding(prefix))
            return binding->stands_for(uri);
        return find_uri(prefix) == uri.text();
    }

    /// The innermost prefix that stands for `uri`, "" for the default namespace; of several,
    /// the one looked up last, as .NET has it.
    std::optional<std::string_view> find_prefix(const xml_string& uri) noexcept;
    /// The same without the default namespace, which attributes do not take part in.
    std::optional<std::string_view> find_attribute_prefix(const xml_string& uri) noexcept;

    /// Whether a prefix is "" or a small letter: no look is needed to see that it is a good one.
    static bool is_usual(std::string_view prefix) noexcept {
        return usual_place(prefix) != no_place;
    }
    /// Declares `prefix` at the present depth. False when that cannot be: it is bound to another
    /// namespace there, or XML reserves prefix or namespace.
    bool declare(std::string_view prefix, const xml_string& uri);
    /// Declares `uri` under a prefix that is not in use: a to z, then d<depth>p<n>.
    std::optional<std::string_view> declare_under_new_prefix(const xml_string& uri);

    /// Whether the present depth has declarations.
    bool declares() const noexcept { return innermost_ == depth_; }
    /// Declarations of the present depth, in order.
    std::span<const namespace_binding> declarations() const noexcept;

private:
    std::optional<std::string_view> find(const xml_string& uri, bool identical,
                                         bool for_attribute) noexcept;
    const namespace_binding* find_binding(std::string_view prefix) const noexcept {
        const std::size_t place = usual_place(prefix);
        if (place == no_place)
            return search_binding(prefix);
        return usual_[place] == none ? nullptr : &bindings_[usual_[place]];
    }
    const namespace_binding* search_binding(std::string_view prefix) const noexcept;
    void drop_declarations() noexcept;
    unsigned unused_number(std::string_view stem) const;

    static constexpr std::size_t none = namespace_binding::none;

    /// What a usual prefix stands for if that is a lasting text, else nothing's address and size.
    struct lasting_uri {
        const char* at = nullptr;
        std::size_t size = none;
    };
    void bind_usual(std::size_t place, std::size_t binding) noexcept;

    std::vector<namespace_binding> bindings_;
    /// Which binding a usual prefix has now, so that nothing is searched.
    std::array<std::size_t, no_place> usual_{};
    std::array<lasting_uri, no_place> lasting_{};
    std::uint32_t innermost_ = 0;  ///< depth of the innermost binding
    text_stack texts_;
    std::uint32_t depth_ = 0;
    std::size_t last_found_ = none;
};

}  // namespace nettcp::nbfx
