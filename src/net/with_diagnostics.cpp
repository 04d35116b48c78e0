#include <nettcp/net/with_diagnostics.hpp>

#include <nettcp/net/failure.hpp>

namespace nettcp::net {
namespace {

thread_local const diagnostics* in_flight = nullptr;

}  // namespace

diagnostics_in_flight::diagnostics_in_flight(const diagnostics& known) noexcept
    : outer_(std::exchange(in_flight, &known)) {}

diagnostics_in_flight::~diagnostics_in_flight() {
    in_flight = outer_;
}

std::exception_ptr make_exception(const boost::system::error_code& code) {
    if (!code)
        return nullptr;
    if (in_flight != nullptr && in_flight->code == code)
        return std::make_exception_ptr(failure(*in_flight));
    diagnostics known;
    known.code = code;
    return std::make_exception_ptr(failure(known));
}

}  // namespace nettcp::net
