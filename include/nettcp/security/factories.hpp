#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/security/tls.hpp>
#include <nettcp/security/upgrade.hpp>
#include <nettcp/security/windows.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace nettcp::security {

/// The upgrades of a client. `host` is the address's host, which names the service where the
/// identity says nothing. Files are read now. On failure `said` takes the library's words.
/// Fails with `errc::not_built_in`, `name_invalid` or `certificate_unusable`.
NETTCP_EXPORT result<shared_upgrade_factory>
make_upgrades(const windows_client& choices, std::string_view host, std::string& said);
NETTCP_EXPORT result<shared_upgrade_factory>
make_upgrades(const tls_client& choices, std::string_view host, std::string& said);

/// The upgrades of an endpoint.
NETTCP_EXPORT result<shared_upgrade_factory> make_upgrades(const windows_service& choices,
                                                           std::string& said);
NETTCP_EXPORT result<shared_upgrade_factory> make_upgrades(const tls_service& choices,
                                                           std::string& said);

}  // namespace nettcp::security
