#pragma once

#include <nettcp/base/export.hpp>

#include <cstdint>
#include <string_view>

namespace nettcp {

/// How far an operation had come when it failed.
enum class stage : std::uint8_t {
    none,          ///< it did not fail, or had not begun
    resolve,       ///< turning the host name into addresses
    connect,       ///< connecting to one of them, or accepting
    preamble,      ///< exchanging versions, via and encoding
    upgrade,       ///< switching the connection to TLS or Negotiate
    authenticate,  ///< proving identities within the upgrade
    open,          ///< waiting for a session in which to send
    send,          ///< writing the message
    receive,       ///< waiting for the reply, or reading it
    close,         ///< ending the session
};

/// The enumerator's name. Static text.
NETTCP_EXPORT std::string_view to_string(stage value) noexcept;

}  // namespace nettcp
