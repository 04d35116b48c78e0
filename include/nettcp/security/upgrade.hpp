#pragma once

#include <nettcp/base/bytes.hpp>
#include <nettcp/base/error.hpp>
#include <nettcp/base/export.hpp>
#include <nettcp/base/result.hpp>
#include <nettcp/security/mechanism.hpp>
#include <nettcp/security/party.hpp>

#include <memory>
#include <span>
#include <string_view>

namespace nettcp::security {

/// What happened in an upgrade, from `upgrade::next_event()`.
enum class upgrade_event : std::uint8_t {
    none,         ///< nothing more for now: give it octets
    step_wanted,  ///< `take_step()`, run it, then `stepped()`; nothing more happens before
    established,  ///< the handshake has ended well: `read` and `write`
    failed,       ///< `failure()` tells; final. What `output()` still holds goes to the peer
};

/// One side of the protection of a connection: TLS, or Negotiate by [MS-NNS].
///
/// Performs no I/O and keeps no clock. Protected octets go between the transport and
/// `input_space()` / `output()`, plain ones through `read` and `write`. It never takes more from
/// what was received than what it has read requires: `surplus()` is what follows, which belongs to
/// whoever uses the connection after the upgrade.
///
/// One object serves one handshake and what it protects. Not thread-safe.
class NETTCP_EXPORT upgrade {
public:
    upgrade() = default;
    upgrade(const upgrade&) = delete;
    upgrade& operator=(const upgrade&) = delete;
    virtual ~upgrade() = default;

    // Protected octets.

    /// Where to receive into; never empty before a failure.
    virtual std::span<std::byte> input_space() = 0;
    /// The first `size` octets of the space lent last have been filled.
    virtual void received(std::size_t size) = 0;
    /// The peer sends no more octets.
    virtual void received_eof() = 0;
    /// What to send. Stays as it is until `output_sent` has retired it, whatever else is called.
    virtual bytes_view output() = 0;
    virtual void output_sent(std::size_t size) = 0;
    /// Octets queued, those lent included.
    virtual std::size_t output_size() const noexcept = 0;
    /// Octets received and not used: a protected unit in part, or what follows the last one.
    virtual bytes_view surplus() const noexcept = 0;
    /// Frees spare storage, for a connection that has gone idle.
    virtual void release_memory() = 0;

    // The handshake.

    /// The next event. Call at first, and after each reception and step, until `none`.
    virtual upgrade_event next_event() = 0;
    /// The step that `step_wanted` means.
    virtual std::unique_ptr<mechanism_step> take_step() { return nullptr; }
    /// That step has been run.
    virtual void stepped(std::unique_ptr<mechanism_step>) {}

    // Plain octets, once established.

    /// Moves plain octets into `into`, which is not empty, and returns how many; 0: the next
    /// protected unit is not whole yet, or the peer has ended the protection (`ended()`). Fails
    /// when a unit fails its check: nothing may be read after that. May queue output.
    virtual result<std::size_t> read(std::span<std::byte> into) = 0;
    /// Queues the protected form of `plain`, all of it.
    virtual result<void> write(bytes_view plain) = 0;
    /// The peer has said within the protection that it sends no more (TLS: close_notify).
    virtual bool ended() const noexcept { return false; }

    // What is known.

    /// Who the peer is, once established.
    virtual const party& peer() const noexcept = 0;
    /// Why it failed; `at` is an octet offset within the upgrade.
    virtual const error& failure() const noexcept = 0;
    /// Words about the failure: of the library that found it, or of the peer; printable, no
    /// secrets; may be empty.
    virtual std::string_view said() const noexcept = 0;
};

/// Makes the upgrade of each connection, by one configuration. Immutable: shared by connections
/// and threads.
class NETTCP_EXPORT upgrade_factory {
public:
    upgrade_factory() = default;
    upgrade_factory(const upgrade_factory&) = delete;
    upgrade_factory& operator=(const upgrade_factory&) = delete;
    virtual ~upgrade_factory() = default;

    /// The name that an upgrade request record carries. Static text.
    virtual std::string_view name() const noexcept = 0;
    /// The engine of one handshake. Does not block.
    virtual std::unique_ptr<upgrade> make() const = 0;
};

/// A factory of upgrades, which connections share.
using shared_upgrade_factory = std::shared_ptr<const upgrade_factory>;

}  // namespace nettcp::security
