#pragma once

#include <nettcp/nbfx/reader.hpp>
#include <nettcp/nbfx/record_type.hpp>

#include "nbfx/declaration_limit.hpp"
#include "nbfx/name_arena.hpp"
#include "nbfx/record_source.hpp"
#include "nbfx/unit_scanner.hpp"

namespace nettcp::nbfx {

/// What `next()` does when it is called the next time.
enum class reader_step : std::uint8_t {
    quick,       ///< read a record, as most are: of a whole document, within the root
    close,       ///< show the end that came with a text
    content,     ///< read a record
    leave,       ///< the element whose end is shown goes, then read a record
    text_part,   ///< streamed: go on in a text record
    item_start,  ///< array: show the next element
    item_text,   ///< array: show its item
    item_end,    ///< array: show its end
    stay,        ///< failed or finished
};

inline bool is_attribute(std::byte type) noexcept {
    constexpr auto first = static_cast<unsigned>(record_type::short_attribute);
    constexpr auto last = static_cast<unsigned>(record_type::prefix_attribute_z);
    return std::to_integer<unsigned>(type) - first <= last - first;
}

/// The reader behind its public face: positions are pointers into the window (buffered: the
/// document), everything from the peer is checked on the way from there into `shown`.
struct reader::state : shown {
    explicit state(const reader_quotas& limits);

    void open(bytes_view document, const received_dictionary* session, bool in_windows) noexcept;
    node advance() noexcept;
    node advance_with_care() noexcept;

    // Most nodes, in reader_quick.cpp. They change nothing before they know that all is well.
    node read_quickly() noexcept;
    node read_quick_tag(const std::byte* p) noexcept;
    node read_quick_uuid(const std::byte* p) noexcept;
    bool expand_quickly(std::string_view text) noexcept;
    template <class Make>
    node show_quick_text(std::size_t size, Make make) noexcept;

    // One function per kind of record. Each takes the position of the type octet, leaves
    // `next` behind the record and returns what is to be shown.
    node read_record() noexcept;
    node read_element(const std::byte* p, const record_shape& shape) noexcept;
    node read_text(const std::byte* p, const record_shape& shape) noexcept;
    node read_comment(const std::byte* p) noexcept;
    node read_array(const std::byte* p) noexcept;

    // Parts of a start tag. They return the position behind, or null after a failure.
    const std::byte* read_tag(const std::byte* p, const record_shape& shape) noexcept;
    const std::byte* read_tag_in_line(const std::byte* p, const record_shape& shape) noexcept;
    const std::byte* read_attributes(const std::byte* p) noexcept;
    const std::byte* read_attribute(const std::byte* p, const record_shape& shape) noexcept;
    const std::byte* read_declaration(const std::byte* p, const record_shape& shape) noexcept;
    bool declarations_differ() noexcept;
    bool resolve_attributes() noexcept;
    const std::byte* start_of(record_kind kind, std::size_t number) noexcept;
    /// The prefix is `at_its_address`.
    const std::string_view* find_uri(std::string_view prefix) const noexcept {
        const std::string_view* const uri = find_declared(prefix);
        return uri != nullptr ? uri : find_other_uri(prefix);
    }
    /// The innermost declaration of that very prefix, by its address; null if there is none.
    const std::string_view* find_declared(std::string_view prefix) const noexcept {
        const namespace_declaration* const first = declarations.data();
        for (const namespace_declaration* at = first + declared; at != first;) {
            --at;
            if (at->prefix.data() == prefix.data())
                return &at->uri;
        }
        return nullptr;
    }
    const std::string_view* find_other_uri(std::string_view prefix) const noexcept;

    node show_element() noexcept {
        step = step_within;
        return current = node::element;
    }
    node show_end() noexcept {
        element = top;
        current = node::end_element;
        if (top->ends_quickly) {
            --top;
            step = reader_step::quick;
        } else {
            step = reader_step::leave;
        }
        return node::end_element;
    }
    node show_text(bool closes) noexcept;
    node show_item() noexcept;
    node end_of_octets() noexcept;
    void leave_element() noexcept;

    // Streamed only.
    bool unit_is_whole() noexcept;
    node begin_text_parts(const std::byte* p, const record_shape& shape) noexcept;
    node show_text_part() noexcept;
    void keep_names() noexcept;
    void keep_attributes() noexcept;
    std::string_view kept(std::string_view text);
    node show_need_more() noexcept { return current = node::need_more; }

    bool outside_root() const noexcept { return top == scopes.data(); }
    /// Elements that are open, without one whose end is shown and was quick.
    std::uint32_t depth() const noexcept { return static_cast<std::uint32_t>(top - scopes.data()); }
    scope& open_scope() {
        if (top == last_scope) [[unlikely]]
            set_scopes(scopes.size() * 2);
        element = ++top;
        *top = {};
        return *top;
    }
    void set_scopes(std::size_t count);
    std::uint64_t offset_of(const std::byte* p) const noexcept {
        return base + static_cast<std::uint64_t>(p - begin);
    }
    bool expansion_is_fine(std::uint64_t charge, std::uint64_t octets) noexcept;
    bool size_is_fine(const std::byte* behind) noexcept;

    /// Turns the failure of `source` into the reader's, at its offset in the document.
    node fail_here() noexcept;
    template <class Errc>
    node fail_at(Errc rule, const std::byte* p, std::uint32_t got,
                 std::uint32_t limit = 0) noexcept {
        source.fail(rule, p, got, limit);
        return fail_here();
    }
    node stop(const error& why) noexcept;

    // Reading by expectation.
    bool demand_whole() noexcept;
    bool begin_content() noexcept;
    bool next_content() noexcept;
    bool collect_content(nbfx::value& content);
    bool text_fits(std::size_t size) noexcept;
    template <class T>
    T read_element_as(result<T> (nbfx::value::*convert)() const);

    reader_quotas quotas;
    record_source source;
    const std::byte* begin = nullptr;       ///< of the window
    const std::byte* next = nullptr;        ///< of the next record
    const std::byte* node_start = nullptr;  ///< of the current node
    std::uint64_t base = 0;                 ///< octets of the document before the window
    std::uint64_t expansion_budget = 0;     ///< what `source.expanded` may reach for now
    reader_step step = reader_step::stay;
    reader_step step_within = reader_step::quick;  ///< the step behind a start tag
    bool root_seen = false;
    bool streamed = false;
    bool last = true;  ///< no octets come after the window

    std::vector<scope> scopes;  ///< the first stands for the document; those up to `top` are open
    scope* top = nullptr;
    scope* last_scope = nullptr;  ///< `top` when there is no more room, or no more depth
    std::uint32_t declared = 0;  ///< how many of `declarations` are in scope
    std::uint32_t most_declarations = max_declarations(quotas.max_attributes);
    std::uint32_t attribute_room = 0;  ///< how many `attributes` are there to be filled
    std::vector<std::uint32_t> order;  ///< scratch of the search for duplicates

    const record_shape* item_shape = nullptr;
    std::uint32_t items_left = 0;

    value_kind text_kind = value_kind::chars;
    std::uint32_t text_left = 0;  ///< octets of the text record that were not shown yet
    bool text_closes = false;
    std::uint64_t text_offset = 0;  ///< of the text record, in the document
    unit_scanner scanner;
    name_arena names;

    const std::byte* content_start = nullptr;  ///< of the first text of an element being read
    std::string joined;
    error failure;
};

}  // namespace nettcp::nbfx
