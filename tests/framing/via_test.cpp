#include "support/catch.hpp"

#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/via.hpp>

using namespace nettcp;
using namespace nettcp::framing;

TEST_CASE("Vias are split into their pieces") {
    const struct {
        const char* text;
        const char* scheme;
        const char* host;
        int port;
        const char* path;
        const char* query;
    } cases[] = {
        {"net.tcp://h/s", "net.tcp", "h", 808, "/s", ""},
        {"net.tcp://127.0.0.1:45427/svc", "net.tcp", "127.0.0.1", 45427, "/svc", ""},
        {"NET.TCP://Host:9000/a/b?c=d#e", "NET.TCP", "Host", 9000, "/a/b", "c=d"},
        {"net.tcp://h", "net.tcp", "h", 808, "", ""},
        {"net.tcp://h?q", "net.tcp", "h", 808, "", "q"},
        {"net.tcp://h:/", "net.tcp", "h", 808, "/", ""},
        {"net.tcp://h:65535", "net.tcp", "h", 65535, "", ""},
        {"net.tcp://[::1]:81/x", "net.tcp", "::1", 81, "/x", ""},
        {"net.tcp://[fe80::1%25eth0]/", "net.tcp", "fe80::1%25eth0", 808, "/", ""},
        {"net.tcp://user:pass@h:1/", "net.tcp", "h", 1, "/", ""},
        {"net.tcp://b\xc3\xbc"
         "cher/\xc3\xa4 b",
         "net.tcp",
         "b\xc3\xbc"
         "cher",
         808, "/\xc3\xa4 b", ""},
        {"http://h:80/x/", "http", "h", 80, "/x/", ""},
        {"net.tcp://h/a%20b/%C3%A4", "net.tcp", "h", 808, "/a%20b/%C3%A4", ""},
    };
    for (const auto& c : cases) {
        CAPTURE(c.text);
        const auto via = split_via(c.text);
        REQUIRE(via.has_value());
        CHECK(via->scheme == c.scheme);
        CHECK(via->host == c.host);
        CHECK(via->port == c.port);
        CHECK(via->path == c.path);
        CHECK(via->query == c.query);
    }
}

TEST_CASE("What is no absolute URI is no via") {
    for (const char* text : {"",
                             "hello world",
                             "/svc",
                             "net.tcp",
                             "net.tcp:",
                             "net.tcp:/h",
                             "net.tcp:h/s",
                             "://h",
                             "net.tcp://",
                             "net.tcp:///s",
                             "net.tcp://:80/",
                             "net.tcp://h:65536/",
                             "net.tcp://h:8x/",
                             "net.tcp://h:-1/",
                             "net.tcp://a:b:c/",
                             "net.tcp://[::1/",
                             "net.tcp://[::1]x/",
                             "net.tcp://[]/",
                             "net.tcp://h h/",
                             "net.tcp://h/\n",
                             "1net.tcp://h",
                             "net tcp://h"}) {
        CAPTURE(text);
        const auto via = split_via(text);
        REQUIRE_FALSE(via.has_value());
        CHECK(via.error().code == errc::via_not_absolute);
        CHECK(via.error().at <= std::string_view(text).size());
    }
}

TEST_CASE("Vias are bounded and are UTF-8") {
    std::string text = "net.tcp://h/";
    text.resize(2048, 'a');
    CHECK(split_via(text).has_value());
    text += 'a';
    CHECK(split_via(text).error().code == errc::via_too_long);
    CHECK(split_via(text).error().got == 2049);
    CHECK(split_via("net.tcp://h/s", 12).error().code == errc::via_too_long);
    const auto bad = split_via("net.tcp://h/\xff");
    CHECK(bad.error().code == errc::text_invalid);
    CHECK(bad.error().at == 12);
}

namespace {

std::optional<std::uint32_t> find(const via_table& table, const char* text) {
    const auto via = split_via(text);
    REQUIRE(via.has_value());
    return table.find(*via);
}

}  // namespace

TEST_CASE("The longest registered address that a via starts with wins") {
    via_table table;
    CHECK(table.empty());
    CHECK(table.insert("net.tcp://localhost:9000/none/echo", 1));
    CHECK(table.insert("net.tcp://localhost:9000/none", 2));
    CHECK(table.insert("net.tcp://localhost:9000/none/Echo2/", 3));
    CHECK_FALSE(table.insert("net.tcp://other/NONE/echo/", 4));  // hosts do not tell them apart
    CHECK_FALSE(table.insert("not an address", 5));

    // As measured with CoreWCF: host, port, letter case, sub-paths, slashes, queries.
    CHECK(find(table, "net.tcp://localhost:9000/none/echo") == 1u);
    CHECK(find(table, "net.tcp://otherhost:9000/none/echo") == 1u);
    CHECK(find(table, "net.tcp://localhost:1/none/echo") == 1u);
    CHECK(find(table, "net.tcp://localhost/none/echo") == 1u);
    CHECK(find(table, "net.tcp://127.0.0.1:9000/NONE/ECHO") == 1u);
    CHECK(find(table, "NET.TCP://localhost:9000/none/echo/more") == 1u);
    CHECK(find(table, "net.tcp://localhost:9000/none/echo/") == 1u);
    CHECK(find(table, "net.tcp://localhost:9000/none/echo?x=y") == 1u);
    CHECK(find(table, "net.tcp://localhost:9000/none/echo2") == 3u);
    CHECK(find(table, "net.tcp://localhost:9000/none/echo3") == 2u);
    CHECK(find(table, "net.tcp://localhost:9000/none") == 2u);
    CHECK_FALSE(find(table, "net.tcp://localhost:9000/nope"));
    CHECK_FALSE(find(table, "net.tcp://localhost:9000/"));
    CHECK_FALSE(find(table, "net.tcp://localhost:9000"));
    CHECK_FALSE(find(table, "http://localhost:9000/none/echo"));
}

TEST_CASE("Via paths are compared decoded and with their dots resolved") {
    via_table table;
    CHECK(table.insert("net.tcp://h/a b/c", 1));
    CHECK(find(table, "net.tcp://h/a%20b/%43") == 1u);
    CHECK(find(table, "net.tcp://h/x/../a%20b/./c") == 1u);
    CHECK(find(table, "net.tcp://h/../a b\\c") == 1u);
    CHECK_FALSE(find(table, "net.tcp://h/a b/c/../d"));
    CHECK_FALSE(find(table, "net.tcp://h/a b/c/%2e%2E/d"));
    CHECK_FALSE(find(table, "net.tcp://h/a%20b%2fc"));
    CHECK_FALSE(find(table, "net.tcp://h/a%2"));
    CHECK_FALSE(find(table, "net.tcp://h/a b//c"));

    CHECK(table.insert("net.tcp://h", 2));  // takes what no longer address takes
    CHECK(find(table, "net.tcp://h/a%2") == 2u);
    CHECK(table.erase("net.tcp://x/A%20B/c/"));
    CHECK_FALSE(table.erase("net.tcp://h/a b/c"));
    CHECK_FALSE(table.erase("nonsense"));
    CHECK(find(table, "net.tcp://h/a b/c") == 2u);
}
