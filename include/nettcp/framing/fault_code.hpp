// Generated from proto/framing/faults.table by tools/protogen.py. Do not edit.
// clang-format off
#pragma once

#include <nettcp/framing/errc.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace nettcp::framing {

/// Why an acceptor gives up: the meaning of the URI in a fault record. The values are ours; only
/// the URI is on the wire.
enum class fault_code : std::uint8_t {
    /// The acceptor has no encoder for the content type. Spec: [MC-NMF] Fault Record.
    content_type_invalid = 1,
    /// The content type is longer than the acceptor reads. Spec: [MC-NMF] Fault Record.
    content_type_too_long = 2,
    /// A port sharing service could not pass the connection on. Spec: [MC-NMF] Fault Record.
    connection_dispatch_failed = 3,
    /// No endpoint matches the via. Spec: [MC-NMF] Fault Record.
    endpoint_not_found = 4,
    /// A port sharing service knows the endpoint but nobody serves it. Spec: [MC-NMF] Fault Record.
    endpoint_unavailable = 5,
    /// An envelope is larger than the acceptor takes. Spec: [MC-NMF] Fault Record.
    max_message_size_exceeded = 6,
    /// A throttle of the acceptor is full. Spec: [MC-NMF] Fault Record.
    server_too_busy = 7,
    /// The service behind the via could not be started. Spec: [MC-NMF] Fault Record.
    service_activation_failed = 8,
    /// The mode does not exist or the endpoint cannot do it. Spec: [MC-NMF] Fault Record.
    unsupported_mode = 9,
    /// The major version is not 1. Spec: [MC-NMF] Fault Record.
    unsupported_version = 10,
    /// The upgrade is unknown or the endpoint does not offer it. Spec: [MC-NMF] Fault Record.
    upgrade_invalid = 11,
    /// The via is longer than the acceptor reads. Spec: [MC-NMF] Fault Record.
    via_too_long = 12,
};

/// The name as the tables and the command line spell it, or an empty text when it is not defined.
constexpr std::string_view to_string(fault_code v) noexcept {
    switch (v) {
    case fault_code::content_type_invalid: return "content_type_invalid";
    case fault_code::content_type_too_long: return "content_type_too_long";
    case fault_code::connection_dispatch_failed: return "connection_dispatch_failed";
    case fault_code::endpoint_not_found: return "endpoint_not_found";
    case fault_code::endpoint_unavailable: return "endpoint_unavailable";
    case fault_code::max_message_size_exceeded: return "max_message_size_exceeded";
    case fault_code::server_too_busy: return "server_too_busy";
    case fault_code::service_activation_failed: return "service_activation_failed";
    case fault_code::unsupported_mode: return "unsupported_mode";
    case fault_code::unsupported_version: return "unsupported_version";
    case fault_code::upgrade_invalid: return "upgrade_invalid";
    case fault_code::via_too_long: return "via_too_long";
    }
    return {};
}

/// The URI of the fault record.
constexpr std::string_view uri(fault_code v) noexcept {
    switch (v) {
    case fault_code::content_type_invalid:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ContentTypeInvalid";
    case fault_code::content_type_too_long:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ContentTypeTooLong";
    case fault_code::connection_dispatch_failed:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ConnectionDispatchFailed";
    case fault_code::endpoint_not_found:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "EndpointNotFound";
    case fault_code::endpoint_unavailable:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "EndpointUnavailable";
    case fault_code::max_message_size_exceeded:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "MaxMessageSizeExceededFault";
    case fault_code::server_too_busy:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ServerTooBusy";
    case fault_code::service_activation_failed:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ServiceActivationFailed";
    case fault_code::unsupported_mode:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "UnsupportedMode";
    case fault_code::unsupported_version:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "UnsupportedVersion";
    case fault_code::upgrade_invalid:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "UpgradeInvalid";
    case fault_code::via_too_long:
        return "http://schemas.microsoft.com/ws/2006/05/framing/faults/"
               "ViaTooLong";
    }
    return {};
}

/// The fault that a URI names, or nothing for one we do not know.
constexpr std::optional<fault_code> fault_code_from_uri(std::string_view text) noexcept {
    for (std::uint8_t n = 1; n <= 12; ++n) {
        if (text == uri(static_cast<fault_code>(n)))
            return static_cast<fault_code>(n);
    }
    return std::nullopt;
}

/// The error an initiator reports when it receives the fault.
constexpr errc errc_of(fault_code v) noexcept {
    switch (v) {
    case fault_code::content_type_invalid: return errc::peer_said_content_type_invalid;
    case fault_code::content_type_too_long: return errc::peer_said_content_type_too_long;
    case fault_code::connection_dispatch_failed: return errc::peer_said_connection_dispatch_failed;
    case fault_code::endpoint_not_found: return errc::peer_said_endpoint_not_found;
    case fault_code::endpoint_unavailable: return errc::peer_said_endpoint_unavailable;
    case fault_code::max_message_size_exceeded: return errc::peer_said_max_message_size_exceeded;
    case fault_code::server_too_busy: return errc::peer_said_server_too_busy;
    case fault_code::service_activation_failed: return errc::peer_said_service_activation_failed;
    case fault_code::unsupported_mode: return errc::peer_said_unsupported_mode;
    case fault_code::unsupported_version: return errc::peer_said_unsupported_version;
    case fault_code::upgrade_invalid: return errc::peer_said_upgrade_invalid;
    case fault_code::via_too_long: return errc::peer_said_via_too_long;
    }
    return errc::peer_said_unknown_fault;
}

}  // namespace nettcp::framing
