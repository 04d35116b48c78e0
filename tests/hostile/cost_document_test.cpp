#include "hostile/cost.hpp"
#include "hostile/cost_documents.hpp"
#include "hostile/crowd.hpp"
#include "support/catch.hpp"

using namespace hostile;
using namespace std::string_literals;

namespace {

std::string name_of(std::size_t number) {
    std::string name(3, 'a');
    for (char& letter : name) {
        letter = static_cast<char>('a' + number % 26);
        number /= 26;
    }
    return name;
}

std::string text_element(std::string_view name, std::string_view text) {
    return "\x40" + size_octets(static_cast<std::uint32_t>(name.size())) + std::string(name) +
           "\x99" + static_cast<char>(text.size()) + std::string(text);
}

/// Records of a shop: what documents are made of.
std::string benign_body(std::size_t size) {
    const std::string item = "\x40\4item\4\2id\x8a\x10\x27" + text_element("name", "Blue widget") +
                             text_element("city", "Springfield") + "\x40\5price\x8d\1\2\3\4" +
                             "\x40\5count\x89\7\1";
    return "\x40\5items\x08\5urn:i" + repeated(item, size / item.size()) + "\1";
}

std::string in_root(std::string_view piece, std::size_t size) {
    return "\x40\1r" + repeated(piece, size / piece.size()) + "\1";
}

/// Elements within each other as deep as may be, again and again.
std::string nested(std::size_t size) {
    constexpr std::size_t depth = 120;
    return in_root(repeated("\x40\1x", depth) + repeated("\1", depth), size);
}

std::string attributes(std::size_t size) {
    std::string tag = "\x40\1x";
    for (std::size_t i = 0; i != 1000; ++i)
        tag += "\4\3" + name_of(i) + "\x86";
    return in_root(tag + "\1", size);
}

/// As many declarations as may be, and then what looks up the outermost of them.
std::string declarations(std::size_t size, std::string_view piece) {
    std::string root = "\x40\1r";
    for (std::size_t i = 0; i != 120; ++i)
        root += "\x09\3" + name_of(i) + "\5u:" + name_of(i);
    return root + repeated(piece, size > root.size() ? (size - root.size()) / piece.size() : 1) +
           "\1";
}

std::string declared_anew(std::size_t size) {
    std::string tag = "\x40\1x";
    for (std::size_t i = 0; i != 120; ++i)
        tag += "\x09\3" + name_of(i) + "\1u";
    return in_root(tag + "\1", size);
}

std::string arrays(std::size_t size) {
    // 64 items at a time of one octet each; each repeats the start tag with its attribute.
    const std::string array = "\3\x40\x20"s + std::string(32, 'n') + "\4\1a\x98\x20" +
                              std::string(32, 'v') + "\1\xb5" + size_octets(64) +
                              std::string(64, '\1');
    return in_root(array, size);
}

using reading = workload (*)(const std::string& body);

kind_of_input kind(std::string name, reading read, std::string (*body)(std::size_t)) {
    return {std::move(name), [=](std::size_t size) { return read(body(size)); }};
}

/// Of pieces, each of whose octets may become so many.
kind_of_input kind(std::string name, reading read, const std::string& piece, double expands = 1) {
    return {std::move(name), [=](std::size_t size) { return read(in_root(piece, size)); }, 4,
            expands};
}

std::vector<kind_of_input> hostile_documents(reading read) {
    return {
        kind("elements within each other, 120 deep", read, nested),
        kind("empty elements", read, "\x40\1x\1"s),
        kind("1,000 attributes to a start tag", read, attributes),
        kind("120 declarations, elements of the outermost", read,
             [](std::size_t size) { return declarations(size, "\x41\3aaa\1x\1"); }),
        kind("120 declarations, attributes of the outermost", read,
             [](std::size_t size) { return declarations(size, "\x40\1x\5\3aaa\1y\x86\1"); }),
        kind("120 declarations to a start tag", read, declared_anew),
        kind("comments without content", read, "\2\0"s),
        kind("texts without content", read, "\xa8"s),
        kind("texts of one octet", read, "\x98\1x"s),
        kind("lists without content", read, "\xa4\xa6"s),
        kind("lists of 900 items", read, "\xa4" + repeated("\x80\x82\x84", 300) + "\xa6", 3),
        kind("octets, one at a time", read, "\x9e\1x"s),
        kind("UTF-16, one unit at a time", read, "\xb6\2x\0"s),
        kind("dates", read, "\x40\1x\x97\xff\x3f\x37\xf4\x75\x28\xca\x2b"s),
        kind("decimals of 28 digits", read,
             "\x40\1x\x95\0\0\x1c\0\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x0f"s),
        kind("floating-point numbers of 17 digits", read,
             "\x40\1x\x93\x9a\x99\x99\x99\x99\x99\xb9\x3f"s),
    };
}

/// What the quota on expansion bounds: to 64 times the octets, below which these stay.
std::vector<kind_of_input> expanding_documents(reading read, double expands) {
    return {
        kind("dictionary strings of 90 characters", read, "\x40\1x\xab\xbc\x03"s, expands),
        kind("qualified names", read, "\x40\1x\xbd\0\2"s, expands),
        {"arrays whose items repeat a start tag",
         [=](std::size_t size) { return read(arrays(size)); }, 4, expands},
    };
}

kind_of_input benign(reading read) {
    return kind("records of a shop", read, benign_body);
}

}  // namespace

TEST_CASE("What hostile binary documents cost when read is bounded", "[hostile][cost]") {
    check_costs("binary documents, read", benign(read_binary), hostile_documents(read_binary));
}

TEST_CASE("What hostile binary documents cost when copied is bounded", "[hostile][cost]") {
    check_costs("binary documents, copied", benign(copy_binary), hostile_documents(copy_binary));
}

TEST_CASE("What documents that expand cost is bounded", "[hostile][cost]") {
    check_costs("documents that expand, read", benign(read_binary),
                expanding_documents(read_binary, 1));
    check_costs("documents that expand, copied", benign(copy_binary),
                expanding_documents(copy_binary, 32));
}
