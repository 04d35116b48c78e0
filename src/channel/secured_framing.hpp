#pragma once

#include <nettcp/framing/session.hpp>
#include <nettcp/security/upgrade.hpp>

#include <memory>
#include <string_view>

namespace nettcp::channel {

/// The framing of a connection, parts of which may run inside an upgrade.
///
/// Moves octets between the transport, the engine of an upgrade and the records, and sees to it
/// that nothing crosses the line between clear and protected octets: an answer to the request
/// comes alone, nothing read in clear is taken for protected, and after the end of a session, which
/// both sides find within the protection, octets are in clear again and nothing is left of who the
/// peer was.
///
/// A connection without upgrades goes straight to the records, without a copy.
///
/// Spec: [MC-NMF] Upgrade Request Record.
class secured_framing {
public:
    secured_framing(framing::role side, const framing_limits& limits) : records_(side, limits) {}

    // Octets of the transport.
    std::span<std::byte> input_space();
    void received(std::size_t size);
    void received_eof();
    bool wants_input() const noexcept;
    bool mid_record() const noexcept;
    /// Protects what is queued, a part at a time, when all protected before has been sent.
    bytes_view output() { return is_plain() ? records_.output() : secured_output(); }
    void output_sent(std::size_t size);
    /// Octets queued and not sent, before protection; those of a handshake as they are. What is
    /// protected counts until at least as many octets are gone.
    std::size_t output_size() const noexcept;
    void release_memory();

    // Events. Those about upgrades and what is missing of them are dealt with here.
    framing::event next_event();
    /// The records themselves, for commands and what is known of them; not for octets and events.
    framing::session& records() noexcept { return records_; }
    const framing::session& records() const noexcept { return records_; }
    const error& failure() const noexcept {
        return engine_failure_ ? *engine_failure_ : records_.failure();
    }
    bool must_drain() const noexcept;
    bool finished() const noexcept;

    // Opening.
    /// Initiator: begins a session, within an upgrade unless `security` is null.
    result<void> start(const framing::preamble& ours, security::shared_upgrade_factory security);
    /// Acceptor: the preamble may go on with this upgrade only, or with none when null.
    void require(security::shared_upgrade_factory security) noexcept {
        security_ = std::move(security);
    }

    // The handshake.
    /// A step waits to be taken.
    bool step_wanted() const noexcept { return step_ != nullptr; }
    std::unique_ptr<security::mechanism_step> take_step() noexcept { return std::move(step_); }
    void stepped(std::unique_ptr<security::mechanism_step> done);
    /// Words about a failure of the upgrade.
    std::string_view said() const noexcept {
        return engine_ ? engine_->said() : std::string_view();
    }
    /// Who the peer has proved to be; null outside an upgrade.
    const security::party* peer() const noexcept {
        return layer_ == layer::inside ? &engine_->peer() : nullptr;
    }

private:
    enum class layer : std::uint8_t { clear, handshake, inside };

    bool is_plain() const noexcept { return engine_ == nullptr && leaving_ == nullptr; }
    bytes_view secured_output();
    bool seal();
    void answer_request(std::string_view name);
    void begin_handshake();
    bool handshake_done();
    bool pull();
    void leave();
    void take_leftover(bytes_view octets);
    void lose(const error& why);

    framing::session records_;
    security::shared_upgrade_factory security_;
    std::unique_ptr<security::upgrade> engine_;  ///< none in clear
    std::unique_ptr<security::upgrade> leaving_;  ///< the one before, with octets still to be sent
    std::unique_ptr<security::mechanism_step> step_;
    std::unique_ptr<error> engine_failure_;  ///< none before it has failed
    std::size_t clear_left_ = 0;  ///< octets queued in clear that go before those of the engine
    std::size_t sealed_ = 0;  ///< octets that the engine has to send, before protection
    std::size_t leaving_sealed_ = 0;
    const std::byte* lent_ = nullptr;
    layer layer_ = layer::clear;
    bool lent_by_engine_ = false;
    bool stepping_ = false;
    bool eof_ = false;
    bool may_be_leftover_ = false;  ///< what comes may belong to an upgrade that is over
};

}  // namespace nettcp::channel
