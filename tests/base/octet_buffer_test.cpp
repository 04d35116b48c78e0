#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/octet_buffer.hpp>

using namespace nettcp;

TEST_CASE("octet buffer gives back what was put in, in order") {
    octet_buffer buffer;
    CHECK(buffer.empty());
    buffer.append(as_bytes("hello "));
    buffer.append(as_bytes("world"));
    buffer.append(std::byte{'!'});
    CHECK(as_text(buffer.view()) == "hello world!");
    buffer.consume(6);
    CHECK(as_text(buffer.view()) == "world!");
    buffer.truncate(5);
    CHECK(as_text(buffer.view()) == "world");
    buffer.consume(5);
    CHECK(buffer.empty());
}

TEST_CASE("octet buffer reaches a steady state without growing") {
    octet_buffer buffer;
    std::string expected, seen;
    std::size_t capacity = 0;
    for (int round = 0; round != 1000; ++round) {
        const std::string text(static_cast<std::size_t>(round % 37 + 1),
                               static_cast<char>('a' + round % 26));
        buffer.append(as_bytes(text));
        expected += text;
        const std::size_t taken = round < 3 ? 0 : std::min<std::size_t>(buffer.size(), 20);
        seen += as_text(buffer.view().first(taken));
        buffer.consume(taken);
        if (round % 10 == 9) {
            seen += as_text(buffer.view());
            buffer.consume(buffer.size());
        }
        if (round == 500)
            capacity = buffer.capacity();
    }
    seen += as_text(buffer.view());
    CHECK(seen == expected);
    CHECK(buffer.capacity() == capacity);
}

TEST_CASE("octet buffer lends at least the space asked for") {
    octet_buffer buffer;
    buffer.append(as_bytes("abc"));
    const auto space = buffer.prepare(1000);
    REQUIRE(space.size() >= 1000);
    space[0] = std::byte{'d'};
    CHECK(buffer.size() == 3);
    buffer.commit(1);
    CHECK(as_text(buffer.view()) == "abcd");
}

TEST_CASE("octet buffer moves its content and gives storage back") {
    octet_buffer buffer;
    buffer.append(as_bytes(std::string(5000, 'x')));
    octet_buffer moved(std::move(buffer));
    CHECK(moved.size() == 5000);
    moved.consume(4990);
    moved.shrink_to(64);
    CHECK(moved.capacity() <= 64);
    CHECK(as_text(moved.view()) == "xxxxxxxxxx");
    octet_buffer other;
    other.append(as_bytes("y"));
    other = std::move(moved);
    CHECK(as_text(other.view()) == "xxxxxxxxxx");
    other.clear();
    CHECK(other.empty());
    other.shrink_to(0);
    CHECK(other.capacity() == 0);
}
