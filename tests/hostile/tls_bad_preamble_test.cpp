#include "hostile/bad_preambles.hpp"
#include "support/catch.hpp"
#include "support/certificates.hpp"

// What needs the keys of a captured handshake cannot be sent again: of those attempts, the octets
// up to our answer to the request for the upgrade are.
TEST_CASE("A host with TLS answers every captured preamble at least as well as CoreWCF",
          "[threaded][hostile][tls]") {
    const nettcp::temporary_folder folder;
    const auto authority = nettcp::make_certificate({.subject = "CN=ca", .is_authority = true});
    const auto server = nettcp::make_certificate({.names = {"DNS:localhost"}}, &authority);
    nettcp::security::tls_service security;
    security.certificate.certificate_file = folder.write("server.pem", server.both());
    nettcp::security::tls_service of_both = security;
    of_both.require_client_certificate = true;
    of_both.client_trust.ca_files = {folder.write("ca.pem", authority.certificate)};
    CHECK(hostile::check_captured_preambles(
              {{"tls", {.security = security}}, {"tls-cert", {.security = of_both}}}) >= 8);
}
