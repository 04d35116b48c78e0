// Contracts as large as generated code makes them.
#include <contract/document.hpp>
#include <support/catch.hpp>

#include <nettcp/contract/errc.hpp>

using namespace nettcp;
using namespace nettcp::contract;

// Ten of something, and two hundred or three hundred.
#define TEN(X, n) X(n##0) X(n##1) X(n##2) X(n##3) X(n##4) X(n##5) X(n##6) X(n##7) X(n##8) X(n##9)
#define HUNDRED(X, n)                                                                              \
    TEN(X, n##0)                                                                                   \
    TEN(X, n##1)                                                                                   \
    TEN(X, n##2)                                                                                   \
    TEN(X, n##3) TEN(X, n##4) TEN(X, n##5) TEN(X, n##6) TEN(X, n##7) TEN(X, n##8) TEN(X, n##9)

namespace large_test {

struct wide {
#define FIELD(n) std::int32_t m##n = 0;
    HUNDRED(FIELD, 1) HUNDRED(FIELD, 2)
#undef FIELD
};
consteval auto contract_of(tag<wide>) {
    return data_contract("Wide", "urn:t",
                         {
#define ROW(n) member<&wide::m##n>("M" #n),
                             HUNDRED(ROW, 1) HUNDRED(ROW, 2)
#undef ROW
                         });
}

enum class many : std::int32_t {
#define VALUE(n) e##n = n,
    HUNDRED(VALUE, 1) HUNDRED(VALUE, 2) HUNDRED(VALUE, 3)
#undef VALUE
};
consteval auto contract_of(tag<many>) {
    return enumeration("Many", "urn:t",
                       {
#define ROW(n) enumerator(many::e##n, "E" #n),
                           HUNDRED(ROW, 1) HUNDRED(ROW, 2) HUNDRED(ROW, 3)
#undef ROW
                       });
}

}  // namespace large_test

using namespace large_test;

TEST_CASE("A structure of two hundred members goes there and back") {
    wide value;
    std::int32_t next = 1;
#define FILL(n) value.m##n = next++;
    HUNDRED(FILL, 1)
    HUNDRED(FILL, 2)
#undef FILL
    const auto document = write(value);
    REQUIRE(!document.code);
    const auto back = read<wide>(document.octets);
    REQUIRE(!back.code);
    next = 1;
    bool same = true;
#define COMPARE(n) same &= back.value.m##n == next++;
    HUNDRED(COMPARE, 1)
    HUNDRED(COMPARE, 2)
#undef COMPARE
    CHECK(same);
    CHECK(next == 201);
}

TEST_CASE("An enumeration of three hundred goes there and back") {
    for (std::int32_t number = 100; number != 400; ++number) {
        const auto document = write(static_cast<many>(number));
        REQUIRE(!document.code);
        CHECK(read<many>(document.octets).value == static_cast<many>(number));
    }
    CHECK(write(static_cast<many>(99)).code == errc::enumerator_undeclared);
    CHECK(read<many>(document_of([](nbfx::writer& out) { out.text("E99"); })).code ==
          errc::enumerator_unknown);
}
