#include "support/catch.hpp"

#include <nettcp/base/cause.hpp>
#include <nettcp/base/errc.hpp>
#include <nettcp/base/rule_category.hpp>

#include <boost/system/error_code.hpp>

#include <string>

using namespace nettcp;
using boost::system::error_code;

TEST_CASE("Each error compares with the one cause its table names") {
    const error_code truncated = base_errc::truncated;
    CHECK(truncated == cause::peer);
    CHECK(truncated != cause::local);
    CHECK(truncated != cause::environment);
    CHECK(truncated != cause::refused);
    CHECK(error_code(base_errc::invalid_argument) == cause::local);
}

TEST_CASE("Errors of the operating system are the environment's fault, cancellation is ours") {
    const error_code reset(104, boost::system::system_category());
    CHECK(reset == cause::environment);
    CHECK(reset != cause::peer);
    const error_code cancelled = make_error_code(boost::system::errc::operation_canceled);
    CHECK(cancelled == cause::local);
    CHECK(cancelled != cause::environment);
}

TEST_CASE("Success is nobody's fault") {
    for (const cause whose : {cause::peer, cause::local, cause::environment, cause::refused})
        CHECK(error_code() != whose);
}

TEST_CASE("An error tells its rule, its text and what to try") {
    const error_code code = base_errc::size_overflow;
    CHECK(code.category().name() == std::string("nettcp.base"));
    CHECK(rule_of(code) == "size_overflow");
    CHECK(code.message() == "a size does not fit in 31 bits");
    CHECK(hint_of(code) == hint(base_errc::size_overflow));
    CHECK(!hint_of(code).empty());
}

TEST_CASE("A message is cut to the space given and always ends") {
    char text[8] = "#######";
    const char* out = base_category().message(static_cast<int>(base_errc::truncated), text, 4);
    CHECK(out == std::string("the"));
    CHECK(text[4] == '#');
}

TEST_CASE("Values outside a table have no rule and no cause") {
    for (const int value : {-1, 0, 10000}) {
        const error_code code(value, base_category());
        CAPTURE(value);
        CHECK(rule_of(code).empty());
        CHECK(hint_of(code).empty());
        CHECK(code != cause::peer);
        CHECK(code != cause::environment);
    }
}

TEST_CASE("Codes of other libraries have no rule of ours") {
    const error_code reset(104, boost::system::system_category());
    CHECK(rule_of(reset).empty());
    CHECK(hint_of(reset).empty());
}
