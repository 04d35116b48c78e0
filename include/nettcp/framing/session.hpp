#pragma once

#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/base/input_buffer.hpp>
#include <nettcp/base/output_queue.hpp>
#include <nettcp/framing/record_decoder.hpp>
#include <nettcp/framing/session_state.hpp>

#include <string>

namespace nettcp::framing {

/// What a preamble says before any upgrade. For our own, `content_type` may be left empty when
/// `encoding` is set.
struct preamble {
    framing::mode mode = framing::mode::duplex;
    std::string via;
    std::string content_type;                  ///< as sent, or what the known octet stands for
    std::optional<framing::encoding> encoding;  ///< nothing: one we have no name for

    friend bool operator==(const preamble&, const preamble&) = default;
};

/// What happened, in the order in which it can be told. "We" is the side that this session plays.
enum class event_type : std::uint8_t {
    none,               ///< nothing more for now
    addressed,  ///< acceptor: `session::preamble()` is known; `send_fault` if it is refused
    upgrade_requested,  ///< acceptor: `text` names it; `accept_upgrade` or `send_fault`
    preamble_ended,  ///< acceptor: `ack_preamble`, `send_fault` or `fail`
    upgrade_accepted,  ///< initiator: run the upgrade on the raw octets, then `upgrade_completed`
    preamble_acked,  ///< initiator: the session is open
    envelope,  ///< modes duplex and simplex: `octets` is a whole envelope
    chunk,  ///< modes in pieces: `octets` continue the envelope
    envelope_ended,  ///< modes in pieces: the envelope is whole
    peer_ended,  ///< the peer sends no more in this session
    faulted_by_peer,  ///< initiator: `text` is the fault URI; `failure()` is set. Final
    closed,  ///< both sides have ended: a new preamble may follow, see `session`
};

/// One event. Views die with the next `input_space()` or `received()`.
struct event {
    event_type type = event_type::none;
    bytes_view octets;
    std::string_view text;  ///< not checked to be UTF-8: escape before printing (`printable`)
};

/// One side of the framing of a connection: octets in, events out; commands in, octets out.
///
/// Performs no I/O and keeps no clock. The shell moves octets between a transport and
/// `input_space()` / `output()`; whoever gives meaning to envelopes drains `next_event()` after
/// every reception and issues commands. Which record may come when is decided by the table
/// proto/framing/session.table alone.
///
/// One session object serves a connection for all the preambles that it carries. After `closed`
/// it stands at a new preamble: the initiator may `start` again, the acceptor takes the next
/// version record, and nothing of the session before is left. If that session was upgraded, the
/// upgrade is over: octets in and out are raw again.
///
/// The first failure is kept in `failure()`. From then on there are no events, commands do
/// nothing, and `output()` holds at most what was lent before and one fault record. Then either
/// `must_drain()`: send `output()`, shut down sending, receive on until `finished()`; or
/// `must_abort()`: reset the connection.
///
/// Not thread-safe; distinct sessions are independent.
///
/// Spec: [MC-NMF] "Protocol Details".
class NETTCP_EXPORT session {
public:
    /// Octets that are received and dropped after we sent a fault, so that the peer reads the
    /// fault before a reset (WCF: MaxDrainSize).
    static constexpr std::size_t drain_size = 64u << 10;

    explicit session(role side, const framing_limits& limits = {}) noexcept;

    // Octets.

    /// Where to put octets received; never empty while `wants_input()`. See `input_buffer` for
    /// how much is lent. Ends the life of event views.
    std::span<std::byte> input_space();
    /// The first `size` octets of the space lent last have been filled.
    void received(std::size_t size) noexcept;
    /// The peer sends no more octets.
    void received_eof() noexcept { eof_ = true; }
    /// False while octets wait that cannot be taken yet, after the end of the stream, and after a
    /// failure that is not being drained.
    bool wants_input() const noexcept;
    /// The peer has begun a record, or an envelope in pieces, and not finished it; also while
    /// octets received wait for our own side.
    bool mid_record() const noexcept { return !input_.empty() || !decoder_.between_records(); }

    /// What to send. Stays as it is until `output_sent` has retired it, whatever else is called.
    bytes_view output() noexcept;
    void output_sent(std::size_t size);
    /// Octets queued, those lent included. The bound on it is the caller's.
    std::size_t output_size() const noexcept { return output_.size(); }

    /// Octets of storage held for input: never more than the largest record in progress (or the
    /// 4096 octets that are held back at most) and 64 KiB.
    std::size_t input_storage() const noexcept { return input_.capacity(); }
    /// Frees spare storage, for a connection that has gone idle. The texts of the preamble that an
    /// acceptor has opened a session with are spare, too.
    void release_memory();

    // Events and state.

    /// The next event. Call until `event_type::none` after each reception and command.
    event next_event();
    /// Makes octets of the event told last the content of `into`: when they are many, without a
    /// copy, and what storage `into` had is used for those to come. Ends the life of event views.
    void hand_over(bytes_view octets, octet_buffer& into) { input_.hand_over(octets, into); }
    framing::state state() const noexcept { return state_; }
    role side() const noexcept { return side_; }
    /// The peer has ended the session in progress, or the one before while none is.
    bool peer_has_ended() const noexcept { return peer_ended_; }
    /// The preamble in force: ours, or the peer's from `addressed` on.
    const framing::preamble& preamble() const noexcept { return preamble_; }
    /// Why it failed; `at` is an octet offset in the peer's direction of the connection, not
    /// counting the octets of upgrades. No code: it has not failed.
    const error& failure() const noexcept { return failure_; }
    bool failed() const noexcept { return failure_.code.failed(); }
    /// The URI of the peer's fault, at most `max_fault_size` octets, unchecked; empty if none.
    std::string_view peer_fault() const noexcept { return peer_fault_; }
    /// After a failure: a fault was queued; send it, shut down sending, receive until `finished()`.
    bool must_drain() const noexcept { return ending_ == ending::drain; }
    /// After a failure: reset the connection.
    bool must_abort() const noexcept { return ending_ == ending::abort; }
    /// Nothing is left to do: close the connection (with a graceful FIN).
    bool finished() const noexcept;

    // Commands. Each fails with `errc::record_not_ours` when the table does not let us send that
    // now, and with `errc::session_over` after a failure; neither harms the session.

    /// Initiator: queues version, mode, via and encoding.
    result<void> start(const framing::preamble& ours);
    /// Initiator: asks for an upgrade, by its name on the wire (`upgrade_name`).
    result<void> request_upgrade(std::string_view name);
    /// Initiator: ends the preamble.
    result<void> end_preamble();
    /// Acceptor: agrees to the upgrade requested. Fails the session with
    /// `errc::octets_before_upgrade_answer` when the peer has sent anything behind its request:
    /// plaintext must not be taken for what the upgrade protects.
    result<void> accept_upgrade();
    /// Acceptor: opens the session.
    result<void> ack_preamble();
    /// Acceptor: refuses the session. `failure()` then tells what `code` stands for.
    result<void> send_fault(fault_code code);
    /// Gives the session up without a fault, for a reason of the owner's (`must_abort()`).
    void fail(boost::system::error_code why, std::uint32_t got = 0) noexcept;

    /// While the handshake of an upgrade runs: octets received that belong to it.
    bytes_view surplus() const noexcept;
    /// Takes `size` octets of the surplus away.
    void take_surplus(std::size_t size) noexcept;
    /// The handshake has ended well: from now on octets in and out are those inside the upgrade.
    /// Fails the session if surplus is left.
    result<void> upgrade_completed();
    /// Whether the session in progress runs inside an upgrade.
    bool is_upgraded() const noexcept { return upgrades_ != 0; }

    /// Starts an envelope. The payload is appended to the buffer returned, then `end_envelope` or
    /// `abandon_envelope` before any other command. `front_room` is how many octets will probably
    /// go before the payload; a wrong guess costs one move, no more.
    /// In mode singleton_unsized this writes the whole envelope as one chunk.
    result<octet_buffer*> begin_envelope(std::size_t front_room = 0);
    /// Queues the envelope begun with `front` octets before its payload, and returns those to be
    /// filled before any other call. Fails with `errc::envelope_too_large` (nothing is queued)
    /// beyond `max_multi_byte_int31`, and with `envelope_empty` without octets.
    result<std::span<std::byte>> end_envelope(std::size_t front = 0);
    /// Forgets the envelope begun; nothing is sent.
    void abandon_envelope() noexcept;

    /// Modes in pieces: queues octets of an envelope, beginning it if need be; none are nothing.
    result<void> write_chunk(bytes_view octets);
    /// Mode singleton_unsized: ends the envelope that `write_chunk` began.
    result<void> end_chunks();
    /// We send no more in this session. In mode singleton_sized the shell then shuts down sending.
    result<void> end();

private:
    enum class ending : std::uint8_t { none, close, drain, abort };

    // What the table says.
    bool may(role sender, session_event what) const noexcept;
    bool advance(role sender, session_event what) noexcept;
    result<void> command(role only, session_event what);
    session_event envelope_event() const noexcept;

    // What the peer sent.
    role peer() const noexcept;
    bool waits_for_owner() const noexcept;
    bool holds_input() const noexcept;
    bool check_order(std::uint8_t type);
    event take(const stream_part& part);
    event take_record(const stream_part& part);
    event take_preamble_record(const stream_part& part);
    event take_encoding(const stream_part& part);
    event take_fault(const fault_record& fault, const stream_part& part);
    event take_eof();
    event ended_by_peer();
    event tell_closed();
    bool leave_upgrade();
    void begin_preamble();

    event broken(const error& why);
    void answer(const error& why, std::optional<fault_code> fault);
    void lose(const error& why, ending how) noexcept;

    record_decoder decoder_;
    input_buffer input_;
    output_queue output_;
    framing::preamble preamble_;
    std::string peer_fault_;
    error failure_;
    std::size_t drained_ = 0;
    std::uint32_t upgrades_ = 0;
    std::uint8_t mode_number_ = 0;  ///< 0 while it is not known
    role side_;
    framing::state state_ = framing::state::start;
    ending ending_ = ending::none;
    bool eof_ = false;
    bool peer_ended_ = false;  ///< in this session
    bool whole_envelope_ = false;  ///< the peer has sent one in this session
    bool chunks_open_ = false;  ///< ours
    bool closed_untold_ = false;
};

}  // namespace nettcp::framing
