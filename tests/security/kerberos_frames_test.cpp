// RFC 4121's tokens as we make and open them, judged by MIT's encryption and checksums.
#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "kerberos_library.hpp"

namespace nettcp::security {
namespace {

using octets = library_key::octets;

octets sample(std::size_t size) {
    octets made(size);
    for (std::size_t i = 0; i < size; ++i)
        made[i] = static_cast<std::byte>(i * 7 + i / 256);
    return made;
}

std::vector<std::size_t> sizes() {
    std::vector<std::size_t> all;
    for (std::size_t size = 0; size <= 5 * 16; ++size)
        all.push_back(size);
    for (const std::size_t size : {4095u, 4096u, 64511u, 64512u})
        all.push_back(size);
    return all;
}

octets made_by(frame_sealer& sealer, bytes_view plain) {
    octet_buffer out;
    out.append(std::byte{'*'});  // frames are written behind others
    REQUIRE(sealer.seal(plain, out));
    REQUIRE(out.view()[0] == std::byte{'*'});
    return {out.view().begin() + 1, out.view().end()};
}

opened_frame open(frame_opener& opener, octets& token) {
    return opener.open(token);
}

frame_header behind(frame_header last) {
    ++last.number;
    return last;
}

}  // namespace

TEST_CASE("frames of Kerberos by OpenSSL are what MIT's library reads") {
    const auto type = GENERATE(17, 18, 19, 20);
    const auto sender = GENERATE(role::initiator, role::acceptor);
    const auto sealed = GENERATE(true, false);
    CAPTURE(type, sender == role::acceptor, sealed);
    const library_key key(type);
    frame_header last{sender, sealed, sender == role::acceptor, 0xffff'fffe};
    const auto sealer = make_sealer(key.get(), last);
    REQUIRE(sealer);
    for (const std::size_t size : sizes()) {
        last = behind(last);
        CAPTURE(size);
        const octets plain = sample(size);
        const octets token = made_by(*sealer, plain);
        CHECK(key.unwrap(token, last) == plain);
    }
}

TEST_CASE("frames of Kerberos by MIT's library are opened by OpenSSL, rotated and filled") {
    const auto type = GENERATE(17, 18, 19, 20);
    const auto sender = GENERATE(role::initiator, role::acceptor);
    const auto sealed = GENERATE(true, false);
    CAPTURE(type, sender == role::acceptor, sealed);
    const library_key key(type);
    frame_header last{sender, sealed, true, ~std::uint64_t{0}};  // the number starts anew
    const auto opener = make_opener(key.get(), last, sealed);
    REQUIRE(opener);
    const auto takes = [&](std::size_t size, std::size_t filler, std::size_t rotation) {
        last = behind(last);
        CAPTURE(size, filler, rotation);
        const octets plain = sample(size);
        octets token = key.wrap(plain, last, filler, rotation);
        const opened_frame opened = open(*opener, token);
        REQUIRE(opened.verdict == frame_verdict::good);
        CHECK(std::ranges::equal(opened.plain, plain));
    };
    for (const std::size_t size : sizes())
        takes(size, 0, 0);
    for (const std::size_t rotation : {1u, 12u, 28u, 64u, 65u, 100u, 1000u, 65535u})
        for (const std::size_t size : {0u, 1u, 100u, 3000u})
            takes(size, 0, rotation);
    if (sealed)
        for (const std::size_t filler : {1u, 15u, 16u, 17u, 255u, 300u})
            takes(20, filler, filler == 255u ? 28 : 0);
}

TEST_CASE("a frame of Kerberos with any octet altered is refused") {
    const auto type = GENERATE(17, 18, 19, 20);
    const auto sealed = GENERATE(true, false);
    CAPTURE(type, sealed);
    const library_key key(type);
    const frame_header last{role::initiator, sealed, true, 7};
    const auto opener = make_opener(key.get(), last, false);
    REQUIRE(opener);
    const octets plain = sample(37);
    const octets token = key.wrap(plain, behind(last));
    for (std::size_t at = 0; at < token.size(); ++at)
        for (int bit = 0; bit < 8; ++bit) {
            CAPTURE(at, bit);
            octets altered = token;
            altered[at] ^= static_cast<std::byte>(1 << bit);
            CHECK(open(*opener, altered).verdict == frame_verdict::invalid);
        }
    for (std::size_t size = 0; size < token.size(); ++size) {
        CAPTURE(size);
        octets cut(token.begin(), token.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(open(*opener, cut).verdict == frame_verdict::invalid);
    }
    octets longer = token;
    longer.push_back(std::byte{0});
    CHECK(open(*opener, longer).verdict == frame_verdict::invalid);
    octets whole = token;
    CHECK(open(*opener, whole).verdict == frame_verdict::good);
}

TEST_CASE("a frame of Kerberos that is not the next one is refused") {
    const library_key key(GENERATE(18, 20));
    const frame_header last{role::acceptor, true, true, 7};
    const auto opener = make_opener(key.get(), last, true);
    REQUIRE(opener);
    const octets plain = sample(5);
    const auto verdict_of = [&](const frame_header& header) {
        octets token = key.wrap(plain, header);
        return open(*opener, token).verdict;
    };
    const frame_header next = behind(last);
    CHECK(verdict_of(last) == frame_verdict::out_of_sequence);          // once more
    CHECK(verdict_of(behind(next)) == frame_verdict::out_of_sequence);  // one is missing
    CHECK(verdict_of(next) == frame_verdict::good);
    CHECK(verdict_of(next) == frame_verdict::out_of_sequence);
    CHECK(verdict_of(behind(next)) == frame_verdict::good);

    frame_header other = behind(behind(next));
    SECTION("our own frame comes back") {
        other.sender = role::initiator;
        CHECK(verdict_of(other) == frame_verdict::invalid);
    }
    SECTION("by another subkey") {
        other.acceptor_subkey = false;
        CHECK(verdict_of(other) == frame_verdict::invalid);
    }
    SECTION("not sealed") {
        other.sealed = false;
        CHECK(verdict_of(other) == frame_verdict::not_sealed);
    }
}

TEST_CASE("keys that are not AES's, or not as long, are left to the library") {
    const frame_header last{role::initiator, true, true, 0};
    const octets octet_row = sample(64);
    for (const int type : {0, 1, 3, 16, 21, 23, 25, 26, -128})
        for (const std::size_t size : {16u, 24u, 32u}) {
            const kerberos_key key{type, bytes_view(octet_row).first(size)};
            CHECK_FALSE(make_sealer(key, last));
            CHECK_FALSE(make_opener(key, last, true));
        }
    for (const int type : {17, 18, 19, 20})
        for (const std::size_t size : {0u, 15u, 24u, 33u, 64u}) {
            const kerberos_key key{type, bytes_view(octet_row).first(size)};
            CHECK_FALSE(make_sealer(key, last));
            CHECK_FALSE(make_opener(key, last, true));
        }
}

// OpenSSL 3.0 makes its hash's state anew for each use, two for each checksum. Nothing else is
// allocated, whatever the size.
TEST_CASE("frames of Kerberos by OpenSSL allocate no more than OpenSSL's hash does") {
    const library_key key(GENERATE(17, 18, 19, 20));
    const frame_header last{role::initiator, GENERATE(true, false), true, 0};
    const auto sealer = make_sealer(key.get(), last);
    const auto opener = make_opener(key.get(), last, false);
    REQUIRE(sealer);
    REQUIRE(opener);
    const octets plain = sample(64512);
    octet_buffer out;
    const auto carry = [&](std::size_t size) {
        out.clear();
        return sealer->seal(bytes_view(plain).first(size), out) &&
               opener->open({out.data(), out.size()}).verdict == frame_verdict::good;
    };
    REQUIRE(carry(64512));
    forget_allocation_peak();
    const std::size_t before = allocation_count();
    bool all = true;
    for (const std::size_t size : {0u, 5u, 1000u, 64512u})
        all = carry(size) && all;
    const std::size_t after = allocation_count();
    CHECK(all);
    CHECK(after - before <= 4 * 4);
    CHECK(allocated_memory().largest <= 1000);
}

}  // namespace nettcp::security
