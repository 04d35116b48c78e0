#include "hostile/bad_preambles.hpp"
#include "support/catch.hpp"

// What needs a ticket or a key cannot be sent again: of those attempts, the octets up to our answer
// to the request for the upgrade are. So no realm is needed.
TEST_CASE(
    "A host with Windows security answers every captured preamble at least as well as CoreWCF",
    "[threaded][hostile][windows]") {
    nettcp::security::windows_service security;
    nettcp::security::windows_service signs = security;
    signs.protection = nettcp::security::protection_level::sign;
    CHECK(hostile::check_captured_preambles(
              {{"win-enc", {.security = security}}, {"win-sign", {.security = signs}}}) >= 5);
}
