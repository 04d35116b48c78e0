#pragma once

#include <nettcp/contract/type_of.hpp>

#include <memory>
#include <set>
#include <utility>
#include <vector>

/// The C++ twins of dotnet/contract_oracle/Shapes.cs.
namespace nettcp::interop::shapes {

using namespace nettcp::contract;

inline constexpr std::string_view ns = "http://peers.test/data";
inline constexpr std::string_view ns_other = "urn:other";

template <class T>
using maybe = std::optional<T>;
using text = maybe<std::string>;

struct primitives {
    bool flag = false;
    std::int8_t i8 = 0;
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    std::uint64_t u64 = 0;
    float f32 = 0;
    double f64 = 0;
    decimal dec;
    char16_t ch = 0;
    text words;
    uuid id{};
    time_span span;
    date_time when;
    date_time_offset offset;
    maybe<uri> link;
    maybe<std::vector<std::byte>> blob;
    maybe<soap::qname> name;
};
consteval auto contract_of(tag<primitives>) {
    using p = primitives;
    return data_contract(
        "Primitives", ns,
        {member<&p::flag>("Flag"), member<&p::i8>("I8"),      member<&p::u8>("U8"),
         member<&p::i16>("I16"),   member<&p::u16>("U16"),    member<&p::i32>("I32"),
         member<&p::u32>("U32"),   member<&p::i64>("I64"),    member<&p::u64>("U64"),
         member<&p::f32>("F32"),   member<&p::f64>("F64"),    member<&p::dec>("Dec"),
         member<&p::ch>("Ch"),     member<&p::words>("Text"), member<&p::id>("Id"),
         member<&p::span>("Span"), member<&p::when>("When"),  member<&p::offset>("Offset"),
         member<&p::link>("Link"), member<&p::blob>("Blob"),  member<&p::name>("Name")});
}

enum class color : std::int32_t { red = 0, green = 1, blue = 7 };
consteval auto contract_of(tag<color>) {
    return enumeration("Color", ns,
                       {enumerator(color::red, "Red"), enumerator(color::green, "Green"),
                        enumerator(color::blue, "BLUE")});
}

enum class rights : std::uint8_t { none = 0, read = 1, write = 2, both = 3, own = 128 };
consteval auto contract_of(tag<rights>) {
    return enumeration("Rights", ns,
                       {enumerator(rights::none, "None"), enumerator(rights::read, "Read"),
                        enumerator(rights::write, "Write"), enumerator(rights::both, "Both"),
                        enumerator(rights::own, "Own")})
        .as_flags();
}

struct enums {
    color one{};
    rights allowed{};
    maybe<color> perhaps;
    maybe<std::vector<color>> colors;
    maybe<std::vector<rights>> many;
};
consteval auto contract_of(tag<enums>) {
    return data_contract("Enums", ns,
                         {member<&enums::one>("Color"), member<&enums::allowed>("Rights"),
                          member<&enums::perhaps>("MaybeColor"), member<&enums::colors>("Colors"),
                          member<&enums::many>("RightsList")});
}

struct nullables {
    maybe<std::int32_t> number;
    text words;
    maybe<date_time> when;
    maybe<uuid> id;
    maybe<bool> flag;
    maybe<std::int32_t> hidden_number;
    text hidden_text;
    std::int32_t hidden_zero = 0;
    color hidden_color{};
    bool hidden_flag = false;
    std::int32_t needed = 0;
    maybe<std::vector<std::byte>> blob;
    maybe<std::vector<std::int32_t>> ints;
    maybe<date_time_offset> offset;
};
consteval auto contract_of(tag<nullables>) {
    using n = nullables;
    constexpr member_options hidden{.emit_default = false};
    return data_contract("Nullables", ns,
                         {member<&n::number>("Number"), member<&n::words>("Text"),
                          member<&n::when>("When"), member<&n::id>("Id"), member<&n::flag>("Flag"),
                          member<&n::hidden_number>("HiddenNumber", hidden),
                          member<&n::hidden_text>("HiddenText", hidden),
                          member<&n::hidden_zero>("HiddenZero", hidden),
                          member<&n::hidden_color>("HiddenColor", hidden),
                          member<&n::hidden_flag>("HiddenFlag", hidden),
                          member<&n::needed>("Needed", {.required = true}),
                          member<&n::blob>("Blob"), member<&n::ints>("Ints", {.array = false}),
                          member<&n::offset>("Offset")});
}

struct point {
    std::int32_t x = 0;
    std::int32_t y = 0;
};
consteval auto contract_of(tag<point>) {
    return data_contract(
        "Point", ns, {member<&point::y>("Y", {.order = 1}), member<&point::x>("X", {.order = 0})});
}

struct elsewhere {
    text word;
    maybe<point> inner;
};
consteval auto contract_of(tag<elsewhere>) {
    return data_contract("Else.where", ns_other,
                         {member<&elsewhere::word>("Word"), member<&elsewhere::inner>("point")});
}

template <class T>
using vector = maybe<std::vector<T>>;

struct lists {
    vector<std::int32_t> ints;
    vector<std::int32_t> int_array;
    vector<bool> bools;
    vector<std::int64_t> longs;
    vector<float> floats;
    vector<double> doubles;
    vector<decimal> decimals;
    vector<date_time> moments;
    vector<std::int16_t> shorts;
    vector<text> strings;
    vector<vector<std::int32_t>> nested;
    vector<maybe<point>> points;
    vector<maybe<std::int32_t>> perhaps;
    vector<uuid> ids;
    vector<maybe<std::vector<std::byte>>> blobs;
    vector<date_time_offset> offsets;
    vector<maybe<elsewhere>> foreign;
    vector<vector<maybe<elsewhere>>> nested_foreign;
};
consteval auto contract_of(tag<lists>) {
    using l = lists;
    return data_contract(
        "Lists", ns,
        {member<&l::ints>("Ints", {.array = false}), member<&l::int_array>("IntArray"),
         member<&l::bools>("Bools"), member<&l::longs>("Longs"), member<&l::floats>("Floats"),
         member<&l::doubles>("Doubles"), member<&l::decimals>("Decimals"),
         member<&l::moments>("Moments"), member<&l::shorts>("Shorts"),
         member<&l::strings>("Strings"), member<&l::nested>("Nested", {.array = false}),
         member<&l::points>("Points"), member<&l::perhaps>("Maybe"), member<&l::ids>("Ids"),
         member<&l::blobs>("Blobs"), member<&l::offsets>("Offsets"), member<&l::foreign>("Foreign"),
         member<&l::nested_foreign>("NestedForeign")});
}

struct bag {
    std::vector<std::int32_t> things;
};
consteval auto contract_of(tag<bag>) {
    return collection<&bag::things>("Bag", "urn:bag", "thing");
}

template <class Key, class Value>
using map = maybe<std::vector<std::pair<Key, Value>>>;

struct maps {
    map<std::string, std::int32_t> numbers;
    map<std::int32_t, maybe<point>> points;
    map<std::string, vector<text>> words;
    map<color, maybe<elsewhere>> foreign;
    map<std::string, text> empty;
    map<std::string, map<std::int32_t, bool>> nested;
    map<uuid, date_time> moments;
    map<std::string, maybe<std::int32_t>> perhaps;
    map<std::string, maybe<color>> colors;
    maybe<bag> things;
};
consteval auto contract_of(tag<maps>) {
    using m = maps;
    return data_contract("Maps", ns,
                         {member<&m::numbers>("Numbers"), member<&m::points>("Points"),
                          member<&m::words>("Words"), member<&m::foreign>("Foreign"),
                          member<&m::empty>("Empty"), member<&m::nested>("Nested"),
                          member<&m::moments>("Moments"), member<&m::perhaps>("Perhaps"),
                          member<&m::colors>("Colors"), member<&m::things>("Bag")});
}

struct tree {
    text name;
    std::unique_ptr<tree> left;
    std::unique_ptr<tree> right;
    vector<std::unique_ptr<tree>> leaves;
};
consteval auto contract_of(tag<tree>) {
    return data_contract("Tree", ns,
                         {member<&tree::name>("Name"), member<&tree::left>("Left"),
                          member<&tree::right>("Right"), member<&tree::leaves>("Leaves")});
}

struct shape {
    virtual ~shape() = default;
    text z;
    text a;
};
struct square : shape {
    std::int32_t q2 = 0;
    std::int32_t p1 = 0;
    std::int32_t n = 0;
    std::int32_t b = 0;
};
struct circle : shape {
    double radius = 0;
    maybe<point> center;
};
struct ring : circle {
    double inner = 0;
};
consteval auto contract_of(tag<shape>) {
    return data_contract("Shape", ns, {member<&shape::z>("Z"), member<&shape::a>("A")})
        .knows({known<square, shape>(), known<circle, shape>(), known<ring, shape>()});
}
consteval auto contract_of(tag<square>) {
    return data_contract("Square", ns,
                         {member<&square::q2>("Q2", {.order = 2}),
                          member<&square::p1>("P1", {.order = 1}), member<&square::n>("N"),
                          member<&square::b>("B")})
        .extends<square, shape>();
}
consteval auto contract_of(tag<circle>) {
    return data_contract("Circle", ns_other,
                         {member<&circle::radius>("Radius"), member<&circle::center>("Center")})
        .extends<circle, shape>();
}
consteval auto contract_of(tag<ring>) {
    return data_contract("Ring", ns, {member<&ring::inner>("Inner")}).extends<ring, circle>();
}

struct shapes {
    std::unique_ptr<shape> one;
    std::shared_ptr<shape> two;
    vector<std::unique_ptr<shape>> all;
    map<std::string, std::unique_ptr<shape>> by_name;
};
consteval auto contract_of(tag<shapes>) {
    return data_contract("Shapes", ns,
                         {member<&shapes::one>("One"), member<&shapes::two>("Two"),
                          member<&shapes::all>("All"), member<&shapes::by_name>("ByName")});
}

struct node {
    node() { alive().insert(this); }
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    ~node() { alive().erase(this); }

    /// Nodes refer to each other in circles, which would keep them alive for ever.
    static void unlink_all() {
        std::vector<std::shared_ptr<node>> links;
        std::vector<vector<std::shared_ptr<node>>> lists;
        for (node* each : alive()) {
            links.push_back(std::move(each->next));
            lists.push_back(std::exchange(each->others, {}));
        }
    }

    text name;
    std::shared_ptr<node> next;
    vector<std::shared_ptr<node>> others;

private:
    static std::set<node*>& alive() {
        static std::set<node*> all;
        return all;
    }
};
consteval auto contract_of(tag<node>) {
    return data_contract("Node", ns,
                         {member<&node::name>("Name"), member<&node::next>("Next"),
                          member<&node::others>("Others")})
        .as_reference();
}

struct graph {
    std::shared_ptr<node> first;
    std::shared_ptr<node> again;
    vector<std::shared_ptr<node>> all;
};
consteval auto contract_of(tag<graph>) {
    return data_contract("Graph", ns,
                         {member<&graph::first>("First"), member<&graph::again>("Again"),
                          member<&graph::all>("All")});
}

struct anything {
    object one;
    vector<object> many;
};
consteval auto contract_of(tag<anything>) {
    return data_contract("Anything", ns,
                         {member<&anything::one>("One"), member<&anything::many>("Many")})
        .knows({known<point>(), known<elsewhere>(), known<color>(),
                known<std::vector<std::int32_t>>()});
}

struct version_one {
    std::int32_t alpha = 0;
    std::int32_t omega = 0;
    extension_data rest;
};
consteval auto contract_of(tag<version_one>) {
    return data_contract(
               "Versioned", ns,
               {member<&version_one::alpha>("Alpha"), member<&version_one::omega>("Omega")})
        .keeps_unknown<&version_one::rest>();
}

struct version_two {
    std::int32_t alpha = 0;
    text beta;
    maybe<point> delta;
    std::int32_t omega = 0;
    vector<std::int32_t> zeta;
};
consteval auto contract_of(tag<version_two>) {
    using v = version_two;
    return data_contract("Versioned", ns,
                         {member<&v::alpha>("Alpha"), member<&v::beta>("Beta"),
                          member<&v::delta>("Delta"), member<&v::omega>("Omega"),
                          member<&v::zeta>("Zeta", {.array = false})});
}

}  // namespace nettcp::interop::shapes
