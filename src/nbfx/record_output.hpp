#pragma once

#include "nbfx/short_text.hpp"

#include <nettcp/base/multi_byte_int31.hpp>
#include <nettcp/base/octet_buffer.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace nettcp::nbfx {

/// How much text there is, in octets of UTF-8 and units of UTF-16; `units` is 0 for invalid text.
struct text_extent {
    std::size_t octets;
    std::size_t units;
    bool valid;

    bool ascii() const noexcept { return octets == units; }
};

text_extent measure_beyond_ascii(std::string_view text) noexcept;

inline text_extent measure(std::string_view text) noexcept {
    if (is_ascii(text))
        return {text.size(), text.size(), true};
    return measure_beyond_ascii(text);
}

/// A number, least octet first.
template <class T>
void put_octets_of(std::byte* to, T value) noexcept {
    auto bits = static_cast<std::make_unsigned_t<T>>(value);
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(to, &bits, sizeof bits);
    } else {
        for (std::size_t i = 0; i != sizeof bits; ++i)
            to[i] = static_cast<std::byte>(static_cast<std::uint64_t>(bits) >> (8 * i));
    }
}

/// Whole elements in a row whose names have short ids, without a look back at the output: it is a
/// local variable, so that its pointers stay in registers. Each call is false, and puts nothing, if
/// its element may not fit.
struct element_run {
    std::byte* next;
    const std::byte* free;

    /// One that holds a number.
    template <class T>
    bool put_number(unsigned type, unsigned id, unsigned text_type, T value) noexcept {
        if (!has_free(std::max<std::size_t>(tag_claim, 3 + sizeof value)))
            return false;
        put_three(type, id, text_type | 1);
        put_octets_of(next + 3, value);
        next += 3 + sizeof value;
        return true;
    }
    /// One that holds a text record without content.
    bool put_mark(unsigned type, unsigned id, unsigned text_type) noexcept {
        if (!has_free(tag_claim))
            return false;
        put_three(type, id, text_type | 1);
        next += 3;
        return true;
    }
    /// One that holds nothing, or short ASCII that no other record stands for.
    bool put_ascii(unsigned type, unsigned id, std::string_view text) noexcept {
        if (text.size() == 1 || text.size() > max_short_text ||
            !has_free(tag_claim + text.size() * 3))
            return false;
        if (text.empty()) {
            put_three(type, id, 0x01);
            next += 3;
            return true;
        }
        if (!copy_ascii(next + 4, text))
            return false;
        put_three(type, id, 0x99);
        next[3] = static_cast<std::byte>(text.size());
        next += 4 + text.size();
        return true;
    }

    static constexpr std::size_t max_short_text = 0xff / 3;

private:
    static constexpr std::size_t tag_claim = 6;

    bool has_free(std::size_t size) const noexcept {
        return free - next >= static_cast<std::ptrdiff_t>(size);
    }
    void put_three(unsigned first, unsigned second, unsigned third) noexcept {
        next[0] = static_cast<std::byte>(first);
        next[1] = static_cast<std::byte>(second);
        next[2] = static_cast<std::byte>(third);
    }
};

/// Where a writer puts the octets of records, and the rule that decides which text record may
/// still take in the end of its element.
///
/// .NET's writer works in a buffer of 512 octets: it empties it whenever the next item might not
/// fit, and a text record that has left the buffer can no longer become a `…WithEndElement` one.
/// `claim` and `pass_through` follow that buffer's life, so that our octets are .NET's. The first
/// buffer starts at octet 0 of the document.
class record_output {
public:
    /// Starts a document behind what `out` holds.
    void open(octet_buffer& out) {
        out_ = &out;
        before_ = out.size();
        const auto space = out.prepare(64);
        first_ = next_ = window_ = space.data();
        limit_ = space.data() + space.size();
        text_ = nullptr;
        find_free();
    }
    /// Ends it: hands what was written to the buffer, or takes it all back.
    void close(bool keep) noexcept {
        if (keep)
            out_->commit(static_cast<std::size_t>(next_ - out_->data()) - out_->size());
        else
            out_->truncate(before_);
        out_ = nullptr;
    }

    /// Makes sure that `size` octets can be put without further checks. Comes before `claim`.
    void reserve(std::size_t size) {
        if (static_cast<std::size_t>(limit_ - next_) < size)
            grow(size);
    }
    /// What comes next takes at most `size` octets (<= 512) of .NET's buffer.
    void claim(std::size_t size) noexcept {
        if (has_free(size))
            return;
        if (static_cast<std::size_t>(next_ - window_) + size > window_size)
            start_window();
    }
    /// What comes next takes `size` octets in one piece; then they are put, then `passed` says so.
    /// .NET copies them to its buffer if that could hold them, else past it.
    void claim_whole(std::size_t size) noexcept {
        if (size < window_size)
            claim(size);
    }
    void passed(std::size_t size) noexcept {
        if (size >= window_size)
            start_window();
    }

    void put(unsigned octet) noexcept { *next_++ = static_cast<std::byte>(octet); }
    void put(const void* octets, std::size_t size) noexcept {
        if (size != 0)
            std::memcpy(next_, octets, size);
        next_ += size;
    }
    /// Room for `size` octets that somebody else puts.
    std::byte* take(std::size_t size) noexcept {
        std::byte* const at = next_;
        next_ += size;
        return at;
    }
    /// A number, least octet first.
    template <class T>
    void put_number(T value) noexcept {
        put_octets_of(next_, value);
        next_ += sizeof value;
    }
    void put_size(std::uint32_t size) noexcept {
        claim(5);
        next_ = write_multi_byte_int31(next_, size);
    }

    /// The type octet of a record that is no text.
    void put_node(unsigned type) noexcept {
        claim(1);
        put(type);
        text_ = nullptr;
    }
    /// The type octet of a record that is no text, and a dictionary id.
    void put_node_with_id(unsigned type, std::uint32_t id) {
        if (put_short_tag(type, id))
            return;
        reserve(6);
        put_node(type);
        put_size(id);
    }
    /// An element's type and an id of at most two octets; false if it is longer, or they may not
    /// fit.
    bool put_short_tag(unsigned type, std::uint32_t id) noexcept {
        if (!put_with_short_id(type, id)) [[unlikely]]
            return false;
        text_ = nullptr;
        return true;
    }
    /// A declaration of a prefix of one letter and a namespace by a short id.
    bool put_short_declaration(unsigned type, unsigned letter, std::uint32_t id) noexcept {
        if (id >= 0x80 || !has_free(10)) [[unlikely]]
            return false;
        std::byte* const at = next_;
        at[0] = static_cast<std::byte>(type);
        at[1] = std::byte{1};
        at[2] = static_cast<std::byte>(letter);
        at[3] = static_cast<std::byte>(id);
        next_ = at + 4;
        text_ = nullptr;
        return true;
    }
    /// The same for the text of a short id.
    bool put_short_dictionary_text(unsigned type, std::uint32_t id) noexcept {
        std::byte* const at = next_;
        if (!put_with_short_id(type, id)) [[unlikely]]
            return false;
        text_ = at;
        return true;
    }
    /// A text record without content; false if it may not fit.
    bool put_short_mark(unsigned type) noexcept {
        if (!has_free(1)) [[unlikely]]
            return false;
        text_ = next_;
        put(type);
        return true;
    }
    /// A text record of a number; false if it may not fit.
    template <class T>
    bool put_short_number(unsigned type, T value) noexcept {
        if (!has_free(1 + sizeof value)) [[unlikely]]
            return false;
        std::byte* const at = next_;
        at[0] = static_cast<std::byte>(type);
        put_octets_of(at + 1, value);
        text_ = at;
        next_ = at + 1 + sizeof value;
        return true;
    }
    /// A Chars record of ASCII; false if the text is none, or may not fit.
    bool put_if_short_ascii(std::string_view text) noexcept {
        if (text.size() > max_short_text || !has_free(2 + text.size() * 3))
            return false;
        std::byte* const at = next_;
        if (!copy_ascii(at + 2, text))
            return false;
        at[0] = std::byte{0x98};
        at[1] = static_cast<std::byte>(text.size());
        text_ = at;
        next_ = at + 2 + text.size();
        return true;
    }

    /// Elements in a row: see `element_run`.
    element_run start_run() const noexcept { return {next_, free_}; }
    void end_run(const element_run& run) noexcept {
        if (run.next == next_)
            return;
        next_ = run.next;
        text_ = nullptr;
    }

    /// The type octet of a text record whose fixed content takes `size` octets more.
    void put_text_type(unsigned type, std::size_t size) noexcept {
        claim(1 + size);
        text_ = next_;
        put(type);
    }
    /// A text record's type and length, of the three types that begin with `type8`.
    void put_text_size(unsigned type8, std::size_t size) noexcept;
    /// The end of an element: within the last record where that can be.
    void put_end_element() {
        if (put_end_quickly())
            return;
        reserve(1);
        put_node(0x01);
    }
    /// The same; false if it may not fit.
    bool put_end_quickly() noexcept {
        if (text_ != nullptr) {
            *text_ |= std::byte{1};
            text_ = nullptr;
            return true;
        }
        if (!has_free(1))
            return false;
        put(0x01);
        return true;
    }
    /// The last record is not to take in an end (an attribute's value).
    void seal_text() noexcept { text_ = nullptr; }

    /// A size and text: a name, a namespace, a comment. Reserves for itself.
    void put_string(std::string_view text, const text_extent& extent);
    /// A Chars record of ASCII of at most `max_short_text` octets, which .NET writes in one piece.
    void put_short_ascii(std::string_view text) {
        if (!has_free(2 + text.size() * 3)) {
            reserve(2 + text.size());
            claim(2 + text.size() * 3);
        }
        std::byte* const at = next_;
        at[0] = std::byte{0x98};
        at[1] = static_cast<std::byte>(text.size());
        copy_text(at + 2, text);
        text_ = at;
        next_ = at + 2 + text.size();
    }
    static constexpr std::size_t max_short_text = element_run::max_short_text;
    /// A Chars record, or a UnicodeChars record where .NET prefers that and `may_widen`.
    void put_chars(std::string_view text, const text_extent& extent, bool may_widen);
    /// A Bytes record of `front` (at most three octets) and `rest`.
    void put_bytes(bytes_view front, bytes_view rest);

    /// The document so far.
    bytes_view written() const noexcept { return {first_, next_}; }
    /// Octets before .NET's buffer starts.
    std::size_t window() const noexcept { return static_cast<std::size_t>(window_ - first_); }
    /// Puts octets that were put before where as many were in front; then `window()` was this.
    void put_again(bytes_view octets, std::size_t window) {
        reserve(octets.size());
        put(octets.data(), octets.size());
        window_ = first_ + window;
        text_ = nullptr;
        find_free();
    }

    std::uint64_t position() const noexcept { return static_cast<std::uint64_t>(next_ - first_); }

private:
    static constexpr std::size_t window_size = 512;

    /// Whether so many octets fit in our buffer and in .NET's: no other check is needed then.
    bool has_free(std::size_t size) const noexcept {
        return reinterpret_cast<std::uintptr_t>(next_) + size <=
               reinterpret_cast<std::uintptr_t>(free_);
    }
    bool put_with_short_id(unsigned type, std::uint32_t id) noexcept {
        if (!has_free(6)) [[unlikely]]
            return false;
        std::byte* const at = next_;
        if (id < 0x80) [[likely]] {
            at[0] = static_cast<std::byte>(type);
            at[1] = static_cast<std::byte>(id);
            next_ = at + 2;
            return true;
        }
        if (id >= 0x4000)
            return false;
        at[0] = static_cast<std::byte>(type);
        at[1] = static_cast<std::byte>(id | 0x80);
        at[2] = static_cast<std::byte>(id >> 7);
        next_ = at + 3;
        return true;
    }
    void grow(std::size_t size);
    void start_window() noexcept {
        window_ = next_;
        text_ = nullptr;
        find_free();
    }
    void find_free() noexcept {
        const auto behind = static_cast<std::size_t>(limit_ - window_);
        free_ = behind < window_size ? limit_ : window_ + window_size;
    }
    void put_utf8_in_pieces(std::string_view text, const text_extent& extent) noexcept;
    void put_utf16(std::string_view text, std::size_t units) noexcept;

    octet_buffer* out_ = nullptr;
    std::size_t before_ = 0;  // octets in the buffer before the document
    std::byte* first_ = nullptr;
    std::byte* next_ = nullptr;
    std::byte* limit_ = nullptr;
    std::byte* free_ = nullptr;  // where our space ends, or .NET's: what comes first
    std::byte* window_ = nullptr;  // where .NET's buffer starts now
    std::byte* text_ = nullptr;  // the text record that can take in an end, or null
};

}  // namespace nettcp::nbfx
