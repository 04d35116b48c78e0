// Invariants of a session of messages, for both roles, whatever the peer sends: octet by octet
// gives the events, messages, failure and output that all at once gives; a failure is told once, is
// the last event, and leaves nothing to send but one framing fault of an acceptor. Bodies of
// envelopes in pieces are read as streams when the action has an odd number of octets.
//
// The first octet of the input chooses the role (bit 0) and how many octets come at a time.
//
// Reaches src/channel/duplex_session.cpp src/channel/incoming_envelope.cpp
// Reaches src/channel/envelope_codec.cpp
// Uses dict/framing dict/soap dict/actions
// Mutated by mutators/conversation

#include <nettcp/channel/duplex_session.hpp>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

using namespace nettcp;
using namespace nettcp::channel;

namespace {

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// What a session did, in a form that can be compared.
struct account {
    std::string events;
    std::string messages;
    std::string streams;
    std::string output;
    error failure;

    friend bool operator==(const account&, const account&) = default;
};

class owner {
public:
    explicit owner(role side) : session_(side, options()) {
        session_.offer_streams(true);
        if (side == role::initiator)
            open();
        take_output();
    }

    account play(bytes_view octets, std::size_t step) {
        while (!octets.empty() && session_.wants_input()) {
            const auto space = session_.input_space();
            const std::size_t size = std::min({step, octets.size(), space.size()});
            require(size != 0);
            std::ranges::copy(octets.first(size), space.begin());
            session_.received(size);
            octets = octets.subspan(size);
            drain();
        }
        session_.received_eof();
        drain();
        seen_.failure = session_.failure();
        return std::move(seen_);
    }

private:
    static session_options options() {
        session_options small;
        small.framing.max_message_size = 5000;
        small.max_streamed_header_size = 1000;
        return small;
    }

    void open() {
        require(session_.open("net.tcp://h/s", framing::encoding::binary_session).has_value());
    }

    void drain() {
        for (event_type what = session_.next_event(); what != event_type::none;
             what = session_.next_event()) {
            require(!failed_);
            if (what != event_type::body_arrived)  // as often as octets come
                seen_.events += static_cast<char>('0' + static_cast<int>(what));
            follow(what);
            take_output();  // at once: a failure drops what was not taken
        }
        take_output();
    }

    void follow(event_type what) {
        if (what == event_type::preamble_addressed)
            session_.accept_preamble(framing::encoding::binary_session, {}, modes::either);
        else if (what == event_type::message_begun)
            begin(session_.take_message());
        else if (what == event_type::body_arrived)
            read_stream();
        else if (what == event_type::message_arrived)
            read(session_.take_message());
        else if (what == event_type::peer_ended)
            session_.end();
        else if (what == event_type::closed && session_.preamble().via.empty())
            open();
        failed_ = what == event_type::failed;
        if (failed_) {
            take_output_before_failure();
            require(!session_.is_open());
        }
    }

    void read(message m) {
        require(static_cast<bool>(m));
        seen_.messages.append(as_text(m.document())).append(m.headers().action);
        for (const auto& h : m.headers().others)
            (void)m.header(h);
        m.reopen_body();
        if (m.is_fault())
            (void)m.read_fault();
        m.reopen_body();
        seen_.messages += m.read_end() ? '+' : '-';
    }

    void begin(const message& m) {
        require(static_cast<bool>(m));
        seen_.messages.append(m.headers().action);
        if (m.headers().action.size() % 2 == 0)
            return;
        session_.stream_body();
        read_stream();  // of what has come with the headers
    }

    void read_stream() {
        std::array<std::byte, 100> room;
        for (auto size = session_.read_stream(room); size && *size != 0;
             size = session_.read_stream(room))
            seen_.streams.append(as_text(bytes_view(room).first(*size)));
    }

    /// At most one fault: its type, a size that fits one octet, the URI.
    void take_output_before_failure() {
        const auto before = seen_.output.size();
        take_output();
        const std::string_view left = std::string_view(seen_.output).substr(before);
        const bool only_acks = left.find_first_not_of("\x07\x0b") == left.npos;
        const auto fault = left.find('\x08');
        require(only_acks || (fault != left.npos && left.size() - fault < 130));
        require(only_acks || session_.drain_after_failure());
    }

    void take_output() {
        for (bytes_view out = session_.output(); !out.empty(); out = session_.output()) {
            seen_.output.append(as_text(out));
            session_.output_sent(out.size());
        }
    }

    duplex_session session_;
    account seen_;
    bool failed_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    if (size == 0)
        return 0;
    const role side = (octets[0] & 1) != 0 ? role::initiator : role::acceptor;
    const std::size_t step = 1 + (octets[0] >> 1);
    const bytes_view rest(reinterpret_cast<const std::byte*>(octets) + 1, size - 1);
    const account whole = owner(side).play(rest, 65536);
    require(owner(side).play(rest, 1) == whole);
    require(owner(side).play(rest, step) == whole);
    return 0;
}
