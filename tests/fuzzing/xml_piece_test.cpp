#include "support/catch.hpp"
#include "support/hex.hpp"

#include <fuzzing/xml_piece.hpp>

using namespace nettcp;
using namespace nettcp::fuzzing;

namespace {

octets document() {
    const auto made = hex("56 02 0b 01 73 04 0b 01 61 06 56 0e"  // s:Envelope, s:Body
                          "03 40 01 69 01 8b 02 01 00 02 00"  // two <i> of int16
                          "40 01 62 04 01 63 98 01 78 99 01 79"  // <b c="x">y</b>
                          "01 01");
    return {made.begin(), made.end()};
}

}  // namespace

TEST_CASE("A document is cut where its records end, and joined again") {
    const octets whole = document();
    const auto pieces = cut_document(whole);
    CHECK(join(pieces) == whole);
    REQUIRE(pieces.size() == 13);
    CHECK(pieces[7].type == xml_piece_type::items);
    CHECK(pieces[9].content.size() == 6);  // an attribute with its value
    CHECK(end_of_element(pieces, 8) == 11);  // <b>
    CHECK(end_of_element(pieces, 0) == 13);
    for (std::size_t size = 0; size <= whole.size(); ++size)
        CHECK(join(cut_document(bytes_view(whole).first(size))) ==
              octets(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
}

TEST_CASE("Records are made by the table, and are cut as they were made") {
    for (unsigned type = 0; type < 256; ++type) {
        random_source random(type, 5);
        std::size_t whole = 0;
        for (int times = 0; times < 40; ++times) {
            const auto made = make_record(type, random);
            if (!made)
                break;
            const auto pieces = cut_document(made->content);
            whole += pieces.size() == 1 && pieces[0].type == xml_piece_type::record ? 1 : 0;
        }
        random_source again(type, 5);
        if (make_record(type, again))
            CHECK(whole > 20);  // some sizes and values are wrong on purpose
    }
}

TEST_CASE("Documents are changed in the same way by the same seed, and stay bounded") {
    std::size_t changed = 0;
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        octets one = document();
        octets other = document();
        for (int times = 0; times < 6; ++times) {
            random_source random(seed, static_cast<std::uint64_t>(times));
            random_source same(seed, static_cast<std::uint64_t>(times));
            mutate_document(one, random);
            mutate_document(other, same);
        }
        CHECK(one == other);
        CHECK(one.size() <= 65536);
        changed += one != document() ? 1 : 0;
        random_source random(seed, 7);
        CHECK(cross_documents(one, document(), random).size() <= 2 * 65536);
    }
    CHECK(changed > 480);
}
