#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/security/mechanism.hpp>
#include <nettcp/security/upgrade.hpp>

#include <memory>

namespace nettcp::security {

/// The most plain octets of one frame that we send, as .NET does.
inline constexpr std::size_t max_frame_plain = 63u << 10;
/// The most octets behind the size of a frame that we take, as .NET does. [MS-NNS] has 64,560,
/// which the largest frame of Kerberos with AES exceeds.
inline constexpr std::size_t max_frame_size = 64u << 10;

/// The engine of [MS-NNS]: the handshake that carries a mechanism's tokens, and the frames that
/// carry what it protects. What WCF calls the upgrade `application/negotiate`, and .NET
/// NegotiateStream.
///
/// Each step of the handshake is asked for by `step_wanted`, since a mechanism may block. While a
/// step is out, octets may be received, but nothing happens until it is given back by `stepped`.
/// An engine may be destroyed while its step is out.
///
/// Whether frames or raw octets follow the handshake is what `by->octets()` says once both sides
/// are done. The mechanism is trusted to refuse less protection than it was told to require.
///
/// Spec: [MS-NNS]; version numbers are ignored, as everybody does.
NETTCP_EXPORT std::unique_ptr<upgrade> make_negotiate_upgrade(role side,
                                                              std::shared_ptr<mechanism> by,
                                                              const negotiate_limits& limits = {});

}  // namespace nettcp::security
