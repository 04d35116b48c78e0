#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/nbfx/writer.hpp>

#include <functional>
#include <string>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

using calls = std::function<void(writer&)>;

std::string written(const calls& script) {
    octet_buffer out;
    writer w;
    w.open(out);
    script(w);
    REQUIRE(w.finish().has_value());
    return to_hex(out.view());
}

std::string octets(std::string_view spaced) {
    return to_hex(hex(spaced));
}

}  // namespace

TEST_CASE("writer takes the prefix found last while it stays in scope, as .NET's does") {
    // The octets are those of XmlDictionaryWriter, for the same calls. Both p and the default
    // namespace stand for urn:u; an attribute finds p, and an element of no prefix would be in the
    // default namespace.
    const auto after = [](const calls& element) {
        return written([&](writer& w) {
            w.start_element("", "a", "");
            w.declare_namespace("p", "urn:u");
            w.start_element("", "a", "urn:u");
            element(w);
            w.start_element("c", "urn:u");
            w.end_element();
            w.end_element();
            w.end_element();
        });
    };
    const std::string start = "400161 0901700575726e3a75 400161 080575726e3a75";
    // Found within an element whose own declaration is gone.
    CHECK(after([](writer& w) {
              w.start_element("r", "b", "urn:w");
              w.attribute("", "k", "urn:u", "1");
              w.end_element();
          }) == octets(start + "6f0162 35016b82 0901720575726e3a77 01 6d0163 01 01 01"));
    // Nothing was looked up.
    CHECK(after([](writer& w) {
              w.start_element("r", "b", "urn:w");
              w.end_element();
          }) == octets(start + "6f0162 0901720575726e3a77 01 400163 01 01 01"));
    // What was found is gone itself.
    CHECK(after([](writer& w) {
              w.start_element("r", "b", "urn:u");
              w.attribute("", "k", "urn:u", "1");
              w.end_element();
          }) == octets(start + "6f0162 37016b82 0901720575726e3a75 01 400163 01 01 01"));
}
