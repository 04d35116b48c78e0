#pragma once

#include "interop_service/complex.hpp"

#include <nettcp/contract/operation.hpp>

/// The contract `IEcho` in namespace `http://peers.test/svc`: its operations.
namespace nettcp::interop {

using text_parameter = std::optional<std::string>;             ///< null is empty
using bytes_parameter = std::optional<std::vector<std::byte>>;  ///< null is empty
using complex_parameter = std::unique_ptr<complex>;             ///< null is null

namespace i_echo {

template <class Signature, class... Faults>
using operation = contract::operation<Signature, Faults...>;

inline constexpr contract::service_contract self{"IEcho", "http://peers.test/svc"};

inline constexpr operation<text_parameter(text_parameter)> echo{self, "Echo", {"text"}};
inline constexpr operation<bytes_parameter(bytes_parameter)> echo_bytes{
    self, "EchoBytes", {"data"}};
inline constexpr operation<complex_parameter(complex_parameter)> echo_complex{
    self, "EchoComplex", {"value"}};
inline constexpr operation<void(text_parameter)> notify{
    self, "Notify", {"text"}, {.one_way = true}};
inline constexpr operation<std::int32_t(text_parameter)> notify_count{
    self, "NotifyCount", {"text"}};
inline constexpr operation<text_parameter(text_parameter, std::int32_t), fail_detail> fail{
    self, "Fail", {"text", "code"}};
inline constexpr operation<text_parameter(text_parameter)> fail_unhandled{
    self, "FailUnhandled", {"text"}};
inline constexpr operation<text_parameter(std::int32_t)> sleep{self, "Sleep", {"milliseconds"}};
inline constexpr operation<text_parameter()> who_am_i{self, "WhoAmI"};
inline constexpr operation<std::int32_t(std::int32_t, std::int32_t, contract::out<std::int32_t>)>
    add{self, "Add", {"a", "b", "difference"}};

}  // namespace i_echo
}  // namespace nettcp::interop
