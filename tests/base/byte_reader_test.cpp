#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/base/byte_reader.hpp>
#include <nettcp/base/multi_byte_int31.hpp>

#include <array>

using namespace nettcp;

TEST_CASE("byte reader reads little-endian numbers one after the other") {
    const auto octets = hex("01 0302 07060504 0f0e0d0c0b0a0908 61 62");
    byte_reader in(octets);
    CHECK(in.u8() == 1);
    CHECK(in.u16() == 0x0203);
    CHECK(in.u32() == 0x04050607);
    CHECK(in.u64() == 0x08090a0b0c0d0e0fu);
    CHECK(in.text(2) == "ab");
    CHECK(in.remaining() == 0);
    CHECK(in.ok());
}

TEST_CASE("byte reader yields nothing after its first failure") {
    const auto octets = hex("01 02 03");
    byte_reader in(octets, 100);
    CHECK(in.u8() == 1);
    CHECK(in.u32() == 0);
    CHECK(!in.ok());
    CHECK(in.failure().code == base_errc::truncated);
    CHECK(in.failure().at == 103);  // where the octets ended
    CHECK(in.u8() == 0);
    CHECK(in.take(1).empty());
    in.fail(base_errc::size_overflow, 9);
    CHECK(in.failure().code == base_errc::truncated);
    CHECK(in.done(5).error().code == base_errc::truncated);
}

TEST_CASE("byte reader names the octet read last when a rule is broken") {
    const auto octets = hex("01 02 03");
    byte_reader in(octets, 10);
    in.u16();
    in.fail(base_errc::limit_exceeded, 0x0201);
    CHECK(in.failure().at == 11);
    CHECK(in.failure().got == 0x0201);
    CHECK(in.remaining() == 0);
}

TEST_CASE("byte reader leaves the octets behind alone") {
    const auto octets = hex("01 02 03");
    byte_reader in(octets);
    in.u8();
    CHECK(to_hex(in.rest()) == "0203");
    CHECK(in.position() == 1);
    CHECK(*in.done(7) == 7);
}

namespace {

struct size_case {
    const char* name;
    const char* octets;
    std::uint32_t value;
};

constexpr size_case sizes[] = {
    {"smallest", "00", 0},
    {"widest one octet", "7f", 127},
    {"first two octets", "80 01", 128},
    {"widest two octets", "ff 7f", 16383},
    {"first three octets", "80 80 01", 16384},
    {"first four octets", "80 80 80 01", 2097152},
    {"first five octets", "80 80 80 80 01", 268435456},
    {"largest", "ff ff ff ff 07", 0x7fffffff},
};

}  // namespace

TEST_CASE("MultiByteInt31 round-trips every width") {
    for (const auto& [name, octets, value] : sizes) {
        CAPTURE(name);
        const auto whole = hex(octets);
        byte_reader in(whole);
        CHECK(read_multi_byte_int31(in) == value);
        CHECK(in.done(0).has_value());
        CHECK(in.remaining() == 0);
        std::array<std::byte, 5> out;
        const auto* end = write_multi_byte_int31(out.data(), value);
        CHECK(to_hex({out.data(), end}) == to_hex(whole));
        CHECK(multi_byte_int31_size(value) == whole.size());
        for (std::size_t n = 0; n != whole.size(); ++n) {
            byte_reader cut(bytes_view(whole).first(n));
            read_multi_byte_int31(cut);
            CHECK(cut.failure().code == base_errc::truncated);
            CHECK(cut.failure().at == n);
        }
    }
}

TEST_CASE("MultiByteInt31 rejects more than 31 bits") {
    for (const char* octets : {"ff ff ff ff 08", "80 80 80 80 80 00", "ff ff ff ff ff"}) {
        const auto whole = hex(octets);
        byte_reader in(whole);
        CHECK(read_multi_byte_int31(in) == 0);
        CHECK(in.failure().code == base_errc::size_overflow);
        CHECK(in.failure().at == 4u);  // the fifth octet
    }
}

TEST_CASE("MultiByteInt31 accepts longer spellings") {
    for (const char* octets : {"81 00", "81 80 80 80 00"}) {
        const auto whole = hex(octets);
        byte_reader in(whole);
        CHECK(read_multi_byte_int31(in) == 1);
        CHECK(in.ok());
    }
}
