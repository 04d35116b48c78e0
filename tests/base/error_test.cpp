#include "support/catch.hpp"

#include <nettcp/base/errc.hpp>
#include <nettcp/base/error.hpp>

#include <cstdint>
#include <string>

using nettcp::value_in_words;

TEST_CASE("An error says its value, and the limit when it is about one") {
    const auto code = make_error_code(nettcp::base_errc::limit_exceeded);
    CHECK(value_in_words({code, 7, 0, 0}).empty());
    CHECK(value_in_words({code, 7, 0x2a, 0}) == ", value 0x2a");
    CHECK(value_in_words({code, 7, 70'000, 65'536}) == ", 70000 where the limit is 65536");
    CHECK(value_in_words({code, 7, 0, 65'536}) == ", the limit is 65536");
}

TEST_CASE("Numbers that an error cannot hold are said to be more") {
    CHECK(nettcp::clamp_u32(0xfffffffe) == 0xfffffffe);
    CHECK(nettcp::clamp_u32(std::uint64_t{5} << 30) == 0xffffffff);
    CHECK(value_in_words({{}, 0, 0xffffffff, 3}) == ", 4294967295 or more where the limit is 3");
}
