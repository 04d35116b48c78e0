#include "complex.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace nettcp::interop {
namespace {

nettcp::decimal decimal_of(std::string_view text) {
    return nettcp::parse_decimal(text).value();
}

template <class Item>
std::shared_ptr<Item> item_of(const char* name, std::int32_t quantity, std::string_view price) {
    auto made = std::make_shared<Item>();
    made->name = name;
    made->quantity = quantity;
    made->price = decimal_of(price);
    return made;
}

std::shared_ptr<item> special(const char* name, std::int32_t quantity, std::string_view price,
                              const char* extra) {
    const auto made = item_of<special_item>(name, quantity, price);
    made->extra = extra;
    return made;
}

bool same_item(const std::shared_ptr<item>& a, const std::shared_ptr<item>& b) {
    if (a == nullptr || b == nullptr)
        return a == b;
    const auto* special_a = dynamic_cast<const special_item*>(a.get());
    const auto* special_b = dynamic_cast<const special_item*>(b.get());
    if ((special_a == nullptr) != (special_b == nullptr))
        return false;
    return a->name == b->name && a->quantity == b->quantity && a->price == b->price &&
           (special_a == nullptr || special_a->extra == special_b->extra);
}

template <class List>
bool same_items(const List& a, const List& b) {
    return a.has_value() == b.has_value() &&
           (!a || std::equal(a->begin(), a->end(), b->begin(), b->end(), same_item));
}

using numbers = std::optional<std::vector<double>>;

bool same_numbers(const numbers& first, const numbers& second) {
    if (!first || !second)
        return first.has_value() == second.has_value();
    if (first->size() != second->size())
        return false;
    const auto& a = *first;
    const auto& b = *second;
    for (std::size_t i = 0; i != a.size(); ++i) {
        const bool both_nan = a[i] != a[i] && b[i] != b[i];
        const bool same_bits =
            std::bit_cast<std::uint64_t>(a[i]) == std::bit_cast<std::uint64_t>(b[i]);
        if (!both_nan && !same_bits)
            return false;
    }
    return true;
}

/// Collects the names of what differs.
class comparison {
public:
    explicit comparison(std::string path) : path_(std::move(path)) {}

    comparison& member(const char* name, bool same) {
        if (!same)
            found_ += (found_.empty() ? "" : " ") + path_ + name;
        return *this;
    }
    void add(const std::string& more) {
        if (!more.empty())
            found_ += (found_.empty() ? "" : " ") + more;
    }
    std::string found() && { return std::move(found_); }

private:
    std::string path_;
    std::string found_;
};

std::string compare(const complex& a, const complex& b, const std::string& path);

std::string compare_children(const complex& a, const complex& b, const std::string& path) {
    if ((a.child == nullptr) != (b.child == nullptr))
        return path + "Child";
    return a.child == nullptr ? "" : compare(*a.child, *b.child, path + "Child.");
}

std::string compare(const complex& a, const complex& b, const std::string& path) {
    comparison all(path);
    all.member("Flag", a.flag == b.flag)
        .member("U8", a.u8 == b.u8)
        .member("I16", a.i16 == b.i16)
        .member("I32", a.i32 == b.i32)
        .member("I64", a.i64 == b.i64)
        .member("U64", a.u64 == b.u64)
        .member("F32", a.f32 == b.f32)
        .member("F64", a.f64 == b.f64)
        .member("Dec", a.dec == b.dec)
        .member("WhenUtc", a.when_utc == b.when_utc)
        .member("WhenUnspecified", a.when_unspecified == b.when_unspecified)
        .member("Offset", a.offset == b.offset)
        .member("Duration", a.duration == b.duration)
        .member("Id", a.id == b.id)
        .member("Ch", a.ch == b.ch)
        .member("Link", a.link == b.link)
        .member("Color", a.color == b.color)
        .member("MaybeInt", a.maybe_int == b.maybe_int)
        .member("MissingInt", a.missing_int == b.missing_int)
        .member("Text", a.text == b.text)
        .member("NullText", a.null_text == b.null_text)
        .member("Omitted", a.omitted == b.omitted)
        .member("Blob", a.blob == b.blob)
        .member("Ints", a.ints == b.ints)
        .member("Strings", a.strings == b.strings)
        .member("Items", same_items(a.items, b.items))
        .member("Map", a.map == b.map)
        .member("Poly", same_item(a.poly, b.poly))
        .member("Doubles", same_numbers(a.doubles, b.doubles))
        .add(compare_children(a, b, path));
    return std::move(all).found();
}

}  // namespace

complex sample_complex(bool with_child) {
    complex c;
    c.flag = true;
    c.u8 = 200;
    c.i16 = -12345;
    c.i32 = 123456789;
    c.i64 = -1234567890123456789;
    c.u64 = std::numeric_limits<std::uint64_t>::max();
    c.f32 = 1.5f;
    c.f64 = -2.25e100;
    c.dec = decimal_of("12345678901234567890.123456789");
    c.when_utc = nettcp::parse_date_time("2024-02-29T13:14:15.678Z").value();
    c.when_unspecified = nettcp::parse_date_time("1999-12-31T23:59:59").value();
    c.offset = {nettcp::parse_date_time("2020-05-06T10:38:09Z").value(), -210};
    c.duration = nettcp::parse_time_span("P1DT2H3M4.567S").value();
    c.id = nettcp::parse_uuid("00112233-4455-6677-8899-aabbccddeeff").value();
    c.ch = u'Z';
    c.link = {"http://example.test/a?b=c"};
    c.color = color::blue;
    c.maybe_int = 42;
    c.text = "h\u00e9llo <w\u00f6rld> & \u4f60\u597d \U0001F600";
    c.blob.emplace();
    for (const int octet : {0, 1, 2, 253, 254, 255, 7})
        c.blob->push_back(static_cast<std::byte>(octet));
    c.ints.emplace({1, -1, std::numeric_limits<std::int32_t>::max(), 0});
    c.strings = std::vector<std::optional<std::string>>{"a", "", std::nullopt, "d"};
    c.items.emplace({item_of<item>("one", 1, "1.10"), special("two", 2, "0", "x")});
    c.map = std::vector<std::pair<std::string, std::int32_t>>{{"k1", 1}, {"k2", 2}};
    if (with_child)
        c.child = std::make_unique<complex>(sample_complex(false));
    c.poly = special("poly", 3, "-5.5", "derived");
    const double dotnet_nan = -std::numeric_limits<double>::quiet_NaN();
    c.doubles.emplace({0.0, 1.0, dotnet_nan, std::numeric_limits<double>::infinity(), 0.1});
    return c;
}

std::string differences(const complex& expected, const complex& actual) {
    return compare(expected, actual, "");
}

}  // namespace nettcp::interop
