// What stands in for TLS in a build without OpenSSL.
#include <nettcp/security/errc.hpp>
#include <nettcp/security/factories.hpp>

namespace nettcp::security {

result<shared_upgrade_factory> make_upgrades(const tls_client&, std::string_view, std::string&) {
    return error{make_error_code(errc::not_built_in)};
}

result<shared_upgrade_factory> make_upgrades(const tls_service&, std::string&) {
    return error{make_error_code(errc::not_built_in)};
}

}  // namespace nettcp::security
