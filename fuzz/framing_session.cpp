// Invariants of a session, for both roles and all modes, whatever the peer sends: octet by octet
// gives the events, the failure and the output that all at once gives; input storage stays within
// the limit and 64 KiB; there is no event after a failure; after the end of the stream a session
// wants nothing more; and what an acceptor says after a failure is one fault or nothing.
//
// Reaches src/framing/session*.cpp src/framing/record_decoder.cpp
// Mutated by mutators/framing

#include <nettcp/framing/session.hpp>

#include <algorithm>
#include <cstdlib>

using namespace nettcp;
using namespace nettcp::framing;

namespace {

constexpr framing_limits limits{.max_message_size = 5000};

void require(bool holds) {
    if (!holds)
        std::abort();
}

/// What a session did, in a form that can be compared.
struct account {
    std::string events;
    std::string surplus;
    std::string output;
    error failure;
    friend bool operator==(const account&, const account&) = default;
};

class owner {
public:
    owner(role side, mode what, bool is_upgrading)
        : engine_(side, limits), is_upgrading_(is_upgrading) {
        if (side == role::acceptor)
            return;
        require(engine_.start({what, "net.tcp://h/s", "", encoding::binary}).has_value());
        if (is_upgrading)
            require(engine_.request_upgrade("application/ssl-tls").has_value());
        else
            (void)engine_.end_preamble();  // modes 3 and 4 have none
    }

    account play(bytes_view octets, std::size_t stroke) {
        while (!octets.empty()) {
            const auto space = engine_.input_space();
            require(space.empty() != engine_.wants_input());
            require(engine_.input_storage() <= limits.max_message_size + (64u << 10));
            const std::size_t size = std::min({space.size(), octets.size(), stroke});
            if (size == 0)
                break;
            std::copy_n(octets.begin(), size, space.begin());
            engine_.received(size);
            octets = octets.subspan(size);
            drain();
        }
        // Answered last, so that strokes do not decide what was sent before the answer.
        if (engine_.state() == state::upgrading && engine_.side() == role::acceptor)
            (void)engine_.accept_upgrade();
        drain();
        finish();
        return account_;
    }

private:
    void drain() {
        for (;;) {
            const bool was_failed = engine_.failed();
            const event e = engine_.next_event();
            if (e.type == event_type::none)
                break;
            require(!was_failed);
            note(e);
            decide(e);
        }
        account_.surplus += as_text(engine_.surplus());
        engine_.take_surplus(engine_.surplus().size());
    }

    void note(const event& e) {
        const char letter = static_cast<char>('a' + static_cast<int>(e.type));
        if (e.type != event_type::chunk || account_.events.empty() || !in_chunks_)
            account_.events += letter;
        in_chunks_ = e.type == event_type::chunk;
        account_.events += as_text(e.octets);
        account_.events += e.text;
    }

    void decide(const event& e) {
        switch (e.type) {
        case event_type::addressed:
            if (engine_.preamble().via.find("none") != std::string::npos)
                require(engine_.send_fault(fault_code::endpoint_not_found).has_value());
            break;
        case event_type::preamble_ended: require(engine_.ack_preamble().has_value()); break;
        case event_type::preamble_acked:
            if (engine_.preamble().mode == mode::singleton_unsized)
                send();
            break;
        case event_type::envelope: send(); break;
        case event_type::envelope_ended:
            if (engine_.side() == role::acceptor &&
                engine_.preamble().mode != mode::singleton_sized)
                send();
            break;
        case event_type::peer_ended: (void)engine_.end(); break;
        case event_type::closed:
            if (engine_.side() == role::initiator && is_upgrading_)
                break;
            if (engine_.side() == role::initiator && engine_.preamble().mode == mode::duplex) {
                require(engine_.start(preamble(engine_.preamble())).has_value());
                require(engine_.end_preamble().has_value());
            }
            break;
        default: break;
        }
    }

    void send() {
        const auto out = engine_.begin_envelope(1);
        if (!out)
            return;
        (*out)->append(as_bytes("envelope"));
        const auto front = engine_.end_envelope(1);
        require(front.has_value() && front->size() == 1);
        (*front)[0] = std::byte{0};
    }

    void finish() {
        account_.failure = engine_.failure();
        const bool drains = engine_.must_drain();
        require(!engine_.failed() || !engine_.must_abort() || !drains);
        for (bytes_view out = engine_.output(); !out.empty(); out = engine_.output()) {
            account_.output += as_text(out);
            engine_.output_sent(out.size());
        }
        if (drains)
            require(account_.output.starts_with('\x08') && account_.output.size() < 100);
        if (engine_.must_abort())
            require(account_.output.empty());
        engine_.received_eof();
        while (engine_.next_event().type != event_type::none)
            require(!drains);
        require(!engine_.wants_input() && engine_.input_space().empty());
        require(!drains || engine_.finished());
    }

    session engine_;
    account account_;
    bool is_upgrading_;
    bool in_chunks_ = false;
};

void check(bytes_view input, role side, mode what, bool is_upgrading) {
    const account whole = owner(side, what, is_upgrading).play(input, input.size() + 1);
    require(owner(side, what, is_upgrading).play(input, 1) == whole);
    require(owner(side, what, is_upgrading).play(input, 13) == whole);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* octets, std::size_t size) {
    const bytes_view input{reinterpret_cast<const std::byte*>(octets), size};
    check(input, role::acceptor, mode::duplex, false);
    for (const mode what :
         {mode::singleton_unsized, mode::duplex, mode::simplex, mode::singleton_sized})
        check(input, role::initiator, what, false);
    check(input, role::initiator, mode::duplex, true);
    return 0;
}
