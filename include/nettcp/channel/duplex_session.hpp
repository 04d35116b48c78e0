#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/channel/message.hpp>
#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/soap/envelope.hpp>

#include <functional>
#include <memory>
#include <span>
#include <string_view>

namespace nettcp::channel {

/// Which side of the framing session we are: who connects, or who accepts.
enum class role : std::uint8_t { initiator, acceptor };

/// Bounds and choices of one duplex session.
struct session_options {
    framing_limits framing;
    reader_quotas quotas;
    std::uint32_t max_session_size = default_max_session_size;
    /// Octets of queued output above which `output_full()` says so.
    std::size_t max_pending_output = 16u << 20;
};

/// What happened, from `duplex_session::next_event()`.
enum class event_type : std::uint8_t {
    none,                ///< nothing more for now: give it octets
    preamble_addressed,  ///< acceptor: via, mode and encoding are known; answer with
                         ///< `accept_preamble()` or `refuse()`
    opened,              ///< messages may flow
    message_arrived,     ///< `take_message()` has it
    peer_ended,          ///< the peer sends no more messages; we still may
    closed,              ///< both sides have ended; a new preamble may follow
    failed,              ///< `failure()` tells; final
};

/// The preamble of a peer, for matching it to an endpoint. Views live until `accept_preamble`
/// or `refuse`.
struct preamble_view {
    framing::mode mode;
    std::string_view via;
    std::string_view content_type;
};

/// One side of a duplex session: octets in, messages out, and the reverse.
///
/// Joins framing, session dictionaries and envelopes (and, later, security). Performs no I/O
/// and keeps no clock: the shell moves octets between a transport and `input_space()` /
/// `output()`, calls `received(n)` and `output_sent(n)`, and drains `next_event()` after each
/// `received`. After `failed`, output holds at most one framing fault.
///
/// Not thread-safe; distinct sessions are independent. Messages taken from it are free of it.
class NETTCP_EXPORT duplex_session {
public:
    duplex_session(role side, const session_options& options);
    duplex_session(duplex_session&&) noexcept;
    duplex_session& operator=(duplex_session&&) noexcept;
    ~duplex_session();

    // Octets.
    std::span<std::byte> input_space();
    void received(std::size_t size);
    void received_eof();
    bytes_view output() const noexcept;
    void output_sent(std::size_t size) noexcept;
    /// Queued output is above `max_pending_output`: send no more messages for now.
    bool output_full() const noexcept;

    // Events and state.
    event_type next_event();
    message take_message() noexcept;
    const preamble_view& preamble() const noexcept;
    /// Why it failed; `at` is the octet offset in the connection, or in the document for rules
    /// of the XML and SOAP layers.
    const error& failure() const noexcept;
    /// The fault URI the peer sent, escaped text of at most 256 octets; empty if none.
    std::string_view peer_fault() const noexcept;
    /// After `failed`: send what `output()` holds, shut down sending and drain the peer (true),
    /// or abort the connection (false).
    bool drain_after_failure() const noexcept;
    bool is_open() const noexcept;
    bool is_closed() const noexcept;

    // Opening.
    /// Initiator: queues the preamble for `via`.
    void open(std::string_view via, framing::encoding encoding);
    /// Acceptor: answers `preamble_addressed`; `opened` follows when the preamble has ended.
    void accept_preamble();
    void refuse(framing::fault_code why);

    // Messages. Encode in the order of sending: session dictionaries are positional.
    /// Starts a message: write the body to the writer it returns, then `end_message()` or
    /// `abandon_message()`. Only one at a time.
    nbfx::writer& begin_message(const soap::outgoing_headers& headers,
                                const std::function<void(nbfx::writer&)>& more_headers = {});
    /// Queues the message; on failure (of the writer, or larger than the session can send)
    /// nothing is queued and the session stays good.
    result<void> end_message();
    /// Forgets the message begun: nothing is sent, dictionary strings are rolled back.
    void abandon_message() noexcept;

    /// Queues End: we send no more messages.
    void end();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace nettcp::channel
