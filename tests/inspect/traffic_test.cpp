#include "packets.hpp"

#include <nettcp/inspect/preamble_sign.hpp>

#include <support/catch.hpp>
#include <support/hex.hpp>

using namespace nettcp;
using namespace nettcp::inspect;

namespace {

/// Mono's client and Mono's host: calls, and the end of the session.
const packets& recorded() {
    static const packets whole = read_pcap("mono-mono.pcap");
    return whole;
}

constexpr std::uint32_t service_port = 21083;

const account& expected() {
    static const account whole = account_of(recorded());
    return whole;
}

/// The `n`th packet with octets of the client, or of the service.
std::size_t place_of(const packets& in, bool of_client, std::size_t n) {
    for (std::size_t i = 0; i < in.size(); ++i) {
        if ((in[i].from_port() != service_port) == of_client && in[i].payload_size() != 0 &&
            n-- == 0)
            return i;
    }
    throw std::out_of_range("no such packet");
}

packets without(packets from, std::size_t place) {
    from.erase(from.begin() + static_cast<std::ptrdiff_t>(place));
    return from;
}

template <class Change>
packets changed(Change change) {
    packets out = recorded();
    for (captured_packet& p : out)
        change(p);
    return out;
}

void append(packets& to, const packets& more) {
    to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

TEST_CASE("A captured conversation is found and told") {
    const account& all = expected();
    INFO(all.text);
    CHECK(all.has("1: 127.0.0.1:58284 > 127.0.0.1:21083\n"));
    CHECK(all.has("1 C>S via net.tcp://127.0.0.1:21083/echo"));
    CHECK(all.has("1 S>C preamble_ack"));
    CHECK(all.count(finding_type::sized_envelope) == 9u);
    CHECK(all.count(finding_type::error) == 0u);
    CHECK(all.count(finding_type::opaque) == 0u);
    CHECK(all.counts.conversations == 1u);
    CHECK(all.counts.packets == 27u);
    CHECK(all.counts.segments == 27u);
    CHECK(all.findings.back().seconds.value() == Approx(0.742943).margin(2e-6));
}

TEST_CASE("Packets that come twice change nothing") {
    packets twice;
    for (const captured_packet& p : recorded())
        twice.insert(twice.end(), 2, p);
    CHECK(account_of(twice).text == expected().text);
    packets again = recorded();
    append(again, recorded());  // the whole capture, as when two interfaces saw it
    CHECK(account_of(again).text == expected().text);
}

TEST_CASE("Segments in any wrong order change nothing of what each side says") {
    for (std::size_t i = 2; i < recorded().size(); ++i) {  // SYN comes first: it begins a stream
        for (std::size_t k = i + 1; k < recorded().size(); ++k) {
            packets swapped = recorded();
            if (swapped[i].from_port() != swapped[k].from_port())
                continue;
            std::swap(swapped[i], swapped[k]);
            const account got = account_of(swapped);
            CAPTURE(i, k);
            for (const auto from : {direction::client_to_server, direction::server_to_client}) {
                const auto said_by = [from](const account& a) {
                    std::string text;
                    for (const finding& f : a.findings) {
                        if (f.direction == from)
                            text += std::string(to_string(f.type)) + f.value + f.xml + f.message;
                    }
                    return text;
                };
                REQUIRE(said_by(got) == said_by(expected()));
            }
        }
    }
}

TEST_CASE("Segments may be cut up and overlap") {
    for (const std::size_t size : {1u, 2u, 5u, 100u}) {
        packets parts;
        for (const captured_packet& p : recorded()) {
            for (std::size_t at = 0; at < p.payload_size(); at += size)
                parts.push_back(p.part(at, std::min(at + size + 3, p.payload_size())));
            if (p.payload_size() == 0)
                parts.push_back(p);
        }
        CAPTURE(size);
        CHECK(account_of(parts).text == expected().text);
    }
}

TEST_CASE("Sequence numbers may wrap around anywhere in a conversation") {
    const std::uint32_t first = recorded().front().sequence();
    for (std::uint32_t k = 0; k < 1300; k += 7)
        REQUIRE(account_of(changed([&](captured_packet& p) {
                    p.add_to_numbers(0u - first - k);
                })).text == expected().text);
}

TEST_CASE("A conversation is found below every link layer and IP version") {
    const auto link_changed = [](const std::string& header, std::size_t old) {
        return changed([&](captured_packet& p) { p.replace(0, old, hex(header)); });
    };
    const std::string text = expected().text;
    CHECK(account_of(link_changed("", 14), link_type::raw).text == text);
    CHECK(account_of(link_changed("02000000", 14), link_type::null).text == text);
    CHECK(account_of(link_changed("00000000000000000000000081000001", 12)).text == text);
    CHECK(account_of(link_changed("00000304000600000000000000000800", 14), link_type::linux_sll)
              .text == text);
    CHECK(account_of(link_changed("0800000000000001030400060000000000000000", 14),
                     link_type::linux_sll2)
              .text == text);

    const std::string address = "00000000000000000000000000000001";
    const account v6 = account_of(changed([&](captured_packet& p) {
        const std::uint32_t size = p.number(16, 2) - 20;
        p.replace(12, 22, hex("86dd 60000000 0000 06 40" + address + address));
        p.set(18, 2, size);
    }));
    CHECK(v6.has("1: [::1]:58284 > [::1]:21083\n"));
    CHECK(v6.text.substr(v6.text.find('\n')) == text.substr(text.find('\n')));
}

TEST_CASE("A capture that begins within a connection waits for a preamble") {
    packets late(recorded().begin() + 5, recorded().end());
    CHECK(account_of(late).findings.empty());
    CHECK(account_of(late).counts.conversations == 0u);

    // A port that is known to be net.tcp's is shown all the same.
    traffic_options options;
    options.ports = {service_port};
    const account shown = account_of(late, link_type::ethernet, options);
    INFO(shown.text);
    CHECK(shown.has("1: 127.0.0.1:58284 > 127.0.0.1:21083\n"));
    CHECK(shown.count(finding_type::sized_envelope) == 9u);
    CHECK(shown.counts.chosen == late.size());
    options.ports = {808};
    const account other = account_of(recorded(), link_type::ethernet, options);
    CHECK(other.findings.empty());
    CHECK(other.counts.chosen == 0u);
    CHECK(other.counts.segments == 27u);

    // Without the handshake, but from the preamble on.
    packets no_handshake(recorded().begin() + 3, recorded().end());
    CHECK(account_of(no_handshake).text == expected().text);
}

TEST_CASE("A connection that is used again is found in its middle") {
    // The second conversation follows on the sequence numbers of the first, which began too early.
    packets both(recorded().begin() + 5, recorded().end() - 3);
    const std::uint32_t sizes[] = {1218, 801};  // sent by client and service in the whole
    for (captured_packet p : packets(recorded().begin() + 3, recorded().end())) {
        const bool of_client = p.from_port() != service_port;
        p.set(p.tcp_at() + 4, 4, p.sequence() + sizes[of_client ? 0 : 1]);
        both.push_back(p);
    }
    const account found = account_of(both);
    INFO(found.text);
    CHECK(found.counts.conversations == 1u);
    CHECK(found.count(finding_type::version) == 1u);
    CHECK(found.count(finding_type::sized_envelope) == 9u);
    CHECK(found.count(finding_type::error) == 0u);
}

TEST_CASE("A hole in the capture is an error, and the rest is shown") {
    SECTION("a request: its strings are lost, later requests cannot be read") {
        const account found = account_of(without(recorded(), place_of(recorded(), true, 1)));
        INFO(found.text);
        CHECK(found.has("185 octets are missing from the recording (at octet 40)"));
        CHECK(found.has("C>S opaque"));
        CHECK(found.counts.conversations == 1u);
    }
    SECTION("the service's first word") {
        const account found = account_of(without(recorded(), place_of(recorded(), false, 0)));
        INFO(found.text);
        CHECK(found.has("S>C error  0+0 1 octet is missing from the recording (at octet 0)"));
    }
    SECTION("the preamble: then it is none of ours") {
        CHECK(account_of(without(recorded(), place_of(recorded(), true, 0))).findings.empty());
    }
}

TEST_CASE("A short snap length leaves records whose envelopes are cut") {
    const account found = account_of(changed([](captured_packet& p) { p.cut(110); }));
    INFO(found.text);
    CHECK(found.has("via net.tcp://127.0.0.1:21083/echo"));
    CHECK(found.count(finding_type::sized_envelope) == 9u);
    CHECK(found.count(finding_type::error) == 9u);  // one hole in each
    CHECK(found.count(finding_type::opaque) == 0u);
    CHECK(found.count(finding_type::end) == expected().count(finding_type::end));
    CHECK(found.has("octets are missing from the recording"));
}

TEST_CASE("A new connection on the same ports is a new conversation") {
    for (const bool first_ends : {true, false}) {
        packets both(recorded().begin(), recorded().end() - (first_ends ? 0 : 4));
        append(both, changed([](captured_packet& p) { p.add_to_numbers(123456789); }));
        const account found = account_of(both);
        CAPTURE(first_ends, found.text);
        CHECK(found.counts.conversations == 2u);
        CHECK(found.has("2: 127.0.0.1:58284 > 127.0.0.1:21083\n"));
        CHECK(found.count(finding_type::sized_envelope) == 18u);
        CHECK(found.count(finding_type::error) == 0u);
    }
}

TEST_CASE("A reset ends a conversation, a forged one does not") {
    const std::size_t at = place_of(recorded(), true, 3);
    captured_packet reset = recorded()[at].part(0, 0);
    reset.set(reset.tcp_at() + 13, 1, 0x14);
    captured_packet forged = reset;
    forged.set(forged.tcp_at() + 4, 4, forged.sequence() + 1000);
    for (const bool is_forged : {true, false}) {
        packets with = recorded();
        with.insert(with.begin() + static_cast<std::ptrdiff_t>(at), is_forged ? forged : reset);
        const account found = account_of(with);
        CAPTURE(is_forged, found.text);
        CHECK((found.text == expected().text) == is_forged);
        CHECK(found.count(finding_type::error) == 0u);
    }
}

TEST_CASE("Other connections and packets are left out and counted") {
    packets others = changed([](captured_packet& p) {
        if (p.payload_size() > 4)
            p.set(p.payload_at(), 4, 0x47455420);  // an HTTP request
    });
    CHECK(account_of(others).findings.empty());

    packets mixed;
    for (const captured_packet& p : recorded()) {
        captured_packet fragment = p;
        fragment.set(20, 2, 0x2000);
        captured_packet cut = p;
        cut.cut(40);
        captured_packet damaged = p;
        damaged.set(14, 1, 0x41);
        append(mixed, {p, fragment, cut, damaged});
    }
    const account found = account_of(mixed);
    CHECK(found.text == expected().text);
    CHECK(found.counts.fragments == 27u);
    CHECK(found.counts.cut == 27u);
    CHECK(found.counts.damaged == 27u);
}

TEST_CASE("Connections beyond the limit end the oldest") {
    traffic_options options;
    options.max_connections = 2;
    packets many;
    const std::size_t middle = 10;
    for (std::uint32_t port = 1; port <= 3; ++port) {
        for (const captured_packet& p : recorded()) {
            captured_packet moved = p;
            moved.set(p.tcp_at() + (p.from_port() == service_port ? 2 : 0), 2, port);
            many.push_back(moved);
            if (many.size() % recorded().size() == middle)
                break;
        }
    }
    const account found = account_of(many, link_type::ethernet, options);
    INFO(found.text);
    CHECK(found.counts.conversations == 3u);
}

TEST_CASE("All streams together hold no more than the limit") {
    traffic_options options;
    options.max_held_octets = 3000;
    traffic t(link_type::ethernet, [](const finding&) {}, {}, options);
    const std::size_t at = place_of(recorded(), true, 2);
    for (std::uint32_t port = 1; port <= 50; ++port) {
        captured_packet first = recorded()[0];
        captured_packet early = recorded()[at];
        first.set(first.tcp_at(), 2, port);
        early.set(early.tcp_at(), 2, port);
        t.add(first.content, first.sent_size, 0);
        t.add(early.content, early.sent_size, 0);
        CHECK(t.held_octets() <= 3000);
    }
    CHECK(t.held_octets() > 2000);
    t.finish();
    CHECK(t.held_octets() == 0u);
}

TEST_CASE("A conversation that keeps more than it may is left, others are told on") {
    traffic_options options;
    options.max_conversation_octets = 300;
    packets both;
    for (const captured_packet& p : recorded()) {
        // The other client's first request goes on for longer than may be kept.
        captured_packet other = p;
        other.set(p.tcp_at() + (p.from_port() == service_port ? 2 : 0), 2, 1);
        if (p.payload_size() == 185)
            other.set(p.payload_at() + 1, 2, 0xff7f);
        both.push_back(other);
    }
    append(both, recorded());
    const account found = account_of(both, link_type::ethernet, options);
    INFO(found.text);
    CHECK(found.has("1 C>S error  0+0 the rest is left out"));
    CHECK(found.counts.conversations == 2u);
    CHECK(found.findings.back().connection == 2u);

    options.max_conversation_octets = 20000;
    CHECK_FALSE(account_of(both, link_type::ethernet, options).has("the rest is left out"));

    // What a conversation kept counts no more when it is over, also within an envelope.
    packets cut_off;
    for (std::uint32_t k = 0; k < 50; ++k) {
        for (std::size_t i = 0; i < 7; ++i) {
            cut_off.push_back(recorded()[i]);
            cut_off.back().add_to_numbers(k * 100'000);
        }
        cut_off.push_back(recorded()[place_of(recorded(), true, 1)].part(0, 150));
        cut_off.back().add_to_numbers(k * 100'000);
    }
    options.max_conversation_octets = 300;
    const account each = account_of(cut_off, link_type::ethernet, options);
    CHECK(each.counts.conversations == 50u);
    CHECK_FALSE(each.has("the rest is left out"));
}

TEST_CASE("A preamble is told by six octets") {
    const auto sign = hex("00 01 00 01 02 02");
    for (std::size_t n = 0; n < sign.size(); ++n)
        CHECK(find_preamble(bytes_view(sign).first(n)) == preamble_sign::maybe);
    CHECK(find_preamble(sign) == preamble_sign::yes);
    for (const char* other : {"01", "00 02", "00 01 01", "00 01 00 02", "00 01 00 01 00",
                              "00 01 00 01 05", "00 01 00 01 02 03"}) {
        CAPTURE(other);
        CHECK(find_preamble(hex(other)) == preamble_sign::no);
    }
}
