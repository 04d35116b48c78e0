#pragma once

#include <nettcp/soap/message_version.hpp>
#include <nettcp/soap/names.hpp>

namespace nettcp::soap {

/// The namespace of a SOAP version's envelopes.
constexpr nbfx::dictionary_string soap_namespace(soap_version v) noexcept {
    return v == soap_version::soap12 ? names::ns_soap12 : names::ns_soap11;
}

/// The namespace of the headers of WS-Addressing.
constexpr nbfx::dictionary_string addressing_namespace(addressing_version v) noexcept {
    return v == addressing_version::addressing10 ? names::ns_addressing10
                                                 : names::ns_addressing200408;
}

/// The address that stands for "the way it came".
constexpr nbfx::dictionary_string anonymous_address(addressing_version v) noexcept {
    return v == addressing_version::addressing10 ? names::anonymous : names::anonymous200408;
}

}  // namespace nettcp::soap
