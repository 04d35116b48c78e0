#include <contract/document.hpp>
#include <support/catch.hpp>
#include <support/document_text.hpp>

#include <nettcp/contract/errc.hpp>
#include <nettcp/contract/schema_name.hpp>

using namespace nettcp;
using namespace nettcp::contract;

namespace order_test {

constexpr const char* ns = "urn:t";

struct line {
    std::string name;
    std::int32_t price = 0;
};
consteval auto contract_of(tag<line>) {
    return data_contract(
        "Line", ns,
        {member<&line::name>("Name", {.required = true}), member<&line::price>("Price")});
}

struct order {
    std::int32_t b = 0;
    std::int32_t a = 0;
    std::int32_t late = 0;
    std::int32_t early = 0;
    std::vector<line> lines;
    std::string strict;
};
consteval auto contract_of(tag<order>) {
    return data_contract("Order", ns,
                         {member<&order::late>("Late", {.order = 2}),
                          member<&order::early>("Early", {.order = 1}), member<&order::b>("B"),
                          member<&order::a>("A"), member<&order::lines>("Lines"),
                          member<&order::strict>("Strict", {.nullable = false})});
}

struct shape {
    virtual ~shape() = default;
    std::int32_t x = 0;
};
struct square : shape {
    std::int32_t side = 0;
};
consteval auto contract_of(tag<square>);
consteval auto contract_of(tag<shape>) {
    return data_contract("Shape", ns, {member<&shape::x>("X")}).knows({known<square, shape>()});
}
consteval auto contract_of(tag<square>) {
    return data_contract("Square", ns, {member<&square::side>("Side")}).extends<square, shape>();
}

}  // namespace order_test

using order_test::line;
using order_test::order;

TEST_CASE("Members without an order come first, by name, then the others by order") {
    order value;
    value.b = 2;
    value.a = 3;
    value.late = 4;
    value.early = 5;
    const auto document = write(value);
    CHECK(
        nbfx::show_whole(document.octets, nullptr).text ==
        "<v xmlns=\"urn:t\" xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><A>3</A><B>2</B>"
        "<Lines></Lines><Strict></Strict><Early>5</Early><Late>4</Late></v>");
}

TEST_CASE("Unknown elements are skipped, and members in front of their place are lost") {
    const auto read_back = read<order>(document_of([](nbfx::writer& out) {
        element(out, "B", "urn:t", "2");
        element(out, "A", "urn:t", "1");
        element(out, "Unknown", "urn:t", "?");
        element(out, "Early", "urn:other", "7");
        element(out, "Late", "urn:t", "9");
    }));
    CHECK(read_back.code == boost::system::error_code());
    CHECK(read_back.value.b == 2);
    CHECK(read_back.value.a == 0);
    CHECK(read_back.value.early == 0);
    CHECK(read_back.value.late == 9);
}

TEST_CASE("A failure names the value by its path") {
    const auto in_list = [](const char* name, const char* text) {
        return document_of([=](nbfx::writer& out) {
            out.start_element("", "Lines", "urn:t");
            for (const bool last : {false, true}) {
                out.start_element("", "Line", "urn:t");
                element(out, "Name", "urn:t", "x");
                if (last)
                    element(out, name, "urn:t", text);
                out.end_element();
            }
            out.end_element();
        });
    };
    const auto bad = read<order>(in_list("Price", "cheap"));
    CHECK(bad.code == nbfx::errc::conversion_invalid);
    CHECK(bad.path == "Lines[1]/Price");
    const auto large = read<order>(in_list("Price", "9999999999"));
    CHECK(large.code == nbfx::errc::value_out_of_range);
    CHECK(large.path == "Lines[1]/Price");
}

TEST_CASE("A required member that is missing is a failure") {
    const auto missing = read<order>(document_of([](nbfx::writer& out) {
        out.start_element("", "Lines", "urn:t");
        out.start_element("", "Line", "urn:t");
        element(out, "Price", "urn:t", "1");
        out.end_element();
        out.end_element();
    }));
    CHECK(missing.code == errc::member_required);
    CHECK(missing.path == "Lines[0]/Name");
}

TEST_CASE("Null goes into what can be empty, unless the contract says no") {
    const auto null = [](const char* name) {
        return document_of([=](nbfx::writer& out) {
            out.start_element("", name, "urn:t");
            out.start_attribute("i", "nil", xsi_namespace);
            out.text("true");
            out.end_attribute();
            out.end_element();
        });
    };
    CHECK(!read<order>(null("Lines")).code);
    CHECK(read<order>(null("A")).code == errc::value_null);
    const auto strict = read<order>(null("Strict"));
    CHECK(strict.code == errc::value_null);
    CHECK(strict.path == "Strict");
}

TEST_CASE("Text beside members is a failure") {
    const auto mixed = read<order>(document_of([](nbfx::writer& out) { out.text("words"); }));
    CHECK(mixed.code == nbfx::errc::element_unexpected);
}

TEST_CASE("Types have the names that .NET gives them") {
    const auto name = []<class T>(std::type_identity<T>) {
        return schema_name_of(descriptor<T>::value);
    };
    CHECK(name(std::type_identity<std::int32_t>()) ==
          schema_name{"int", std::string(xsd_namespace)});
    CHECK(name(std::type_identity<std::vector<std::vector<std::int32_t>>>()) ==
          schema_name{"ArrayOfArrayOfint", std::string(arrays_namespace)});
    CHECK(name(std::type_identity<std::vector<line>>()) == schema_name{"ArrayOfLine", "urn:t"});
    CHECK(name(std::type_identity<std::map<std::string, std::int32_t>>()).local ==
          "ArrayOfKeyValueOfstringint");
    CHECK(name(std::type_identity<std::map<std::string, std::vector<std::string>>>()).local ==
          "ArrayOfKeyValueOfstringArrayOfstringty7Ep6D1");
}

TEST_CASE("A type that its contract does not know is refused") {
    const auto read_as = [](const char* type) {
        return read<std::unique_ptr<order_test::shape>>(document_of([=](nbfx::writer& out) {
            out.declare_namespace("t", "urn:t");
            out.attribute("i", "type", "http://www.w3.org/2001/XMLSchema-instance", type);
            element(out, "X", "urn:t", "1");
        }));
    };
    CHECK(!read_as("t:Shape").code);
    const auto square = read_as("t:Square");
    CHECK(!square.code);
    CHECK(dynamic_cast<order_test::square*>(square.value.get()) != nullptr);
    // One that exists but is not known here, one of nobody's, one of .NET's, and what is no name.
    for (const char* type : {"t:Line", "t:Other", "System.Diagnostics.Process", "t:", ":", ""}) {
        CAPTURE(type);
        const auto refused = read_as(type);
        CHECK(refused.code == errc::type_unknown);
        CHECK(refused.value == nullptr);
    }
    CHECK(read_as("u:Square").code == nbfx::errc::namespace_prefix_undeclared);
}
