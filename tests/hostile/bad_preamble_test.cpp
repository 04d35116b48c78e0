#include "hostile/bad_preambles.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <set>

using namespace hostile;
using nettcp::framing::encoding;

TEST_CASE("A host answers every captured preamble at least as well as CoreWCF",
          "[threaded][hostile]") {
    CHECK(check_captured_preambles(
              {{"none"},
               {"none-gzip",
                {.encodings = {encoding::binary_session, encoding::binary_session_gzip}}},
               {"none-text", {.encodings = encoding::soap12_utf8}},
               {"none-streamed", {.transfer = nettcp::transfer_mode::streamed}}}) >= 37);
}

TEST_CASE("Every captured preamble is for an endpoint that some test has", "[hostile]") {
    const auto attempts = read_attempts();
    CHECK(attempts.size() >= 50);
    const std::set<std::string> tried = {"none", "none-gzip", "none-text", "none-streamed",
                                         "tls",  "tls-cert",  "win-enc",   "win-sign"};
    for (const attempt& one : attempts) {
        CAPTURE(one.name, one.kind);
        CHECK(tried.contains(one.kind));
    }
}

TEST_CASE("A host that has acknowledged a preamble serves it", "[threaded][hostile]") {
    // What was answered with `ack` above ended with our FIN; here the sessions live.
    attacked_host host;
    std::vector<plan> plans;
    for (const attempt& one : read_attempts()) {
        if (one.kind == "none" && one.answered == "\x0b" && one.sent.size() == 1)
            plans.push_back({{{one.sent.front(), 1}, {"\7", 2}}});
    }
    CHECK(plans.size() >= 8);
    for (const outcome& one : send_crowd(host.where, plans)) {
        CHECK(told(one.answer) == "ack end");
        CHECK(one.end == ending::fin);
    }
}
