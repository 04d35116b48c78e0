#include "framing/session_rules.inc"
#include "hostile/hostile_host.hpp"
#include "support/catch.hpp"

#include <algorithm>
#include <map>

using namespace hostile;
using nettcp::framing::role;
using nettcp::framing::session_event;
using nettcp::framing::state;

namespace {

/// What an initiator says, in mode 2, to bring a host to a state.
std::map<state, std::vector<step>> ways() {
    const std::string whole = preamble(echo_via);
    const std::string via = whole.substr(0, whole.size() - 3);
    return {
        {state::start, {}},
        {state::versioned, {{whole.substr(0, 3)}}},
        {state::moded, {{whole.substr(0, 5)}}},
        {state::addressed, {{via}}},
        {state::encoded, {{via + "\3\x08"}}},
        {state::open, {{whole, 1}}},
        {state::initiator_ended, {{whole, 1}, {slow_request() + "\7"}}},
        {state::closed, {{whole, 1}, {"\7", 2}}},
    };
}

/// A record that is right in itself.
std::string record(session_event what) {
    switch (what) {
    case session_event::version: return {"\0\1\0", 3};
    case session_event::mode: return "\1\2";
    case session_event::via:
        return "\2" + size_octets(static_cast<std::uint32_t>(echo_via.size())) +
               std::string(echo_via);
    case session_event::known_encoding: return "\3\x08";
    case session_event::extensible_encoding:
        return "\4\x1e"
               "application/soap+msbinsession1";
    case session_event::unsized_envelope: return {"\5\1x\0", 4};
    case session_event::sized_envelope: return slow_request();
    case session_event::end: return "\7";
    case session_event::fault: return "\x08\3abc";
    case session_event::upgrade_request: return "\x09\3tls";
    case session_event::upgrade_response: return "\x0a";
    case session_event::preamble_ack: return "\x0b";
    case session_event::preamble_end: return "\x0c";
    default: return {};
    }
}

bool is_allowed(state where, session_event what) {
    return std::ranges::any_of(nettcp::framing::session_rules, [&](const auto& rule) {
        return (rule.modes & 4) != 0 && rule.from == where && rule.event == what &&
               rule.sender == role::initiator;
    });
}

}  // namespace

TEST_CASE("A host ends a session at every record that its state does not allow",
          "[threaded][hostile]") {
    attacked_host host;
    std::vector<plan> plans;
    std::vector<std::string> names;
    std::vector<std::size_t> answered_before;
    for (const auto& [where, way] : ways()) {
        for (int type = 0; type <= 0x0c; ++type) {
            const auto what = static_cast<session_event>(type);
            // While its own end is still to come, a host lets the next preamble wait.
            if (is_allowed(where, what) ||
                (where == state::initiator_ended && what == session_event::version))
                continue;
            plan made{way};
            made.steps.push_back({record(what)});
            std::size_t before = 0;
            for (const step& one : way)
                before = std::max(before, one.answer);
            answered_before.push_back(before);
            plans.push_back(std::move(made));
            names.push_back(std::string(to_string(what)) + " in state " +
                            std::string(to_string(where)));
        }
    }
    CHECK(plans.size() > 80);
    const auto outcomes = send_crowd(host.where, plans);
    for (std::size_t i = 0; i != plans.size(); ++i) {
        INFO(names[i] << ": " << told(outcomes[i].answer));
        CHECK(outcomes[i].end != ending::nothing);
        const std::string more =
            outcomes[i].answer.substr(std::min(answered_before[i], outcomes[i].answer.size()));
        CHECK((more.empty() || told(more).starts_with("fault(")));
    }
    CHECK(host.is_idle());
    const std::string complaints = host.complaints();
    CHECK(static_cast<std::size_t>(std::ranges::count(complaints, '\n')) == plans.size());
    CHECK(host.serves_others());
}

TEST_CASE("A host ends a session at every octet that is no record", "[threaded][hostile]") {
    attacked_host host;
    std::vector<plan> plans;
    for (const auto& [where, way] : ways()) {
        for (int type = 0x0d; type <= 0xff; ++type) {
            plan made{way};
            made.steps.push_back({std::string(1, static_cast<char>(type))});
            plans.push_back(std::move(made));
        }
    }
    std::size_t waiting = 0;
    for (const outcome& one : send_crowd(host.where, plans))
        waiting += one.end == ending::nothing ? 1 : 0;
    CHECK(waiting == 0);
    CHECK(host.is_idle());
    CHECK(host.serves_others());
}

TEST_CASE("A host says in its log who speaks another protocol", "[threaded][hostile]") {
    attacked_host host;
    const struct {
        std::string sent;
        std::string_view logged;
    } strangers[] = {
        {"GET /index.html HTTP/1.1\r\nHost: x\r\n\r\n",
         "The peer speaks HTTP: \"GET /index.html HTTP/1.1\"."},
        {"POST / HTTP/1.0\r\n\r\n", "The peer speaks HTTP: \"POST / HTTP/1.0\"."},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP"},
        {text_of_hex("16030102000100 01fc0303"), "TLS handshake"},
        {"SSH-2.0-OpenSSH_9.2\r\n", "connection "},
        {"GET /\x1b[2J\x07\xff\n", "connection "},
    };
    for (const auto& one : strangers) {
        CAPTURE(one.sent);
        host.forget_complaints();
        const outcome became = send_one(host.where, one.sent);
        CHECK(became.answer.empty());
        CHECK(became.end != ending::nothing);
        const std::string line = host.complaints();
        CHECK_THAT(line, Catch::Contains(std::string(one.logged)));
        CHECK(std::ranges::count(line, '\n') == 1);
        CHECK(
            std::ranges::all_of(line, [](char c) { return c == '\n' || (c >= 0x20 && c < 0x7f); }));
        CHECK(line.size() < 600);
    }
    CHECK(host.is_idle());
}
