#pragma once

#include <nettcp/base/error.hpp>
#include <nettcp/base/octet_buffer.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/security/party.hpp>

#include <memory>
#include <span>
#include <string>

namespace nettcp::security {

/// Which side of an authentication: who calls, or who is called.
enum class role : std::uint8_t { initiator, acceptor };

/// How far a mechanism has come with one step.
enum class step_outcome : std::uint8_t {
    continue_needed,  ///< our token goes out, the peer's answer comes in
    complete,         ///< our side is done; a last token may have to go out
    failed,           ///< `step_result::why`
};

/// What one step of a mechanism gave.
struct step_result {
    step_outcome outcome = step_outcome::failed;
    octet_buffer token;      ///< for the peer; may be empty when complete
    error why;               ///< of a failure; `got` is the library's own code
    std::string said;        ///< the library's words on a failure; no secrets, printable
    std::uint32_t peer_code = 0;  ///< what to tell the peer in [MS-NNS], such as 0x80090304
};

/// How a message is protected after the handshake. Decided by what both sides agreed on.
enum class framing_of_octets : std::uint8_t {
    raw,     ///< not at all: octets follow the handshake as they are
    frames,  ///< `wrap` and `unwrap`
};

/// One side of an authentication: SPNEGO, Kerberos or NTLM by GSS-API, SSPI, or a fake for tests.
///
/// `step` may block, for a KDC for instance, and is called on any one thread at a time; all else
/// never blocks and is called only between steps and after them. Destruction may block as well.
class NETTCP_EXPORT mechanism {
public:
    mechanism() = default;
    mechanism(const mechanism&) = delete;
    mechanism& operator=(const mechanism&) = delete;
    virtual ~mechanism() = default;

    /// Takes the peer's token (the initiator's first step: none) and gives ours. Credentials are
    /// acquired by the first step. Checks what was agreed on against what was asked for, and fails
    /// when that is less.
    virtual step_result step(bytes_view token) noexcept = 0;

    /// After `complete`: who the peer is and what protects the octets.
    virtual const party& peer() const noexcept = 0;
    virtual framing_of_octets octets() const noexcept = 0;

    /// Appends the protected form of `plain` (at most 64,512 octets) to `out`.
    virtual result<void> wrap(bytes_view plain, octet_buffer& out) noexcept = 0;
    /// Checks one frame's payload and gives its plain octets, within `payload` when it works in
    /// place, else good until the next call of `unwrap`. Fails unless the frame is as protected as
    /// was agreed, and is the next in sequence.
    virtual result<bytes_view> unwrap(std::span<std::byte> payload) noexcept = 0;
    /// The library's words on the last failure of `wrap` or `unwrap`.
    virtual std::string_view said() const noexcept = 0;
};

/// A step that waits to be run: where blocking is allowed, once. Owns its mechanism together with
/// the engine it comes from, so an engine that goes away leaves nothing behind.
struct NETTCP_EXPORT mechanism_step {
    std::shared_ptr<security::mechanism> mechanism;
    octet_buffer token;  ///< the peer's
    step_result result;  ///< after `run`

    void run() noexcept { result = mechanism->step(token.view()); }
};

}  // namespace nettcp::security
