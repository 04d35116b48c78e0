#pragma once

#include <support/fake_mechanism.hpp>

#include <nettcp/security/negotiate_upgrade.hpp>

#include <memory>

namespace nettcp {

/// Makes the [MS-NNS] upgrades of one side with fake mechanisms.
class fake_factory final : public security::upgrade_factory {
public:
    explicit fake_factory(security::role side, fake_agreement agreement = {},
                          std::string_view name = "application/negotiate")
        : agreement_(std::move(agreement)), name_(name), side_(side) {}

    std::string_view name() const noexcept override { return name_; }
    std::unique_ptr<security::upgrade> make() const override {
        last = std::make_shared<fake_mechanism>(side_, agreement_);
        return security::make_negotiate_upgrade(side_, last);
    }

    mutable std::shared_ptr<fake_mechanism> last;  ///< of the upgrade made last

private:
    fake_agreement agreement_;
    std::string_view name_;
    security::role side_;
};

}  // namespace nettcp
