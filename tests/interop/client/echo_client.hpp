#pragma once

#include "complex.hpp"
#include "mismatch.hpp"

#include "interop_service/echo_contract.hpp"

#include <nettcp/client/typed_call.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace nettcp::interop {

/// What a reply brings. Throws `mismatch` when it is a fault, or has another action than the
/// contract says.
template <class Operation>
auto value_of(const Operation& operation, nettcp::typed_reply<Operation>&& answer) {
    if (answer.is_fault())
        throw mismatch("a fault arrived: " + std::string(answer.fault().reason()));
    const std::string_view action = answer.raw().headers().action;
    must(action == operation.shape().reply_action,
         "the reply has the action " + std::string(action));
    return answer.value();
}

struct sum_and_difference {
    std::int32_t sum = 0;
    std::int32_t difference = 0;
};

/// The operations of `IEcho` as blocking functions. Failures are exceptions: `nettcp::failure`, or
/// `mismatch` for a fault and for a reply that is not what the contract says.
class echo_client {
public:
    echo_client(const nettcp::endpoint_address& address, nettcp::client_options options)
        : client_(address, std::move(options)) {}

    text_parameter echo(const text_parameter& text);
    bytes_parameter echo_bytes(const bytes_parameter& octets);
    complex_parameter echo_complex(complex_parameter value);
    void notify(const std::string& text);
    std::int32_t notify_count(const std::string& text);
    /// These two answer with faults.
    nettcp::reply fail(const std::string& text, std::int32_t code);
    nettcp::reply fail_unhandled(const std::string& text);
    std::string sleep(std::int32_t milliseconds, const nettcp::call_options& options = {});
    std::string who_am_i();
    sum_and_difference add(std::int32_t a, std::int32_t b);

    void open() { client_.open(); }
    void close() { client_.close(); }
    nettcp::client& session() noexcept { return client_; }

private:
    nettcp::client client_;
};

}  // namespace nettcp::interop
