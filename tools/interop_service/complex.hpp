#pragma once

#include <nettcp/contract/type_of.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The data contracts of `IEcho`, in namespace `http://peers.test/data`.
namespace nettcp::interop {

inline constexpr std::string_view data_namespace = "http://peers.test/data";

enum class color : std::int32_t { red = 0, green = 1, blue = 7 };
consteval auto contract_of(contract::tag<color>) {
    using contract::enumerator;
    return contract::enumeration("Color", data_namespace,
                                 {enumerator(color::red, "Red"), enumerator(color::green, "Green"),
                                  enumerator(color::blue, "BLUE")});
}

struct item {
    virtual ~item() = default;
    std::optional<std::string> name;
    std::int32_t quantity = 0;
    decimal price;
};
struct special_item : item {
    std::optional<std::string> extra;
};
consteval auto contract_of(contract::tag<item>) {
    using contract::member;
    return contract::data_contract("Item", data_namespace,
                                   {member<&item::name>("Name", {.order = 1}),
                                    member<&item::quantity>("Quantity", {.order = 2}),
                                    member<&item::price>("Price", {.order = 3})})
        .knows({contract::known<special_item, item>()});
}
consteval auto contract_of(contract::tag<special_item>) {
    using contract::member;
    return contract::data_contract("SpecialItem", data_namespace,
                                   {member<&special_item::extra>("Extra", {.order = 1})})
        .extends<special_item, item>();
}

/// One member for every shape a value can have. What may be null is an optional or a pointer.
struct complex {
    template <class T>
    using maybe = std::optional<T>;

    bool flag = false;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::int32_t i32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
    float f32 = 0;
    double f64 = 0;
    decimal dec;
    date_time when_utc;
    date_time when_unspecified;
    contract::date_time_offset offset;
    time_span duration;
    uuid id{};
    char16_t ch = 0;
    maybe<contract::uri> link;
    interop::color color{};
    maybe<std::int32_t> maybe_int;
    maybe<std::int32_t> missing_int;
    maybe<std::string> text;
    maybe<std::string> null_text;
    maybe<std::string> omitted;  ///< not written when null
    maybe<std::vector<std::byte>> blob;
    maybe<std::vector<std::int32_t>> ints;
    maybe<std::vector<maybe<std::string>>> strings;
    maybe<std::vector<std::shared_ptr<item>>> items;
    maybe<std::vector<std::pair<std::string, std::int32_t>>> map;
    std::unique_ptr<complex> child;
    std::shared_ptr<item> poly;
    maybe<std::vector<double>> doubles;
};
consteval auto contract_of(contract::tag<complex>) {
    using c = complex;
    using contract::member;
    return contract::data_contract(
        "Complex", data_namespace,
        {member<&c::flag>("Flag", {.order = 1}),
         member<&c::u8>("U8", {.order = 2}),
         member<&c::i16>("I16", {.order = 3}),
         member<&c::i32>("I32", {.order = 4}),
         member<&c::i64>("I64", {.order = 5}),
         member<&c::u64>("U64", {.order = 6}),
         member<&c::f32>("F32", {.order = 7}),
         member<&c::f64>("F64", {.order = 8}),
         member<&c::dec>("Dec", {.order = 9}),
         member<&c::when_utc>("WhenUtc", {.order = 10}),
         member<&c::when_unspecified>("WhenUnspecified", {.order = 11}),
         member<&c::offset>("Offset", {.order = 12}),
         member<&c::duration>("Duration", {.order = 13}),
         member<&c::id>("Id", {.order = 14}),
         member<&c::ch>("Ch", {.order = 15}),
         member<&c::link>("Link", {.order = 16}),
         member<&c::color>("Color", {.order = 17}),
         member<&c::maybe_int>("MaybeInt", {.order = 18}),
         member<&c::missing_int>("MissingInt", {.order = 19}),
         member<&c::text>("Text", {.order = 20}),
         member<&c::null_text>("NullText", {.order = 21}),
         member<&c::omitted>("Omitted", {.order = 22, .emit_default = false}),
         member<&c::blob>("Blob", {.order = 23}),
         member<&c::ints>("Ints", {.order = 24, .array = false}),
         member<&c::strings>("Strings", {.order = 25}),
         member<&c::items>("Items", {.order = 26}),
         member<&c::map>("Map", {.order = 27}),
         member<&c::child>("Child", {.order = 28}),
         member<&c::poly>("Poly", {.order = 29}),
         member<&c::doubles>("Doubles", {.order = 30})});
}

/// What Fail answers with.
struct fail_detail {
    std::int32_t code = 0;
    std::optional<std::string> message;
};
consteval auto contract_of(contract::tag<fail_detail>) {
    using contract::member;
    return contract::data_contract("Detail", data_namespace,
                                   {member<&fail_detail::code>("Code", {.order = 1}),
                                    member<&fail_detail::message>("Message", {.order = 2})});
}

}  // namespace nettcp::interop
