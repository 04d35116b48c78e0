// Decides what framing events mean for a session of messages: which preambles it can speak, when
// dictionaries begin, and that an envelope it cannot read ends the connection without a word.

#include <nettcp/channel/duplex_session.hpp>

#include <channel/content_type.hpp>
#include <channel/envelope_codec.hpp>
#include <channel/incoming_envelope.hpp>
#include <channel/media_type.hpp>
#include <channel/outgoing_stream.hpp>
#include <channel/payload_traits.hpp>
#include <channel/secured_framing.hpp>

#include <nettcp/base/utf8.hpp>
#include <nettcp/channel/errc.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace nettcp::channel {
namespace {

std::shared_ptr<message_pool> pool_of(const session_options& options) {
    if (options.pool != nullptr)
        return options.pool;
    return std::make_shared<message_pool>(options.quotas, options.headers);
}

}  // namespace

/// What sessions need whose envelopes come and go in pieces.
struct duplex_session::pieces {
    incoming_envelope incoming;
    outgoing_stream outgoing;
};

struct duplex_session::state {
    enum class writing : std::uint8_t { nothing, message, stream, refused };
    /// Why it has failed.
    struct loss {
        error why;  ///< of an envelope; framing keeps its own
        std::string peer_fault;
    };

    state(role side, const session_options& options)
        : transport(side, options.framing),
          framing(transport.records()),
          codec(pool_of(options), options.max_session_size, options.framing.max_message_size),
          max_message_size(options.framing.max_message_size),
          max_header_size(options.max_streamed_header_size),
          max_pending_output(options.max_pending_output),
          max_unpacked(std::max<std::uint64_t>(options.framing.max_message_size,
                                               options.framing.max_streamed_size)),
          content_type(options.content_type.empty()
                           ? nullptr
                           : std::make_unique<std::string>(options.content_type)) {}

    secured_framing transport;
    framing::session& framing;  ///< the records in it
    envelope_codec codec;
    std::unique_ptr<pieces> in_parts;  ///< in modes that have envelopes in pieces
    std::uint32_t max_message_size;
    std::uint32_t max_header_size;
    std::size_t max_pending_output;
    std::uint64_t max_unpacked;  ///< octets of a stream that comes compressed
    std::unique_ptr<std::string> content_type;  ///< of our preambles; null: the encoding's
    /// Ours, or what we have accepted of the peer's.
    framing::encoding encoding = framing::encoding::binary_session;
    soap::addressing_version addressing = soap::addressing_version::addressing10;
    message arrived;
    octet_buffer* writing_to = nullptr;  ///< where the message begun is written
    std::unique_ptr<loss> lost;  ///< none before a failure
    writing begun = writing::nothing;
    bool undecided = false;  ///< the owner has not answered `preamble_addressed`
    bool failure_told = false;
    bool step_told = false;
    bool offers_streams = false;
    bool in_pieces = false;  ///< an envelope has begun to arrive

    event_type next_event();
    event_type told(const framing::event& seen);
    event_type opened();
    event_type envelope(bytes_view payload, nettcp::framing::session* from);
    event_type chunk(bytes_view octets);
    event_type chunks_ended();
    event_type message_begun();
    event_type lose(const error& why);
    event_type failed();
    void note_loss(const error& why) { lost = std::make_unique<loss>(loss{why, {}}); }
    bool waits_for_reader() const noexcept {
        return in_parts && in_parts->incoming.is_full() && !framing.failed();
    }
    incoming_envelope& incoming() noexcept { return in_parts->incoming; }
    bool can_stream() const noexcept {
        if (framing.preamble().mode != framing::mode::singleton_unsized)
            return false;
        const auto traits = traits_of(encoding);
        return traits && !traits->has_string_table;
    }
    boost::system::error_code why_no_message() const noexcept;
};

duplex_session::duplex_session(role side, const session_options& options)
    : state_(std::make_unique<state>(side, options)) {}
duplex_session::duplex_session(duplex_session&&) noexcept = default;
duplex_session& duplex_session::operator=(duplex_session&&) noexcept = default;
duplex_session::~duplex_session() = default;

// Octets.

std::span<std::byte> duplex_session::input_space() {
    return state_->transport.input_space();
}

void duplex_session::received(std::size_t size) {
    state_->transport.received(size);
}

void duplex_session::received_eof() {
    state_->transport.received_eof();
}

bool duplex_session::wants_input() const noexcept {
    return state_->transport.wants_input() && !state_->waits_for_reader();
}

bool duplex_session::mid_record() const noexcept {
    return state_->transport.mid_record();
}

bytes_view duplex_session::output() {
    return state_->transport.output();
}

void duplex_session::output_sent(std::size_t size) {
    state_->transport.output_sent(size);
}

bool duplex_session::output_full() const noexcept {
    return output_size() > state_->max_pending_output;
}

std::size_t duplex_session::output_size() const noexcept {
    return state_->transport.output_size();
}

void duplex_session::release_memory() {
    state_->transport.release_memory();
    // The octets that a stream has left are its reader's, even when all have come.
    if (state_->in_parts && !state_->in_pieces && !state_->incoming().is_streaming())
        state_->incoming().release();
    if (state_->begun == state::writing::nothing)
        state_->codec.release_memory();
}

// Events and state.

event_type duplex_session::next_event() {
    abandon_message();  // what happens may drop the output it stands in
    state_->arrived = {};
    if (state_->in_parts && state_->incoming().head_known())
        state_->incoming().gather();
    return state_->next_event();
}

event_type duplex_session::state::next_event() {
    while (!undecided && !failure_told && !waits_for_reader()) {
        const framing::event seen = transport.next_event();
        if (framing.failed())
            return failed();
        if (seen.type == framing::event_type::none) {
            if (transport.step_wanted() && !std::exchange(step_told, true))
                return event_type::step_wanted;
            break;
        }
        if (const event_type what = told(seen); what != event_type::none)
            return what;
    }
    return event_type::none;
}

event_type duplex_session::state::told(const framing::event& seen) {
    switch (seen.type) {
    case framing::event_type::addressed: undecided = true; return event_type::preamble_addressed;
    case framing::event_type::preamble_ended: (void)framing.ack_preamble(); return opened();
    case framing::event_type::preamble_acked: return opened();
    case framing::event_type::envelope: return envelope(seen.octets, &framing);
    case framing::event_type::peer_ended: return event_type::peer_ended;
    case framing::event_type::closed: return event_type::closed;
    case framing::event_type::chunk: return chunk(seen.octets);
    case framing::event_type::envelope_ended: return chunks_ended();
    case framing::event_type::none:
    case framing::event_type::upgrade_requested:
    case framing::event_type::upgrade_accepted:
    case framing::event_type::faulted_by_peer: break;
    }
    return event_type::none;
}

event_type duplex_session::state::opened() {
    const bool is_ours = framing.side() == role::initiator;
    const auto type = media_type::parse(framing.preamble().content_type);
    codec.start(*traits_of(encoding), addressing, is_ours,
                is_ours && type ? type->parameter("boundary").value_or("") : "");
    in_pieces = false;
    if (!in_parts && framing.preamble().mode != framing::mode::duplex) {
        in_parts = std::make_unique<pieces>(
            pieces{{codec.quotas(), max_message_size, max_header_size}, {}});
    }
    return event_type::opened;
}

event_type duplex_session::state::envelope(bytes_view payload, framing::session* from) {
    auto decoded = codec.decode(payload, from);
    if (!decoded)
        return lose(decoded.error());
    arrived = std::move(*decoded);
    return event_type::message_arrived;
}

event_type duplex_session::state::chunk(bytes_view octets) {
    if (!std::exchange(in_pieces, true)) {
        if (offers_streams && can_stream())
            incoming().start(*traits_of(encoding), max_unpacked);
        else
            incoming().start_whole();
    }
    if (const auto taken = incoming().append(octets); !taken)
        return lose(taken.error());
    if (incoming().is_streaming())
        return event_type::body_arrived;
    return incoming().head_known() ? message_begun() : event_type::none;
}

event_type duplex_session::state::message_begun() {
    auto made = codec.decode_unpacked(incoming().head());
    if (!made)
        return lose(made.error());
    if (const auto in = incoming().text_in())
        codec.follow(*in);
    arrived = std::move(*made);
    return event_type::message_begun;
}

event_type duplex_session::state::chunks_ended() {
    if (!std::exchange(in_pieces, false))
        return lose({make_error_code(framing::errc::envelope_empty)});
    incoming().end();
    if (incoming().is_streaming())
        return event_type::body_arrived;
    const event_type what = envelope(incoming().gathered(), nullptr);
    incoming().release();
    return what;
}

event_type duplex_session::state::lose(const error& why) {
    note_loss(why);
    framing.fail(why.code, why.got);
    return failed();
}

event_type duplex_session::state::failed() {
    failure_told = true;
    undecided = false;
    if (lost == nullptr)
        note_loss(transport.failure());
    if (!framing.peer_fault().empty())
        lost->peer_fault = printable(framing.peer_fault());
    return event_type::failed;
}

message duplex_session::take_message() noexcept {
    return std::move(state_->arrived);
}

preamble_view duplex_session::preamble() const noexcept {
    const framing::preamble& seen = state_->framing.preamble();
    return {seen.mode, seen.via, seen.content_type, encoding_named(seen.content_type)};
}

const error& duplex_session::failure() const noexcept {
    return state_->lost ? state_->lost->why : state_->transport.failure();
}

std::string_view duplex_session::peer_fault() const noexcept {
    return state_->lost ? std::string_view(state_->lost->peer_fault) : std::string_view();
}

bool duplex_session::failure_untold() const noexcept {
    return state_->framing.failed() && !state_->failure_told;
}

std::string_view duplex_session::said() const noexcept {
    return state_->transport.said();
}

const security::party* duplex_session::peer() const noexcept {
    return state_->transport.peer();
}

std::unique_ptr<security::mechanism_step> duplex_session::take_step() noexcept {
    state_->step_told = false;
    return state_->transport.take_step();
}

void duplex_session::stepped(std::unique_ptr<security::mechanism_step> done) {
    state_->transport.stepped(std::move(done));
}

bool duplex_session::drain_after_failure() const noexcept {
    return state_->transport.must_drain();
}

bool duplex_session::finished() const noexcept {
    return state_->transport.finished();
}

phase duplex_session::current_phase() const noexcept {
    return state_->framing.failed() ? phase::failed : last_phase();
}

phase duplex_session::last_phase() const noexcept {
    switch (state_->framing.state()) {
    case framing::state::start:
    case framing::state::closed: return phase::idle;
    case framing::state::upgrading: return phase::upgrading;
    case framing::state::securing: return phase::authenticating;
    case framing::state::requesting:
    case framing::state::replying_early:
    case framing::state::replying:
    case framing::state::open: return phase::open;
    case framing::state::initiator_ended:
    case framing::state::acceptor_ended: return phase::closing;
    default: return state_->framing.is_upgraded() ? phase::secured : phase::opening;
    }
}

bool duplex_session::is_open() const noexcept {
    if (state_->framing.failed())
        return false;
    const auto peer_ended = state_->framing.side() == role::initiator
                                ? framing::state::acceptor_ended
                                : framing::state::initiator_ended;
    const framing::state now = state_->framing.state();
    return now == framing::state::open || now == peer_ended ||
           (now == framing::state::requesting && state_->framing.side() == role::acceptor);
}

bool duplex_session::is_closed() const noexcept {
    return !state_->framing.failed() && state_->framing.state() == framing::state::closed;
}

// Opening.

result<void> duplex_session::open(std::string_view via, framing::encoding encoding,
                                  soap::addressing_version addressing,
                                  security::shared_upgrade_factory security, framing::mode mode) {
    if (!is_supported(encoding))
        return error{make_error_code(errc::encoding_unsupported)};
    framing::preamble ours;
    ours.mode = mode;
    ours.via = via;
    ours.content_type = state_->content_type ? *state_->content_type : name_of(encoding);
    ours.encoding = framing::encoding_from_content_type(ours.content_type);
    if (const auto started = state_->transport.start(ours, std::move(security)); !started)
        return started.error();
    state_->encoding = encoding;
    state_->addressing = addressing;
    return {};
}

void duplex_session::accept_preamble(const encoding_set& encodings,
                                     security::shared_upgrade_factory security, modes allowed) {
    if (!state_->undecided)
        return;
    const preamble_view asked = preamble();
    const bool is_duplex = asked.mode == framing::mode::duplex;
    const bool is_singleton = asked.mode == framing::mode::singleton_unsized;
    if (!(is_duplex && allowed != modes::singleton_unsized) &&
        !(is_singleton && allowed != modes::duplex))
        return refuse(framing::fault_code::unsupported_mode);
    auto wanted = asked.encoding;
    const auto taken = [&](framing::encoding one) {
        return is_singleton ? encodings.contains_without_session(one) : encodings.contains(one);
    };
    // The octet of MTOM does not say which SOAP it carries; Mono's clients send it for both.
    if (wanted == framing::encoding::mtom && !taken(*wanted) &&
        asked.content_type == framing::content_type(*wanted))
        wanted = framing::encoding::mtom_soap11;
    if (!wanted || !taken(*wanted) || !is_supported(*wanted))
        return refuse(framing::fault_code::content_type_invalid);
    state_->encoding = *wanted;
    state_->addressing = {};  // until the peer's first message shows its own
    state_->transport.require(std::move(security));
    state_->undecided = false;
}

framing::mode duplex_session::mode() const noexcept {
    return state_->framing.preamble().mode;
}

void duplex_session::refuse(framing::fault_code why) {
    if (!state_->undecided)
        return;
    abandon_message();
    state_->undecided = false;
    (void)state_->framing.send_fault(why);
}

void duplex_session::fail(boost::system::error_code why) noexcept {
    abandon_message();
    state_->undecided = false;
    state_->framing.fail(why);
}

soap::message_version duplex_session::version() const noexcept {
    return state_->codec.version();
}

// Messages.

boost::system::error_code duplex_session::state::why_no_message() const noexcept {
    if (framing.failed())
        return make_error_code(errc::session_faulted);
    switch (framing.state()) {
    case framing::state::initiator_ended:
    case framing::state::acceptor_ended:
    case framing::state::closed: return make_error_code(errc::session_closed);
    default: return make_error_code(errc::session_not_open);
    }
}

nbfx::writer&
duplex_session::begin_message(const soap::outgoing_headers& headers,
                              const std::function<void(nbfx::writer&)>& more_headers) {
    abandon_message();
    const auto buffer = state_->framing.begin_envelope(1);
    if (!buffer) {
        state_->begun = state::writing::refused;
        state_->writing_to = nullptr;
        return state_->codec.refuse(state_->why_no_message());
    }
    state_->writing_to = *buffer;
    state_->begun = state::writing::message;
    return state_->codec.begin(**buffer, headers, more_headers);
}

result<void> duplex_session::end_message() {
    if (state_->begun == state::writing::nothing || state_->begun == state::writing::stream)
        return error{make_error_code(base_errc::invalid_state)};
    if (const auto finished = state_->codec.finish(state_->writing_to); !finished) {
        const error why = finished.error();
        abandon_message();
        return why;
    }
    const auto front = state_->framing.end_envelope(state_->codec.front_size());
    if (!front) {
        abandon_message();
        return front.error();
    }
    state_->codec.write_front(front->data());
    state_->begun = state::writing::nothing;
    return {};
}

void duplex_session::abandon_message() noexcept {
    if (state_->begun == state::writing::message)
        state_->framing.abandon_envelope();
    if (state_->begun == state::writing::message || state_->begun == state::writing::stream)
        state_->codec.roll_back();
    state_->begun = state::writing::nothing;
}

// Streams.

bool duplex_session::can_stream() const noexcept {
    return state_->can_stream();
}

void duplex_session::offer_streams(bool offered) noexcept {
    state_->offers_streams = offered;
}

void duplex_session::stream_body() noexcept {
    if (state_->in_parts && state_->incoming().head_known())
        state_->incoming().stream();
}

result<std::size_t> duplex_session::read_stream(std::span<std::byte> room) {
    if (!state_->in_parts || !state_->incoming().is_streaming())
        return error{make_error_code(base_errc::invalid_state)};
    auto read = state_->incoming().read(room);
    if (!read && !state_->framing.failed()) {
        state_->note_loss(read.error());
        state_->framing.fail(read.error().code, read.error().got);
    }
    return read;
}

bool duplex_session::stream_ended() const noexcept {
    return state_->in_parts && state_->incoming().ended();
}

bool duplex_session::stream_full() const noexcept {
    return state_->waits_for_reader();
}

nbfx::writer& duplex_session::begin_stream(const soap::outgoing_headers& headers,
                                           const std::function<void(nbfx::writer&)>& more_headers) {
    abandon_message();
    if (!is_open() || !state_->can_stream()) {
        state_->begun = state::writing::refused;
        return state_->codec.refuse(is_open() ? make_error_code(errc::stream_unsupported)
                                              : state_->why_no_message());
    }
    state_->writing_to = &state_->in_parts->outgoing.begin(state_->codec.outgoing_format());
    state_->begun = state::writing::stream;
    return state_->codec.begin_unpacked(*state_->writing_to, headers, more_headers);
}

result<void> duplex_session::start_stream() {
    if (state_->begun != state::writing::stream) {
        const bool refused = state_->begun == state::writing::refused;
        abandon_message();
        return error{refused && is_open() ? make_error_code(errc::stream_unsupported)
                     : refused            ? state_->why_no_message()
                                          : make_error_code(base_errc::invalid_state)};
    }
    nbfx::writer& out = state_->codec.writer();
    const std::uint32_t depth = out.depth();
    out.bytes(bytes_view(&outgoing_stream::mark, 1));
    while (out.ok() && out.depth() > 2)
        out.end_element();
    auto started = state_->codec.finish(state_->writing_to);
    if (started)
        started = state_->in_parts->outgoing.start(state_->framing, depth);
    if (!started)
        abandon_message();
    state_->begun = state::writing::nothing;
    return started;
}

result<void> duplex_session::write_stream(bytes_view octets) {
    if (!state_->in_parts)
        return error{make_error_code(base_errc::invalid_state)};
    return state_->in_parts->outgoing.write(state_->framing, octets);
}

result<void> duplex_session::end_stream() {
    if (!state_->in_parts)
        return error{make_error_code(base_errc::invalid_state)};
    return state_->in_parts->outgoing.end(state_->framing);
}

void duplex_session::end() {
    abandon_message();
    (void)state_->framing.end();
}

}  // namespace nettcp::channel
