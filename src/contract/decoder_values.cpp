// Values without elements inside.
#include "contract/decoder.hpp"

#include <nettcp/nbfx/errc.hpp>

#include <algorithm>
#include <utility>

namespace nettcp::contract {
namespace {

template <class T>
T& as(void* value) noexcept {
    return *static_cast<T*>(value);
}

constexpr std::string_view white = " \t\r\n";

}  // namespace

template <class T>
bool decoder::integer(void* v) {
    const std::int64_t number = in_.read_element_int64();
    if (!in_.ok())
        return false;
    if (!std::in_range<T>(number)) {
        in_.fail(nbfx::errc::value_out_of_range, static_cast<std::uint32_t>(number));
        return false;
    }
    as<T>(v) = static_cast<T>(number);
    return true;
}

bool decoder::primitive(const type& what, void* v) {
    switch (what.what) {
    case kind::boolean: as<bool>(v) = in_.read_element_boolean(); break;
    case kind::int8: return integer<std::int8_t>(v);
    case kind::uint8: return integer<std::uint8_t>(v);
    case kind::int16: return integer<std::int16_t>(v);
    case kind::uint16: return integer<std::uint16_t>(v);
    case kind::int32: as<std::int32_t>(v) = in_.read_element_int32(); break;
    case kind::uint32: return integer<std::uint32_t>(v);
    case kind::int64: as<std::int64_t>(v) = in_.read_element_int64(); break;
    case kind::uint64: as<std::uint64_t>(v) = in_.read_element_uint64(); break;
    case kind::float32: as<float>(v) = in_.read_element_float32(); break;
    case kind::float64: as<double>(v) = in_.read_element_float64(); break;
    case kind::decimal: as<decimal>(v) = in_.read_element_decimal(); break;
    case kind::character: {
        std::uint16_t code = 0;
        const bool good = integer<std::uint16_t>(&code);
        as<char16_t>(v) = static_cast<char16_t>(code);
        return good;
    }
    case kind::string: as<std::string>(v) = in_.read_element_text(); break;
    case kind::uri: as<uri>(v).text = in_.read_element_text(); break;
    case kind::qname: return qualified_name(v);
    case kind::guid: as<uuid>(v) = in_.read_element_uuid(); break;
    case kind::duration: as<time_span>(v) = in_.read_element_time_span(); break;
    case kind::date_time: as<date_time>(v) = in_.read_element_date_time(); break;
    case kind::bytes: as<std::vector<std::byte>>(v) = in_.read_element_bytes(); break;
    default: in_.fail(nbfx::errc::conversion_invalid); return false;
    }
    return in_.ok();
}

/// By hand: the prefix must be looked up before the element is left.
bool decoder::qualified_name(void* v) {
    std::string text;
    for (;;) {
        const nbfx::node now = in_.next();
        if (now == nbfx::node::end_element)
            break;
        if (now == nbfx::node::text) {
            if (const auto added = in_.value().append_text(text); !added)
                in_.fail(added.error().code);
        } else if (now != nbfx::node::comment) {
            in_.fail(nbfx::errc::content_not_simple);
        }
        if (!in_.ok())
            return false;
    }
    std::string_view name(text);
    const auto first = name.find_first_not_of(white);
    name = first == name.npos ? "" : name.substr(first, name.find_last_not_of(white) - first + 1);
    const auto colon = name.find(':');
    const auto prefix = colon == name.npos ? std::string_view() : name.substr(0, colon);
    const auto ns = in_.find_namespace(prefix);
    if (colon != name.npos && !ns) {
        in_.fail(nbfx::errc::namespace_prefix_undeclared);
        return false;
    }
    auto& read = as<soap::qname>(v);
    read.local = colon == name.npos ? name : name.substr(colon + 1);
    read.ns = read.local.empty() ? std::string_view() : ns.value_or(std::string_view());
    in_.next();
    return in_.ok();
}

bool decoder::enumeration(const type& what, void* v, const place& at) {
    text_ = in_.read_element_text();
    if (!in_.ok())
        return done(at);
    std::int64_t number = 0;
    if (!enumerators(what, text_, number))
        return fail(errc::enumerator_unknown, at);
    what.enumerator->store(v, number);
    return true;
}

bool decoder::enumerators(const type& what, std::string_view text, std::int64_t& number) {
    const auto& sorted = what.planned()->by_name;
    const auto find = [&](std::string_view name) {
        const auto found = std::ranges::lower_bound(sorted, name, {}, &enumerator_row::name);
        if (found == sorted.end() || (*found)->name != name)
            return false;
        number |= (*found)->number;
        return true;
    };
    if (!what.enumeration->flags)
        return find(text);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        if (end != 0 && !find(text.substr(0, end)))
            return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return true;
}

}  // namespace nettcp::contract
