// Values without elements inside, in the records that .NET's serializer chooses for them.
#include "contract/built_in.hpp"
#include "contract/encoder.hpp"

#include <nettcp/contract/errc.hpp>

#include <algorithm>
#include <charconv>

namespace nettcp::contract {
namespace {

template <class T>
const T& as(const void* value) noexcept {
    return *static_cast<const T*>(value);
}

}  // namespace

void encoder::primitive(const type& what, const void* value, const place& at) {
    const auto as_text = [&](const auto& v) {
        text_.clear();
        append_text(text_, v);
        out_.text(text_);
    };
    switch (what.what) {
    case kind::boolean: return out_.boolean(as<bool>(value));
    case kind::int8: return out_.int64(as<std::int8_t>(value));
    case kind::uint8: return out_.int64(as<std::uint8_t>(value));
    case kind::int16: return out_.int64(as<std::int16_t>(value));
    case kind::uint16: return out_.int64(as<std::uint16_t>(value));
    case kind::int32: return out_.int64(as<std::int32_t>(value));
    case kind::uint32: return out_.int64(as<std::uint32_t>(value));
    case kind::int64: return out_.int64(as<std::int64_t>(value));
    case kind::uint64: {
        char digits[20];
        const auto end = std::to_chars(digits, std::end(digits), as<std::uint64_t>(value)).ptr;
        return out_.text(std::string_view(digits, end));
    }
    case kind::float32: return out_.float32(as<float>(value));
    case kind::float64: return out_.float64(as<double>(value));
    case kind::decimal: return out_.decimal(as<decimal>(value));
    case kind::character: return out_.int64(as<char16_t>(value));
    case kind::string: return out_.text(as<std::string>(value));
    case kind::uri: return out_.text(as<uri>(value).text);
    case kind::guid: return as_text(as<uuid>(value));
    case kind::duration: return as_text(as<time_span>(value));
    case kind::date_time: return out_.date_time(as<date_time>(value));
    case kind::bytes: return out_.bytes(as<std::vector<std::byte>>(value));
    case kind::qname: {
        const auto& name = as<soap::qname>(value);
        if (name.local.empty())
            return;
        if (name.ns.empty()) {
            out_.declare_namespace("", "");
            return out_.text(name.local);
        }
        out_.ensure_prefix(name.ns);
        return out_.qualified_name(name.local, name.ns);
    }
    default: return fail(errc::type_undeclared, at);
    }
}

void encoder::enumeration(const type& what, const void* value, const place& at) {
    const plan::content& names = *what.planned();
    const std::int64_t number = what.enumerator->load(value);
    const auto found =
        std::ranges::lower_bound(names.by_number, number, {}, &enumerator_row::number);
    if (found != names.by_number.end() && (*found)->number == number)
        return out_.text((*found)->name);
    if (!what.enumeration->flags)
        return fail(errc::enumerator_undeclared, at, static_cast<std::uint32_t>(number));
    auto left = static_cast<std::uint64_t>(number);
    bool first = true;
    for (const enumerator_row& each : what.enumeration->enumerators) {
        const auto bits = static_cast<std::uint64_t>(each.number);
        if (bits == 0 || (left & bits) != bits)
            continue;
        left &= ~bits;
        if (!first)
            out_.text(" ");
        first = false;
        out_.text(each.name);
    }
    if (left != 0)
        fail(errc::enumerator_undeclared, at, static_cast<std::uint32_t>(left));
}

/// As .NET: numbers of the sizes that C# arrays have records for, one by one otherwise.
bool encoder::array(const type& item, const plan::content& names, const void* first,
                    std::size_t count) {
    const std::string_view prefix = out_.ensure_prefix(names.item_ns);
    const auto write = [&]<class T>(const T* items) {
        out_.array(prefix, names.item_name, names.item_ns, std::span<const T>(items, count));
        return true;
    };
    switch (item.what) {
    case kind::boolean: return write(static_cast<const bool*>(first));
    case kind::int32: return write(static_cast<const std::int32_t*>(first));
    case kind::int64: return write(static_cast<const std::int64_t*>(first));
    case kind::float32: return write(static_cast<const float*>(first));
    case kind::float64: return write(static_cast<const double*>(first));
    case kind::decimal: return write(static_cast<const decimal*>(first));
    case kind::date_time: return write(static_cast<const date_time*>(first));
    default: return false;
    }
}

void encoder::anything(const void* value, const place& at) {
    const auto& held = as<object>(value);
    if (!held)
        return null();
    const type& what = without_null(*held.what());
    const void* inner = held.address();
    for (const type* t = held.what(); t->what == kind::nullable; t = t->item) {
        inner = t->slot->get(inner);
        if (inner == nullptr)
            return null();
    }
    if (is_built_in(what)) {
        const built_in name = built_in_name(what.what);
        type_name(name.local, name.ns);
    } else {
        const auto& names = *what.planned();
        type_name(names.name, names.ns);
    }
    content(what, inner, {.array = false}, at);
}

}  // namespace nettcp::contract
