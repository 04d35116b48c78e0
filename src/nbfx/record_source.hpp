#pragma once

#include <nettcp/base/errc.hpp>
#include <nettcp/base/utf8.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/session_dictionary.hpp>
#include <nettcp/nbfx/value.hpp>

#include "nbfx/record_kinds.inc"
#include "nbfx/static_dictionary_strings.inc"

#include <array>
#include <bit>
#include <cstring>
#include <span>

namespace nettcp::nbfx {

/// The type octet's shape.
inline const record_shape& shape_of(std::byte type) noexcept {
    return record_shapes[std::to_integer<std::size_t>(type)];
}

inline constexpr char prefix_letters[] = "abcdefghijklmnopqrstuvwxyz";

/// The usual prefixes: none, `a` to `z`.
inline constexpr auto usual_prefixes = [] {
    std::array<std::string_view, 27> all;
    all[0] = std::string_view(prefix_letters).substr(26);
    for (std::size_t i = 0; i != 26; ++i)
        all[i + 1] = {prefix_letters + i, 1};
    return all;
}();

/// The usual prefix of that letter, which is small, or 0 for none.
inline std::string_view usual_prefix(char letter) noexcept {
    return usual_prefixes[static_cast<unsigned>(letter) & 0x1fu];
}

/// The same text; a usual prefix is that of `usual_prefixes`, so that these are equal if and only
/// if their addresses are.
inline std::string_view at_its_address(std::string_view prefix) noexcept {
    if (prefix.size() == 1 && prefix[0] >= 'a' && prefix[0] <= 'z')
        return usual_prefix(prefix[0]);
    return prefix.empty() ? usual_prefix(0) : prefix;
}

/// A little-endian number at `p`.
template <class T>
T number_at(const std::byte* p) noexcept {
    if constexpr (std::endian::native == std::endian::little) {
        T value;
        std::memcpy(&value, p, sizeof value);
        return value;
    } else {
        T value = 0;
        for (std::size_t i = 0; i != sizeof value; ++i)
            value = static_cast<T>(value | static_cast<T>(static_cast<T>(p[i]) << (8 * i)));
        return value;
    }
}

inline constexpr auto early_static_strings = std::span(static_strings).first<0x80 / 2>();

/// Octets to read records from, the dictionaries that explain their ids, and the first failure.
///
/// Reading functions take the position and return the one behind what they read, or null after
/// a failure: the position then stays in a register, which is what makes the reader fast. They
/// are inline for the same reason.
struct record_source {
    const std::byte* end = nullptr;
    const received_dictionary* session = nullptr;
    /// The strings whose ids take one octet: static, and of the session.
    std::span<const std::string_view> early[2] = {early_static_strings, {}};
    std::uint64_t expanded = 0;  ///< characters that dictionary ids have stood for so far

    boost::system::error_code code;
    const std::byte* failed_at = nullptr;
    std::uint32_t got = 0;
    std::uint32_t limit = 0;

    // Kept out of the way: building a code in line would cost every caller a stack frame.
    template <class Errc>
    [[gnu::noinline, gnu::cold]] std::nullptr_t fail(Errc rule, const std::byte* at,
                                                     std::uint32_t value,
                                                     std::uint32_t broken_limit = 0) noexcept {
        return fail_with(make_error_code(rule), at, value, broken_limit);
    }
    std::nullptr_t truncated() noexcept { return fail(base_errc::truncated, end, 0); }

    std::size_t left(const std::byte* p) const noexcept {
        return static_cast<std::size_t>(end - p);
    }

    /// A MultiByteInt31.
    const std::byte* read_size(const std::byte* p, std::uint32_t& size) noexcept {
        if (p != end && std::to_integer<unsigned>(*p) < 0x80) [[likely]] {
            size = std::to_integer<std::uint32_t>(*p);
            return p + 1;
        }
        return read_long_size(p, size);
    }

    /// A String; not checked for UTF-8.
    const std::byte* read_string(const std::byte* p, std::string_view& text) noexcept {
        std::uint32_t size = 0;
        p = read_size(p, size);
        if (p == nullptr)
            return p;
        if (left(p) < size)
            return truncated();
        text = as_text({p, size});
        return p + size;
    }

    /// A String that names something: .NET would fail when its text is asked for.
    const std::byte* read_name(const std::byte* p, std::string_view& text) noexcept {
        p = read_string(p, text);
        if (p == nullptr)
            return p;
        for (const char c : text) {
            if (static_cast<unsigned char>(c) >= 0x80)
                return check_name(p, text);
        }
        return p;
    }

    /// Whether `octet` is a whole id, and that of a string.
    bool is_early(std::byte octet) const noexcept {
        const auto id = std::to_integer<std::size_t>(octet);
        return id / 2 < early[id & 1u].size();
    }
    /// The string of an id that `is_early`.
    const std::string_view& early_string(std::byte octet) const noexcept {
        const auto id = std::to_integer<std::size_t>(octet);
        return early[id & 1u][id / 2];
    }

    /// A dictionary id, as the string it stands for.
    [[gnu::always_inline]] const std::byte*
    read_dictionary_string(const std::byte* p, std::string_view& text) noexcept {
        if (p == end || !is_early(*p)) [[unlikely]]
            return read_late_string(p, text);
        text = early_string(*p);
        expanded += text.size();
        return p + 1;
    }

    [[gnu::noinline]] const std::byte* read_late_string(const std::byte* p,
                                                        std::string_view& text) noexcept {
        const std::byte* const start = p;
        std::uint32_t id = 0;
        p = read_size(p, id);
        if (p == nullptr)
            return p;
        if ((id & 1u) == 0) {
            if (id / 2 >= std::size(static_strings))
                return fail(errc::dictionary_id_undefined, start, id);
            text = static_strings[id / 2];
            expanded += static_strings[id / 2].size();
        } else {
            if (session == nullptr)
                return fail(errc::dictionary_id_without_session, start, id);
            const auto found = session->find(id);
            if (!found)
                return fail(errc::dictionary_id_undefined, start, id);
            text = *found;
            expanded += found->size();
        }
        return p;
    }

    /// What follows the type octet of a text record.
    const std::byte* read_value(const std::byte* p, const record_shape& shape,
                                value& out) noexcept {
        if (left(p) < shape.size)
            return truncated();
        switch (shape.payload) {
        case text_payload::none:
        case text_payload::empty: out = value::of_chars({}); return p;
        case text_payload::zero: out = value::of(std::int64_t{0}); return p;
        case text_payload::one: out = value::of(std::int64_t{1}); return p;
        case text_payload::false_value: out = value::of(false); return p;
        case text_payload::true_value: out = value::of(true); return p;
        case text_payload::int8:
            out = value::of(std::int64_t{number_at<std::int8_t>(p)});
            return p + 1;
        case text_payload::int16:
            out = value::of(std::int64_t{number_at<std::int16_t>(p)});
            return p + 2;
        case text_payload::int32:
            out = value::of(std::int64_t{number_at<std::int32_t>(p)});
            return p + 4;
        case text_payload::int64: out = value::of(number_at<std::int64_t>(p)); return p + 8;
        case text_payload::uint64: out = value::of(number_at<std::uint64_t>(p)); return p + 8;
        case text_payload::boolean: out = value::of(*p != std::byte{0}); return p + 1;
        case text_payload::float32:
            out = value::of(std::bit_cast<float>(number_at<std::uint32_t>(p)));
            return p + 4;
        case text_payload::float64:
            out = value::of(std::bit_cast<double>(number_at<std::uint64_t>(p)));
            return p + 8;
        case text_payload::time_span:
            out = value::of(nettcp::time_span{number_at<std::int64_t>(p)});
            return p + 8;
        case text_payload::unique_id: out = value::of_unique_id(uuid_from_wire(p)); return p + 16;
        case text_payload::uuid: out = value::of(uuid_from_wire(p)); return p + 16;
        case text_payload::decimal: return read_decimal(p, out);
        case text_payload::date_time: return read_date_time(p, out);
        case text_payload::chars8:
        case text_payload::chars16:
        case text_payload::chars32:
        case text_payload::bytes8:
        case text_payload::bytes16:
        case text_payload::bytes32:
        case text_payload::unicode_chars8:
        case text_payload::unicode_chars16:
        case text_payload::unicode_chars32: return read_run(p, shape, out);
        case text_payload::dictionary: {
            std::string_view text;
            p = read_dictionary_string(p, text);
            out = value::of_chars(text);
            return p;
        }
        case text_payload::qname: return read_qname(p, out);
        case text_payload::list: return read_list(p, out);
        }
        return nullptr;
    }

    /// The length before chars or octets.
    const std::byte* read_run_size(const std::byte* p, const record_shape& shape,
                                   std::uint32_t& size) noexcept {
        switch (shape.size) {
        case 1: size = number_at<std::uint8_t>(p); break;
        case 2: size = number_at<std::uint16_t>(p); break;
        default: size = number_at<std::uint32_t>(p); break;
        }
        if (size > 0x7fffffff)
            return fail(errc::length_negative, p, size);
        if ((size & 1u) != 0 && kind_of_run(shape.payload) == value_kind::utf16)
            return fail(errc::utf16_odd_size, p, size);
        return p + shape.size;
    }

    const std::byte* read_run(const std::byte* p, const record_shape& shape, value& out) noexcept {
        std::uint32_t size = 0;
        p = read_run_size(p, shape, size);
        if (p == nullptr)
            return p;
        if (left(p) < size)
            return truncated();
        out = value_of_run(kind_of_run(shape.payload), {p, size});
        return p + size;
    }

    /// Whether the payload is a length and that many octets.
    static constexpr bool is_run(text_payload payload) noexcept {
        switch (payload) {
        case text_payload::chars8:
        case text_payload::chars16:
        case text_payload::chars32: return true;
        default: return kind_of_run(payload) != value_kind::chars;
        }
    }

    static constexpr value_kind kind_of_run(text_payload payload) noexcept {
        switch (payload) {
        case text_payload::bytes8:
        case text_payload::bytes16:
        case text_payload::bytes32: return value_kind::bytes;
        case text_payload::unicode_chars8:
        case text_payload::unicode_chars16:
        case text_payload::unicode_chars32: return value_kind::utf16;
        default: return value_kind::chars;
        }
    }

    static value value_of_run(value_kind kind, bytes_view octets) noexcept {
        switch (kind) {
        case value_kind::bytes: return value::of_bytes(octets);
        case value_kind::utf16: return value::of_utf16(octets);
        default: return value::of_chars(as_text(octets));
        }
    }

    const std::byte* read_long_size(const std::byte* p, std::uint32_t& size) noexcept;
    const std::byte* check_name(const std::byte* behind, std::string_view text) noexcept;
    const std::byte* read_decimal(const std::byte* p, value& out) noexcept;
    const std::byte* read_date_time(const std::byte* p, value& out) noexcept;
    const std::byte* read_qname(const std::byte* p, value& out) noexcept;
    const std::byte* read_list(const std::byte* p, value& out) noexcept;
    std::nullptr_t fail_with(boost::system::error_code rule, const std::byte* at,
                             std::uint32_t value, std::uint32_t broken_limit) noexcept;
};

}  // namespace nettcp::nbfx
