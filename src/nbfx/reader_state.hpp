#pragma once

#include <nettcp/nbfx/reader.hpp>

#include "nbfx/name_arena.hpp"
#include "nbfx/record_source.hpp"
#include "nbfx/unit_scanner.hpp"

namespace nettcp::nbfx {

/// What `next()` does when it is called the next time.
enum class reader_step : std::uint8_t {
    content,     ///< read a record
    leave,       ///< the element whose end is shown goes, then read a record
    close,       ///< show the end that came with a text
    text_part,   ///< streamed: go on in a text record
    item_start,  ///< array: show the next element
    item_text,   ///< array: show its item
    item_end,    ///< array: show its end
    stay,        ///< failed or finished
};

/// The reader behind its public face: positions are pointers into the window (buffered: the
/// document), everything from the peer is checked on the way from there into `shown`.
struct reader::state : shown {
    explicit state(const reader_quotas& limits);

    void open(bytes_view document, const received_dictionary* session, bool in_windows) noexcept;
    node advance() noexcept;

    // One function per kind of record. Each takes the position of the type octet, leaves
    // `next` behind the record and returns what is to be shown.
    node read_record() noexcept;
    node read_element(const std::byte* p, const record_shape& shape) noexcept;
    node read_text(const std::byte* p, const record_shape& shape) noexcept;
    node read_comment(const std::byte* p) noexcept;
    node read_array(const std::byte* p) noexcept;

    // Parts of a start tag. They return the position behind, or null after a failure.
    const std::byte* read_tag(const std::byte* p, const record_shape& shape) noexcept;
    const std::byte* read_attributes(const std::byte* p) noexcept;
    const std::byte* read_attribute(const std::byte* p, const record_shape& shape) noexcept;
    const std::byte* read_declaration(const std::byte* p, const record_shape& shape) noexcept;
    bool resolve_element() noexcept;
    bool resolve_attributes() noexcept;
    const std::string_view* find_uri(std::string_view prefix) const noexcept;

    node show_element() noexcept {
        step = reader_step::content;
        return current = node::element;
    }
    node show_end() noexcept {
        step = reader_step::leave;
        return current = node::end_element;
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

    bool outside_root() const noexcept { return scopes.size() == 1; }
    std::uint32_t depth() const noexcept { return static_cast<std::uint32_t>(scopes.size() - 1); }
    std::uint64_t offset_of(const std::byte* p) const noexcept {
        return base + static_cast<std::uint64_t>(p - begin);
    }
    bool expansion_is_fine(std::uint64_t charge, std::uint64_t octets) noexcept;
    bool size_is_fine(const std::byte* behind) noexcept;

    /// Turns the failure of `source` into the reader's, at its offset in the document.
    node fail_here() noexcept;
    template <class Errc>
    node fail_at(Errc rule, const std::byte* p, std::uint32_t got) noexcept {
        source.fail(rule, p, got);
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
    bool root_seen = false;
    bool streamed = false;
    bool last = true;  ///< no octets come after the window

    std::vector<scope> scopes;  ///< the first stands for the document
    std::vector<std::uint32_t> attribute_starts;    ///< octets from `node_start`
    std::vector<std::uint32_t> declaration_starts;  ///< the same, of the current tag's
    std::vector<std::uint32_t> order;               ///< scratch of the search for duplicates

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
