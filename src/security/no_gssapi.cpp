// What stands in for Windows credentials in a build without GSS-API.
#include <nettcp/security/errc.hpp>
#include <nettcp/security/factories.hpp>

namespace nettcp::security {

result<shared_upgrade_factory> make_upgrades(const windows_client&, std::string_view,
                                             std::string&) {
    return error{make_error_code(errc::not_built_in)};
}

result<shared_upgrade_factory> make_upgrades(const windows_service&, std::string&) {
    return error{make_error_code(errc::not_built_in)};
}

}  // namespace nettcp::security
