#include <contract/document.hpp>
#include <support/catch.hpp>

#include <nettcp/contract/described.hpp>

#include <boost/describe/class.hpp>

using namespace nettcp;
using namespace nettcp::contract;

namespace described_test {

struct point {
    std::int32_t x = 0;
    std::int32_t y = 0;
};
BOOST_DESCRIBE_STRUCT(point, (), (x, y))
consteval auto contract_of(tag<point>) {
    return described<point>("Point", "urn:t");
}

}  // namespace described_test

TEST_CASE("A structure that Boost.Describe knows needs no list of members") {
    const auto document = write(described_test::point{3, 4});
    REQUIRE(!document.code);
    const auto back = read<described_test::point>(document.octets);
    REQUIRE(!back.code);
    CHECK(back.value.x == 3);
    CHECK(back.value.y == 4);
    CHECK(descriptor<described_test::point>::value.structure->members[1].name == "y");
}
