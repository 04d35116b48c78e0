#pragma once

#include <nettcp/calls/reply.hpp>
#include <nettcp/contract/operation.hpp>
#include <nettcp/net/diagnostics.hpp>

#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace nettcp {

/// What `typed_reply::value()` throws when the service answered with a fault.
class NETTCP_EXPORT service_fault : public std::exception {
public:
    explicit service_fault(soap::fault answer);
    service_fault(const service_fault&) noexcept = default;
    service_fault& operator=(const service_fault&) noexcept = default;
    ~service_fault() override;

    /// Lives as long as any copy of this exception.
    const soap::fault& fault() const noexcept { return *fault_; }
    /// The fault's first reason.
    const char* what() const noexcept override;

private:
    std::shared_ptr<const soap::fault> fault_;
};

namespace typed {

/// Reads a reply into `values`, or the fault that it is into `fault`. What failed, with the path
/// of the value that could not be read.
NETTCP_EXPORT diagnostics read_reply(reply& answer, const contract::operation_shape& operation,
                                     void* const* values, std::optional<soap::fault>& fault);
/// Reads the Detail of a fault, once or again.
NETTCP_EXPORT bool read_detail(reply& answer, const contract::type& what, void* value);

}  // namespace typed

/// The answer to a typed call: what the operation gives back, or a fault. Move-only.
template <class Operation>
class typed_reply {
public:
    using value_type = typename Operation::result_type;

    /// Holds nothing, as after a failed call.
    typed_reply() = default;

    bool is_fault() const noexcept { return fault_.has_value(); }
    /// The fault; only if it is one.
    const soap::fault& fault() const noexcept { return *fault_; }
    /// The typed detail of the fault, if that is what it carries. The operation declares the type.
    template <class Detail>
    std::optional<Detail> fault_detail() {
        static_assert(Operation::template has_fault<Detail>,
                      "the operation does not declare this type of fault");
        Detail found{};
        if (!is_fault() ||
            !typed::read_detail(answer_, contract::descriptor<Detail>::value, &found))
            return std::nullopt;
        return found;
    }

    /// What the operation gives back: its value, a tuple when there are out parameters too, or
    /// nothing. Throws `service_fault` if there is a fault instead. Moves; call it once.
    value_type value() {
        if (is_fault())
            throw service_fault(*fault_);
        return contract::outcome<values>::take(std::move(values_));
    }

    /// The reply with its headers, whose body has been read.
    reply& raw() noexcept { return answer_; }

    /// Takes the reply over and reads it; for the calls of this layer.
    diagnostics read(const Operation& operation, reply&& answer) {
        answer_ = std::move(answer);
        return typed::read_reply(answer_, operation.shape(), contract::addresses(values_).data(),
                                 fault_);
    }

private:
    using values = typename Operation::reply_values;

    reply answer_;
    values values_;
    std::optional<soap::fault> fault_;
};

}  // namespace nettcp
