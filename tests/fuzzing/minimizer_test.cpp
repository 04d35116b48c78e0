#include "support/catch.hpp"

#include <fuzzing/minimizer.hpp>
#include <fuzzing/outcome.hpp>
#include <fuzzing/samples.hpp>
#include <fuzzing/fuzz_case.hpp>
#include <fuzzing/script_transcript.hpp>

#include <algorithm>

using namespace nettcp;
using namespace nettcp::fuzzing;
using namespace std::chrono_literals;

namespace {

octets read(std::string_view hex) {
    octets content;
    REQUIRE(inspect::read_hex(hex, content) == hex.size());
    return content;
}

bool sends(const script& steps, std::string_view hex) {
    const octets all = octets_of(steps);
    const octets wanted = read(hex);
    return std::ranges::search(all, wanted).size() == wanted.size();
}

script session_and(std::string_view hex) {
    const endpoint_facts facts{"net.tcp://localhost/echo", "urn:echo/Echo"};
    script steps = render(request_session(facts));
    steps.push_back({step_type::pause, {}, 20ms});
    steps.push_back({step_type::send, read(hex), {}});
    steps.push_back({step_type::send, read("07"), {}});
    steps.push_back({step_type::await, {}, 300ms});
    return steps;
}

}  // namespace

TEST_CASE("A planted failure is made as small as it is") {
    // The peer breaks at an octet 5a anywhere behind the end of a preamble.
    const still_found breaks = [](const script& steps) {
        const octets all = octets_of(steps);
        const auto opened = std::ranges::find(all, std::byte{0x0c});
        return std::find(opened, all.end(), std::byte{0x5a}) != all.end();
    };
    script steps = session_and("5a0102030405060708");
    const std::size_t before = octets_of(steps).size();
    const minimized found = minimize(steps, breaks, 500);
    CHECK(breaks(found.steps));
    CHECK(octets_of(found.steps) == read("0c5a"));
    CHECK(found.steps.size() == 2);
    CHECK(found.tries <= 500);
    CHECK(before > 100);
}

TEST_CASE("What is made smaller is cut into records before anything is left out") {
    script steps;
    for (const std::byte octet : octets_of(session_and("ee"))) {
        octets one;
        one.push_back(octet);
        steps.push_back({step_type::send, std::move(one), {}});
    }
    const minimized found =
        minimize(steps, [](const script& now) { return sends(now, "0c") && sends(now, "ee"); }, 60);
    CHECK(octets_of(found.steps).size() <= 4);
    CHECK(found.tries <= 60);
}

TEST_CASE("A wait or a chunking that a failure needs is kept") {
    const still_found needs_wait = [](const script& steps) {
        return std::ranges::any_of(steps,
                                   [](const step& one) { return one.type == step_type::await; }) &&
               sends(steps, "ee");
    };
    const minimized waited = minimize(session_and("ee"), needs_wait, 200);
    CHECK(needs_wait(waited.steps));
    CHECK(waited.steps.size() == 2);

    script split{{step_type::send, read("0001"), {}}, {step_type::send, read("00"), {}}};
    const still_found needs_split = [](const script& steps) {
        return steps.size() == 2 && octets_of(steps) == read("000100");
    };
    CHECK(minimize(split, needs_split, 50).steps == split);
}

TEST_CASE("No more tries are made than allowed, and none leaves the failure") {
    unsigned asked = 0;
    const minimized found = minimize(
        session_and("ee"),
        [&asked](const script& now) {
            ++asked;
            return sends(now, "ee");
        },
        5);
    CHECK(asked == 5);
    CHECK(found.tries == 5);
    CHECK(sends(found.steps, "ee"));
    CHECK(minimize(
              session_and("ee"), [](const script&) { return false; }, 1000)
              .steps == session_and("ee"));
}

TEST_CASE("A connection's transcript becomes the script that made it") {
    using inspect::direction;
    std::vector<wire_entry> entries;
    entries.push_back({0.001, wire_event::said, direction::client_to_server, read("000100")});
    entries.push_back({0.0012, wire_event::said, direction::client_to_server, read("01020c")});
    entries.push_back({0.010, wire_event::said, direction::server_to_client, read("0b")});
    entries.push_back({0.011, wire_event::said, direction::client_to_server, read("0d")});
    entries.push_back({0.211, wire_event::said, direction::client_to_server, read("07")});
    entries.push_back({0.212, wire_event::client_fin});
    entries.push_back({0.3, wire_event::server_reset});
    const auto read_back = scripts_of(transcript_of(entries));
    REQUIRE(read_back.connections.size() == 1);
    CHECK(read_back.damaged_line == 0);
    const script& steps = read_back.connections.at(1);
    REQUIRE(steps.size() == 7);
    CHECK(steps[0].content == read("000100"));
    CHECK(steps[1].content == read("01020c"));
    CHECK(steps[2].type == step_type::await);
    CHECK(steps[2].at_least == 1);
    CHECK(steps[3].content == read("0d"));
    CHECK(steps[4].type == step_type::pause);
    CHECK(steps[4].time >= 199ms);
    CHECK(steps[4].time <= 200ms);
    CHECK(steps[5].content == read("07"));
    CHECK(steps[6].type == step_type::half_close);
    CHECK(scripts_of(transcript_of(entries), {.hurry = true}).connections.at(1).size() == 6);
}

TEST_CASE("Transcripts that cannot be sent again say why") {
    CHECK(scripts_of("C>S 00\nnonsense\nC>S 01\n").damaged_line == 2);
    CHECK(scripts_of("0.1 1 C>S(tls) 00\n").has_upgrades);
    CHECK(scripts_of("# nothing\n0.1 1 S>C 0b\n0.2 1 # S>C FIN\n").connections.empty());
    const auto two = scripts_of("0.1 1 C>S 00\n0.2 7 C>S 01\n0.3 7 # C>S RST\n");
    REQUIRE(two.connections.size() == 2);
    CHECK(two.connections.at(7).back().type == step_type::reset);
}

TEST_CASE("Recorded conversations are cut into records and sent to another address") {
    const std::string recorded = "0.1 1 C>S 000100010202016103080c\n0.2 1 S>C 0b\n"
                                 "0.3 1 C>S 06 07 05 01 61 02 78 79 56\n0.4 1 C>S 07\n";
    auto samples = recorded_samples(recorded, "file");
    REQUIRE(samples.size() == 1);
    auto& pieces = samples[0].pieces;
    REQUIRE(pieces.size() == 7);
    CHECK(pieces[4].answered);
    CHECK_FALSE(pieces[5].answered);
    retarget(pieces, "net.tcp://b/c");
    CHECK(as_text(content_of(pieces[2])) == "net.tcp://b/c");
    const auto envelope = read_session_envelope(content_of(pieces[5]));
    REQUIRE(envelope);
    REQUIRE(envelope->strings.size() == 2);
    CHECK(as_text(envelope->strings[0]) == "net.tcp://b/c");
    CHECK(as_text(envelope->strings[1]) == "xy");
    CHECK(envelope->document == read("56"));
    CHECK(recorded_samples("000100 0102", "hex")[0].pieces.size() == 2);
}

TEST_CASE("Outcomes differ by class, not by what time decides") {
    outcome acked{read("0b"), ending::closed, ""};
    outcome acked_and_reset{read("0b"), ending::reset, ""};
    outcome nothing{{}, ending::closed, ""};
    outcome lost{{}, ending::reset, ""};
    outcome faulted{read("08 03 613a62"), ending::closed, ""};
    outcome late = acked;
    late.overdue = "it does not end";
    CHECK(agree(acked, acked_and_reset));
    CHECK(agree(acked, lost));
    CHECK_FALSE(agree(acked, nothing));
    CHECK_FALSE(agree(acked, faulted));
    CHECK_FALSE(agree(acked, late));
    CHECK(agree(acked, {read("0b 07"), ending::closed, ""}));
    CHECK_FALSE(agree(acked, {read("0b 08 03 613a62"), ending::closed, ""}));
    CHECK(to_text(faulted) == "fault a:b, closed");
}
