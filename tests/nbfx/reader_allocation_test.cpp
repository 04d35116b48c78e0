#include "nbfx_vectors.inc"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"
#include "support/hex.hpp"

#include <nettcp/nbfx/reader.hpp>

using namespace nettcp;
using namespace nettcp::nbfx;

namespace {

void walk(reader& in, bytes_view document) {
    in.open(document);
    while (in.next() != node::end_of_document && in.ok()) {
    }
}

void walk_in_windows(reader& in, bytes_view document) {
    in.open_streamed();
    std::size_t done = 0, arrived = 0;
    for (;;) {
        const node now = in.next();
        if (now == node::end_of_document || now == node::failed)
            return;
        if (now != node::need_more)
            continue;
        done += in.consumed();
        arrived = std::min(arrived + 5, document.size());
        in.supply(document.subspan(done, arrived - done), arrived == document.size());
    }
}

}  // namespace

TEST_CASE("a warm reader does not allocate") {
    reader in;
    for (const nbfx_vector& vector : nbfx_vectors) {
        CAPTURE(vector.name);
        const auto document = hex(vector.hex);
        walk(in, document);
        walk_in_windows(in, document);
        const std::size_t before = allocation_count();
        walk(in, document);
        walk_in_windows(in, document);
        const std::size_t after = allocation_count();
        CHECK(after == before);
    }
}
