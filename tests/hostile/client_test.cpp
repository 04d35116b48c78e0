#include "hostile/attacked_client.hpp"
#include "hostile/captures.hpp"
#include "support/allocation_count.hpp"
#include "support/catch.hpp"

#include <nettcp/channel/errc.hpp>
#include <nettcp/framing/errc.hpp>
#include <nettcp/framing/record_decoder.hpp>
#include <nettcp/net/errc.hpp>

#include <map>
#include <set>

using namespace hostile;
using namespace std::chrono_literals;

namespace {

const std::string largest("\xff\xff\xff\xff\x07", 5);
const std::string too_large("\xff\xff\xff\xff\x08", 5);

/// A reply of ours to request `number`, in a session of its own.
std::string reply_to(unsigned char number, std::string_view action = "urn:answer") {
    nettcp::channel::duplex_session host(nettcp::channel::role::acceptor, {});
    const std::string opening = preamble("net.tcp://h/s");
    const auto space = host.input_space();
    std::ranges::copy(nettcp::as_bytes(opening), space.begin());
    host.received(opening.size());
    for (auto what = host.next_event(); what != nettcp::channel::event_type::none;
         what = host.next_event()) {
        if (what == nettcp::channel::event_type::preamble_addressed)
            host.accept_preamble();
    }
    host.output_sent(host.output().size());
    nettcp::soap::outgoing_headers headers;
    headers.action = nettcp::nbfx::xml_string(action);
    nettcp::uuid id{};
    id.data[15] = number;
    headers.relates_to = nettcp::soap::unique_id_view{id, {}};
    auto& out = host.begin_message(headers);
    out.start_element("Text", "urn:x");
    out.text("answer");
    out.end_element();
    if (!host.end_message())
        throw std::runtime_error("a reply that cannot be written");
    return std::string(nettcp::as_text(host.output()));
}

/// The same to a request that nobody made.
std::string reply_to_nobody() {
    std::string out = reply_to(0);
    out[out.find('\xad') + 3] = '\x77';
    return out;
}

/// What hosts said behind their acknowledgement in sessions that our client can lead: with ids to
/// be put in, and up to the end of the first session.
std::vector<captured> replies_of_sessions() {
    std::vector<captured> all;
    std::map<std::string, std::string> clients;
    for (captured& one : read_captures("none", true))
        clients[one.name] = std::move(one.octets);
    for (captured& one : read_captures("none", false)) {
        const std::string& opening = clients[one.name];
        const bool is_session =
            opening.starts_with(std::string("\0\1\0\1\2", 5)) && opening.find("\3\x08\x0c") < 100;
        if (!is_session || !one.octets.starts_with('\x0b'))
            continue;
        one.octets.erase(0, 1);
        std::map<std::string, char> numbers;
        for (auto at = one.octets.find("\x12\xad"); at != std::string::npos;
             at = one.octets.find("\x12\xad", at + 18)) {
            const std::string id = one.octets.substr(at + 2, 16);
            const char number =
                numbers.emplace(id, static_cast<char>(numbers.size())).first->second;
            one.octets.replace(at + 2, 16, std::string(15, '\0') + number);
        }
        all.push_back(std::move(one));
    }
    return all;
}

/// Where each reply of a session ends.
std::vector<std::size_t> ends_of_replies(std::string_view octets) {
    std::vector<std::size_t> ends;
    nettcp::framing::record_decoder decoder({.max_message_size = 1u << 20});
    nettcp::bytes_view rest = nettcp::as_bytes(octets);
    for (;;) {
        const auto part = decoder.next(rest);
        if (!part || !std::holds_alternative<nettcp::framing::sized_envelope_record>(part->record))
            return ends;
        rest = rest.subspan(part->size);
        if (nettcp::as_text(part->payload).find("\x12\xad") != std::string_view::npos)
            ends.push_back(octets.size() - rest.size());
    }
}

/// Cuts each conversation at each octet: as many calls are answered as replies have come whole.
void cut_everywhere(host_leaves how) {
    battlefield field;
    std::size_t tried = 0;
    std::set<std::string> done;
    for (const captured& one : replies_of_sessions()) {
        const auto ends = ends_of_replies(one.octets);
        const int calls = std::max(1, static_cast<int>(ends.size()));
        for (std::size_t size = 0; size <= one.octets.size(); ++size) {
            const std::string beginning = one.octets.substr(0, size);
            if (!done.insert(std::to_string(calls) + beginning).second)
                continue;
            ++tried;
            const auto became = field.carry_out({.calls = calls, .octets = beginning, .how = how});
            const auto whole = std::ranges::count_if(ends, [&](auto end) { return end <= size; });
            if (!became.in_time || became.answered() != static_cast<int>(whole)) {
                FAIL(one.name << " cut at " << size << ": " << became.answered() << " of " << calls
                              << " calls answered, " << whole << " replies were whole");
            }
        }
    }
    CHECK(tried > 5'000);
}

}  // namespace

TEST_CASE("A client ends its calls wherever a captured host ends its answer", "[hostile]") {
    cut_everywhere(host_leaves::fin);
}

TEST_CASE("A client ends its calls wherever a captured host resets its answer", "[hostile]") {
    // What has come before the reset may be lost with it, so only that all calls end counts.
    battlefield field;
    for (const captured& one : replies_of_sessions()) {
        for (std::size_t size = 0; size <= one.octets.size(); ++size) {
            if (!field.carry_out({.octets = one.octets.substr(0, size), .how = host_leaves::reset})
                     .in_time)
                FAIL(one.name << " reset at " << size);
        }
    }
}

TEST_CASE("A client refuses what a hostile host says instead of a reply", "[hostile]") {
    using nettcp::framing::errc;
    const std::string fault_uri = "http://h/faults/EndpointNotFound";
    const struct {
        std::string name;
        std::string octets;
        bool acknowledges = true;
    } attacks[] = {
        {"garbage", "\xde\xad\xbe\xef garbage behind the acknowledgement"},
        {"garbage at once", "\xde\xad\xbe\xef garbage", false},
        {"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", false},
        {"an envelope of 2^31-1", "\6" + largest + "payload"},
        {"an envelope of 2^31", "\6" + too_large},
        {"an endless size", "\6" + std::string(100, '\xff')},
        {"a fault of 2^31-1", "\x08" + largest + fault_uri},
        {"a fault of 2^31-1 at once", "\x08" + largest + fault_uri, false},
        {"a fault above the limit", "\x08\x81\2" + std::string(257, 'x'), false},
        {"a fault of 2^31", "\x08" + too_large, false},
        {"an upgrade that nobody asked for", "\x0a", false},
        {"a second acknowledgement", "\x0b"},
        {"an empty envelope", std::string("\6\0", 2)},
        {"an envelope without a document", sized(std::string(1, '\0'))},
        {"a string table of 2^31-1", sized(largest + "x")},
        {"a document of garbage", sized(std::string("\0garbage", 8))},
        {"a message in pieces", std::string("\5\1x\0", 4)},
        {"a preamble", preamble("net.tcp://h/s")},
        {"a preamble at once", preamble("net.tcp://h/s"), false},
        {"an end before the acknowledgement", "\7", false},
        {"an end instead of a reply", "\7"},
        {"nothing", "", false},
        {"nothing after the acknowledgement", ""},
    };
    battlefield field;
    for (const auto& one : attacks) {
        for (const host_leaves how : {host_leaves::fin, host_leaves::reset}) {
            CAPTURE(one.name, static_cast<int>(how));
            nettcp::forget_allocation_peak();
            const std::size_t before = nettcp::allocated_memory().octets;
            const auto became = field.carry_out(
                {.calls = 3, .acknowledges = one.acknowledges, .octets = one.octets, .how = how});
            const auto cost = nettcp::allocated_memory();
            CHECK(became.in_time);
            CHECK(became.answered() == 0);
            CHECK(cost.largest <= 64 * 1024);
            CHECK(cost.peak <= before + 512 * 1024);
            for (const call_outcome& call : became.calls) {
                CHECK(call.why.code == call.code);
                CHECK_FALSE(call.why.message().empty());
            }
        }
    }
}

TEST_CASE("A client ends its session at every record that its state does not allow", "[hostile]") {
    // In front of the acknowledgement a host may acknowledge or fault; in the session it may send
    // envelopes, end or fault.
    battlefield field;
    const std::string values[] = {{"\0\1\0", 3},  "\1\2",      "\2\1x", "\3\x08",  "\4\1x",
                                  {"\5\1x\0", 4}, reply_to(0), "\7",    "\x08\1x", "\x09\1x",
                                  "\x0a",         "\x0b",      "\x0c"};
    for (const bool acknowledges : {false, true}) {
        const std::set<std::size_t> allowed =
            acknowledges ? std::set<std::size_t>{6, 7, 8} : std::set<std::size_t>{0x0b, 8};
        for (std::size_t type = 0; type <= 0xff; ++type) {
            if (allowed.contains(type))
                continue;
            CAPTURE(acknowledges, type);
            const std::string sent =
                type < std::size(values) ? values[type] : std::string(1, static_cast<char>(type));
            // The host does not leave: the client must decide by itself.
            const auto became = field.carry_out({.acknowledges = acknowledges,
                                                 .octets = sent + reply_to(0),
                                                 .how = host_leaves::not_at_all});
            CHECK(became.in_time);
            CHECK(became.answered() == 0);
        }
    }
}

TEST_CASE("A client takes no reply for another's", "[hostile]") {
    battlefield field;
    SECTION("a flood of replies never asked for, and then the right ones") {
        std::string octets;
        for (int i = 0; i != 2'000; ++i)
            octets += reply_to_nobody();
        octets += reply_to(2) + reply_to(0) + reply_to(1);
        nettcp::forget_allocation_peak();
        const auto became = field.carry_out({.calls = 3, .octets = octets});
        CHECK(became.answered() == 3);
        CHECK(became.dropped == 2'000);
    }
    SECTION("the same reply over and over") {
        std::string octets;
        for (int i = 0; i != 500; ++i)
            octets += reply_to(0);
        const auto became = field.carry_out({.calls = 2, .octets = octets});
        CHECK(became.answered() == 1);
        CHECK(became.dropped == 499);
    }
    SECTION("replies before anybody has asked") {
        const auto became = field.carry_out(
            {.calls = 2, .acknowledges = false, .octets = '\x0b' + reply_to(0) + reply_to(1)});
        CHECK(became.in_time);
        CHECK(became.answered() == 0);
    }
    SECTION("a reply without RelatesTo") {
        std::string octets = reply_to(0);
        octets.replace(octets.find("\x12\xad"), 1, "\x1a");  // makes it a MessageID
        const auto became = field.carry_out({.octets = octets});
        CHECK(became.answered() == 0);
        CHECK(became.in_time);
    }
}

TEST_CASE("A client does not wait for ever for an endless trickle", "[hostile]") {
    battlefield field;
    nettcp::client_options hurried;
    hurried.send_timeout = 200ms;
    SECTION("of an envelope") {
        const auto became = field.carry_out({.octets = "\6\x80\x20 some of it",
                                             .how = host_leaves::not_at_all,
                                             .options = hurried});
        CHECK(became.in_time);
        CHECK(became.calls[0].code == nettcp::net::errc::timed_out);
    }
    SECTION("of a preamble's answer") {
        hurried.open_timeout = 200ms;
        const auto became = field.carry_out({.acknowledges = false,
                                             .octets = "\x08\x40http://",
                                             .how = host_leaves::not_at_all,
                                             .options = hurried});
        CHECK(became.in_time);
        CHECK(became.calls[0].code == nettcp::net::errc::timed_out);
    }
    SECTION("of messages that answer nothing") {
        std::string octets;
        for (int i = 0; i != 20'000; ++i)
            octets += reply_to_nobody();
        const auto became =
            field.carry_out({.octets = octets, .how = host_leaves::not_at_all, .options = hurried});
        CHECK(became.in_time);
        CHECK(became.calls[0].code == nettcp::net::errc::timed_out);
        CHECK(became.dropped > 0);
    }
}
