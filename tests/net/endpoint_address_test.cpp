#include "support/catch.hpp"

#include <nettcp/net/endpoint_address.hpp>
#include <nettcp/net/errc.hpp>
#include <nettcp/net/failure.hpp>

namespace {

using nettcp::endpoint_address;

struct spelling {
    std::string_view typed;
    std::string_view uri;  ///< what .NET 10's Uri.AbsoluteUri makes of it
    std::string_view host;
    unsigned port;
};

const spelling spellings[] = {
    {"net.tcp://LocalHost:808/a", "net.tcp://localhost/a", "localhost", 808},
    {"NET.TCP://h", "net.tcp://h/", "h", 808},
    {"net.tcp://h:9000", "net.tcp://h:9000/", "h", 9000},
    {" net.tcp://h/x\n", "net.tcp://h/x", "h", 808},
    {"net.tcp://h/%41%7e%2f%c3%a9", "net.tcp://h/A~/%C3%A9", "h", 808},
    {"net.tcp://h/a b/\u00e9\"<>\\^`{|}", "net.tcp://h/a%20b/%C3%A9%22%3C%3E/%5E%60%7B%7C%7D", "h",
     808},
    {"net.tcp://h/a/../b/./c", "net.tcp://h/b/c", "h", 808},
    {"net.tcp://h/../x", "net.tcp://h/x", "h", 808},
    {"net.tcp://h/a%2e%2e/b", "net.tcp://h/a../b", "h", 808},
    {"net.tcp://h/a/%2e%2e/b", "net.tcp://h/b", "h", 808},
    {"net.tcp://h/a?q=1 2&x={}\u00e9", "net.tcp://h/a?q=1%202&x=%7B%7D%C3%A9", "h", 808},
    {"net.tcp://h?q", "net.tcp://h/?q", "h", 808},
    {"net.tcp://[::1]:9/x", "net.tcp://[::1]:9/x", "::1", 9},
    {"net.tcp://[FE80:0:0:0:0:0:0:1]/x", "net.tcp://[fe80::1]/x", "fe80::1", 808},
    {"net.tcp://h:0808/x", "net.tcp://h/x", "h", 808},
    {"net.tcp://h:/x", "net.tcp://h/x", "h", 808},
    {"net.tcp://h//a//b/", "net.tcp://h//a//b/", "h", 808},
    {"net.tcp://h/a%zz", "net.tcp://h/a%25zz", "h", 808},
    {"net.tcp://h/%", "net.tcp://h/%25", "h", 808},
    {"net.tcp://h_x/", "net.tcp://h_x/", "h_x", 808},
    {"net.tcp://h/a;b=c,d!$'()*+@:~-._", "net.tcp://h/a;b=c,d!$'()*+@:~-._", "h", 808},
    {"net.tcp://h/a\\b", "net.tcp://h/a/b", "h", 808},
};

}  // namespace

TEST_CASE("endpoint_address spells addresses as .NET's AbsoluteUri does") {
    for (const auto& [typed, uri, host, port] : spellings) {
        CAPTURE(std::string(typed));
        const auto parsed = endpoint_address::parse(typed);
        REQUIRE(parsed.has_value());
        CHECK(parsed->uri() == uri);
        CHECK(parsed->host() == host);
        CHECK(parsed->port() == port);
        const auto again = endpoint_address::parse(parsed->uri());
        REQUIRE(again.has_value());
        CHECK((*again == *parsed));
    }
}

TEST_CASE("endpoint_address takes the path without the query") {
    CHECK(endpoint_address("net.tcp://h:1/a/b?c").path() == "/a/b");
    CHECK(endpoint_address("net.tcp://h").path() == "/");
}

TEST_CASE("endpoint_address refuses what is no net.tcp address") {
    const std::string long_path(2048, 'a');
    for (const std::string& typed :
         {std::string(), std::string("localhost:808"), std::string("http://h/"),
          std::string("net.tcp:h/x"), std::string("net.tcp:///x"), std::string("net.tcp://u@h/x"),
          std::string("net.tcp://h/x#f"), std::string("net.tcp://h:65536/"),
          std::string("net.tcp://h:0/"), std::string("net.tcp://h:x/"),
          std::string("net.tcp://h%41/"), std::string("net.tcp://[::1/"),
          std::string("net.tcp://[::g]/"), std::string("net.tcp://a b/"),
          std::string("net.tcp://\u00e9/"), std::string("net.tcp://h/\0x", 13) + long_path,
          "net.tcp://h/" + long_path}) {
        CAPTURE(typed);
        const auto parsed = endpoint_address::parse(typed);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().code == nettcp::net::errc::address_invalid);
        CHECK(parsed.error().at <= typed.size() + 10);
    }
}

TEST_CASE("endpoint_address throws a failure that names the text") {
    try {
        const endpoint_address address("htp://x");
        FAIL("accepted " + address.uri());
    } catch (const nettcp::failure& thrown) {
        CHECK(thrown.code() == nettcp::net::errc::address_invalid);
        CHECK_THAT(thrown.what(), Catch::Contains("htp://x") && Catch::Contains("net.tcp://"));
    }
}
