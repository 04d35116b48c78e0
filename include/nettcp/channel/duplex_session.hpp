#pragma once

#include <nettcp/base/export.hpp>
#include <nettcp/base/limits.hpp>
#include <nettcp/channel/message.hpp>
#include <nettcp/channel/message_encoding.hpp>
#include <nettcp/channel/message_pool.hpp>
#include <nettcp/framing/encoding.hpp>
#include <nettcp/framing/fault_code.hpp>
#include <nettcp/framing/mode.hpp>
#include <nettcp/framing/session_state.hpp>
#include <nettcp/security/upgrade.hpp>
#include <nettcp/soap/envelope.hpp>
#include <nettcp/soap/message_version.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nettcp::channel {

/// Which side of the framing session we are: who connects, or who accepts.
using role = framing::role;

/// Bounds and choices of one connection's duplex sessions.
struct session_options {
    framing_limits framing;
    /// For messages; not used when `pool` is given, which has its own.
    reader_quotas quotas;
    soap::header_limits headers;
    std::uint32_t max_session_size = default_max_session_size;
    /// Octets of queued output above which `output_full()` says so.
    std::size_t max_pending_output = 16u << 20;
    /// Octets that the headers of a message may have whose body is to be read as a stream (WCF:
    /// MaxBufferSize of streamed transfers).
    std::uint32_t max_streamed_header_size = 65536;
    /// Initiator: how the preamble names the encoding. Empty: as WCF's clients do, which for UTF-16
    /// is `application/soap+xml; charset=utf-16LE`. A content type that [MC-NMF] has an octet for
    /// is written as that octet; Mono knows no others.
    std::string content_type;
    /// Where messages come from; null: a pool of the connection's own. Many connections should
    /// share one, or each keeps what its largest messages took.
    std::shared_ptr<message_pool> pool;
};

/// What happened, from `duplex_session::next_event()`.
enum class event_type : std::uint8_t {
    none,  ///< nothing more for now: give it octets
    preamble_addressed,  ///< acceptor: via, mode and encoding are known; answer with
    ///< `accept_preamble()` or `refuse()`, nothing more happens before
    step_wanted,  ///< an authentication waits: `take_step()`, run it where it may block, then
    ///< `stepped()`. Told once; nothing more happens before
    opened,  ///< messages may flow
    message_arrived,  ///< `take_message()` has it
    message_begun,  ///< only when `offer_streams`: `take_message()` has a message whose body is
    ///< still to come, shown as empty; `stream_body()` before the next `next_event()` has it read
    ///< as a stream, else `message_arrived` follows with the whole
    body_arrived,  ///< there may be more for `read_stream()`
    peer_ended,  ///< the peer sends no more messages; we still may
    closed,  ///< both sides have ended; a new preamble may follow
    failed,  ///< `failure()` tells; final, and told once
};

/// Where a connection stands, for whoever keeps its deadlines.
enum class phase : std::uint8_t {
    idle,  ///< no session: before the first preamble, or after `closed`
    opening,  ///< a preamble is under way
    upgrading,  ///< an upgrade was asked for and not answered yet
    authenticating,  ///< the handshake of the upgrade is under way
    secured,  ///< the rest of the preamble, within the upgrade
    open,  ///< both sides may send messages
    closing,  ///< one side has ended
    failed,  ///< `failure()` tells
};

/// The modes that an acceptor lets in.
enum class modes : std::uint8_t { duplex, singleton_unsized, either };

/// The preamble of a peer, for matching it to an endpoint. Views live until `accept_preamble`
/// or `refuse`.
struct preamble_view {
    framing::mode mode{};
    std::string_view via;
    std::string_view content_type;
    std::optional<framing::encoding> encoding;  ///< nothing: a content type that nobody knows
};

/// One side of the sessions of a connection: octets in, messages out, and the reverse.
///
/// Sessions of mode duplex carry any number of messages. Those of mode singleton_unsized carry one
/// request and at most one reply, in pieces, so that a body can be a stream; of messages that are
/// not to be streams they make whole ones. In both, End from both sides makes the connection good
/// for another session.
///
/// Joins framing, security, session dictionaries and envelopes. Performs no I/O and keeps no
/// clock: the shell moves octets between a transport and `input_space()` / `output()`, calls
/// `received(n)` and `output_sent(n)`, and drains `next_event()` after each `received`, `stepped`
/// and command. After `failed`, what was not lent to the transport yet is at most one framing
/// fault, or the last word of an upgrade.
///
/// Not thread-safe; distinct sessions are independent. Messages taken from it are free of it.
///
/// Spec: [MC-NMF] "Protocol Details", [MC-NBFSE], [SOAP 1.2].
class NETTCP_EXPORT duplex_session {
public:
    duplex_session(role side, const session_options& options);
    duplex_session(duplex_session&&) noexcept;
    duplex_session& operator=(duplex_session&&) noexcept;
    ~duplex_session();

    // Octets.
    /// Where to receive into; not empty while `wants_input()`.
    std::span<std::byte> input_space();
    void received(std::size_t size);
    void received_eof();
    /// False while octets wait that cannot be taken yet, at the end of the stream, and after a
    /// failure that is not being drained.
    bool wants_input() const noexcept;
    /// Octets have been received that no event has told yet: a record in part, mostly.
    bool mid_record() const noexcept;
    /// What to send. Stays where it is, unchanged, until `output_sent` has retired all of it,
    /// while more may be queued behind. Protects octets within an upgrade, and when that fails,
    /// so does the session: see `failure_untold()`.
    bytes_view output();
    void output_sent(std::size_t size);
    /// Queued output is above `max_pending_output`: send no more messages for now.
    bool output_full() const noexcept;
    /// Octets queued and not retired; within an upgrade before their protection, so that it grows
    /// by what is queued and shrinks by what has gone, in the same measure.
    std::size_t output_size() const noexcept;
    /// Frees spare storage, for a connection gone idle. What comes next allocates anew. Not
    /// while a message is being written.
    void release_memory();

    // Events and state.
    event_type next_event();
    /// The message of the last `message_arrived`; take it before the next `next_event()`.
    message take_message() noexcept;
    preamble_view preamble() const noexcept;
    /// Why it failed; `at` is the octet offset in the connection, or in the document for rules
    /// of the XML and SOAP layers.
    const error& failure() const noexcept;
    /// It has failed, and no event has told so yet.
    bool failure_untold() const noexcept;
    /// Words about a failure in the upgrade, of the library that found it or of the peer:
    /// printable; may be empty.
    std::string_view said() const noexcept;
    /// The fault URI the peer sent, escaped text of at most 256 octets; empty if none.
    std::string_view peer_fault() const noexcept;
    /// After `failed`: send what `output()` holds, shut down sending and drain the peer until
    /// `finished()` (true), or abort the connection (false).
    bool drain_after_failure() const noexcept;
    /// Nothing is left to do: close the connection gracefully.
    bool finished() const noexcept;
    /// Where the connection stands. Before the first preamble and between sessions it is `idle`:
    /// the owner, who has seen `closed` or not, knows which deadline that means.
    phase current_phase() const noexcept;
    /// The same, and after a failure where the connection stood then.
    phase last_phase() const noexcept;
    /// We may send messages: both sides are open, or only the peer has ended.
    bool is_open() const noexcept;
    /// The last session has ended well and no other has begun.
    bool is_closed() const noexcept;

    // Security.
    /// Who the peer is, from the end of the handshake to `closed`; null without an upgrade.
    const security::party* peer() const noexcept;
    /// The step of `step_wanted`. It owns what it needs: the session may be destroyed meanwhile.
    std::unique_ptr<security::mechanism_step> take_step() noexcept;
    /// That step has been run; drain `next_event()`.
    void stepped(std::unique_ptr<security::mechanism_step> done);

    // Opening.
    /// Initiator: queues the preamble for `via`, up to the request for an upgrade when `security`
    /// makes one; nothing else is sent before that has been established. `addressing` is what
    /// messages are written in; those of the peer may have either version. Fails with
    /// `errc::encoding_unsupported` unless `is_supported(encoding)`, and in the wrong state.
    result<void> open(std::string_view via, framing::encoding encoding,
                      soap::addressing_version addressing = {},
                      security::shared_upgrade_factory security = {},
                      framing::mode mode = framing::mode::duplex);
    /// Acceptor: answers `preamble_addressed`; `opened` follows when the preamble has ended. A mode
    /// that is not among `allowed` is refused by itself, and so is an encoding that is not among
    /// `encodings`, with the fault ContentTypeInvalid. The peer must ask for the upgrade that
    /// `security` makes: any other, and any at all when it is null, is answered with the fault
    /// UpgradeInvalid; a preamble that ends without it fails with
    /// `framing::errc::upgrade_required`.
    void accept_preamble(const encoding_set& encodings = framing::encoding::binary_session,
                         security::shared_upgrade_factory security = {},
                         modes allowed = modes::duplex);
    /// The mode of the session in progress, or of the last.
    framing::mode mode() const noexcept;
    /// Acceptor: refuses the session with a fault; `failed` follows.
    void refuse(framing::fault_code why);
    /// Gives the connection up without a word to the peer; `failed` follows.
    void fail(boost::system::error_code why) noexcept;

    /// What messages of this session are written in. An acceptor writes in the version of
    /// WS-Addressing that the last message of the peer had.
    soap::message_version version() const noexcept;

    // Messages. Encode in the order of sending: session dictionaries are positional.
    /// Starts a message: write the body to the writer it returns, then `end_message()` or
    /// `abandon_message()`, before any event or other command: those abandon it too. When no
    /// message can be sent, the writer has failed, and `end_message()` tells why.
    nbfx::writer& begin_message(const soap::outgoing_headers& headers,
                                const std::function<void(nbfx::writer&)>& more_headers = {});
    /// Queues the message; on failure (of the writer, or larger than a record can be)
    /// nothing is queued and the session stays good.
    result<void> end_message();
    /// Forgets the message begun: nothing is sent, dictionary strings are rolled back.
    void abandon_message() noexcept;

    // Streams, in mode singleton_unsized only.
    /// Whether the session in progress is one of those.
    bool can_stream() const noexcept;
    /// Whether `message_begun` is told of messages from now on.
    void offer_streams(bool offered) noexcept;
    /// The body of the message just begun is read as a stream: the octets that are the content of
    /// the innermost element at its beginning. No more than 64 KiB and a chunk are held; the peer
    /// waits while nobody reads. In MTOM these may be a part of their own.
    void stream_body() noexcept;
    /// Reads of that stream. No octets: there are none now, wait for `body_arrived`, unless
    /// `stream_ended()`. On failure the session has failed. Afterwards, `next_event()` may have
    /// more.
    result<std::size_t> read_stream(std::span<std::byte> room);
    /// All has been read, and the envelope ended well.
    bool stream_ended() const noexcept;
    /// The peer waits for `read_stream`.
    bool stream_full() const noexcept;

    /// Starts a message whose body is a stream: write the start tags of the elements around it to
    /// the writer it returns, then `start_stream()` or `abandon_message()`.
    nbfx::writer& begin_stream(const soap::outgoing_headers& headers,
                               const std::function<void(nbfx::writer&)>& more_headers = {});
    /// Queues the message up to the stream. On failure nothing is queued, and the session stays
    /// good: `errc::stream_unsupported` in other modes.
    result<void> start_stream();
    /// Queues octets of the stream, in a chunk of its own.
    result<void> write_stream(bytes_view octets);
    /// Ends the stream, the elements around it and the message.
    result<void> end_stream();

    /// Queues End: we send no more messages. Does nothing when we have ended already.
    void end();

private:
    struct pieces;
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace nettcp::channel
