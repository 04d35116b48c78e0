// Values, each in the record that .NET's writer would choose for it. An attribute holds one value:
// text and octets are collected until it ends, anything else stands alone.
#include "nbfx/writer_state.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/nbfx/value.hpp>

#include <cmath>
#include <limits>

namespace nettcp::nbfx {
namespace {

enum text_type : unsigned {
    zero_text = 0x80,
    one_text = 0x82,
    false_text = 0x84,
    true_text = 0x86,
    int8_text = 0x88,
    int16_text = 0x8a,
    int32_text = 0x8c,
    int64_text = 0x8e,
    float_text = 0x90,
    double_text = 0x92,
    decimal_text = 0x94,
    date_time_text = 0x96,
    start_list_text = 0xa4,
    end_list_text = 0xa6,
    empty_text = 0xa8,
    dictionary_text = 0xaa,
    unique_id_text = 0xac,
    time_span_text = 0xae,
    uuid_text = 0xb0,
    uint64_text = 0xb2,
    qname_dictionary_text = 0xbc,
};

template <class Narrow>
bool fits(std::int64_t v) noexcept {
    return v >= std::numeric_limits<Narrow>::min() && v <= std::numeric_limits<Narrow>::max();
}

bool is_white_space(std::string_view text) noexcept {
    return text.find_first_not_of(" \t\r\n") == text.npos;
}

}  // namespace

void writer::text(const xml_string& text) {
    state& s = *state_;
    if (!text.in_dictionary())
        s.plain_text(text);
    else if (!s.dictionary_text_quickly(text))
        s.text(text);
}

void writer::state::plain_text(const xml_string& text) {
    if (text.text().size() < 2 || !in_plain_content() || !out.put_if_short_ascii(text.text()))
        return this->text(text);
    where = place::content;
}

/// Writes text of a short id that is known; else nothing.
[[gnu::always_inline]] inline bool
writer::state::dictionary_text_quickly(const xml_string& text) noexcept {
    if (!text.in_dictionary() || text.text().size() < 2 || !in_plain_content() ||
        !out.put_short_dictionary_text(dictionary_text, known_id_of(text)))
        return false;
    where = place::content;
    return true;
}

void writer::chars(std::string_view text) {
    state& s = *state_;
    if (!s.ready() || text.empty() || !s.start_text(text))
        return;
    if (s.where == state::place::attribute)
        return s.hold(text);
    s.text_record(text, false);
}

void writer::boolean(bool v) {
    if (state_->start_value())
        state_->mark(v ? true_text : false_text);
}

void writer::int64(std::int64_t v) {
    state& s = *state_;
    if (s.start_value_quickly()) [[likely]]  // of all values the most usual
        return s.integer(v);
    if (s.start_value_elsewhere())
        s.integer(v);
}

void writer::state::integer(std::int64_t v) {
    if (v == 0 || v == 1)
        mark(v == 0 ? zero_text : one_text);
    else if (fits<std::int8_t>(v))
        number(int8_text, static_cast<std::int8_t>(v));
    else if (fits<std::int16_t>(v))
        number(int16_text, static_cast<std::int16_t>(v));
    else if (fits<std::int32_t>(v))
        number(int32_text, static_cast<std::int32_t>(v));
    else
        number(int64_text, v);
}

void writer::state::mark_with_care(unsigned type) {
    out.reserve(1);
    out.put_text_type(type, 0);
}

void writer::uint64(std::uint64_t v) {
    if (v <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
        int64(static_cast<std::int64_t>(v));
    else if (state_->start_value())
        state_->number(uint64_text, v);
}

void writer::float32(float v) {
    // .NET 10 narrows where that is shorter: up to 16 bits. Negative zero becomes zero, as there.
    using narrow = std::numeric_limits<std::int16_t>;
    if (!state_->start_value())
        return;
    if (v >= narrow::min() && v <= narrow::max() && std::trunc(v) == v)
        state_->integer(static_cast<std::int64_t>(v));
    else
        state_->number(float_text, std::bit_cast<std::uint32_t>(v));
}

void writer::float64(double v) {
    const bool may_narrow =
        std::isinf(v) || std::fabs(v) <= static_cast<double>(std::numeric_limits<float>::max());
    if (may_narrow && static_cast<double>(static_cast<float>(v)) == v)
        float32(static_cast<float>(v));
    else if (state_->start_value())
        state_->number(double_text, std::bit_cast<std::uint64_t>(v));
}

void writer::decimal(const nettcp::decimal& v) {
    state& s = *state_;
    if (!s.start_value())
        return;
    if (v.scale > 28)
        return s.fail(errc::write_value_invalid, v.scale);
    s.out.reserve(17);
    s.out.put_text_type(decimal_text, 16);
    put_decimal(s.out, v);
}

void writer::date_time(nettcp::date_time v) {
    state& s = *state_;
    if (!s.start_value())
        return;
    if (v.ticks < 0 || v.ticks > max_date_time_ticks)
        return s.fail(errc::write_value_invalid);
    s.number(date_time_text, wire_form(v));
}

void writer::time_span(nettcp::time_span v) {
    if (state_->start_value())
        state_->number(time_span_text, v.ticks);
}

void writer::uuid(const nettcp::uuid& v) {
    state& s = *state_;
    if (!s.start_value())
        return;
    s.out.reserve(17);
    s.out.put_text_type(uuid_text, 16);
    put_uuid(s.out, v);
}

void writer::unique_id(const nettcp::uuid& v) {
    state& s = *state_;
    if (!s.start_value())
        return;
    s.out.reserve(17);
    s.out.put_text_type(unique_id_text, 16);
    put_uuid(s.out, v);
}

void writer::unique_id(std::string_view text) {
    constexpr std::string_view urn = "urn:uuid:";
    if (text.starts_with(urn) && text.find_first_of("ABCDEF", urn.size()) == text.npos)
        if (const auto parsed = parse_uuid(text.substr(urn.size())))
            return unique_id(*parsed);
    this->text(text);
}

void writer::bytes(bytes_view octets) {
    state& s = *state_;
    if (!s.ready() || octets.empty())
        return;
    if (octets.size() > max_multi_byte_int31 - 2)
        return s.fail(errc::write_too_large);
    if (s.in_list())
        return s.out.put_bytes({}, octets);
    if (s.where == state::place::attribute) {
        if (s.holding == state::held::written)
            return s.fail(errc::write_value_invalid);
        return s.hold_octets(octets);
    }
    if (s.names.depth() == 0)
        return s.fail(errc::write_outside_element);
    if (s.where != state::place::trailing)
        s.close_start_tag();
    while (s.where == state::place::trailing && s.trail_size < 3 && !octets.empty()) {
        s.trail[s.trail_size++] = octets.front();
        octets = octets.subspan(1);
    }
    const std::size_t rest = (s.trail_size + octets.size()) % 3;
    const std::size_t whole = s.trail_size + octets.size() - rest;
    if (whole != 0) {
        const std::size_t taken = whole - s.trail_size;
        s.out.put_bytes({s.trail, s.trail_size}, octets.first(taken));
        octets = octets.subspan(taken);
        s.trail_size = 0;
    }
    for (const std::byte octet : octets)
        s.trail[s.trail_size++] = octet;
    s.where = s.trail_size != 0 ? state::place::trailing : state::place::content;
}

void writer::qualified_name(const xml_string& local, const xml_string& ns) {
    state& s = *state_;
    if (!s.ready())
        return;
    if (local.text().empty())
        return s.fail(errc::write_name_invalid);
    const std::string_view prefix = ensure_prefix(ns);
    if (s.failed)
        return;
    const bool letter = prefix.size() == 1 && prefix[0] >= 'a' && prefix[0] <= 'z';
    if (letter && local.in_dictionary()) {
        if (const std::uint32_t id = s.id_of(local); id != no_id) {
            if (!s.start_value())
                return;
            s.out.reserve(7);
            s.out.put_text_type(qname_dictionary_text, 0);
            s.out.claim(1);
            s.out.put(static_cast<unsigned>(prefix[0] - 'a'));
            return s.out.put_size(id);
        }
    }
    if (!prefix.empty()) {
        s.text(prefix);
        s.text(":");
    }
    s.text(local);
}

void writer::start_list() {
    state& s = *state_;
    if (!s.ready())
        return;
    if (s.in_list())
        return s.fail(base_errc::invalid_state);
    if (!s.start_value())
        return;
    s.where =
        s.where == state::place::attribute ? state::place::attribute_list : state::place::list;
    s.mark(start_list_text);
    s.out.seal_text();
}

void writer::end_list() {
    state& s = *state_;
    if (!s.ready())
        return;
    if (!s.in_list())
        return s.fail(base_errc::invalid_state);
    s.where = s.where == state::place::list ? state::place::content : state::place::attribute;
    s.mark(end_list_text);
    s.out.seal_text();
}

bool writer::state::start_value_elsewhere() {
    if (where == place::attribute) {
        fail(errc::write_value_invalid);
        return false;
    }
    close_start_tag();
    if (where == place::content || in_list())
        return true;
    fail(errc::write_outside_element);
    return false;
}

bool writer::state::start_text_elsewhere(std::string_view text) {
    if (!ready() || in_list())
        return ready();
    if (where == place::attribute) {
        if (holding != held::written)
            return true;
        fail(errc::write_value_invalid);
        return false;
    }
    if (is_white_space(text))
        return true;
    fail(errc::write_outside_element);
    return false;
}

void writer::state::flush_trail() {
    where = place::content;
    out.put_bytes({trail, trail_size}, {});
    trail_size = 0;
}

void writer::state::text(const xml_string& text) {
    if (where == place::full_start_tag && !text.text().empty()) {
        complete_start_tag();
        if (dictionary_text_quickly(text))
            return;
    }
    if ((text.text().empty() && !in_list()) || !ready() || !start_text(text.text()))
        return;
    if (where == place::attribute)
        return hold(text);
    if (text.in_dictionary() && !text.text().empty())
        return dictionary_text_record(text);
    text_record(text.text(), true);
}

void writer::state::other_text_record(std::string_view text, bool may_narrow) {
    if (text.empty())
        return mark(empty_text);
    if (may_narrow && text.size() == 1 && (text[0] == '0' || text[0] == '1'))
        return mark(text[0] == '0' ? zero_text : one_text);
    const text_extent extent = measure(text);
    if (!extent.valid)
        return fail(errc::write_value_invalid);
    if (text.size() > max_multi_byte_int31)
        return fail(errc::write_too_large);
    out.put_chars(text, extent, may_narrow);
}

void writer::state::dictionary_text_record(const xml_string& text) {
    const std::uint32_t id = id_of(text);
    if (id == no_id)
        return text_record(text.text(), true);
    if (out.put_short_dictionary_text(dictionary_text, id))
        return;
    out.reserve(6);
    out.put_text_type(dictionary_text, 0);
    out.put_size(id);
}

void writer::state::hold(const xml_string& text) {
    if (holding == held::nothing) {
        held_text.assign(text.text());
        held_static_id = text.static_id();
        holding = text.in_dictionary() ? held::dictionary : held::text;
        return;
    }
    hold_octets_as_text();
    holding = held::text;
    held_text.append(text.text());
}

void writer::state::hold_octets(bytes_view octets) {
    if (holding == held::nothing) {
        held_text.clear();
        holding = held::octets;
        held_octets_from = 0;
    } else if (holding == held::text || holding == held::dictionary) {
        holding = held::text_and_octets;
        held_octets_from = held_text.size();
    }
    held_text.append(as_text(octets));
}

void writer::state::hold_octets_as_text() {
    if (holding != held::octets && holding != held::text_and_octets)
        return;
    const std::string octets = held_text.substr(held_octets_from);
    held_text.resize(held_octets_from);
    if (!value::of_bytes(as_bytes(octets)).append_text(held_text))
        fail(errc::write_value_invalid);
}

void writer::state::end_attribute() {
    if (holding != held::written)
        write_held();
    out.seal_text();
    if (ready())
        set_start_tag();
}

void writer::state::write_held() {
    if (holding == held::text_and_octets)
        hold_octets_as_text();
    switch (holding) {
    case held::nothing: mark(empty_text); break;
    case held::dictionary:
        dictionary_text_record(dictionary_string{held_text, held_static_id});
        break;
    case held::octets: out.put_bytes({}, as_bytes(held_text)); break;
    case held::text:
    case held::text_and_octets: text_record(held_text, true); break;
    case held::written: break;
    }
}

}  // namespace nettcp::nbfx
