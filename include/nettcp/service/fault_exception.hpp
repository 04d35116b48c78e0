#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/soap/fault.hpp>

#include <exception>
#include <memory>

namespace nettcp {

/// What a handler may throw to answer its call with a SOAP fault. Copying does not throw.
class NETTCP_EXPORT fault_exception : public std::exception {
public:
    explicit fault_exception(soap::fault answer);
    fault_exception(const fault_exception&) noexcept = default;
    fault_exception& operator=(const fault_exception&) noexcept = default;
    ~fault_exception() override;

    /// Lives as long as any copy of this exception.
    const soap::fault& fault() const noexcept { return *fault_; }
    /// The fault's first reason.
    const char* what() const noexcept override;

private:
    std::shared_ptr<const soap::fault> fault_;
};

}  // namespace nettcp
