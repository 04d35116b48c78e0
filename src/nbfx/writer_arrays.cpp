// Array records. Which items .NET puts into its buffer in one go, and which one by one, decides
// whether a record behind them can take in an end; so each type follows suit.
#include "nbfx/writer_state.hpp"

#include <nettcp/base/errc.hpp>

namespace nettcp::nbfx {
namespace {

constexpr unsigned array_record = 0x03;
template <class T>
concept integer = std::is_integral_v<T>;

/// The record type of an item: its text record with the end of an element.
template <class T>
constexpr unsigned item_type = 0;
template <>
constexpr unsigned item_type<bool> = 0xb5;
template <>
constexpr unsigned item_type<std::int16_t> = 0x8b;
template <>
constexpr unsigned item_type<std::int32_t> = 0x8d;
template <>
constexpr unsigned item_type<std::int64_t> = 0x8f;
template <>
constexpr unsigned item_type<float> = 0x91;
template <>
constexpr unsigned item_type<double> = 0x93;
template <>
constexpr unsigned item_type<decimal> = 0x95;
template <>
constexpr unsigned item_type<date_time> = 0x97;
template <>
constexpr unsigned item_type<time_span> = 0xaf;
template <>
constexpr unsigned item_type<uuid> = 0xb1;

void put_item(record_output& out, bool v) noexcept {
    out.put(v ? 1 : 0);
}
template <integer T>
void put_item(record_output& out, T v) noexcept {
    out.put_number(v);
}
void put_item(record_output& out, float v) noexcept {
    out.put_number(std::bit_cast<std::uint32_t>(v));
}
void put_item(record_output& out, double v) noexcept {
    out.put_number(std::bit_cast<std::uint64_t>(v));
}
void put_item(record_output& out, const decimal& v) noexcept {
    put_decimal(out, v);
}
void put_item(record_output& out, date_time v) noexcept {
    out.claim(8);
    out.put_number(wire_form(v));
}
void put_item(record_output& out, time_span v) noexcept {
    out.claim(8);
    out.put_number(v.ticks);
}
void put_item(record_output& out, const uuid& v) noexcept {
    put_uuid(out, v);
}

bool is_valid(const decimal& v) noexcept {
    return v.scale <= 28;
}
bool is_valid(date_time v) noexcept {
    return v.ticks >= 0 && v.ticks <= max_date_time_ticks;
}
template <class T>
bool is_valid(const T&) noexcept {
    return true;
}

/// Octets of an item on the wire.
template <class T>
constexpr std::size_t item_size = sizeof(T);
template <>
constexpr std::size_t item_size<decimal> = 16;
template <>
constexpr std::size_t item_size<date_time> = 8;

template <class T>
constexpr bool is_claimed_by_item = std::is_same_v<T, date_time> || std::is_same_v<T, time_span>;

}  // namespace

template <class T>
void writer::write_array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                         std::span<const T> items) {
    state& s = *state_;
    if (items.empty() || !s.may_start_element())
        return;
    if (s.names.depth() == 0 && items.size() > 1)  // each item is an element
        return s.fail(errc::write_second_root);
    if (items.size() > max_multi_byte_int31)
        return s.fail(errc::write_too_large);
    for (const T& item : items)
        if (!is_valid(item))
            return s.fail(errc::write_value_invalid);
    s.close_start_tag();
    s.out.reserve(1);
    s.out.put_node(array_record);
    start_element(prefix, local.text(), ns.text());  // .NET 10 takes no ids for an array's names
    end_element();
    if (s.failed)
        return;
    s.out.reserve(6 + items.size() * item_size<T>);
    s.out.put_node(item_type<T>);
    s.out.put_size(static_cast<std::uint32_t>(items.size()));
    if (!is_claimed_by_item<T>)
        s.out.claim_whole(items.size() * item_size<T>);
    for (const T& item : items)
        put_item(s.out, item);
    if (!is_claimed_by_item<T>)
        s.out.passed(items.size() * item_size<T>);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const bool> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const std::int16_t> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const std::int32_t> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const std::int64_t> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const float> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const double> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const nettcp::decimal> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const nettcp::date_time> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const nettcp::time_span> items) {
    write_array(prefix, local, ns, items);
}

void writer::array(std::string_view prefix, const xml_string& local, const xml_string& ns,
                   std::span<const nettcp::uuid> items) {
    write_array(prefix, local, ns, items);
}

}  // namespace nettcp::nbfx
