#pragma once

#include <nettcp/net/diagnostics.hpp>

#include <boost/system/system_error.hpp>

#include <memory>

namespace nettcp {

/// What throwing forms of operations throw: a `system_error` that carries its diagnostics.
///
/// `code()` is `diagnostics().code`, `what()` its whole paragraph. Copying does not throw.
class NETTCP_EXPORT failure : public boost::system::system_error {
public:
    explicit failure(const nettcp::diagnostics& known);
    failure(const failure&) noexcept = default;
    failure& operator=(const failure&) noexcept = default;
    ~failure() override;

    /// Lives as long as any copy of this exception.
    const nettcp::diagnostics& diagnostics() const noexcept;
    const char* what() const noexcept override;

private:
    struct content;
    std::shared_ptr<const content> content_;
};

}  // namespace nettcp
