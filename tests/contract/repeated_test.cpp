// Structures in lists, whose tags are known from the second one on: in a session, where names are
// ids, they are read and written by shorter ways. These must do what the long ones do.
#include <contract/document.hpp>
#include <support/catch.hpp>

#include <nettcp/contract/errc.hpp>
#include <nettcp/contract/schema_name.hpp>

#include <optional>
#include <random>

using namespace nettcp;
using namespace nettcp::contract;

namespace repeated_test {

using nbfx::literals::operator""_dict;

constexpr const char* ns = "urn:t";

struct inner {
    std::string text;
    std::int16_t number = 0;
    bool operator==(const inner&) const = default;
};
consteval auto contract_of(tag<inner>) {
    return data_contract("Inner", ns,
                         {member<&inner::text>("Text"), member<&inner::number>("Number")});
}

struct base {
    bool flag = false;
    std::int8_t small = 0;
    bool operator==(const base&) const = default;
};
consteval auto contract_of(tag<base>) {
    return data_contract("Base", ns, {member<&base::flag>("Flag"), member<&base::small>("Small")});
}

struct record : base {
    std::uint8_t u8 = 0;
    std::int16_t i16 = 0;
    std::uint16_t u16 = 0;
    std::int32_t i32 = 0;
    std::uint32_t u32 = 0;
    std::int64_t i64 = 0;
    float f32 = 0;
    double f64 = 0;
    char16_t letter = 0;
    std::string name;
    std::vector<inner> parts;
    std::optional<std::int32_t> maybe;
    std::string note;
    std::int32_t last = 0;
    bool operator==(const record&) const = default;
};
consteval auto contract_of(tag<record>) {
    using r = record;
    return data_contract(
               "Record", ns,
               {member<&r::u8>("U8", {.order = 1}), member<&r::i16>("I16", {.order = 2}),
                member<&r::u16>("U16", {.order = 3}), member<&r::i32>("I32", {.order = 4}),
                member<&r::u32>("U32", {.order = 5}), member<&r::i64>("I64", {.order = 6}),
                member<&r::f32>("F32", {.order = 7}), member<&r::f64>("F64", {.order = 8}),
                member<&r::letter>("Letter", {.order = 9}),
                member<&r::name>("Name", {.order = 10, .required = true}),
                member<&r::parts>("Parts", {.order = 11}),
                member<&r::maybe>("Maybe", {.order = 12}),
                member<&r::note>("Note", {.order = 13, .emit_default = false}),
                member<&r::last>("Last", {.order = 14, .required = true})})
        .extends<record, base>();
}

class chance {
public:
    explicit chance(std::uint32_t seed) : random_(seed) {}

    bool one_in(unsigned n) { return random_() % n == 0; }
    std::uint64_t number() {  // of any size
        const std::uint64_t all = std::uint64_t{random_()} << 32 | random_();
        return all >> random_() % 64;
    }
    template <class T>
    T as() {
        return static_cast<T>(number() * (one_in(2) ? 1 : ~std::uint64_t{0}));
    }
    std::string text() {
        static constexpr std::string_view parts[] = {"a", "0", " ", "word", "\xc3\xa4", "<", "1"};
        std::string made;
        for (auto left = number() % (one_in(20) ? 400 : 24); left != 0; --left)
            made += parts[random_() % std::size(parts)];
        return made;
    }

private:
    std::mt19937 random_;
};

record make(chance& by) {
    record r;
    r.flag = by.one_in(2);
    r.small = by.as<std::int8_t>();
    r.u8 = by.as<std::uint8_t>();
    r.i16 = by.as<std::int16_t>();
    r.u16 = by.as<std::uint16_t>();
    r.i32 = by.as<std::int32_t>();
    r.u32 = by.as<std::uint32_t>();
    r.i64 = by.as<std::int64_t>();
    r.f32 = by.one_in(2) ? static_cast<float>(by.as<std::int16_t>())
                         : static_cast<float>(by.as<std::int64_t>()) / 3;
    r.f64 = by.one_in(2) ? r.f32 : static_cast<double>(by.as<std::int64_t>()) / 3;
    r.letter = by.as<char16_t>();
    r.name = by.text();
    for (auto left = by.number() % 4; left != 0; --left)
        r.parts.push_back({by.text(), by.as<std::int16_t>()});
    if (by.one_in(2))
        r.maybe = by.as<std::int32_t>();
    if (by.one_in(2))
        r.note = by.text();
    r.last = by.as<std::int32_t>();
    return r;
}

/// An element whose name is a new text each time: what is known by its address is not known.
template <class Write>
void field(nbfx::writer& out, const std::string& name, Write write) {
    out.start_element(nbfx::dictionary_string{name}, nbfx::dictionary_string{ns});
    write();
    out.end_element();
}

/// What the contract does not expect in an element, or hardly.
void write_odd_content(nbfx::writer& out, chance& by) {
    if (by.one_in(9))
        out.attribute("", "a", "", "b");
    switch (by.number() % 8) {
    case 0: out.text(by.text()); break;
    case 1: out.text("7"); break;
    case 2: out.int64(by.as<std::int64_t>()); break;
    case 3: out.float64(static_cast<double>(by.as<std::int64_t>()) / 7); break;
    case 4: out.boolean(by.one_in(2)); break;
    case 5: out.int64(by.as<std::int8_t>()); break;
    case 6:
        out.chars("12");
        if (by.one_in(2))
            out.comment("words");
        out.chars("34");
        break;
    case 7: break;
    }
}

/// An element that the contract does not expect there.
void write_oddity(nbfx::writer& out, chance& by) {
    static constexpr const char* names[] = {"Flag",  "U8",   "I16",    "U32",    "I64",
                                            "F32",   "F64",  "Letter", "Name",   "Parts",
                                            "Maybe", "Note", "Last",   "Unknown"};
    if (by.one_in(4))
        out.comment("words");
    const char* const name = names[by.number() % std::size(names)];
    const char* const own_ns = by.one_in(9) ? "urn:else" : ns;
    out.start_element(nbfx::dictionary_string{name}, nbfx::dictionary_string{own_ns});
    write_odd_content(out, by);
    out.end_element();
}

/// What a record is written as, call by call; now and then something else, if `odd` is there.
void write_plainly(nbfx::writer& out, const record& r, chance* odd = nullptr) {
    const auto field = [&](const char* name, auto write) {
        if (odd != nullptr && odd->one_in(60))
            write_oddity(out, *odd);
        if (odd != nullptr && odd->one_in(60))
            return repeated_test::field(out, name, [&] { write_odd_content(out, *odd); });
        if (odd == nullptr || !odd->one_in(60))
            repeated_test::field(out, name, write);
    };
    const auto number = [&](const char* name, std::int64_t v) {
        field(name, [&] { out.int64(v); });
    };
    const auto text = [&](const char* name, const std::string& v) {
        field(name, [&] { out.text(v); });
    };
    field("Flag", [&] { out.boolean(r.flag); });
    number("Small", r.small);
    number("U8", r.u8);
    number("I16", r.i16);
    number("U16", r.u16);
    number("I32", r.i32);
    number("U32", r.u32);
    number("I64", r.i64);
    field("F32", [&] { out.float32(r.f32); });
    field("F64", [&] { out.float64(r.f64); });
    number("Letter", r.letter);
    text("Name", r.name);
    field("Parts", [&] {
        for (const inner& part : r.parts)
            repeated_test::field(out, "Inner", [&] {
                number("Number", part.number);
                text("Text", part.text);
            });
    });
    field("Maybe", [&] {
        if (r.maybe)
            return out.int64(*r.maybe);
        out.start_attribute("i", "nil"_dict, nbfx::dictionary_string{xsi_namespace});
        out.boolean(true);
        out.end_attribute();
    });
    if (!r.note.empty())
        text("Note", r.note);
    number("Last", r.last);
}

/// A document, with the strings of its session if there is one.
struct document {
    explicit document(bool in_session) : in_session_(in_session) {}

    template <class Write>
    void write(Write body) {
        octet_buffer octets;
        nbfx::writer out;
        out.open(octets, in_session_ ? &sent_ : nullptr);
        body(out);
        REQUIRE(out.finish().has_value());
        octets_.assign(octets.view().begin(), octets.view().end());
        std::vector<std::byte> table(sent_.table_size());
        sent_.write_table(table.data());
        REQUIRE(received_.read_table(table).has_value());
    }

    const std::vector<std::byte>& octets() const { return octets_; }

    read_result<std::vector<record>> read() const { return read(octets_); }
    /// Of this session.
    read_result<std::vector<record>> read(bytes_view octets) const {
        nbfx::reader in;
        in.open(octets, in_session_ ? &received_ : nullptr);
        in.move_to_content();
        read_result<std::vector<record>> result;
        if (!read_element(in, result.value, &result.path))
            result.code = in.failure().code;
        else if (in.move_to_content() != nbfx::node::end_of_document)
            result.path = "more than the list";
        return result;
    }

private:
    bool in_session_;
    nbfx::sent_dictionary sent_;
    nbfx::received_dictionary received_;
    std::vector<std::byte> octets_;
};

template <class Write>
void start_list(nbfx::writer& out, Write items) {
    out.start_element("", "v"_dict, "urn:v"_dict);
    out.ensure_prefix(nbfx::dictionary_string{ns});
    out.declare_namespace("i", nbfx::dictionary_string{xsi_namespace});
    items();
    out.end_element();
}

}  // namespace repeated_test

using namespace repeated_test;

TEST_CASE("Structures of a list are written as the calls of a writer would write them") {
    chance by(1);
    for (unsigned round = 0; round != 60; ++round) {
        std::vector<record> value;
        for (auto left = by.number() % 40; left != 0; --left)
            value.push_back(make(by));
        document ours(true);
        document plain(true);
        ours.write([&](nbfx::writer& out) { write_element(out, "v"_dict, "urn:v"_dict, value); });
        plain.write([&](nbfx::writer& out) {
            start_list(out, [&] {
                for (const record& r : value)
                    field(out, "Record", [&] { write_plainly(out, r); });
            });
        });
        CHECK(ours.octets() == plain.octets());
        const auto read_back = ours.read();
        CHECK(!read_back.code);
        CHECK(read_back.value == value);
    }
}

TEST_CASE("Structures of a list are read alike in a session and without one") {
    unsigned good = 0;
    unsigned bad = 0;
    for (std::uint32_t seed = 0; seed != 600; ++seed) {
        const auto write = [&](nbfx::writer& out) {
            chance by(seed);
            chance* const odd = seed % 3 == 0 ? nullptr : &by;
            start_list(out, [&] {
                for (auto left = 2 + by.number() % 10; left != 0; --left)
                    field(out, by.one_in(60) ? "Other" : "Record", [&] {
                        if (by.one_in(30))
                            out.attribute("", "a", "", "b");
                        write_plainly(out, make(by), odd);
                    });
            });
        };
        document quick(true);
        document careful(false);
        quick.write(write);
        careful.write(write);
        const auto one = quick.read();
        const auto other = careful.read();
        CHECK(one.code == other.code);
        CHECK(one.path == other.path);
        CHECK(one.value == other.value);
        ++(one.code ? bad : good);
    }
    CHECK(good > 100);
    CHECK(bad > 30);
}

TEST_CASE("A list of structures that ends too early is a failure wherever it ends") {
    chance by(3);
    std::vector<record> value;
    for (unsigned i = 0; i != 6; ++i)
        value.push_back(make(by));
    document whole(true);
    whole.write([&](nbfx::writer& out) { write_element(out, "v"_dict, "urn:v"_dict, value); });
    for (std::size_t size = 0; size != whole.octets().size(); ++size) {
        const std::vector<std::byte> front(
            whole.octets().begin(), whole.octets().begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(whole.read(front).code);
    }
}

TEST_CASE("Limits hold for structures of a list") {
    std::vector<inner> value(20);
    const auto octets = write(value).octets;
    CHECK(!read<std::vector<inner>>(octets, {.max_items_in_object_graph = 20}).code);
    CHECK(read<std::vector<inner>>(octets, {.max_items_in_object_graph = 19}).code ==
          errc::items_exceeded);
    const auto deep = write(value, {.max_items_in_object_graph = 20});
    CHECK(deep.code == errc::items_exceeded);
    CHECK(deep.path == "[19]");
}
