// The upgrades of connections with Windows credentials: [MS-NNS] with mechanisms of GSS-API.
#include "security/gssapi_mechanism.hpp"

#include <nettcp/base/utf8.hpp>
#include <nettcp/security/factories.hpp>
#include <nettcp/security/negotiate_upgrade.hpp>

namespace nettcp::security {
namespace {

constexpr std::string_view upgrade_name = "application/negotiate";

class client_upgrades final : public upgrade_factory {
public:
    client_upgrades(const windows_client& choices, service_name name)
        : by_(std::make_shared<caller_configuration>(choices, std::move(name))) {}

    std::string_view name() const noexcept override { return upgrade_name; }
    std::unique_ptr<upgrade> make() const override {
        return make_negotiate_upgrade(role::initiator, std::make_shared<gssapi_initiator>(by_));
    }

private:
    std::shared_ptr<const caller_configuration> by_;
};

class service_upgrades final : public upgrade_factory {
public:
    explicit service_upgrades(const windows_service& choices)
        : by_(std::make_shared<service_credentials>(choices)) {}

    std::string_view name() const noexcept override { return upgrade_name; }
    std::unique_ptr<upgrade> make() const override {
        return make_negotiate_upgrade(role::acceptor, std::make_shared<gssapi_acceptor>(by_));
    }

private:
    std::shared_ptr<service_credentials> by_;
};

}  // namespace

result<shared_upgrade_factory> make_upgrades(const windows_client& choices, std::string_view host,
                                             std::string& said) {
    auto name = name_of_service(choices.identity, host);
    if (!name) {
        said = printable(host);
        return error{make_error_code(errc::name_invalid)};
    }
    return shared_upgrade_factory(std::make_shared<client_upgrades>(choices, std::move(*name)));
}

result<shared_upgrade_factory> make_upgrades(const windows_service& choices, std::string&) {
    return shared_upgrade_factory(std::make_shared<service_upgrades>(choices));
}

}  // namespace nettcp::security
