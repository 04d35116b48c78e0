// What a session costs whose peer says little, much of the same, or everything octet by octet.
#include "hostile/cost_documents.hpp"
#include "hostile/crowd.hpp"
#include "hostile/hostile_host.hpp"
#include "support/catch.hpp"
#include "support/fake_upgrade.hpp"

#include <nettcp/channel/duplex_session.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>

using namespace hostile;
using namespace std::string_literals;
using namespace nettcp;
using channel::event_type;

namespace {

/// A host's side of a connection: takes every message, and ends what the peer ends.
class acceptor {
public:
    explicit acceptor(security::shared_upgrade_factory security = {})
        : session_(channel::role::acceptor, options()), security_(std::move(security)) {}

    /// How many sessions and messages there were in what a peer said.
    std::size_t hear(std::string_view octets, std::size_t at_once) {
        while (!octets.empty() && session_.wants_input()) {
            const auto space = session_.input_space();
            const std::size_t size = std::min({at_once, octets.size(), space.size()});
            std::ranges::copy(as_bytes(octets.substr(0, size)), space.begin());
            session_.received(size);
            octets.remove_prefix(size);
            follow();
        }
        if (session_.failure().code)
            throw std::runtime_error("a session fails: " + session_.failure().code.message());
        return seen_;
    }

private:
    static channel::session_options options() {
        channel::session_options chosen;
        chosen.framing.max_message_size = 4u << 20;
        return chosen;
    }

    void follow() {
        for (event_type what = session_.next_event(); what != event_type::none;
             what = session_.next_event()) {
            if (what == event_type::preamble_addressed)
                session_.accept_preamble(
                    {framing::encoding::binary_session, framing::encoding::binary}, security_,
                    channel::modes::either);
            if (what == event_type::step_wanted) {
                auto step = session_.take_step();
                step->run();
                session_.stepped(std::move(step));
            }
            if (what == event_type::message_arrived)
                seen_ += session_.take_message().read_end() ? 1 : 0;
            if (what == event_type::peer_ended)
                session_.end();
            if (what == event_type::closed)
                ++seen_;
        }
        for (auto out = session_.output(); !out.empty(); out = session_.output())
            session_.output_sent(out.size());
    }

    channel::duplex_session session_;
    security::shared_upgrade_factory security_;
    std::size_t seen_ = 0;
};

workload conversation(std::string octets, std::size_t at_once = 65536,
                      security::shared_upgrade_factory security = {}) {
    const std::size_t size = octets.size();
    return {size,
            [=, octets = std::move(octets)] { return acceptor(security).hear(octets, at_once); }};
}

const std::string ack_and_message = binary_envelope("\x40\1x\x99\5hello");

/// One session, with so many messages as fit.
std::string session_of(const std::string& message, std::size_t size) {
    return preamble(echo_via) + repeated(sized("\0"s + message), size / (message.size() + 3));
}

/// Sessions one after the other, with a message each.
std::string sessions_of(std::string_view messages, std::size_t size) {
    const std::string one = preamble(echo_via) + std::string(messages) + "\7";
    return repeated(one, std::max<std::size_t>(size / one.size(), 1));
}

kind_of_input kind(std::string name, std::string (*octets)(std::size_t),
                   std::size_t at_once = 65536) {
    kind_of_input made{std::move(name),
                       [=](std::size_t size) { return conversation(octets(size), at_once); }};
    if (at_once == 1)  // each octet is a call of the engine's
        made.time_bound = 40;
    return made;
}

/// A message in chunks, in mode 1.
std::string chunked(std::size_t size, std::size_t chunk) {
    const std::string text(size / (chunk == 1 ? 2 : 1), 'x');
    std::string length;
    for (int shift = 0; shift != 32; shift += 8)
        length += static_cast<char>(text.size() >> shift & 0xff);
    const std::string message = binary_envelope("\x40\1x\x9d" + length + text);
    std::string out = preamble(echo_via, 1, {"\3\7"}) + "\5";
    for (std::size_t at = 0; at < message.size(); at += chunk) {
        const std::string piece = message.substr(at, chunk);
        out += size_octets(static_cast<std::uint32_t>(piece.size())) + piece;
    }
    return out + "\0"s;
}

std::string long_via() {
    std::string via = "net.tcp://localhost:9000/";
    while (via.size() < 2000)
        via += "%41/../";
    return via;
}

/// A string table with as many strings as the budget of a session lets in.
std::string table_of_empty_strings() {
    const std::size_t strings = 2000;
    return size_octets(strings) + std::string(strings, '\0');
}

std::string flood_of_headers() {
    std::string headers;
    for (int i = 0; i != 60; ++i)
        headers += "\x40\1h\x08\5urn:h\x99\3" + std::to_string(100 + i);
    std::string message = ack_and_message;
    const auto action_end = message.find("urn:x\x01") + 6;
    return message.insert(action_end - 1, headers);
}

}  // namespace

TEST_CASE("What hostile conversations cost is bounded", "[hostile][cost]") {
    check_costs(
        "conversations",
        kind("messages of a session",
             [](std::size_t size) { return session_of(ack_and_message, size); }),
        {
            kind(
                "the same octet by octet",
                [](std::size_t size) { return session_of(ack_and_message, size); }, 1),
            kind("a message in one chunk", [](std::size_t size) { return chunked(size, 60'000); }),
            kind("a message in chunks of one octet",
                 [](std::size_t size) { return chunked(size, 1); }),
            kind(
                "sessions with one message each",
                [](std::size_t size) { return sessions_of(sized("\0"s + ack_and_message), size); }),
            kind("sessions without any message",
                 [](std::size_t size) { return sessions_of("", size); }),
            kind(
                "preambles octet by octet", [](std::size_t size) { return sessions_of("", size); },
                1),
            kind("preambles with an address of 2,000 octets",
                 [](std::size_t size) {
                     return repeated(preamble(long_via()) + "\7", size / 2048);
                 }),
            kind("string tables of 2,000 empty strings",
                 [](std::size_t size) {
                     return sessions_of(sized(table_of_empty_strings() + ack_and_message), size);
                 }),
            kind("60 unknown headers to a message",
                 [](std::size_t size) { return session_of(flood_of_headers(), size); }),
        });
}

TEST_CASE("What hostile Negotiate costs is bounded", "[hostile][cost]") {
    fake_agreement patient;
    patient.tokens = 100;
    const auto handshakes = [](fake_agreement agreement, std::string octets) {
        return [=](std::size_t size) -> workload {
            const std::string one = preamble(echo_via).substr(0, preamble(echo_via).size() - 1) +
                                    "\x09\x15"
                                    "application/negotiate" +
                                    octets;
            const std::size_t times = std::max<std::size_t>(size / one.size(), 1);
            const auto by = std::make_shared<fake_factory>(security::role::acceptor, agreement);
            return {times * one.size(), [=] {
                        std::size_t seen = 0;
                        for (std::size_t i = 0; i != times; ++i) {
                            acceptor host(by);
                            seen += host.hear(one.substr(0, one.size() - octets.size()), 65536);
                            seen += host.hear(octets, 65536);
                        }
                        return seen;
                    }};
        };
    };
    const std::string first = "\x16\1\0\0\3T\1."s;
    std::string many;
    for (char number = 1; number != 15; number = static_cast<char>(number + 2))
        many += "\x16\1\0\0\3T"s + number + ".";
    check_costs("Negotiate, handshakes begun and dropped", {"a token", handshakes({}, first)},
                {{"seven tokens of a handshake without end", handshakes(patient, many)},
                 {"a message that promises 64 KiB", handshakes({}, "\x16\1\0\xff\xff"s)},
                 {"no message at all", handshakes({}, "")}});
}
