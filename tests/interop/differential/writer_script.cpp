#include "writer_script.hpp"

#include "support/hex.hpp"

#include <bit>

namespace nettcp::interop {
namespace {

std::string hex_of(std::uint64_t bits, int digits) {
    std::string text(static_cast<std::size_t>(digits), '0');
    for (std::size_t i = text.size(); i-- != 0; bits >>= 4)
        text[i] = "0123456789abcdef"[bits & 15u];
    return text;
}

}  // namespace

std::string escaped(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') ||
                           std::string_view("._~/-").find(c) != std::string_view::npos;
        if (plain) {
            out.push_back(c);
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out.append(1, '%').append(1, digits[octet >> 4]).append(1, digits[octet & 15]);
        }
    }
    return out;
}

void writer_script::step(const char* name) {
    if (!script_.empty())
        script_.push_back(';');
    script_ += name;
}

void writer_script::word(const std::string& text) {
    script_.push_back(' ');
    script_ += text;
}

void writer_script::plain(const std::string& text) {
    word("'" + escaped(text));
}

void writer_script::field(const nbfx::xml_string& text) {
    word((text.in_dictionary() ? "#" : "'") + escaped(text.text()));
}

template <class T>
void writer_script::typed(const T& value) {
    if (in_list_) {
        word(std::string(type_name(value)) + "=" + value_text(value));
        return;
    }
    step(type_name(value));
    word(value_text(value));
}

void writer_script::start_element(const std::string* prefix, const nbfx::xml_string& local,
                                  const nbfx::xml_string& ns) {
    step("start");
    if (prefix == nullptr)
        word("_");
    else
        plain(*prefix);
    field(local);
    field(ns);
    if (prefix == nullptr)
        out_.start_element(local, ns);
    else
        out_.start_element(*prefix, local, ns);
}

void writer_script::end_element() {
    step("end");
    out_.end_element();
}

void writer_script::start_attribute(const std::string& prefix, const nbfx::xml_string& local,
                                    const nbfx::xml_string& ns) {
    step("attr");
    plain(prefix);
    field(local);
    field(ns);
    out_.start_attribute(prefix, local, ns);
}

void writer_script::end_attribute() {
    step("endattr");
    out_.end_attribute();
}

void writer_script::declare_namespace(const std::string* prefix, const nbfx::xml_string& uri) {
    step("xmlns");
    if (prefix == nullptr)
        word("_");
    else
        plain(*prefix);
    field(uri);
    if (prefix == nullptr)
        out_.ensure_prefix(uri);
    else
        out_.declare_namespace(*prefix, uri);
}

void writer_script::string(const nbfx::xml_string& value) {
    if (in_list_) {
        word(std::string("text=") + (value.in_dictionary() ? "#" : "'") + escaped(value.text()));
    } else {
        step("text");
        field(value);
    }
    out_.text(value);
}

void writer_script::comment(const std::string& value) {
    step("comment");
    plain(value);
    out_.comment(value);
}

void writer_script::qualified_name(const nbfx::xml_string& local, const nbfx::xml_string& ns) {
    step("qname");
    field(local);
    field(ns);
    out_.qualified_name(local, ns);
}

void writer_script::boolean(bool value) {
    typed(value);
    out_.boolean(value);
}

void writer_script::int64(std::int64_t value) {
    typed(value);
    out_.int64(value);
}

void writer_script::uint64(std::uint64_t value) {
    typed(value);
    out_.uint64(value);
}

void writer_script::float32(float value) {
    typed(value);
    out_.float32(value);
}

void writer_script::float64(double value) {
    typed(value);
    out_.float64(value);
}

void writer_script::decimal(const nettcp::decimal& value) {
    typed(value);
    out_.decimal(value);
}

void writer_script::date_time(nettcp::date_time value) {
    typed(value);
    out_.date_time(value);
}

void writer_script::time_span(nettcp::time_span value) {
    typed(value);
    out_.time_span(value);
}

void writer_script::uuid(const nettcp::uuid& value) {
    typed(value);
    out_.uuid(value);
}

void writer_script::unique_id(const std::string& value) {
    if (in_list_) {
        word("uniqueid='" + escaped(value));
    } else {
        step("uniqueid");
        plain(value);
    }
    out_.unique_id(value);
}

void writer_script::bytes(bytes_view octets) {
    step("base64");
    word(octets.empty() ? "-" : to_hex(octets));
    out_.bytes(octets);
}

void writer_script::start_list() {
    step("list");
    in_list_ = true;
    out_.start_list();
}

void writer_script::end_list() {
    in_list_ = false;
    out_.end_list();
}

std::string writer_script::value_text(float value) {
    return hex_of(std::bit_cast<std::uint32_t>(value), 8);
}

std::string writer_script::value_text(double value) {
    return hex_of(std::bit_cast<std::uint64_t>(value), 16);
}

std::string writer_script::value_text(const nettcp::decimal& value) {
    const std::uint64_t number[] = {value.low};
    const std::uint32_t high[] = {value.high};
    std::string text = "0000" + hex_of(value.scale, 2) + (value.negative ? "80" : "00");
    for (const std::byte octet : std::as_bytes(std::span(high)))
        text += hex_of(std::to_integer<unsigned>(octet), 2);
    for (const std::byte octet : std::as_bytes(std::span(number)))
        text += hex_of(std::to_integer<unsigned>(octet), 2);
    return text;
}

std::string writer_script::value_text(nettcp::date_time value) {
    return std::to_string(value.ticks) + "," + std::to_string(static_cast<int>(value.kind));
}

std::string writer_script::value_text(nettcp::time_span value) {
    return std::to_string(value.ticks);
}

std::string writer_script::value_text(const nettcp::uuid& value) {
    std::string text;
    append_text(text, value);
    return text;
}

}  // namespace nettcp::interop
