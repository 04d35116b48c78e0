#pragma once

#include "nbfx/attribute_set.hpp"
#include "nbfx/namespace_scope.hpp"
#include "nbfx/record_output.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/errc.hpp>
#include <nettcp/nbfx/writer.hpp>

#include <string>

namespace nettcp::nbfx {

/// Type octets of elements or of attributes, by form of prefix and name.
struct name_records {
    unsigned plain;              ///< no prefix, name inline
    unsigned prefixed;           ///< prefix and name inline
    unsigned plain_dictionary;   ///< no prefix, name by id
    unsigned prefixed_dictionary;
    unsigned letter_dictionary;  ///< prefix `a`, name by id; the other letters follow
    unsigned letter;             ///< prefix `a`, name inline
};

inline constexpr name_records element_records{0x40, 0x41, 0x42, 0x43, 0x44, 0x5e};
inline constexpr name_records attribute_records{0x04, 0x05, 0x06, 0x07, 0x0c, 0x26};

inline constexpr std::uint32_t no_id = sent_dictionary::no_id;

/// What a writer is doing; see writer.cpp for the order of calls that it enforces.
struct writer::state {
    /// Where the next call finds the document. All that decides what a call may do is in here, so
    /// that the usual ones need one look; their places come last.
    enum class place : std::uint8_t {
        closed,  // no document
        failed,
        ended,  // behind the root element
        attribute,
        attribute_list,  // a list that is the value of an attribute
        list,  // a list in content
        document,  // before the root element; here and in what follows an element may start
        trailing,  // content whose last octets wait in `trail`
        full_start_tag,  // with declarations that wait for its end
        start_tag,  // here and in what follows content may come, and nothing must go out before
        content,
    };
    enum class held : std::uint8_t {
        nothing,
        text,
        dictionary,  // one dictionary string
        octets,  // one base64 value
        text_and_octets,  // text, then octets from `held_octets_from` on
        written,  // a value of another type is out already
    };

    record_output out;
    sent_dictionary* session = nullptr;
    namespace_scope names;
    bool failed = false;  // also when closed
    place where = place::closed;
    error failure{};

    // The value of the open attribute: .NET collects text and octets and writes one record.
    held holding = held::nothing;
    std::string held_text;
    std::uint32_t held_static_id = no_static_id;
    std::size_t held_octets_from = 0;

    // What `bytes` keeps back until there are three octets, or something else comes.
    std::byte trail[3]{};
    std::uint8_t trail_size = 0;

    // Names of the attributes of the last start tag: a local name is the caller's if it lasts, else
    // in `seen_names`, a namespace that of a declaration in scope, or "".
    attribute_set seen;
    text_stack seen_names;

    // Out of line, all of them: what makes an error would swell the functions that hardly ever do.
    [[gnu::cold]] void fail(const error& why) noexcept;
    [[gnu::cold]] void fail(errc why, std::uint32_t got = 0) noexcept;
    [[gnu::cold]] void fail(base_errc why) noexcept;
    bool ready() const noexcept { return where > place::failed; }
    bool in_list() const noexcept { return where == place::list || where == place::attribute_list; }
    bool in_start_tag() const noexcept {
        return where == place::start_tag || where == place::full_start_tag;
    }
    void set_start_tag() noexcept {
        where = names.waits() ? place::full_start_tag : place::start_tag;
    }
    /// Whether content may come at once. Most calls find it so; the others take the careful ways.
    bool in_plain_content() const noexcept { return where >= place::start_tag; }

    bool start_quickly(std::string_view prefix, const xml_string& local,
                       const xml_string& ns) noexcept;
    void start_elsewhere(std::string_view prefix, const xml_string& local, const xml_string& ns);
    void start_declaring(std::string_view prefix, const xml_string& local, const xml_string& ns);
    void start_with_care(std::string_view prefix, const xml_string& local, const xml_string& ns);
    bool dictionary_text_quickly(const xml_string& text) noexcept;
    void plain_text(const xml_string& text);

    void start_element(std::string_view prefix, const xml_string& local);
    void declare_with_care(std::string_view prefix, const xml_string& uri, repeated same);
    bool settle_for_element();
    bool bind(std::size_t place, std::string_view prefix, const xml_string& ns);
    void end_element();
    void end_declaring_element();
    void start_attribute(std::string_view prefix, const xml_string& local, const xml_string& ns);
    void end_attribute();
    /// What was begun is complete: what waits for that goes out.
    void close_start_tag() {
        if (where == place::full_start_tag)
            complete_start_tag();
        else if (where == place::start_tag)
            where = place::content;
        else if (where == place::trailing)
            flush_trail();
    }
    void complete_start_tag();
    void complete_start_tag_here();
    /// Whether an element may start here: false after a failure.
    bool may_start_element() noexcept {
        if (where >= place::document)
            return true;
        refuse_element();
        return false;
    }
    void refuse_element() noexcept;
    /// Readies the place for the end of an element: false after a failure.
    bool may_end_element();
    bool note_attribute(std::string_view ns, const xml_string& local);
    /// The prefix for an attribute's namespace, declared if need be; nothing after a failure.
    std::optional<std::string_view> attribute_prefix(std::string_view prefix, const xml_string& ns);

    /// Readies the place for a value of its own type: false after a failure.
    bool start_value() { return start_value_quickly() || start_value_elsewhere(); }
    /// The same in content and in an attribute without a value; else changes nothing.
    bool start_value_quickly() noexcept {
        if (in_plain_content()) {
            where = place::content;
            return true;
        }
        if (where != place::attribute || holding != held::nothing) [[unlikely]]
            return false;
        holding = held::written;
        return true;
    }
    bool start_value_elsewhere();
    /// Readies the place for text: false after a failure.
    bool start_text(std::string_view text) {
        close_start_tag();
        return where == place::content || start_text_elsewhere(text);
    }
    bool start_text_elsewhere(std::string_view text);
    void flush_trail();
    void text(const xml_string& text);
    void text_record(std::string_view text, bool may_narrow) {
        if (text.size() > 1 && text.size() <= record_output::max_short_text && is_ascii(text))
            out.put_short_ascii(text);
        else
            other_text_record(text, may_narrow);
    }
    void other_text_record(std::string_view text, bool may_narrow);
    void dictionary_text_record(const xml_string& text);
    void hold(const xml_string& text);
    void write_held();
    void hold_octets(bytes_view octets);
    void hold_octets_as_text();

    /// The dictionary id of a string, or `no_id`: it goes inline.
    std::uint32_t id_of(const xml_string& string) {
        if (!string.in_dictionary())
            return no_id;
        if (string.static_id() != no_static_id)
            return string.static_id();
        if (session == nullptr)
            return no_id;
        return string.lasting() ? session->id_of_lasting(string.text())
                                : session->id_of(string.text());
    }
    /// The id of a string that needs no search; else `no_id`.
    std::uint32_t known_id_of(const xml_string& string) const noexcept {
        if (string.static_id() != no_static_id) [[unlikely]]
            return string.static_id();
        return string.lasting() ? known_id(string.text()) : no_id;
    }
    std::uint32_t known_id(std::string_view lasting) const noexcept {
        return session != nullptr ? session->known_id(lasting) : no_id;
    }
    template <const name_records& Records>
    void name(std::string_view prefix, const xml_string& local);
    void long_prefix_name(unsigned type, std::string_view prefix, const xml_string& local,
                          std::uint32_t id);
    bool declare_quickly(const namespace_binding& binding) noexcept;
    void declaration(const namespace_binding& binding);
    /// A size-prefixed string; invalid UTF-8 is a failure.
    void string(std::string_view text);

    void integer(std::int64_t v);
    template <class T>
    void number(unsigned type, T value) {
        if (!out.put_short_number(type, value)) [[unlikely]]
            number_with_care(type, value);
    }
    template <class T>
    [[gnu::noinline]] void number_with_care(unsigned type, T value) {
        out.reserve(1 + sizeof value);
        out.put_text_type(type, sizeof value);
        out.put_number(value);
    }
    void mark(unsigned type) {
        if (!out.put_short_mark(type)) [[unlikely]]
            mark_with_care(type);
    }
    void mark_with_care(unsigned type);
};

/// The 64 bits of .NET's DateTime.ToBinary.
inline std::uint64_t wire_form(date_time v) noexcept {
    return static_cast<std::uint64_t>(v.ticks) | (static_cast<std::uint64_t>(v.kind) << 62);
}

/// The 16 octets of a decimal; reserved and claimed by the caller.
inline void put_decimal(record_output& out, const decimal& v) noexcept {
    out.put_number(std::uint16_t{0});
    out.put(v.scale);
    out.put(v.negative ? 0x80 : 0x00);
    out.put_number(v.high);
    out.put_number(v.low);
}

/// The 16 octets of a GUID; reserved and claimed by the caller.
inline void put_uuid(record_output& out, const uuid& v) noexcept {
    uuid_to_wire(out.take(16), v);
}

}  // namespace nettcp::nbfx
